"""What happened to a caller or an agent: kept briefly, put into words when somebody asks (issue 4, point 5)."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from centrale.acd.why import Why
from centrale.routing.trace import Step


class History:
    """The last `entries` of each of the `subjects` that came last."""

    __slots__ = ("_entries", "_kept", "_subjects")

    def __init__(self, subjects: int, entries: int) -> None:
        self._subjects = subjects
        self._entries = entries
        self._kept: OrderedDict[str, deque[tuple[Any, ...]]] = OrderedDict()

    def note(self, subject: str, at: datetime, what: str | Why, *words: object) -> None:
        """`what`: a decision, or a sentence with places `{0}` for `words`."""
        entries = self._kept.get(subject)
        if entries is None:
            entries = self._kept[subject] = deque(maxlen=self._entries)
            if len(self._kept) > self._subjects:
                self._kept.popitem(last=False)
        entries.append((at, what, *words))  # flat: there are hundreds of thousands, and the garbage collector looks

    def of(self, subject: str, shift: timedelta) -> list[Step]:
        """Oldest first; instants less `shift`."""
        return [_step(at - shift, what, words) for at, what, *words in self._kept.get(subject, ())]


def _step(at: datetime, what: str | Why, words: Sequence[object]) -> Step:
    if isinstance(what, Why):
        decision = what.decision()
        return Step(at, decision.rule, decision.outcome, decision.facts, decision.rejected)
    return Step(at, "queue", what.format(*words))
