"""What those who operate the exchange are told of its outbox: sentences for health, figures for Prometheus (OPS-1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from prometheus_client import CollectorRegistry, Gauge

from centrale.accounts.notices import Way
from centrale.clock import Clock
from centrale.notices.chosen import without_way
from centrale.notices.sender import Sender
from centrale.settings import Settings

LATE = timedelta(minutes=15)
"""A mail server that is started anew is no news; one that has been away for so long is."""

_NAMES = {Way.MAIL: "e-mails", Way.SMS: "text messages"}


class OutboxState:
    """How the outbox fares. Nothing of this keeps anybody from making calls."""

    def __init__(self, settings: Settings, sender: Sender, clock: Clock) -> None:
        self._unset = without_way(settings)
        self._sender = sender
        self._clock = clock

    def notes(self) -> Sequence[str]:
        """Sentences; none when all is sent."""
        return [*self._unset, *(said for way in Way if (said := self._late(way)))]

    def measure(self, registry: CollectorRegistry) -> None:
        """Has the registry show what waits."""
        count = Gauge("centrale_notices_waiting", "Notices that wait to be sent.", ("way",), registry=registry)
        oldest = Gauge(
            "centrale_notices_oldest_seconds", "Age of the oldest notice that waits.", ("way",), registry=registry
        )
        for way in Way:
            count.labels(way.value).set_function(partial(self._count, way))
            oldest.labels(way.value).set_function(partial(self._seconds, way))

    def _late(self, way: Way) -> str:
        count, age = self._sender.waiting[way].count, timedelta(seconds=self._seconds(way))
        if not self._sender.sends(way) or age < LATE:
            return ""
        minutes = int(age / timedelta(minutes=1))
        return f"{count} {_NAMES[way]} wait to be sent, the oldest for {minutes} minutes; the log says why."

    def _count(self, way: Way) -> float:
        return self._sender.waiting[way].count

    def _seconds(self, way: Way) -> float:
        oldest = self._sender.waiting[way].oldest
        return 0.0 if oldest is None else (self._clock.now() - oldest).total_seconds()
