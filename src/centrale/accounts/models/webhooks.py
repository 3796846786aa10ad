"""Webhooks: where programs outside want to be told, of what, and how that went (API-1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from centrale.accounts.models.base import Base, BigId


class WebhookRow(Base):
    """An address that is told of chosen events. Secrets are sealed in the vault."""

    __tablename__ = "webhooks"
    __table_args__ = (UniqueConstraint("account_id", "name"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    url: Mapped[str] = mapped_column(Text)
    events: Mapped[list[Any]]
    active: Mapped[bool]
    created: Mapped[datetime]
    secret: Mapped[str] = mapped_column(Text)
    old_secret: Mapped[str | None] = mapped_column(Text)
    old_secret_until: Mapped[datetime | None]
    """Until then deliveries are signed with both."""
    failing_since: Mapped[datetime | None]
    """Of the first attempt that failed after the last that did not."""
    failures: Mapped[int]
    """Attempts that failed since."""
    trouble: Mapped[str | None] = mapped_column(String(10))
    """Why the exchange itself has paused it: `gone` or `failing`."""


class WebhookEventRow(Base):
    """Something that happened, in the very bytes that are sent. Without a foreign key, as call records have none: what
    stores those must not fail because somebody deletes an account at that moment."""

    __tablename__ = "webhook_events"
    __table_args__ = (UniqueConstraint("account_id", "key"), Index(None, "created"))

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    account_id: Mapped[int]
    key: Mapped[str] = mapped_column(String(160))
    """The same for the same happening, so that what is told twice is stored once."""
    type: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    created: Mapped[datetime]
    body: Mapped[str] = mapped_column(Text)


class WebhookDeliveryRow(Base):
    """An event on its way to one webhook."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        Index(None, "webhook_id", "id"),
        Index(None, "state", "webhook_id", "next_try"),
        Index(None, "event_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int]
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"))
    event_id: Mapped[str] = mapped_column(ForeignKey("webhook_events.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(10))
    """`waiting`, `held`, `delivered` or `given_up`."""
    started: Mapped[datetime]
    """From when patience is counted: its making, or the replay."""
    tries: Mapped[int]
    next_try: Mapped[datetime | None]
    """While waiting."""
    delivered: Mapped[datetime | None]


class WebhookAttemptRow(Base):
    """One try, and what came of it."""

    __tablename__ = "webhook_attempts"

    delivery_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("webhook_deliveries.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[int]
    at: Mapped[datetime]
    ms: Mapped[int]
    status: Mapped[int | None]
    answer: Mapped[str] = mapped_column(Text)
    """The beginning of it."""
    problem: Mapped[str | None] = mapped_column(String(20))
    """Why it counts as failed."""


class WebhookToldRow(Base):
    """What was told last of something that changes without a row of its own: the active plan, a phone that is there."""

    __tablename__ = "webhook_told"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    """`plan:1`, `channel:DEMOEC01`."""
    state: Mapped[str] = mapped_column(String(80))


class KeptAnswerRow(Base):
    """The answer to a request with an idempotency key, sealed: some hold a password that is shown once."""

    __tablename__ = "kept_answers"
    __table_args__ = (Index(None, "created"),)

    asker: Mapped[str] = mapped_column(String(80), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    request: Mapped[str] = mapped_column(String(64))
    """A digest of it."""
    created: Mapped[datetime]
    answer: Mapped[str] = mapped_column(Text)
