"""Contacts: the company's phone book, and each user's own (ACC-7)."""

from __future__ import annotations

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from centrale.accounts.models.base import Base, BigId
from centrale.routing.snapshot import ExtensionNumber


class ContactRow(Base):
    """Somebody whom one calls or is called by. `owner`: the user whose own contact it is; None: the company's.

    What is derived stands beside it, so that the database sorts and searches lists of 100,000: `name` as phones show
    it, `by_name` and `by_company` for sorting, `words` for searching (`contacts_text`). The indices hold all that a
    search looks at: it reads one of them from one end, and only the rows that it shows.
    """

    __tablename__ = "contacts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "owner"],
            ["extensions.account_id", "extensions.number"],
            name="fk_contacts_owner",
            ondelete="CASCADE",
        ),
        Index("ix_contacts_by_name", "account_id", "owner", "by_name", "id", "favourite", "words"),
        Index("ix_contacts_by_company", "account_id", "owner", "by_company", "id", "favourite", "words"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    owner: Mapped[ExtensionNumber | None] = mapped_column(String(5))
    first_name: Mapped[str] = mapped_column(String(80))
    prefix: Mapped[str] = mapped_column(String(20))
    surname: Mapped[str] = mapped_column(String(80))
    company: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(254))
    notes: Mapped[str] = mapped_column(Text)
    favourite: Mapped[bool]
    name: Mapped[str] = mapped_column(String(190))
    by_name: Mapped[str] = mapped_column(String(300))
    by_company: Mapped[str] = mapped_column(String(300))
    words: Mapped[str] = mapped_column(Text)


class ContactNumberRow(Base):
    """One of a contact's numbers. The index is what finds a caller's name before the phones ring."""

    __tablename__ = "contact_numbers"
    __table_args__ = (Index(None, "account_id", "number"),)

    contact_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[int]
    number: Mapped[str] = mapped_column(String(20))
    label: Mapped[str] = mapped_column(String(10))
