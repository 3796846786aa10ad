"""Number plans: where a telephone number of the account leads at a moment (NP-1..3, NP-9, ACC-6, USR-7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

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
    """The plan of `schema` that is active at `moment` (NP-3): chosen by hand, else the standing one."""
    plan, by, rejected = _active(schema, moment)
    facts = {"schema": schema.number, "by": by, "moment": moment.isoformat()}
    return ActivePlan(plan, Decision("active-plan", plan.name if plan else "none", facts, rejected))


def _active(schema: PlanSchema, moment: datetime) -> tuple[NumberPlan | None, str, tuple[str, ...]]:
    """`active_plan` without its explanation: plan, what chose it, what was passed over."""
    rejected: tuple[str, ...] = ()
    for by, number in (("manual override", schema.override), ("standing plan", schema.standing)):
        if number is None:
            continue
        if plan := schema.plans.get(number):
            return plan, by, rejected
        rejected = (*rejected, f"{by}: schema {schema.number} has no plan {number}")
    return None, "nothing", rejected


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
        plan, by, passed_over = _active(schema, moment)
        rejected += passed_over
        entry = plan.entries.get(number) if plan else None
        if plan is None or entry is None:
            rejected.append(f"schema {schema.name}: {f'not in plan {plan.name}' if plan else 'no active plan'}")
            continue
        extension = account.extensions.get(entry.destination)
        if extension is None:
            rejected.append(f"plan {plan.name}: extension {entry.destination} does not exist")
            continue
        facts = {"number": number, "schema": schema.name, "plan": plan.name, "active_by": by, "prefix": entry.prefix}
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
