"""What happened in queues (QUE-27..29): events, and the figures that are kept of them. No foreign keys: they outlive
queues, agents and accounts.

Instants are milliseconds since 1970, durations are milliseconds: sums of them are exact on both databases.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from centrale.accounts.models.base import Base, BigId


class QueueEventRow(Base):
    """One event; rows are only ever added.

    `moment`: the instant to which figures count it, which is when the caller came. `ms`: how long somebody waited,
    talked, was logged on; of a wrap-up how long it is to last, and by how much it was cut short.
    """

    __tablename__ = "queue_events"
    __table_args__ = (Index(None, "account_id", "queue", "moment"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int]
    queue: Mapped[str] = mapped_column(String(5))
    moment: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[int] = mapped_column(BigInteger)
    what: Mapped[str] = mapped_column(String(12))
    call: Mapped[str | None] = mapped_column(String(64))
    agent: Mapped[str | None] = mapped_column(String(5))
    ms: Mapped[int | None] = mapped_column(BigInteger)
    detail: Mapped[str] = mapped_column(String(20))


class QueueFiguresRow(Base):
    """Figures of a queue's callers who came between `bucket` and `span` milliseconds later, in UTC.

    `waits_…`: how many waited how many seconds (see `accounts.queue_figures.Waits`).
    """

    __tablename__ = "queue_figures"
    # Rows that are read together lie together.
    __table_args__ = ({"sqlite_with_rowid": False},)

    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    span: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    queue: Mapped[str] = mapped_column(String(5), primary_key=True)
    bucket: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    calls: Mapped[int]
    answered: Mapped[int]
    picked_up: Mapped[int]
    forwarded: Mapped[int]
    broke_out: Mapped[int]
    abandoned: Mapped[int]
    refused: Mapped[int]
    offers: Mapped[int]
    missed: Mapped[int]
    waited_answered: Mapped[int] = mapped_column(BigInteger)
    least_answered: Mapped[int | None] = mapped_column(BigInteger)
    most_answered: Mapped[int | None] = mapped_column(BigInteger)
    waited_unanswered: Mapped[int] = mapped_column(BigInteger)
    least_unanswered: Mapped[int | None] = mapped_column(BigInteger)
    most_unanswered: Mapped[int | None] = mapped_column(BigInteger)
    talks: Mapped[int]
    talked: Mapped[int] = mapped_column(BigInteger)
    least_talk: Mapped[int | None] = mapped_column(BigInteger)
    most_talk: Mapped[int | None] = mapped_column(BigInteger)
    waits_answered: Mapped[str] = mapped_column(Text)
    waits_unanswered: Mapped[str] = mapped_column(Text)


class AgentFiguresRow(Base):
    """The same of an agent's part in them."""

    __tablename__ = "queue_agent_figures"
    __table_args__ = ({"sqlite_with_rowid": False},)

    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    span: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    queue: Mapped[str] = mapped_column(String(5), primary_key=True)
    bucket: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    agent: Mapped[str] = mapped_column(String(5), primary_key=True)
    offers: Mapped[int]
    missed: Mapped[int]
    answered: Mapped[int]
    talks: Mapped[int]
    talked: Mapped[int] = mapped_column(BigInteger)
    most_talk: Mapped[int | None] = mapped_column(BigInteger)
    wrap_ups: Mapped[int]
    wrap_up: Mapped[int] = mapped_column(BigInteger)


class QueueSessionRow(Base):
    """An agent was logged on to a queue. `until`: far in the future while it lasts."""

    __tablename__ = "queue_sessions"
    __table_args__ = (Index(None, "account_id", "until"), {"sqlite_with_rowid": False})

    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    queue: Mapped[str] = mapped_column(String(5), primary_key=True)
    agent: Mapped[str] = mapped_column(String(5), primary_key=True)
    since: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    until: Mapped[int] = mapped_column(BigInteger)


class QueueMemoryRow(Base):
    """What an agent of a queue did since the last logon (see `accounts.queue_memory`): only the next start reads it."""

    __tablename__ = "queue_memories"
    __table_args__ = ({"sqlite_with_rowid": False},)

    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    queue: Mapped[str] = mapped_column(String(5), primary_key=True)
    agent: Mapped[str] = mapped_column(String(5), primary_key=True)
    since: Mapped[int] = mapped_column(BigInteger)
    last_offered: Mapped[int | None] = mapped_column(BigInteger)
    answered: Mapped[int]
    talked: Mapped[int] = mapped_column(BigInteger)
    wrap_up_until: Mapped[int] = mapped_column(BigInteger)


class QueueMarkRow(Base):
    """Up to which number the events of one journal are stored: an event that comes again is known by that."""

    __tablename__ = "queue_event_marks"

    source: Mapped[str] = mapped_column(String(16), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
