"""Roles of who administers, and the fine rights beside them (ROLE-1..4)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from centrale.routing.snapshot import AccountId


class Role(StrEnum):
    """From the one who may least to the one who may all. Each may, in what it sees, whatever those before it may."""

    END_USER = "end_user"
    """A person with an extension: their own things."""
    SUPERVISOR = "supervisor"
    """Looks at calls, queues and agents of one account, and logs agents on and off."""
    ACCOUNT = "account"
    """Arranges one account."""
    PARTNER = "partner"
    """Arranges the accounts of one wholesale partner, and makes new ones."""
    PLATFORM = "platform"
    """All accounts, trunks and partners."""

    @property
    def rank(self) -> int:
        """Its place in that order."""
        return list(Role).index(self)


class Right(StrEnum):
    """What is given to a web user besides the role (ROLE-2, ROLE-4)."""

    RECORDINGS_ACCOUNT = "recordings_account"
    RECORDINGS_OWN = "recordings_own"
    DEVICES = "devices"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose things are meant: everybody's, a partner's with those of its accounts, or one account's (ACC-1)."""

    partner: int | None = None
    account: AccountId | None = None


EVERYONE = Sight()
