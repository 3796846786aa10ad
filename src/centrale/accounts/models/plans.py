"""Number plans: schemas, their plans, where each telephone number leads, and when which plan is active (NP-1..8)."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from centrale.accounts.models.base import Base
from centrale.routing.snapshot import E164, ExtensionNumber


class SchemaRow(Base):
    """A plan schema; number 1 is the account's main one. `standing` and `override` are plan numbers of this schema."""

    __tablename__ = "plan_schemas"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    standing: Mapped[int | None]
    override: Mapped[int | None]


class PlanRow(Base):
    """One number plan of a schema."""

    __tablename__ = "plans"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "schema_number"], ["plan_schemas.account_id", "plan_schemas.number"], ondelete="CASCADE"
        ),
        CheckConstraint("number BETWEEN 1 AND 99", "number"),
    )

    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    schema_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]


class PlanEntryRow(Base):
    """Where a telephone number leads in one plan. The key allows it once in a plan (NP-2)."""

    __tablename__ = "plan_entries"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "schema_number", "plan_number"],
            ["plans.account_id", "plans.schema_number", "plans.number"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(["account_id", "e164"], ["numbers.account_id", "numbers.e164"]),
        ForeignKeyConstraint(["account_id", "destination"], ["extensions.account_id", "extensions.number"]),
        Index(None, "account_id", "e164"),
        Index(None, "account_id", "destination"),
    )

    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    schema_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    plan_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    e164: Mapped[E164] = mapped_column(String(16), primary_key=True)
    destination: Mapped[ExtensionNumber] = mapped_column(String(5))
    prefix: Mapped[str] = mapped_column(String(20))


def _of_schema() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["account_id", "schema_number"], ["plan_schemas.account_id", "plan_schemas.number"], ondelete="CASCADE"
    )


def _of_plan() -> ForeignKeyConstraint:
    # Without a cascade: a plan that is scheduled is not deleted.
    return ForeignKeyConstraint(
        ["account_id", "schema_number", "plan_number"], ["plans.account_id", "plans.schema_number", "plans.number"]
    )


class ScheduleEntryRow(Base):
    """A weekly entry of a schema (NP-4), in wall time: per day (`days`), or per period (`start_day`, `end_day`).

    Ids count up within the schema: the higher one is the later created (NP-5).
    """

    __tablename__ = "plan_schedule"
    __table_args__ = (
        _of_schema(),
        _of_plan(),
        CheckConstraint("(days IS NULL) <> (start_day IS NULL)", "form"),
        Index(None, "account_id", "schema_number", "plan_number"),
    )

    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    schema_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    days: Mapped[list[Any] | None]
    start_day: Mapped[str | None] = mapped_column(String(9))
    end_day: Mapped[str | None] = mapped_column(String(9))
    starts: Mapped[time]
    ends: Mapped[time]
    plan_number: Mapped[int]


class HolidayRow(Base):
    """An exception to the week (NP-6): dates and times on the wall, hence without time zone.

    `temporary`: made by 915; it lasts until the next scheduled change and then goes by itself (NP-8).
    """

    __tablename__ = "plan_holidays"
    __table_args__ = (_of_schema(), _of_plan(), Index(None, "account_id", "schema_number", "plan_number"))

    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    schema_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    description: Mapped[str]
    starts: Mapped[datetime] = mapped_column(DateTime())
    ends: Mapped[datetime] = mapped_column(DateTime())
    plan_number: Mapped[int]
    temporary: Mapped[bool]


class SchemaVersionRow(Base):
    """A schema as it was after a change, whole (NP-10). `restored`: the version that the change went back to."""

    __tablename__ = "plan_schema_versions"
    __table_args__ = (_of_schema(),)

    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    schema_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str]
    restored: Mapped[int | None]
    contents: Mapped[dict[str, Any]]


class ExpectationRow(Base):
    """What a call must come to, at a given moment, for a change to go live (NP-10)."""

    __tablename__ = "expectations"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    contents: Mapped[dict[str, Any]]
