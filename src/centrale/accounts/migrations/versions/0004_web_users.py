"""Partners, web users with their sessions and links, and which partner an account belongs to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "partners",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partners")),
        sa.UniqueConstraint("name", name=op.f("uq_partners_name")),
        sqlite_autoincrement=True,
    )
    # As one statement, which SQLite and PostgreSQL both know. Alembic's batch mode would make the table anew on SQLite,
    # and dropping the old one would delete, by cascade, everything that belongs to an account.
    op.execute(
        "ALTER TABLE accounts ADD COLUMN partner_id INTEGER CONSTRAINT fk_accounts_partner_id REFERENCES partners (id)"
    )
    op.create_index(op.f("ix_accounts_partner_id"), "accounts", ["partner_id"])
    op.create_table(
        "web_users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("rights", JSON, nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("extension", sa.String(length=5), nullable=True),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("totp_secret", sa.String(length=255), nullable=True),
        sa.Column("totp_last", sa.Integer(), nullable=True),
        sa.Column("outside_subject", sa.String(length=400), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_web_users_partner_id")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_web_users_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "extension"],
            ["extensions.account_id", "extensions.number"],
            name="fk_web_users_extension",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_users")),
        sa.UniqueConstraint("email", name=op.f("uq_web_users_email")),
        sa.UniqueConstraint("outside_subject", name=op.f("uq_web_users_outside_subject")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_web_users_account_id"), "web_users", ["account_id"])
    op.create_index(op.f("ix_web_users_partner_id"), "web_users", ["partner_id"])
    op.create_table(
        "web_sessions",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("web_user_id", sa.Integer(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("program", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["web_user_id"], ["web_users.id"], name=op.f("fk_web_sessions_web_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_web_sessions")),
    )
    op.create_index(op.f("ix_web_sessions_web_user_id"), "web_sessions", ["web_user_id"])
    op.create_table(
        "web_links",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("web_user_id", sa.Integer(), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["web_user_id"], ["web_users.id"], name=op.f("fk_web_links_web_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_web_links")),
    )
    op.create_index(op.f("ix_web_links_web_user_id"), "web_links", ["web_user_id"])
