"""What people said: messages left for them (VM-2), sounds of the account (SND-1), music (MOH-1).

The audio lies in files below the home; a row names its file. The row is written after the file is safely on the disk.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from centrale.accounts.models.base import Base
from centrale.routing.snapshot import ExtensionNumber


class MessageRow(Base):
    """A message that a caller left (VM-2): in a mailbox, or in a user's personal voicemail (VM-6)."""

    __tablename__ = "messages"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "mailbox"], ["extensions.account_id", "extensions.number"], ondelete="CASCADE"
        ),
        Index(None, "account_id", "mailbox", "left_at"),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Also the name of its file, without ending."""
    account_id: Mapped[int]
    mailbox: Mapped[ExtensionNumber] = mapped_column(String(5))
    left_at: Mapped[datetime]
    seconds: Mapped[float]
    caller: Mapped[str] = mapped_column(String(80))
    caller_name: Mapped[str]
    call_id: Mapped[str] = mapped_column(String(64))
    heard_at: Mapped[datetime | None]


class SoundRow(Base):
    """A sound of the account, by the file name that settings refer to (SND-1)."""

    __tablename__ = "sounds"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    file: Mapped[str] = mapped_column(String(84), primary_key=True)
    name: Mapped[str]
    note: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(String(10))
    """`upload`, `recording` (by 905), `greeting` (by 920 or 1233) or `copy` (of an extension)."""
    maker: Mapped[str]
    """Who made it, in words: `user 201`, the name of a token."""
    seconds: Mapped[float]
    created: Mapped[datetime]


class MusicRow(Base):
    """A piece of music on hold, in playing order: the account's (`owner` is empty) or a queue's (MOH-1, QUE-12)."""

    __tablename__ = "music"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    file: Mapped[str] = mapped_column(String(84), primary_key=True)
    owner: Mapped[str] = mapped_column(String(5))
    position: Mapped[int]
    name: Mapped[str]
    volume: Mapped[float]
    """Decibels by which it was made louder or softer at upload."""
    seconds: Mapped[float]
    created: Mapped[datetime]
