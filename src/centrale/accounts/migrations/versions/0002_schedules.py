"""Number plans switch by themselves: weekly entries, holidays, and versions of a schema."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "plan_schedule",
        *_key("id"),
        sa.Column("days", JSON, nullable=True),
        sa.Column("start_day", sa.String(length=9), nullable=True),
        sa.Column("end_day", sa.String(length=9), nullable=True),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("plan_number", sa.Integer(), nullable=False),
        sa.CheckConstraint("(days IS NULL) <> (start_day IS NULL)", name=op.f("ck_plan_schedule_form")),
        _of_plan("plan_schedule"),
        _of_schema("plan_schedule"),
        sa.PrimaryKeyConstraint("account_id", "schema_number", "id", name=op.f("pk_plan_schedule")),
    )
    op.create_table(
        "plan_holidays",
        *_key("id"),
        sa.Column("description", sa.String(length=255), nullable=False),
        sa.Column("starts", sa.DateTime(), nullable=False),
        sa.Column("ends", sa.DateTime(), nullable=False),
        sa.Column("plan_number", sa.Integer(), nullable=False),
        sa.Column("temporary", sa.Boolean(), nullable=False),
        _of_plan("plan_holidays"),
        _of_schema("plan_holidays"),
        sa.PrimaryKeyConstraint("account_id", "schema_number", "id", name=op.f("pk_plan_holidays")),
    )
    for table in ("plan_schedule", "plan_holidays"):
        columns = ["account_id", "schema_number", "plan_number"]
        op.create_index(f"ix_{table}_account_id_schema_number_plan_number", table, columns)
    op.create_table(
        "plan_schema_versions",
        *_key("version"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=255), nullable=False),
        sa.Column("restored", sa.Integer(), nullable=True),
        sa.Column("contents", JSON, nullable=False),
        _of_schema("plan_schema_versions"),
        sa.PrimaryKeyConstraint("account_id", "schema_number", "version", name=op.f("pk_plan_schema_versions")),
    )


def _key(last: str) -> list[sa.Column[int]]:
    names = ("account_id", "schema_number", last)
    return [sa.Column(name, sa.Integer(), autoincrement=False, nullable=False) for name in names]


def _of_plan(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["account_id", "schema_number", "plan_number"],
        ["plans.account_id", "plans.schema_number", "plans.number"],
        name=op.f(f"fk_{table}_account_id_schema_number_plan_number"),
    )


def _of_schema(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["account_id", "schema_number"],
        ["plan_schemas.account_id", "plan_schemas.number"],
        name=op.f(f"fk_{table}_account_id_schema_number"),
        ondelete="CASCADE",
    )
