"""Number plans: schemas, their plans, and where each telephone number leads (NP-1, NP-2)."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String
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
