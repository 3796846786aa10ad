"""Who does a call say it is from? Inside, outside, withheld, forwarded, and with prefixes (CID-1..6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from centrale.routing.e164 import as_dialled_inside
from centrale.routing.own_numbers import why_not_shown
from centrale.routing.person import NOBODY, Person
from centrale.routing.snapshot import E164, AccountSnapshot, Extension, Trunk
from centrale.routing.trace import Decision

LONGEST_NAME = 64
"""Characters of a name that came from outside; displays show far fewer."""


class DiversionReason(StrEnum):
    """Why a call was forwarded, in the words of the Diversion header (RFC 5806)."""

    ALWAYS = "unconditional"
    BUSY = "user-busy"
    NO_ANSWER = "no-answer"


@dataclass(frozen=True, slots=True)
class Diversion:
    """A forwarded call came through this number of ours (RFC 5806)."""

    number: E164
    reason: DiversionReason = DiversionReason.ALWAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """What the other side learns of the caller."""

    number: str | None = None
    """As shown: an extension, E.164 towards a trunk, or the form a phone can dial back. None: unknown or withheld."""
    name: str = ""
    withheld: bool = False
    e164: E164 | None = None
    """The caller's telephone number. Towards a trunk it is asserted even when it is withheld (RFC 3325)."""
    diversion: Diversion | None = None
    decision: Decision


class ForwardShows(StrEnum):
    """Whose number a forwarded call shows (CID-3, GRP-4)."""

    USER = "user"
    CALLER = "caller"
    CALLED = "called"


def inside(caller: Extension) -> Presented:
    """A colleague sees the caller's own extension and name, whatever was asked with a code (CID-1)."""
    return Presented(
        number=caller.number,
        name=caller.name,
        decision=Decision("caller-id", f"extension {caller.number}", {"call": "inside"}),
    )


def outside(
    account: AccountSnapshot,
    user: Extension | None,
    person: Person = NOBODY,
    *,
    withheld: bool = False,
    slot: int | None = None,
) -> Presented:
    """What an outside party sees: the number chosen with `#3n#`, else the user's default, else the account's (CID-1).

    Only active numbers of the account are ever shown; one that is not falls through, and the decision says why.
    """
    rejected: list[str] = []
    for source, number in _own_choices(account, person, slot):
        problem = "not set" if number is None else why_not_shown(account, number, user)
        if number is None or problem is not None:
            rejected.append(f"{source}: {problem}")
            continue
        facts = {"call": "outside", "from": source}
        decision = Decision("caller-id", f"{number}, withheld" if withheld else number, facts, tuple(rejected))
        return Presented(number=None if withheld else number, withheld=withheld, e164=number, decision=decision)
    facts = {"call": "outside"}
    return Presented(withheld=withheld, decision=Decision("caller-id", "no number", facts, tuple(rejected)))


def _own_choices(account: AccountSnapshot, person: Person, slot: int | None) -> Iterator[tuple[str, E164 | None]]:
    if slot is not None:
        yield f"code #3{slot}#", person.further_caller_ids.get(slot)
    yield "user's default", person.default_caller_id
    yield "account's default", account.default_caller_id


def from_outside(number: E164 | None, name: str, account: AccountSnapshot) -> Presented:
    """What a phone of `account` shows of an outside caller: a number that can be dialled back as it stands.

    `number`: None when the caller withheld it or sent none that can be one; then the name is not shown either.
    """
    if number is None:
        return Presented(withheld=True, decision=Decision("caller-id", "withheld or unknown", {"call": "from outside"}))
    return Presented(
        number=as_dialled_inside(number, account.country),
        name=printable(name),
        e164=number,
        decision=Decision("caller-id", number, {"call": "from outside"}),
    )


def prefixed(caller: Presented, prefixes: Sequence[str]) -> Presented:
    """`caller` as a phone shows it with what number plan, menu and so on put before the name, in the order passed:
    `Sales: Jansen`; without a name `Sales: 0201234567` (CID-2)."""
    texts = [text for text in (prefix.strip().removesuffix(":") for prefix in prefixes) if text]
    if not texts:
        return caller
    return replace(caller, name=": ".join([*texts, caller.name or caller.number or "Anonymous"]))


def forwarded(
    account: AccountSnapshot,
    shows: ForwardShows,
    trunk: Trunk,
    *,
    caller: Presented,
    called: E164 | None,
    user: Extension | None,
    person: Person = NOBODY,
    reason: DiversionReason = DiversionReason.ALWAYS,
) -> Presented:
    """What an outside target of a forward sees (CID-3).

    `called`: the number of ours that the caller dialled; `user`: whose forward it is. A number that is not ours is
    kept only where the trunk allows it and one of ours can stand in the Diversion; else one of ours is shown.
    A caller who withheld stays withheld.
    """
    rejected: list[str] = []
    own = outside(account, user, person, withheld=caller.withheld)
    through = called if called and why_not_shown(account, called, user) is None else own.e164

    if shows is ForwardShows.CALLER and caller.e164 is not None and not caller.withheld:
        if why_not_shown(account, caller.e164, None) is None:
            return _forward_showing(caller.e164, "caller, a number of ours", caller, through, reason, rejected)
        if not trunk.keeps_foreign_caller_id:
            rejected.append(f"caller: trunk {trunk.name} allows only numbers of ours")
        elif through is None:
            rejected.append("caller: none of our numbers can stand in the Diversion")
        else:
            return _forward_showing(caller.e164, "caller", caller, through, reason, rejected)
    elif shows is ForwardShows.CALLER:
        rejected.append("caller: withheld" if caller.withheld else "caller: has no telephone number")

    if shows is not ForwardShows.USER:
        problem = why_not_shown(account, called, user) if called else "an extension was called"
        if called and problem is None:
            return _forward_showing(called, "called number", caller, through, reason, rejected)
        rejected.append(f"called number: {problem}")

    decision = replace(own.decision, rejected=(*rejected, *own.decision.rejected))
    return replace(own, diversion=Diversion(through, reason) if through else None, decision=decision)


def _forward_showing(
    number: E164,
    source: str,
    caller: Presented,
    through: E164 | None,
    reason: DiversionReason,
    rejected: Sequence[str],
) -> Presented:
    facts = {"call": "forwarded", "from": source, "reason": reason.value}
    return Presented(
        number=None if caller.withheld else number,
        withheld=caller.withheld,
        e164=number,
        diversion=Diversion(through, reason) if through else None,
        decision=Decision("caller-id", number, facts, tuple(rejected)),
    )


def trunk_headers(presented: Presented, host: str) -> dict[str, str]:
    """The SIP headers that tell a trunk who calls, by name: P-Asserted-Identity and Privacy (RFC 3325, RFC 3323),
    Diversion (RFC 5806). `host`: our side of the trunk."""
    headers: dict[str, str] = {}
    if presented.e164:
        headers["P-Asserted-Identity"] = f"<sip:{presented.e164}@{host}>"
    if presented.withheld:
        headers["Privacy"] = "id"
    if presented.diversion:
        via = presented.diversion
        headers["Diversion"] = f"<sip:{via.number}@{host}>;reason={via.reason.value};counter=1"
    return headers


def printable(name: str) -> str:
    """A name from outside as it may stand on a display or in a header: no control characters, quotes or brackets."""
    kept = "".join(letter for letter in name if letter.isprintable() and letter not in '"<>\\')
    return " ".join(kept.split())[:LONGEST_NAME]
