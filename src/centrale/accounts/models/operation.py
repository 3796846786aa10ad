"""What running leaves behind: logons, call records, the audit, lock-outs, tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from centrale.accounts.models.base import Base, BigId, Json
from centrale.routing.snapshot import ChannelName, ExtensionNumber


class LogonRow(Base):
    """A user logged on to a channel (SYS-2). A channel has one user at most."""

    __tablename__ = "logons"
    __table_args__ = (
        ForeignKeyConstraint(["account_id", "channel"], ["channels.account_id", "channels.name"], ondelete="CASCADE"),
        ForeignKeyConstraint(
            ["account_id", "user_number"], ["extensions.account_id", "extensions.number"], ondelete="CASCADE"
        ),
        Index(None, "account_id", "user_number"),
    )

    channel: Mapped[ChannelName] = mapped_column(String(40), primary_key=True)
    account_id: Mapped[int]
    user_number: Mapped[ExtensionNumber] = mapped_column(String(5))
    since: Mapped[datetime]


class CallRow(Base):
    """A call that has ended (CDR) with the trace that explains it. Outlives its account: no foreign key."""

    __tablename__ = "cdrs"
    __table_args__ = (
        Index(None, "account_id", "started", "id"),
        Index(None, "account_id", "caller", "started"),
        Index(None, "account_id", "called", "started"),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int]
    started: Mapped[datetime]
    ringing: Mapped[datetime | None]
    answered: Mapped[datetime | None]
    ended: Mapped[datetime]
    direction: Mapped[str] = mapped_column(String(10))
    caller: Mapped[str] = mapped_column(String(80))
    caller_name: Mapped[str]
    called: Mapped[str] = mapped_column(String(80))
    channel: Mapped[str | None] = mapped_column(String(40))
    trunk: Mapped[str | None] = mapped_column(String(80))
    answered_by: Mapped[str | None] = mapped_column(String(80))
    outcome: Mapped[str] = mapped_column(String(20))
    cause: Mapped[str | None] = mapped_column(String(40))
    ended_by: Mapped[str | None] = mapped_column(String(20))
    legs: Mapped[list[Any]]
    trace: Mapped[list[Any]]


class CallPartyRow(Base):
    """An extension that took part in a call, so that "calls of 201" is an index look-up."""

    __tablename__ = "cdr_parties"
    __table_args__ = (Index(None, "account_id", "extension", "started"),)

    cdr_id: Mapped[str] = mapped_column(ForeignKey("cdrs.id", ondelete="CASCADE"), primary_key=True)
    extension: Mapped[str] = mapped_column(String(5), primary_key=True)
    account_id: Mapped[int]
    started: Mapped[datetime]


class AuditRow(Base):
    """One change of one object (ACC-8), never with secrets. `revision`: the account's (or platform's) after it, by
    which other processes learn what to read again."""

    __tablename__ = "audit"
    __table_args__ = (
        Index(None, "account_id", "revision"),
        Index(None, "account_id", "object_type", "object_key"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int | None]
    revision: Mapped[int]
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str] = mapped_column(String(20))
    object_type: Mapped[str] = mapped_column(String(40))
    object_key: Mapped[str] = mapped_column(String(80))
    before: Mapped[dict[str, Any] | None] = mapped_column(Json)
    after: Mapped[dict[str, Any] | None] = mapped_column(Json)


class LockoutRow(Base):
    """Failed attempts of one subject (`extension:7:201`): a restart does not give an attacker a fresh start (USR-2)."""

    __tablename__ = "lockouts"

    subject: Mapped[str] = mapped_column(String(120), primary_key=True)
    failures: Mapped[int]
    last_failure: Mapped[datetime]


class ApiTokenRow(Base):
    """A token of the API, kept as its SHA-256. Without an account it is the platform's."""

    __tablename__ = "api_tokens"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    scopes: Mapped[list[Any]]
    rights: Mapped[list[Any]] = mapped_column(server_default="[]")
    """What an administrator with it may beside the role (ROLE-2, ROLE-4)."""
    created: Mapped[datetime]
    last_used: Mapped[datetime | None]


class SettingRow(Base):
    """A fact about the whole platform, such as its own revision."""

    __tablename__ = "settings"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class QueueLogonRow(Base):
    """An agent who is logged on to a queue (QUE-15). Whom an administrator made a member stands in its settings."""

    __tablename__ = "queue_logons"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "queue"], ["extensions.account_id", "extensions.number"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["account_id", "agent"], ["extensions.account_id", "extensions.number"], ondelete="CASCADE"
        ),
    )

    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    queue: Mapped[ExtensionNumber] = mapped_column(String(5), primary_key=True)
    agent: Mapped[ExtensionNumber] = mapped_column(String(5), primary_key=True)
    since: Mapped[datetime]
