"""A trace as sentences that a newcomer can read aloud.

A rule without words of its own here is shown by its name and outcome, so that a new kind or service needs no line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from types import MappingProxyType

from centrale.calls.record import CallRecord, Outcome
from centrale.explain.rehearsal import Rehearsal
from centrale.kinds.registry import KINDS
from centrale.routing.callerid import DiversionReason
from centrale.routing.snapshot import AccountSnapshot, Extension, ExtensionNumber
from centrale.routing.system_numbers import BY_CODE
from centrale.routing.trace import Step
from centrale.voice.phrasing import sentence
from centrale.voice.prompts import Prompt

LANGUAGE = "en"

_OFFERED = "offered to "
"""How `queueing` begins the step of an offer."""


def words(step: Step) -> str:
    """One step as a sentence, in English."""
    rule = _RULES.get(step.rule)
    text = rule(step) if rule else None
    if text is None:
        name = KINDS[step.rule].title[LANGUAGE] if step.rule in KINDS else step.rule.replace("-", " ").capitalize()
        text = f"{name} {step.outcome}" if step.rule in KINDS else f"{name}: {step.outcome}"
    return _closed(text)


def conclusion(record: CallRecord) -> str:
    """How the call ended up, in one sentence."""
    match record.outcome:
        case Outcome.ANSWERED:
            assert record.answered is not None
            after = (record.answered - record.started).total_seconds()
            return f"Answered by {record.answered_by} after {after:.0f} s."
        case Outcome.PICKED_UP:
            return "Picked up: the caller took over a call that rang for others."
        case Outcome.SERVED:
            return "Served: the exchange did what was asked, and hung up."
        case Outcome.ABANDONED:
            return "Abandoned: the caller gave up before anyone answered."
        case Outcome.UNANSWERED:
            return f"Unanswered: {_cause(record.cause)}."
        case Outcome.REFUSED:
            return f"Refused: {_cause(record.cause)}."
        case _:
            return "Failed: this is a fault of the exchange; the trace says more."


def way(rehearsal: Rehearsal, account: AccountSnapshot) -> str:
    """The places that the call came to, by number and name: `+31201110700 → 700 Reception → 300 Sales → 202 Bakker`."""
    places = [rehearsal.record.called, *map(str, rehearsal.path)]
    if rehearsal.record.answered_by is not None:
        places.append(rehearsal.record.answered_by.partition(" ")[0])
    named = dict.fromkeys(places)
    extensions = {number: f"{number} {extension.name}" for number, extension in account.extensions.items()}
    return " → ".join(extensions.get(ExtensionNumber(place), place) for place in named)


def hints(rehearsal: Rehearsal, account: AccountSnapshot) -> list[str]:
    """What to add to see further: an answer that was not given, or agents who are not logged on to a queue."""
    found = []
    if rehearsal.waits_for is not None:
        heard = _quoted(rehearsal.waits_for)
        found.append(f"The caller now hears: {heard} Give --press or --say to go on from there.")
    if any(step.rule == "patience" for step in rehearsal.record.trace):
        found.append("With --hang-up-after 900 the caller waits a quarter of an hour all the same.")
    offers = [step for step in rehearsal.record.trace if step.rule == "queue-offer" and _OFFERED in step.outcome]
    queues = [account.extensions.get(ExtensionNumber(place)) for place in rehearsal.path]
    found += [_unoffered(queue, account) for queue in queues if queue and queue.kind == "queue" and not offers]
    return found


def _unoffered(queue: Extension, account: AccountSnapshot) -> str:
    there, members = _names(account, account.agents_on(queue.number)), _names(account, queue.settings.agents)
    return (
        f"{queue.number} {queue.name} offers the call to nobody. Logged on to it: {there}. Its members: {members}; "
        "--everybody takes them to be there."
    )


def _names(account: AccountSnapshot, numbers: Iterable[ExtensionNumber]) -> str:
    found = (account.extensions[number] for number in numbers if number in account.extensions)
    return ", ".join(f"{extension.number} {extension.name}" for extension in found) or "nobody"


def _quoted(heard: str) -> str:
    """Words as words, the name of a file as a name."""
    return f"{heard}." if heard.endswith(".wav") or " " not in heard else f"“{heard}”"


def _cause(cause: object) -> str:
    return str(cause).replace("_", " ")


def _closed(text: str) -> str:
    return text if text.endswith((".", "!", "?", "”")) else f"{text}."


def _said(step: Step) -> str | None:
    """The words of a prompt; None when the outcome is none, or lacks what it speaks of."""
    values = {name: value for name, value in step.facts.items() if name != "cause"}
    try:
        return f"“{sentence(Prompt(step.outcome), LANGUAGE, values)}”"
    except ValueError:
        return None


def _dialled(step: Step) -> str:
    what, _, code = step.outcome.rpartition(" ")
    if what == "service" and code in BY_CODE:
        return f"Dialled {step.facts['dialled']}, which is service {code}: {BY_CODE[code].purpose.lower()}"
    meant = f"the outside number {code}" if what == "outside" else step.outcome
    return f"Dialled {step.facts['dialled']}, which is {meant}"


def _log_on_first(step: Step) -> str:
    return f"Dialled {step.facts['dialled']} on a phone where nobody is logged on"


def _number_plan(step: Step) -> str | None:
    facts = step.facts
    if "number" not in facts:
        return None  # a plan was chosen by telephone (915)
    if "plan" not in facts:
        return f"{facts['number']} is {step.outcome}"
    prefix = f", with “{facts['prefix']}” before the caller's name" if facts.get("prefix") else ""
    why = f" ({facts['active_by']})" if "active_by" in facts else ""
    plan = f"plan “{facts['plan']}” of schema “{facts['schema']}”{why}"
    return f"{facts['number']} leads to {step.outcome} in {plan}{prefix}"


def _caller_id(step: Step) -> str:
    if step.facts.get("call") == "from outside":
        return f"The caller is {step.outcome}"
    source = f" ({step.facts['from']})" if "from" in step.facts else ""
    return f"The called side is shown {step.outcome}{source}"


def _emergency_caller_id(step: Step) -> str:
    source = f" ({step.facts['from']})" if "from" in step.facts else ""
    return f"The emergency centre is shown {step.outcome}{source}"


def _ring(step: Step) -> str:
    if "timeout" in step.facts:
        return f"{step.outcome[:1].upper()}{step.outcome[1:]}, for at most {step.facts['timeout']:g} s"
    if step.outcome.startswith("nobody answered: "):
        return f"Nobody answered: {_cause(step.outcome.removeprefix('nobody answered: '))}"
    by = f" ({step.facts['way']})" if "way" in step.facts else ""
    return f"{_cause(step.outcome)}{by}"


_WHY = MappingProxyType(
    {
        DiversionReason.ALWAYS: "always",
        DiversionReason.BUSY: "because it is busy",
        DiversionReason.NO_ANSWER: "because nobody answered",
    }
)


def _queue_offer(step: Step) -> str:
    outcome = _cause(step.outcome)
    return (
        f"The queue offers the caller to {outcome.removeprefix(_OFFERED)}"
        if outcome.startswith(_OFFERED)
        else f"The offer to {outcome}"
    )


def _forward(step: Step) -> str | None:
    if "reason" not in step.facts:
        return f"Not forwarded: {step.outcome}"
    return f"{step.facts['of']} forwards to {step.outcome.replace(';', ' and ')}, {_WHY[step.facts['reason']]}"


def _send_on(step: Step) -> str:
    by = f"{step.facts['by']} sends" if "by" in step.facts else "Sent"
    return f"{by} the call on to {step.outcome}"


def _say(step: Step) -> str:
    return f"Says: {_said(step) or step.outcome}"


def _refuse(step: Step) -> str:
    return f"Tells the caller: {_said(step) or step.outcome}"


def _ask(step: Step) -> str:
    question = str(step.facts.get("prompt", ""))
    with suppress(ValueError):  # a sound or a text of the account, or a question with values: its name says enough
        question = f"“{sentence(Prompt(question), LANGUAGE, {})}”"
    entered = "presses nothing" if step.outcome == "no input" else f"presses {step.outcome}"
    return f"Asks: {question} The caller {entered}"


def _capital(step: Step) -> str:
    return f"{step.outcome[:1].upper()}{step.outcome[1:]}"


_RULES: Mapping[str, Callable[[Step], str | None]] = MappingProxyType(
    {
        "dialled": lambda step: _log_on_first(step) if step.outcome == "log on first" else _dialled(step),
        "number-plan": _number_plan,
        "personal-number": lambda step: f"{step.facts['number']} is the personal number of {step.outcome}",
        "caller-id": _caller_id,
        "emergency-caller-id": _emergency_caller_id,
        "reachable": lambda step: f"Can be rung: {step.outcome}",
        "ring": _ring,
        "queue": lambda step: step.outcome if step.outcome.endswith(" gets the caller") else None,
        "queue-offer": _queue_offer,
        "forward": _forward,
        "send on": _send_on,
        "say": _say,
        "refuse": _refuse,
        "ask": _ask,
        "play": lambda step: f"Plays {step.outcome}",
        "speak": lambda step: f"Says: “{step.outcome}”",
        "choices": lambda step: f"Is asked for an answer, and {step.outcome}: from here on nothing is entered",
        "answer": _capital,
        "patience": _capital,
        "talk": _capital,
        "log-on": _capital,
        "log-off": _capital,
        "end": _capital,
        "pin": lambda step: f"The PIN is {_cause(step.outcome)}",
    }
)
