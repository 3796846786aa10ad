"""The first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("area_code", sa.String(length=6), nullable=True),
        sa.Column("extension_length", sa.Integer(), nullable=True),
        sa.Column("default_caller_id", sa.String(length=16), nullable=True),
        sa.Column("emergency_caller_id", sa.String(length=16), nullable=True),
        sa.Column("facilities", JSON, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("logons_revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("number", name=op.f("uq_accounts_number")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=255), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("object_type", sa.String(length=40), nullable=False),
        sa.Column("object_key", sa.String(length=80), nullable=False),
        sa.Column("before", JSON, nullable=True),
        sa.Column("after", JSON, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_account_id_object_type_object_key", "audit", ["account_id", "object_type", "object_key"])
    op.create_index("ix_audit_account_id_revision", "audit", ["account_id", "revision"])

    op.create_table(
        "cdrs",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ringing", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=False),
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.Column("caller", sa.String(length=80), nullable=False),
        sa.Column("caller_name", sa.String(length=255), nullable=False),
        sa.Column("called", sa.String(length=80), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=True),
        sa.Column("trunk", sa.String(length=80), nullable=True),
        sa.Column("answered_by", sa.String(length=80), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=True),
        sa.Column("ended_by", sa.String(length=20), nullable=True),
        sa.Column("legs", JSON, nullable=False),
        sa.Column("trace", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cdrs")),
    )
    op.create_index("ix_cdrs_account_id_called_started", "cdrs", ["account_id", "called", "started"])
    op.create_index("ix_cdrs_account_id_caller_started", "cdrs", ["account_id", "caller", "started"])
    op.create_index("ix_cdrs_account_id_started_id", "cdrs", ["account_id", "started", "id"])

    op.create_table(
        "lockouts",
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_failure", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_lockouts")),
    )
    op.create_table(
        "settings",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_settings")),
    )
    op.create_table(
        "trunks",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("mode", sa.String(length=12), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("transport", sa.String(length=3), nullable=False),
        sa.Column("username", sa.String(length=255), nullable=True),
        sa.Column("secret", sa.String(length=255), nullable=True),
        sa.Column("sources", JSON, nullable=False),
        sa.Column("keeps_foreign_caller_id", sa.Boolean(), nullable=False),
        sa.Column("qualify", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_trunks")),
    )
    op.create_table(
        "account_trunks",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("trunk", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_account_trunks_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["trunk"], ["trunks.name"], name=op.f("fk_account_trunks_trunk")),
        sa.PrimaryKeyConstraint("account_id", "position", name=op.f("pk_account_trunks")),
    )
    op.create_index("ix_account_trunks_trunk", "account_trunks", ["trunk"])

    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("scopes", JSON, nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_api_tokens_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_tokens_digest")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_api_tokens_account_id", "api_tokens", ["account_id"])

    op.create_table(
        "cdr_parties",
        sa.Column("cdr_id", sa.String(length=64), nullable=False),
        sa.Column("extension", sa.String(length=5), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cdr_id"], ["cdrs.id"], name=op.f("fk_cdr_parties_cdr_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("cdr_id", "extension", name=op.f("pk_cdr_parties")),
    )
    op.create_index(
        "ix_cdr_parties_account_id_extension_started", "cdr_parties", ["account_id", "extension", "started"]
    )

    op.create_table(
        "extensions",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=5), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("settings", JSON, nullable=False),
        sa.Column("pin_hash", sa.String(length=255), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_extensions_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "number", name=op.f("pk_extensions")),
    )
    op.create_table(
        "plan_schemas",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("standing", sa.Integer(), nullable=True),
        sa.Column("override", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_plan_schemas_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "number", name=op.f("pk_plan_schemas")),
    )
    op.create_table(
        "channels",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(length=255), nullable=False),
        sa.Column("dtmf", sa.String(length=10), nullable=False),
        sa.Column("area_code", sa.String(length=6), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("call_limit", sa.Integer(), nullable=False),
        sa.Column("linked_user", sa.String(length=5), nullable=True),
        sa.Column("emergency_caller_id", sa.String(length=16), nullable=True),
        sa.CheckConstraint("call_limit BETWEEN 1 AND 5", name=op.f("ck_channels_call_limit")),
        sa.ForeignKeyConstraint(
            ["account_id", "linked_user"],
            ["extensions.account_id", "extensions.number"],
            name=op.f("fk_channels_account_id_linked_user"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_channels_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_channels")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_channels_account_id_name")),
    )
    op.create_index("ix_channels_account_id_linked_user", "channels", ["account_id", "linked_user"])

    op.create_table(
        "numbers",
        sa.Column("e164", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("use", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("user_number", sa.String(length=5), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id", "user_number"],
            ["extensions.account_id", "extensions.number"],
            name=op.f("fk_numbers_account_id_user_number"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_numbers_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("e164", name=op.f("pk_numbers")),
        sa.UniqueConstraint("account_id", "e164", name=op.f("uq_numbers_account_id_e164")),
    )
    op.create_index("ix_numbers_account_id_user_number", "numbers", ["account_id", "user_number"])

    op.create_table(
        "plans",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("schema_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.CheckConstraint("number BETWEEN 1 AND 99", name=op.f("ck_plans_number")),
        sa.ForeignKeyConstraint(
            ["account_id", "schema_number"],
            ["plan_schemas.account_id", "plan_schemas.number"],
            name=op.f("fk_plans_account_id_schema_number"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "schema_number", "number", name=op.f("pk_plans")),
    )
    op.create_table(
        "logons",
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("user_number", sa.String(length=5), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "channel"],
            ["channels.account_id", "channels.name"],
            name=op.f("fk_logons_account_id_channel"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "user_number"],
            ["extensions.account_id", "extensions.number"],
            name=op.f("fk_logons_account_id_user_number"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_logons")),
    )
    op.create_index("ix_logons_account_id_user_number", "logons", ["account_id", "user_number"])

    op.create_table(
        "plan_entries",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("schema_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("plan_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("e164", sa.String(length=16), nullable=False),
        sa.Column("destination", sa.String(length=5), nullable=False),
        sa.Column("prefix", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "destination"],
            ["extensions.account_id", "extensions.number"],
            name=op.f("fk_plan_entries_account_id_destination"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "e164"], ["numbers.account_id", "numbers.e164"], name=op.f("fk_plan_entries_account_id_e164")
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "schema_number", "plan_number"],
            ["plans.account_id", "plans.schema_number", "plans.number"],
            name=op.f("fk_plan_entries_account_id_schema_number_plan_number"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "schema_number", "plan_number", "e164", name=op.f("pk_plan_entries")),
    )
    op.create_index("ix_plan_entries_account_id_destination", "plan_entries", ["account_id", "destination"])
    op.create_index("ix_plan_entries_account_id_e164", "plan_entries", ["account_id", "e164"])

    op.execute("INSERT INTO settings (key, value) VALUES ('platform_revision', '0')")
