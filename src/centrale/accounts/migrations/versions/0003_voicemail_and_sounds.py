"""Voicemail, sounds, music, notices, expectations of number plans, and who is logged on to which queue."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("accounts", sa.Column("infotainment_every", sa.Integer(), nullable=False, server_default="60"))
    op.add_column("extensions", sa.Column("voicemail_pin_hash", sa.String(length=255), nullable=True))
    op.create_table(
        "expectations",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("contents", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_expectations_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_expectations")),
    )
    op.create_table(
        "music",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(length=84), nullable=False),
        sa.Column("owner", sa.String(length=5), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("volume", sa.Double(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_music_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", "file", name=op.f("pk_music")),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("way", sa.String(length=5), nullable=False),
        sa.Column("recipient", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=True),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("attach", sa.Boolean(), nullable=False),
        sa.Column("delete_after", sa.Boolean(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_notices_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index(op.f("ix_notices_account_id_created"), "notices", ["account_id", "created"])
    op.create_index(op.f("ix_notices_message_id"), "notices", ["message_id"])
    op.create_index(op.f("ix_notices_state_next_try"), "notices", ["state", "next_try"])
    op.create_table(
        "sounds",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(length=84), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("maker", sa.String(length=255), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_sounds_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", "file", name=op.f("pk_sounds")),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("mailbox", sa.String(length=5), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("caller", sa.String(length=80), nullable=False),
        sa.Column("caller_name", sa.String(length=255), nullable=False),
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id", "mailbox"],
            ["extensions.account_id", "extensions.number"],
            name=op.f("fk_messages_account_id_mailbox"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index(op.f("ix_messages_account_id_mailbox_left_at"), "messages", ["account_id", "mailbox", "left_at"])
    op.create_table(
        "queue_logons",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("queue", sa.String(length=5), nullable=False),
        sa.Column("agent", sa.String(length=5), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "agent"],
            ["extensions.account_id", "extensions.number"],
            name=op.f("fk_queue_logons_account_id_agent"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "queue"],
            ["extensions.account_id", "extensions.number"],
            name=op.f("fk_queue_logons_account_id_queue"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "queue", "agent", name=op.f("pk_queue_logons")),
    )
