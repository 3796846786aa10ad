"""Number plans: where a telephone number of the account leads at a moment (NP-1..5, NP-9, NP-10, ACC-6, USR-7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from centrale.routing.schedule import Entry, Holiday, Stretch
from centrale.routing.schedule_times import Period
from centrale.routing.snapshot import (
    E164,
    AccountSnapshot,
    Extension,
    ExtensionNumber,
    NumberPlan,
    NumberUse,
    PlanSchema,
)
from centrale.routing.trace import Decision


@dataclass(frozen=True, slots=True)
class ActivePlan:
    """The plan of a schema that counts now; None when the schema names none."""

    plan: NumberPlan | None
    decision: Decision


@dataclass(frozen=True, slots=True)
class PlanChange:
    """At `at` the active plan becomes `plan`; None: none is active from then on."""

    at: datetime
    plan: NumberPlan | None
    decision: Decision


@dataclass(frozen=True, slots=True)
class PlanStretch:
    """From `start` to before `end` one plan is active, for one reason."""

    start: datetime
    end: datetime
    plan: NumberPlan | None
    decision: Decision


@dataclass(frozen=True, slots=True)
class Destination:
    """The extension behind a telephone number; `prefix` goes before the caller's name (NP-2)."""

    extension: Extension
    prefix: str
    decision: Decision


@dataclass(frozen=True, slots=True)
class NotInUse:
    """Nobody can be reached by this number; the caller hears so (NP-9)."""

    number: E164
    decision: Decision


def active_plan(schema: PlanSchema, moment: datetime) -> ActivePlan:
    """The plan of `schema` that is active at `moment` (NP-3): chosen by hand, else by a holiday, else by the week, else
    the standing one. The decision tells the chosen one's time, and what was passed over."""
    applying = schema.schedule.applying(moment)
    choice = _choose(schema, applying)
    facts = {"schema": schema.number, "by": choice.by, "moment": moment.isoformat()}
    if choice.item is not None:
        facts |= {"period": str(choice.item), "entry": choice.item.id}
    rejected = (*choice.impossible, *_passed_over(schema, applying, choice))
    return ActivePlan(
        choice.plan, Decision("active-plan", choice.plan.name if choice.plan else "none", facts, rejected)
    )


def next_change(schema: PlanSchema, moment: datetime) -> PlanChange | None:
    """The first instant behind `moment` at which another plan becomes active, in the account's time zone; None when
    this one stays for ever, as one chosen by hand does."""
    if _by_hand(schema) is not None:
        return None
    end = next(schema.schedule.stretches(moment, lambda item: _outcome(schema, item))).end
    if end is None:
        return None
    then = active_plan(schema, end)
    return PlanChange(end.astimezone(schema.schedule.zone), then.plan, then.decision)


def as_scheduled(schema: PlanSchema) -> PlanSchema:
    """`schema` without what was chosen by hand or for a while: its next change ends a temporary choice (NP-8)."""
    holidays = tuple(holiday for holiday in schema.schedule.holidays if not holiday.temporary)
    return replace(schema, override=None, schedule=replace(schema.schedule, holidays=holidays))


def timeline(schema: PlanSchema, start: datetime, end: datetime) -> list[PlanStretch]:
    """Which plan is active when from `start` to before `end`, and why (NP-10); instants in the account's time zone."""
    return list(_stretches(schema, start, end))


def gaps(schema: PlanSchema) -> tuple[Period, ...]:
    """When in the week no plan is active, holidays and choices by hand aside (NP-4)."""
    return () if schema.standing in schema.plans else schema.schedule.gaps()


def _stretches(schema: PlanSchema, start: datetime, end: datetime) -> Iterator[PlanStretch]:
    # In UTC: moments of one zone are compared by the wall, which shows some of them twice.
    start, end, zone = start.astimezone(UTC), end.astimezone(UTC), schema.schedule.zone
    for_ever: list[Stretch[Entry[int] | Holiday[int] | None]] = [Stretch(start, None, None)]
    by_schedule = schema.schedule.stretches(start, lambda item: item)
    for stretch in by_schedule if _by_hand(schema) is None else for_ever:
        if stretch.start >= end:
            return
        until = end if stretch.end is None else min(stretch.end, end)
        active = active_plan(schema, stretch.start)
        yield PlanStretch(stretch.start.astimezone(zone), until.astimezone(zone), active.plan, active.decision)


@dataclass(frozen=True, slots=True)
class _Choice:
    plan: NumberPlan | None
    by: str
    item: Entry[int] | Holiday[int] | None = None
    impossible: tuple[str, ...] = ()
    """What would have chosen, but names a plan that is not there."""


def _choose(schema: PlanSchema, applying: Sequence[Entry[int] | Holiday[int]]) -> _Choice:
    """The plan, when `applying` is what applies, best first."""
    impossible: tuple[str, ...] = ()
    if schema.override is not None:
        if plan := schema.plans.get(schema.override):
            return _Choice(plan, "manual override")
        impossible = (f"manual override: schema {schema.number} has no plan {schema.override}",)
    if applying:
        item = applying[0]
        if plan := schema.plans.get(item.gives):
            return _Choice(plan, _source(item), item, impossible)
        impossible = (*impossible, f"{_source(item)} {item}: schema {schema.number} has no plan {item.gives}")
    if schema.standing is not None:
        if plan := schema.plans.get(schema.standing):
            return _Choice(plan, "standing plan", None, impossible)
        impossible = (*impossible, f"standing plan: schema {schema.number} has no plan {schema.standing}")
    return _Choice(None, "nothing", None, impossible)


def _outcome(schema: PlanSchema, item: Entry[int] | Holiday[int] | None) -> int | None:
    """The number of the plan that is active when `item` counts and none was chosen by hand."""
    if item is not None and item.gives in schema.plans:
        return item.gives
    return schema.standing if schema.standing in schema.plans else None


def _by_hand(schema: PlanSchema) -> NumberPlan | None:
    return None if schema.override is None else schema.plans.get(schema.override)


def _source(item: Entry[int] | Holiday[int]) -> str:
    if isinstance(item, Holiday):
        return "temporary override" if item.temporary else "holiday"
    return "weekly schedule"


def _passed_over(schema: PlanSchema, applying: Sequence[Entry[int] | Holiday[int]], choice: _Choice) -> Iterator[str]:
    """What applies and does not count, with the reason."""
    for item in applying:
        if item is not choice.item and item.gives in schema.plans:
            yield f"{_source(item)} {item}, plan {schema.plans[item.gives].name}: {_why_not(item, choice)}"
    standing = None if schema.standing is None else schema.plans.get(schema.standing)
    if standing is not None and choice.by not in ("standing plan", "nothing"):
        yield f"standing plan {standing.name}: counts only when nothing else does"


def _why_not(item: Entry[int] | Holiday[int], choice: _Choice) -> str:
    winner = choice.item
    if winner is None or _source(winner) != _source(item):
        return f"the {choice.by} goes first"
    return f"{winner} is narrower" if _width(winner) < _width(item) else f"{winner} is as narrow and was made later"


def _width(item: Entry[int] | Holiday[int]) -> float:
    return (item.end - item.start).total_seconds() if isinstance(item, Holiday) else item.when.width


def find_number(account: AccountSnapshot, number: E164, moment: datetime) -> Destination | NotInUse:
    """Where a call to `number` of `account` leads at `moment`: its person, or what an active plan says."""
    own = account.numbers.get(number)
    if own is None:
        return _not_in_use(number, "not a number of this account")
    if not own.active:
        return _not_in_use(number, "the number is not active")
    if own.use is NumberUse.PERSONAL:
        return _person(account, number, own.user)

    rejected: list[str] = []
    for schema in account.schemas:
        applying = schema.schedule.applying(moment)
        choice = _choose(schema, applying)
        plan = choice.plan
        rejected += choice.impossible
        entry = plan.entries.get(number) if plan else None
        if plan is None or entry is None:
            why = "no active plan" if plan is None else f"not in plan {plan.name}"
            rejected.append(f"schema {schema.name}: {why}" + (f" ({choice.by} {choice.item})" if choice.item else ""))
            continue
        extension = account.extensions.get(entry.destination)
        if extension is None:
            rejected.append(f"plan {plan.name}: extension {entry.destination} does not exist")
            continue
        facts = {"number": number, "schema": schema.name, "plan": plan.name, "active_by": choice.by}
        facts |= {"period": str(choice.item)} if choice.item is not None else {}
        facts["prefix"] = entry.prefix
        rejected += _passed_over(schema, applying, choice)
        decision = Decision("number-plan", f"extension {extension.number}", facts, tuple(rejected))
        return Destination(extension, entry.prefix, decision)
    return _not_in_use(number, *rejected)


def _person(account: AccountSnapshot, number: E164, user: ExtensionNumber | None) -> Destination | NotInUse:
    extension = account.extensions.get(user) if user else None
    if extension is None:
        return _not_in_use(number, f"the personal number belongs to user {user}, who does not exist")
    facts = {"number": number, "user": extension.number}
    return Destination(extension, "", Decision("personal-number", f"extension {extension.number}", facts))


def _not_in_use(number: E164, *rejected: str) -> NotInUse:
    return NotInUse(number, Decision("number-plan", "not in use", {"number": number}, rejected))
