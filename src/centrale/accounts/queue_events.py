"""From what happens in queues to events that are kept: in the journal at once, in the database soon after.

An event is in the journal, and so survives `kill -9`, before anything else is done on the event loop
(`accounts.journal`). `queue_event_writer` takes it into the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from centrale.accounts.queue_figures import WRAP_UP, WRAP_UP_CUT, QueueEvent, ms_of
from centrale.acd.agent_state import AgentState
from centrale.queueing.happenings import Happening, What
from centrale.routing.snapshot import AccountId, ExtensionNumber

LATE_MS = 1_000
"""A wrap-up that ends so little after its time ended in time: timers are never early, and now and then late."""


class EventJournal(Protocol):
    """Where events are safe."""

    def happened(self, event: Sequence[Any]) -> None:
        """Write it down before returning."""
        ...


class QueueEvents:
    """Listens to all queues; a `queueing.happenings.Tell`."""

    def __init__(self, journal: EventJournal) -> None:
        self._journal = journal
        self._last_talk: dict[tuple[AccountId, ExtensionNumber], tuple[str, int]] = {}
        """By agent: the queue of the talk that ended last, and when its caller came. The wrap-up after it belongs to
        both."""
        self._wrap_ups: dict[tuple[AccountId, ExtensionNumber], tuple[QueueEvent, int]] = {}
        """Those that last, and until when."""

    def goes_on(self, wrap_up: QueueEvent) -> None:
        """It was told before a restart and lasts still (`queue_recall.lasting_wrap_ups`)."""
        assert wrap_up.agent is not None
        who = AccountId(wrap_up.account), ExtensionNumber(wrap_up.agent)
        self._wrap_ups[who] = wrap_up, wrap_up.at + (wrap_up.ms or 0)

    def __call__(self, happening: Happening) -> None:
        match happening.what:
            case What.WAITING:
                return  # a wallboard's matter
            case What.AGENT_STATE:
                self._agent_changed(happening)
                return
            case What.TALK_ENDED if happening.agent is not None and happening.since is not None:
                last_talk = str(happening.queue), ms_of(happening.since)
                self._last_talk[happening.account, happening.agent] = last_talk
            case What.LOGGED_OFF if happening.agent is not None:
                self._last_talk.pop((happening.account, happening.agent), None)
        self._keep(_event(happening))

    def _agent_changed(self, happening: Happening) -> None:
        """An agent's state is told for one thing only: how long wrap-ups last (QUE-29)."""
        assert happening.agent is not None
        who, at = (happening.account, happening.agent), ms_of(happening.at)
        before = self._wrap_ups.pop(who, None)
        if before is not None and happening.detail == AgentState.WRAP_UP:
            self._wrap_ups[who] = before  # it goes on after a restart, and has been told
            return
        if before is not None:
            began, until = before
            if at < until or at > until + LATE_MS:
                self._keep(began._replace(at=at, what=WRAP_UP_CUT, ms=at - until))
        last = self._last_talk.get(who)
        if happening.detail == AgentState.WRAP_UP and happening.seconds is not None and last is not None:
            lasts = round(happening.seconds * 1_000)
            event = QueueEvent(happening.account, last[0], last[1], at, WRAP_UP, agent=happening.agent, ms=lasts)
            self._wrap_ups[who] = event, at + lasts
            self._keep(event)

    def _keep(self, event: QueueEvent) -> None:
        self._journal.happened(tuple(event))


def _event(happening: Happening) -> QueueEvent:
    at = ms_of(happening.at)
    since = at if happening.since is None else ms_of(happening.since)
    ms = None if happening.seconds is None else round(happening.seconds * 1_000)
    if happening.what is What.REFUSED:
        ms = max(0, at - since)
    call = None if happening.call is None else happening.call[:64]
    return QueueEvent(
        happening.account,
        str(happening.queue),
        since,
        at,
        happening.what.value,
        call,
        happening.agent,
        ms,
        happening.detail[:20],
        happening.again,
    )
