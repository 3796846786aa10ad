"""A trace as sentences that a newcomer can read aloud.

A rule without words of its own here is shown by its name and outcome, so that a new kind or service needs no line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from types import MappingProxyType

from centrale.explain.rehearsal import Rehearsal
from centrale.kinds.registry import KINDS
from centrale.routing.callerid import DiversionReason
from centrale.routing.snapshot import AccountSnapshot, Extension, ExtensionNumber
from centrale.routing.system_numbers import BY_CODE
from centrale.routing.trace import Step
from centrale.voice.phrasing import sentence, texts
from centrale.voice.prompts import Prompt
from centrale.wording import Language, Wording
from centrale.wording.catalogue import catalogue
from centrale.wording.recognising import PLACE
from centrale.wording.traces import marked, named, rule_in_words, told
from centrale.wording.words import NameOf, nameless

_OFFERED = "offered to "
"""How `queueing` begins the step of an offer."""


def words(step: Step, language: Language = Language.ENGLISH, name_of: NameOf = nameless) -> str:
    """One step as a sentence, with the names of extensions and sounds that `name_of` knows."""
    say = Telling(language, name_of)
    rule = _RULES.get(step.rule)
    return closed(rule(step, say) if rule else say.plainly(step))


class Telling(Wording):
    """Composes sentences about steps. What stands in a step is English, and is translated here."""

    def __call__(self, english: str, **values: object) -> str:
        """As of any wording; its sentences stand beside those of traces."""
        said = catalogue(self.language).traces.steps.get(english)
        return Wording.__call__(self, english, **values) if said is None else said.format(**values)

    def told(self, noted: object) -> str:
        """An outcome, or a fact."""
        return told(noted, self.language, self.name_of)

    def who(self, numbers: object) -> str:
        """One extension or several, with their names."""
        return named(marked(str(numbers)), self.name_of)

    def seconds(self, seconds: float) -> str:
        """To a tenth: `4.1`."""
        shown = f"{seconds:.1f}"
        return shown.replace(".", ",") if self.language is Language.DUTCH else shown

    def plainly(self, step: Step) -> str:
        """For a rule without words of its own: its name and the outcome."""
        outcome = self.told(step.outcome)
        if step.rule in KINDS:
            return f"{KINDS[step.rule].title[self.language]} {outcome}"
        return f"{rule_in_words(step.rule, self.language)}: {outcome}"

    def prompt(self, step: Step) -> str:
        """The words of a prompt; the outcome when that is none, or lacks what it speaks of."""
        values = {name: value for name, value in step.facts.items() if name != "cause"}
        try:
            return f"“{sentence(Prompt(step.outcome), self.language, values)}”"
        except ValueError:
            return self.told(step.outcome)


def way(rehearsal: Rehearsal, account: AccountSnapshot) -> str:
    """The places that the call came to, by number and name: `+31201110700 → 700 Reception → 300 Sales → 202 Bakker`."""
    places = [rehearsal.record.called, *map(str, rehearsal.path)]
    if rehearsal.record.answered_by is not None:
        places.append(rehearsal.record.answered_by.partition(" ")[0])
    named = dict.fromkeys(places)
    extensions = {number: f"{number} {extension.name}" for number, extension in account.extensions.items()}
    return " → ".join(extensions.get(ExtensionNumber(place), place) for place in named)


def hints(rehearsal: Rehearsal, account: AccountSnapshot, language: Language = Language.ENGLISH) -> list[str]:
    """What to add to see further: an answer that was not given, or agents who are not logged on to a queue."""
    say, found = Telling(language), []
    if rehearsal.waits_for is not None:
        heard = _quoted(rehearsal.waits_for)
        found.append(say("The caller now hears: {heard} Give --press or --say to go on from there.", heard=heard))
    if any(step.rule == "patience" for step in rehearsal.record.trace):
        found.append(say("With --hang-up-after 900 the caller waits a quarter of an hour all the same."))
    offers = [step for step in rehearsal.record.trace if step.rule == "queue-offer" and _OFFERED in step.outcome]
    queues = [account.extensions.get(ExtensionNumber(place)) for place in rehearsal.path]
    found += [_unoffered(queue, account, say) for queue in queues if queue and queue.kind == "queue" and not offers]
    return found


def _unoffered(queue: Extension, account: AccountSnapshot, say: Telling) -> str:
    return say(
        "{queue} offers the call to nobody. Logged on to it: {there}. Its members: {members}; "
        "--everybody takes them to be there.",
        queue=f"{queue.number} {queue.name}",
        there=_names(account, account.agents_on(queue.number), say),
        members=_names(account, queue.settings.agents, say),
    )


def _names(account: AccountSnapshot, numbers: Iterable[ExtensionNumber], say: Telling) -> str:
    found = (account.extensions[number] for number in numbers if number in account.extensions)
    return ", ".join(f"{extension.number} {extension.name}" for extension in found) or say("nobody")


def _quoted(heard: str) -> str:
    """Words as words, the name of a file as a name."""
    return f"{heard}." if heard.endswith(".wav") or " " not in heard else f"“{heard}”"


def closed(text: str) -> str:
    """With a capital and a full stop."""
    text = f"{text[:1].upper()}{text[1:]}"
    return text if text.endswith((".", "!", "?", "”")) else f"{text}."


def _dialled(step: Step, say: Telling) -> str:
    dialled = step.facts["dialled"]
    if step.outcome == "log on first":
        return say("Dialled {dialled} on a phone where nobody is logged on", dialled=dialled)
    what, _, code = step.outcome.rpartition(" ")
    if what == "service" and code in BY_CODE:
        purpose = _small(say.told(BY_CODE[code].purpose))
        return say("Dialled {dialled}, which is service {code}: {purpose}", dialled=dialled, code=code, purpose=purpose)
    meant = say("the outside number {number}", number=code) if what == "outside" else say.told(step.outcome)
    return say("Dialled {dialled}, which is {meant}", dialled=dialled, meant=meant)


def _number_plan(step: Step, say: Telling) -> str:
    facts, to = step.facts, say.told(step.outcome)
    if "number" not in facts:
        return say.plainly(step)  # a plan was chosen by telephone (915)
    if "plan" not in facts:
        return say("{number} is {what}", number=facts["number"], what=to)
    why = f" ({say.told(facts['active_by'])})" if "active_by" in facts else ""
    leads = say(
        "{number} leads to {to} in plan “{plan}” of schema “{schema}”{why}",
        number=facts["number"],
        to=to,
        plan=facts["plan"],
        schema=facts["schema"],
        why=why,
    )
    if not facts.get("prefix"):
        return leads
    return say("{leads}, with “{prefix}” before the caller's name", leads=leads, prefix=facts["prefix"])


def _personal_number(step: Step, say: Telling) -> str:
    owner = say.told(step.outcome)
    return say("{number} is the personal number of {owner}", number=step.facts["number"], owner=owner)


def _caller_id(step: Step, say: Telling) -> str:
    number = say.told(step.outcome)
    if step.facts.get("call") == "from outside":
        return say("The caller is {number}", number=number)
    return say("The called side is shown {number}", number=number) + _source(step, say)


def _emergency_caller_id(step: Step, say: Telling) -> str:
    return say("The emergency centre is shown {number}", number=say.told(step.outcome)) + _source(step, say)


def _source(step: Step, say: Telling) -> str:
    return f" ({say.told(step.facts['from'])})" if "from" in step.facts else ""


def _ring(step: Step, say: Telling) -> str:
    rings = say.told(step.outcome)
    if "timeout" in step.facts:
        return say("{rings}, for at most {seconds} s", rings=rings, seconds=say.told(step.facts["timeout"]))
    return f"{rings} ({say.told(step.facts['way'])})" if "way" in step.facts else rings


def _queue(step: Step, say: Telling) -> str:
    return say.told(step.outcome) if step.outcome.endswith(" gets the caller") else say.plainly(step)


def _queue_offer(step: Step, say: Telling) -> str:
    if step.outcome.startswith(_OFFERED):
        return say("The queue offers the caller to {whom}", whom=say.who(step.outcome.removeprefix(_OFFERED)))
    if ": " in step.outcome:
        whom, colon, became = say.told(step.outcome).partition(": ")
        return say("The offer to {outcome}", outcome=f"{say.who(whom)}{colon}{became}")
    return _outcome(step, say)


_WHY: Mapping[DiversionReason, Callable[[Telling], str]] = MappingProxyType(
    {
        DiversionReason.ALWAYS: lambda say: say("always"),
        DiversionReason.BUSY: lambda say: say("because it is busy"),
        DiversionReason.NO_ANSWER: lambda say: say("because nobody answered"),
    }
)


def _forward(step: Step, say: Telling) -> str:
    if "reason" not in step.facts:
        visited = step.outcome[:1].isdigit()  # the call came to an extension that is a forward
        return say.plainly(step) if visited else say("Not forwarded: {why}", why=say.told(step.outcome))
    to = say.listed([say.who(it) for it in step.outcome.split(";")])
    return say("{of} forwards to {to}, {why}", of=say.who(step.facts["of"]), to=to, why=_WHY[step.facts["reason"]](say))


def _send_on(step: Step, say: Telling) -> str:
    if "by" in step.facts:
        return say("{by} sends the call on to {to}", by=say.who(step.facts["by"]), to=say.who(step.outcome))
    return say("Sent the call on to {to}", to=say.who(step.outcome))


def _ask(step: Step, say: Telling) -> str:
    parts = str(step.facts.get("prompt", "")).split(", ")
    question = ", ".join(dict.fromkeys(_asked(part, say) for part in parts))
    question += "" if question.removesuffix("”").endswith((".", "!", "?")) else "."
    if step.outcome == "no input":
        return say("Asks: {question} The caller presses nothing", question=question)
    return say("Asks: {question} The caller presses {keys}", question=question, keys=say.told(step.outcome))


def _asked(question: str, say: Telling) -> str:
    """A prompt's words, without the values, which were not noted; a sound or a text of the account as it is."""
    with suppress(ValueError):
        text = texts(say.language)[Prompt(question)]
        return f"“{PLACE.sub('…', text)}”"
    return say.told(question)


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def _outcome(step: Step, say: Telling) -> str:
    return say.told(step.outcome)


_RULES: Mapping[str, Callable[[Step, Telling], str]] = MappingProxyType(
    {
        "dialled": _dialled,
        "number-plan": _number_plan,
        "personal-number": _personal_number,
        "caller-id": _caller_id,
        "emergency-caller-id": _emergency_caller_id,
        "reachable": lambda step, say: say("Can be rung: {whom}", whom=say.told(step.outcome)),
        "ring": _ring,
        "queue": _queue,
        "queue-offer": _queue_offer,
        "forward": _forward,
        "send on": _send_on,
        "say": lambda step, say: say("Says: {words}", words=say.prompt(step)),
        "refuse": lambda step, say: say("Tells the caller: {words}", words=say.prompt(step)),
        "ask": _ask,
        "play": lambda step, say: say("Plays {sound}", sound=say.told(step.outcome)),
        "speak": lambda step, say: say("Says: “{text}”", text=step.outcome),
        "choices": lambda step, say: say(
            "Is asked for an answer, and {which}: from here on nothing is entered", which=say.told(step.outcome)
        ),
        "answer": _outcome,
        "patience": _outcome,
        "talk": _outcome,
        "log-on": _outcome,
        "log-off": _outcome,
        "end": _outcome,
        "pin": lambda step, say: say("The PIN is {verdict}", verdict=say.told(step.outcome)),
    }
)
