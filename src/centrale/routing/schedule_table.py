"""Tables that say in one search what holds at a second: of a week, which goes round, or of the calendar."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

V = TypeVar("V")
W = TypeVar("W")
I = TypeVar("I")  # noqa: E741 - an item

Span = tuple[int, int]
"""Seconds: the first, and the first that is no longer part."""


@dataclass(frozen=True, slots=True)
class Table(Generic[V]):
    """From `edges[n]` on, `values[n]` holds. What holds before the first edge is what holds after the last one: a
    week goes round, and on the calendar nothing holds at either end. Without edges the one value holds always."""

    edges: tuple[int, ...]
    values: tuple[V, ...]

    def at(self, second: int) -> V:
        """What holds at `second`."""
        return self.values[bisect_right(self.edges, second) - 1]

    def after(self, second: int) -> int | None:
        """The first edge behind `second`; None when there is none."""
        place = bisect_right(self.edges, second)
        return self.edges[place] if place < len(self.edges) else None

    def map(self, function: Callable[[V], W]) -> Table[W]:
        """The table of `function` of what holds; edges at which that does not change are gone."""
        mapped = [function(value) for value in self.values]
        kept = [place for place, value in enumerate(mapped) if value != mapped[place - 1]]
        if not kept:
            return Table((), (mapped[0],))
        return Table(tuple(self.edges[place] for place in kept), tuple(mapped[place] for place in kept))

    def pieces(self, whole: int) -> Iterator[tuple[int, int, V]]:
        """Start, end and value of each piece of a table that goes round after `whole`; the last may end in the next
        round."""
        if not self.edges:
            yield 0, whole, self.values[0]
            return
        ends = (*self.edges[1:], self.edges[0] + whole)
        yield from zip(self.edges, ends, self.values, strict=True)


def compile_table(items: Iterable[tuple[I, list[Span]]], whole: int | None = None) -> Table[tuple[I, ...]]:
    """What of `items`, best first, holds when. `whole`: the table goes round after so many seconds."""
    ranked: list[I] = []
    come: dict[int, list[int]] = {}
    go: dict[int, list[int]] = {}
    for rank, (item, spans) in enumerate(items):
        ranked.append(item)
        for start, end in spans if whole is None else _cut(spans, whole):
            if start < end:
                come.setdefault(start, []).append(rank)
                go.setdefault(end, []).append(rank)
    if whole is not None:
        come.setdefault(0, [])
        go.pop(whole, None)  # there the next round begins, and its start says what holds
    now: list[int] = []
    edges, values = [], []
    for edge in sorted({*come, *go}):
        for rank in go.get(edge, ()):
            now.remove(rank)
        for rank in come.get(edge, ()):
            insort(now, rank)
        edges.append(edge)
        values.append(tuple(ranked[rank] for rank in now))
    return Table(tuple(edges), tuple(values) or ((),)).map(lambda held: held)


def _cut(spans: list[Span], whole: int) -> Iterator[Span]:
    for start, end in spans:
        yield start, min(end, whole)
        if end > whole:
            yield 0, end - whole
