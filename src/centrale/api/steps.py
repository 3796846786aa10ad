"""Steps of traces as the API gives them: as they were noted, and in the words of whoever reads them (OPS-2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from centrale.explain.wording import words
from centrale.kinds.registry import KINDS
from centrale.routing.trace import Step
from centrale.wording import Language
from centrale.wording.traces import fact_in_words, marked, named, rule_in_words, told
from centrale.wording.words import NameOf, nameless


class Weighed(BaseModel):
    """A fact that counted, in words."""

    name: str = Field(title="What")
    value: str = Field(title="Its value")


class StepOut(BaseModel):
    """A decision or an act during the call, and why: in codes and English as it was noted, and in words."""

    at: datetime = Field(title="At")
    rule: str = Field(title="Rule", description="For programs.")
    outcome: str = Field(title="Outcome", description="As it was noted, in English.")
    facts: dict[str, Any] = Field(default_factory=dict, title="What it weighed", description="As it was noted.")
    rejected: list[str] = Field(
        default_factory=list, title="What was passed over, and why", description="As it was noted, in English."
    )
    title: str = Field(
        title="The rule in words", description="In the language that was asked for, as all that follows."
    )
    words: str = Field(title="The step in a sentence")
    weighed: list[Weighed] = Field(title="What it weighed, in words")
    passed_over: list[str] = Field(title="What was passed over, and why, in words")


def as_told(step: Step, language: Language, name_of: NameOf = nameless) -> dict[str, Any]:
    """The step as it is written, a `StepOut`, for a reader of `language`, with the names of extensions and sounds that
    `name_of` knows."""
    kind = KINDS.get(step.rule)
    return {
        "at": step.at,
        "rule": step.rule,
        "outcome": step.outcome,
        "facts": dict(step.facts),
        "rejected": list(step.rejected),
        "title": rule_in_words(step.rule, language) if kind is None else kind.title[language],
        "words": words(step, language, name_of),
        "weighed": [
            {"name": fact_in_words(name, language), "value": _value(name, value, language, name_of)}
            for name, value in step.facts.items()
            if value not in (None, "", [], ()) and not (step.rule == "ask" and name == "prompt")  # its words say it
        ],
        "passed_over": [told(why, language, name_of) for why in step.rejected],
    }


def in_words(step: Step, language: Language, name_of: NameOf = nameless) -> StepOut:
    """The same, as a part of something else."""
    return StepOut(**as_told(step, language, name_of))


_EXTENSIONS = frozenset({"agent", "by", "extension", "of", "queue", "target", "to", "user"})
"""Facts that are extensions, where they are numbers."""


def _value(name: str, value: object, language: Language, name_of: NameOf) -> str:
    said = told(value, language, name_of)
    return named(marked(said), name_of) if name in _EXTENSIONS else said


def trace_in_words(trace: Iterable[Mapping[str, Any]], language: Language, name_of: NameOf = nameless) -> list[StepOut]:
    """A trace as it is stored."""
    return [in_words(Step.from_json(step), language, name_of) for step in trace]
