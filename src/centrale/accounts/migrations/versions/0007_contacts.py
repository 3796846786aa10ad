"""Contacts, each with its numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _id(name: str) -> "sa.Column[int]":
    type = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, type, autoincrement=name == "id", nullable=False)


def upgrade() -> None:
    op.create_table(
        "contacts",
        _id("id"),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=5), nullable=True),
        sa.Column("first_name", sa.String(length=80), nullable=False),
        sa.Column("prefix", sa.String(length=20), nullable=False),
        sa.Column("surname", sa.String(length=80), nullable=False),
        sa.Column("company", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("favourite", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=190), nullable=False),
        sa.Column("by_name", sa.String(length=300), nullable=False),
        sa.Column("by_company", sa.String(length=300), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_contacts_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "owner"],
            ["extensions.account_id", "extensions.number"],
            name="fk_contacts_owner",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sqlite_autoincrement=True,
    )
    for order in ("by_name", "by_company"):
        op.create_index(f"ix_contacts_{order}", "contacts", ["account_id", "owner", order, "id", "favourite", "words"])
    op.create_table(
        "contact_numbers",
        _id("contact_id"),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("label", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_contact_numbers_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("contact_id", "position", name=op.f("pk_contact_numbers")),
    )
    op.create_index(op.f("ix_contact_numbers_account_id_number"), "contact_numbers", ["account_id", "number"])
