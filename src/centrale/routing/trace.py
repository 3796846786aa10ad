"""The steps that explain a call: each decision's rule, inputs, outcome and what was rejected (design §4, OPS-2).

A trace is stored with the call record and shown to people, so a step is plain data. Verbs of `calls` record
themselves; a kind never writes trace code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Decision:
    """What a pure rule concluded: `rule` names it (`number-plan`), `because` lists the facts it weighed."""

    rule: str
    outcome: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    rejected: tuple[str, ...] = ()
    """Alternatives that were passed over, each with its reason, in words."""


@dataclass(frozen=True, slots=True)
class Step:
    """A decision or an act, at an instant of the call."""

    at: datetime
    rule: str
    outcome: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    rejected: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The step as it is stored: `at` in ISO 8601 with milliseconds; empty parts left out."""
        data: dict[str, Any] = {
            "at": self.at.isoformat(timespec="milliseconds"),
            "rule": self.rule,
            "outcome": self.outcome,
        }
        if self.facts:
            data["facts"] = dict(self.facts)
        if self.rejected:
            data["rejected"] = list(self.rejected)
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Step:
        """The step that `as_json` wrote. Raises KeyError or ValueError for anything else."""
        return cls(
            datetime.fromisoformat(data["at"]),
            data["rule"],
            data["outcome"],
            data.get("facts", {}),
            tuple(data.get("rejected", ())),
        )
