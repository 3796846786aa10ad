"""What happened in queues, and figures of it."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _key(name: str, type: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, type, autoincrement=False, nullable=False)


def _count(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _ms(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "queue_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("queue", sa.String(length=5), nullable=False),
        _ms("moment"),
        _ms("at"),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("call", sa.String(length=64), nullable=True),
        sa.Column("agent", sa.String(length=5), nullable=True),
        _ms("ms", nullable=True),
        sa.Column("detail", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_events")),
    )
    op.create_index(op.f("ix_queue_events_account_id_queue_moment"), "queue_events", ["account_id", "queue", "moment"])
    op.create_table(
        "queue_figures",
        _key("account_id", sa.Integer()),
        _key("span", sa.Integer()),
        sa.Column("queue", sa.String(length=5), nullable=False),
        _key("bucket", sa.BigInteger()),
        *map(_count, ("calls", "answered", "picked_up", "forwarded", "broke_out", "abandoned", "refused")),
        *map(_count, ("offers", "missed")),
        _ms("waited_answered"),
        _ms("least_answered", nullable=True),
        _ms("most_answered", nullable=True),
        _ms("waited_unanswered"),
        _ms("least_unanswered", nullable=True),
        _ms("most_unanswered", nullable=True),
        _count("talks"),
        _ms("talked"),
        _ms("least_talk", nullable=True),
        _ms("most_talk", nullable=True),
        sa.Column("waits_answered", sa.Text(), nullable=False),
        sa.Column("waits_unanswered", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "span", "queue", "bucket", name=op.f("pk_queue_figures")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "queue_agent_figures",
        _key("account_id", sa.Integer()),
        _key("span", sa.Integer()),
        sa.Column("queue", sa.String(length=5), nullable=False),
        _key("bucket", sa.BigInteger()),
        sa.Column("agent", sa.String(length=5), nullable=False),
        *map(_count, ("offers", "missed", "answered", "talks")),
        _ms("talked"),
        _ms("most_talk", nullable=True),
        _count("wrap_ups"),
        _ms("wrap_up"),
        sa.PrimaryKeyConstraint("account_id", "span", "queue", "bucket", "agent", name=op.f("pk_queue_agent_figures")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "queue_sessions",
        _key("account_id", sa.Integer()),
        sa.Column("queue", sa.String(length=5), nullable=False),
        sa.Column("agent", sa.String(length=5), nullable=False),
        _key("since", sa.BigInteger()),
        _ms("until"),
        sa.PrimaryKeyConstraint("account_id", "queue", "agent", "since", name=op.f("pk_queue_sessions")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_queue_sessions_account_id_until"), "queue_sessions", ["account_id", "until"])
    op.create_table(
        "queue_memories",
        _key("account_id", sa.Integer()),
        sa.Column("queue", sa.String(length=5), nullable=False),
        sa.Column("agent", sa.String(length=5), nullable=False),
        _ms("since"),
        _ms("last_offered", nullable=True),
        _count("answered"),
        _ms("talked"),
        _ms("wrap_up_until"),
        sa.PrimaryKeyConstraint("account_id", "queue", "agent", name=op.f("pk_queue_memories")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "queue_event_marks",
        sa.Column("source", sa.String(length=16), nullable=False),
        _ms("number"),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_queue_event_marks")),
    )
