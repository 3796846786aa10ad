"""Waiting in line, as a kind sees it. `queueing` offers it; what is decided there is decided by the engine in `acd`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from centrale.calls.ring import AnsweredBy, Attempt
from centrale.routing.snapshot import AccountId, ExtensionNumber

if TYPE_CHECKING:
    from centrale.calls.call import Call


class Because(StrEnum):
    """Why a caller has to leave a line."""

    FULL = "limit"
    """The call limit is reached (QUE-1)."""
    WAITED_ENOUGH = "timer"
    """QUE-23."""
    NO_AGENTS = "no_agents"
    """Nobody is logged on (QUE-24)."""
    QUEUE_GONE = "queue_gone"
    """It was deleted under its callers."""


@dataclass(frozen=True, slots=True)
class Taken:
    """`agent` answered; None: somebody who is none picked the call up (QUE-25)."""

    agent: ExtensionNumber | None
    answered: AnsweredBy


@dataclass(frozen=True, slots=True)
class SentOn:
    """The caller goes to all of `targets` at once."""

    targets: tuple[str, ...]
    because: Because


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """There is no place, and nowhere to go."""

    because: Because


Served = Taken | SentOn | TurnedAway
"""What waiting came to."""

Phones = Callable[[ExtensionNumber], Sequence[Attempt]]
"""What rings when an agent is offered the caller; nothing for one who cannot be rung now."""


class Place(Protocol):
    """One caller's place in a line. `leave` must be called in the end, whatever happened."""

    @property
    def position(self) -> int:
        """1 is next."""
        ...

    @property
    def expected_wait(self) -> float:
        """Seconds (QUE-10)."""
        ...

    @property
    def is_offered(self) -> bool:
        """Does an agent's phone ring for this caller?"""
        ...

    @property
    def is_over(self) -> bool:
        """Was it decided already that there is no place? `served` says at once what came of it."""
        ...

    @property
    def is_decided(self) -> bool:
        """Has the caller been given to somebody, or sent on, though the task in `served` has still to do with it?"""
        ...

    def hold(self) -> None:
        """Something begins that nothing may interrupt: no agent is offered the caller (QUE-9, QUE-11)."""
        ...

    def release(self) -> None:
        """It has ended."""
        ...

    async def served(self) -> Served:
        """Ring whomever the caller is offered to, until the waiting is over."""
        ...

    async def changed(self) -> None:
        """Wait until something else may have to be heard: an offer began or ended."""
        ...

    def broke_out(self) -> None:
        """The caller chose to leave (QUE-22)."""
        ...

    def leave(self) -> None:
        """The caller is no longer in line, or the talk has ended; once is enough."""
        ...


class Line(Protocol):
    """The queues of all accounts."""

    def someone_is_free(self, account: AccountId, queue: ExtensionNumber) -> bool:
        """Would a caller who came now be offered at once (QUE-9)?"""
        ...

    def join(self, call: Call, queue: ExtensionNumber, phones: Phones, *, held: bool, since: datetime | None) -> Place:
        """Take the last place; `since`: the caller has waited since then, before a restart, and keeps their place.

        `held`: something plays first that nothing may interrupt; see `Place.hold`.
        """
        ...

    def rings(self, account: AccountId, queues: Collection[ExtensionNumber]) -> bool:
        """Does an agent's phone ring for a caller of one of these?"""
        ...

    def pick_up(self, picker: Call, queues: Collection[ExtensionNumber]) -> Call | None:
        """Give `picker`, who has been answered, the longest waiting of those for whom a phone rings (QUE-25).

        The call that was taken: it talks from now on with the leg of `picker`, whose flow must return at once. None
        when no phone rings any more.
        """
        ...

    async def back(self, calls: Collection[str], *, within: float) -> None:
        """After a restart: wait until these calls, which stood in line before it, stand there again; so many seconds at
        most."""
        ...

    def open(self) -> None:
        """After a restart: everybody who waited or talked is told of; decide from now on."""
        ...

    def talks(
        self, call: Call, queue: ExtensionNumber, agent: ExtensionNumber | None, since: datetime, came: datetime
    ) -> None:
        """A caller, who came at `came`, and an agent have been talking since before a restart. No agent: the caller
        was picked up."""
        ...

    def went(
        self,
        account: AccountId,
        call: str,
        queue: ExtensionNumber,
        came: datetime,
        at: datetime,
        talked: tuple[ExtensionNumber | None, datetime] | None,
    ) -> None:
        """A caller was in line, or talked with an agent since, when the process before us died, and left at `at`. To be
        told before `open`: the agent's wrap-up begins then."""
        ...
