"""Where calls may be forwarded to, and where they must stop going round (GRP-3)."""

from __future__ import annotations

from dataclasses import dataclass

from centrale.routing.e164 import without_separators
from centrale.routing.numbering import NotANumber, ToEmergency, ToExtension, ToOutside, ToService, understand
from centrale.routing.snapshot import E164, AccountSnapshot, ExtensionNumber
from centrale.routing.trace import Decision

MOST_FORWARDS = 10
"""A call that was forwarded this often goes no further; people never need as many."""

MOST_TARGETS = 10
"""Numbers that one forward rings at once."""


@dataclass(frozen=True, slots=True)
class InsideTarget:
    """An extension of the account."""

    number: ExtensionNumber


@dataclass(frozen=True, slots=True)
class OutsideTarget:
    """A telephone number; `as_sent` is what a trunk is given."""

    number: E164
    as_sent: str


Target = InsideTarget | OutsideTarget


@dataclass(frozen=True, slots=True)
class Targets:
    """What a forward's field says; `problems`: one sentence per part that cannot be a target."""

    targets: tuple[Target, ...]
    problems: tuple[str, ...]


def read_targets(
    text: str,
    account: AccountSnapshot,
    *,
    calls_from_outside: bool,
    owner: ExtensionNumber | None = None,
    area_code: str | None = None,
) -> Targets:
    """The numbers in `text`, separated by `;`, rung at once (GRP-3).

    `calls_from_outside`: the field is for calls from outside, where an inside number may not be a target: neither an
    extension nor a number of the account, which would lead to one. `owner`: the extension that forwards.
    """
    parts = [part for part in (without_separators(part) for part in text.split(";")) if part]
    targets: dict[str, Target] = {}
    problems: list[str] = []
    if len(parts) > MOST_TARGETS:
        problems.append(f"A forward rings at most {MOST_TARGETS} numbers.")
    for part in parts[:MOST_TARGETS]:
        target = _target(part, account, calls_from_outside, owner, area_code or account.area_code)
        if isinstance(target, InsideTarget | OutsideTarget):
            targets.setdefault(target.number, target)
        else:
            problems.append(target)
    return Targets(tuple(targets.values()), tuple(problems))


def _target(
    part: str,
    account: AccountSnapshot,
    calls_from_outside: bool,
    owner: ExtensionNumber | None,
    area_code: str | None,
) -> Target | str:
    """The target that `part` names, or the sentence that says why it is none."""
    match understand(part, account, area_code):
        case ToEmergency(number):
            return f"Calls cannot be forwarded to the emergency number {number}."
        case ToService(service):
            return f"{part} is the service number {service.code}, which only a phone can call."
        case NotANumber(reason):
            return f"{part} cannot be reached: {reason}."
        case ToExtension(number):
            return _extension(number, account, calls_from_outside, owner)
        case ToOutside() as outside:
            if calls_from_outside and outside.e164 in account.numbers:
                return f"{part} is a number of this account; calls from outside are forwarded to outside numbers only."
            return OutsideTarget(outside.e164, outside.as_sent)


def _extension(
    number: ExtensionNumber, account: AccountSnapshot, calls_from_outside: bool, owner: ExtensionNumber | None
) -> Target | str:
    if calls_from_outside:
        return f"{number} is an inside number; calls from outside are forwarded to outside numbers only."
    if number == owner:
        return f"{number} cannot forward to itself."
    if number not in account.extensions:
        return f"There is no extension {number}."
    return InsideTarget(number)


@dataclass(frozen=True, slots=True)
class Followed:
    """The forward may be followed; `path` is what the call has passed now."""

    path: tuple[ExtensionNumber | E164, ...]


@dataclass(frozen=True, slots=True)
class GoesRound:
    """The forward is not followed: the call would go round for ever."""

    decision: Decision


def follow(path: tuple[ExtensionNumber | E164, ...], target: ExtensionNumber | E164) -> Followed | GoesRound:
    """One more forward, from the last of `path` to `target`. No target twice, and no more than `MOST_FORWARDS`."""
    if target in path:
        reason = f"{target} has already forwarded this call"
    elif len(path) > MOST_FORWARDS:
        reason = f"the call was forwarded {MOST_FORWARDS} times"
    else:
        return Followed((*path, target))
    return GoesRound(Decision("forward", "goes round", {"path": " > ".join(path), "target": target}, (reason,)))
