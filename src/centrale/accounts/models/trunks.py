"""Trunks of the platform, and which of them an account uses in which order."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from centrale.accounts.models.base import Base


class TrunkRow(Base):
    """A way to the outside: a carrier reached over SIP. `sources`: addresses that it calls from, with optional port."""

    __tablename__ = "trunks"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    mode: Mapped[str] = mapped_column(String(12))
    host: Mapped[str]
    port: Mapped[int]
    transport: Mapped[str] = mapped_column(String(3))
    username: Mapped[str | None]
    secret: Mapped[str | None]
    sources: Mapped[list[Any]]
    keeps_foreign_caller_id: Mapped[bool]
    qualify: Mapped[int]
    enabled: Mapped[bool]


class AccountTrunkRow(Base):
    """The account tries its trunks by rising `position`."""

    __tablename__ = "account_trunks"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    trunk: Mapped[str] = mapped_column(ForeignKey("trunks.name"), index=True)
