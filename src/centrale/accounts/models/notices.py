"""What has to be told to people outside the exchange (VM-3): written with the cause, sent until it arrives."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from centrale.accounts.models.base import Base


class NoticeRow(Base):
    """An e-mail or a text message (SMS) that waits, was sent, or was given up."""

    __tablename__ = "notices"
    __table_args__ = (
        Index(None, "state", "next_try"),
        Index(None, "account_id", "created"),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    """None: of the platform's or a partner's own people."""
    way: Mapped[str] = mapped_column(String(5))
    """`mail` or `sms`."""
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str] = mapped_column(Text)
    message_id: Mapped[str | None] = mapped_column(String(64), index=True)
    """The voice message that it tells of; it may be gone by then."""
    private: Mapped[bool]
    """For the recipient only, such as a link to sign in with: nobody else is shown `body`; it is wiped when sent."""
    attach: Mapped[bool]
    """Is the voice message attached?"""
    delete_after: Mapped[bool]
    """Is the voice message deleted once this has been sent (VM-3)?"""
    created: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))
    """`waiting`, `sent` or `given_up`."""
    tries: Mapped[int]
    next_try: Mapped[datetime | None]
    sent: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(Text)
    """What the last try failed of, for people."""
