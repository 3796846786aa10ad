"""What the code says: its sentences, read from the source, so that none is missed because no test comes by."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import centrale

PLACE = re.compile(r"\{[^{}]*\}")

SOURCE = Path(centrale.__file__).parent


@cache
def sentences() -> dict[str, str]:
    """Every sentence that a summary is made of, with the place where it stands. Raises for one that is computed."""
    return dict(_sentences())


def _sentences() -> Iterator[tuple[str, str]]:
    speakers = [*sorted((SOURCE / "kinds").glob("*.py")), SOURCE / "accounts" / "extensions.py"]
    yield from _spoken(speakers, "words")
    yield from _spoken([SOURCE / "wording" / "words.py"], "self")


@cache
def step_sentences() -> dict[str, str]:
    """The same for what steps of traces are told with."""
    return dict(
        _spoken([SOURCE / "explain" / "wording.py", SOURCE / "cli" / "explain.py", SOURCE / "cli" / "steps.py"], "say")
    )


def _spoken(paths: list[Path], speaker: str) -> Iterator[tuple[str, str]]:
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == speaker:
                place = f"{path.name}:{node.lineno}"
                said = node.args[0]
                assert isinstance(said, ast.Constant), f"{place}: a sentence that is computed cannot be translated"
                assert isinstance(said.value, str), place
                yield said.value, place


CALLS = {
    "unreadable": 0,
    "rejected": 1,
    "Invalid.field": 1,
    "Problem": 2,
    "Conflict": 0,
    "ValueError": 0,
    "ProblemError": 1,
    "refusal": 0,
}
"""Where in its arguments a refusal has its sentence."""

KEYWORDS = {"taken", "detail", "message"}
TABLES = {"_ADVICE", "_DETAILS"}
ENUMS = {"PinProblem"}


@cache
def refusals() -> dict[str, str]:
    """Every refusal that the code composes, with `{}` for each value, and the place where it stands."""
    found: dict[str, str] = {}
    for folder in ("routing", "kinds", "accounts", "api"):
        for path in sorted((SOURCE / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                for said in _refused_in(node):
                    if (template := _template(said)) is not None and _has_words(template):
                        found.setdefault(template, f"{folder}/{path.name}:{node.lineno}")
    return found


def _refused_in(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Call(func=func, args=args, keywords=keywords):
            position = CALLS.get(ast.unparse(func).removeprefix("errors."))
            if position is not None and len(args) > position:
                yield args[position]
            yield from (it.value for it in keywords if it.arg in KEYWORDS and ast.unparse(func) != "Field")
        case ast.Assign(targets=[ast.Name(id="detail" | "message")], value=value):
            yield value
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict(values=values)) if name in TABLES:
            yield from values
        case ast.ClassDef(name=name, body=body) if name in ENUMS:
            yield from (it.value for it in body if isinstance(it, ast.Assign))
        case ast.FunctionDef(name="name_problem", body=body):
            yield from (it.value for it in body if isinstance(it, ast.Return) and it.value is not None)


def _has_words(template: str) -> bool:
    """Codes such as `length` have one; `{}: {}` is made of sentences that have been made elsewhere."""
    return " " in template and any(letter.isalpha() for letter in template)


def _template(said: ast.expr) -> str | None:
    match said:
        case ast.Constant(value=str(text)):
            return PLACE.sub("{}", text)
        case ast.JoinedStr(values=values):
            return "".join(str(it.value) if isinstance(it, ast.Constant) else "{}" for it in values)
        case _:
            return None


# -- traces ------------------------------------------------------------------------------------------------------------

TRACED = (
    "acd",
    "accounts/expectations.py",
    "accounts/messages_desk.py",
    "api/resources/calls.py",
    "calls",
    "exchange",
    "explain/acting.py",
    "explain/conclusion.py",
    "explain/expecting.py",
    "explain/presence.py",
    "explain/voicemail.py",
    "kinds",
    "queueing",
    "routing",
    "services",
)
"""Where steps are made, and what is told of them."""

NOT_TRACED = re.compile(
    r"(structlog|log|re|str|asyncio)\.\w+|words|Field|StringConstraints|Kind|Query|Path|Header|APIRouter|at_least|\w+Error|"
    r"Invalid\.field|Conflict|Problem|NotFound|TypeVar|Leg|Attempt|Way|Step\.from_json|self\._run|.*create_task|router\.\w+"
)
"""Calls whose words are no part of a trace: logs, refusals, forms, names of parties and of tasks."""


@cache
def traced() -> dict[str, str]:
    """Every text with a word in it that may stand in a trace, with `{}` for each value, and where it stands."""
    found: dict[str, str] = {}
    for place in TRACED:
        path = SOURCE / place
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            reader = _Reader()
            reader.visit(ast.parse(file.read_text()))
            for template, line in reader.found:
                found.setdefault(template, f"{file.relative_to(SOURCE)}:{line}")
    return found


@cache
def names_in_traces() -> tuple[dict[str, str], dict[str, str]]:
    """The rules and the facts that steps are made with, and where."""
    rules: dict[str, str] = {}
    facts: dict[str, str] = {}
    for place in TRACED:
        path = SOURCE / place
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            for node in ast.walk(ast.parse(file.read_text())):
                if not isinstance(node, ast.Call) or not node.args:
                    continue
                at = f"{file.relative_to(SOURCE)}:{node.lineno}"
                called = ast.unparse(node.func)
                if called.endswith(".step") and isinstance(node.args[0], ast.Constant):
                    rules.setdefault(str(node.args[0].value), at)
                    facts |= {it.arg: at for it in node.keywords if it.arg is not None}
                elif called in ("Decision", "Step"):
                    rule = node.args[0 if called == "Decision" else 1]
                    rules |= {str(rule.value): at} if isinstance(rule, ast.Constant) else {}
                    for argument in node.args:
                        facts |= dict.fromkeys(_keys(argument), at)
    return rules, facts


def _keys(argument: ast.expr) -> Iterator[str]:
    if isinstance(argument, ast.Dict):
        yield from (str(key.value) for key in argument.keys if isinstance(key, ast.Constant))


class _Reader(ast.NodeVisitor):
    """Finds texts, but for docstrings and what goes elsewhere."""

    def __init__(self) -> None:
        self.found: list[tuple[str, int]] = []
        self._inside = False

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        """Refused, or a fault."""

    def visit_Call(self, node: ast.Call) -> None:
        if NOT_TRACED.fullmatch(ast.unparse(node.func)) is None:
            self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for statement in node.body:
            self.visit(statement)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self.visit_FunctionDef(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self._note(_template(node), node.lineno)
        for value in node.values:
            if isinstance(value, ast.FormattedValue) and not isinstance(value.value, ast.Call):
                before, self._inside = self._inside, True
                self.visit(value.value)
                self._inside = before

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self._note(PLACE.sub("{}", node.value), node.lineno)

    def _note(self, template: str | None, line: int) -> None:
        if template is not None and (" " in template or self._inside) and re.search("[A-Za-z]{2}", template):
            self.found.append((template, line))


# -- what the exchange says of itself ----------------------------------------------------------------------------------

OF_ITSELF = (
    "api/operating.py",
    "api/resources/notices.py",
    "notices/chosen.py",
    "notices/mail.py",
    "notices/sms.py",
    "notices/telling.py",
    "operation/doctor.py",
    "operation/health.py",
    "operation/ports.py",
    "runtime/model.py",
    "telephony/asterisk/client.py",
    "telephony/asterisk/lamps.py",
    "telephony/asterisk/switch.py",
    "telephony/simulated/switch.py",
    "voice/espeak.py",
    "voice/espeak_worker.py",
    "voice/library.py",
)
"""Where the exchange says how it is, and why something could not be done."""

SAYING = re.compile(
    r"Finding|PortNeed|PortTaken|RuntimeUnavailable|Refused|NotSent|reason|said\.append|SpeechUnavailable|EspeakError|EOFError"
    r"|AriUnavailable|SwitchDown|SwitchError|self\._shown"
)
NAMES = {"remedy", "found", "problems", "_NOT_SET", "_NAMES"}


@cache
def told_of_itself() -> dict[str, str]:
    """Every text that it says of itself, with `{}` for each value, and where it stands."""
    found: dict[str, str] = {}
    for place in OF_ITSELF:
        path = SOURCE / place
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            for node in ast.walk(ast.parse(file.read_text())):
                for said in _told_in(node):
                    if (template := _template(said)) is not None and re.search("[a-z]{2}", template):
                        found.setdefault(template, f"{file.relative_to(SOURCE)}:{said.lineno}")
    return found


def _told_in(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Call(func=func, args=args) if SAYING.fullmatch(ast.unparse(func)):
            for argument in args:
                yield from _texts_in(argument)
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in NAMES:
            yield from _texts_in(value)
        case ast.For(iter=ast.Tuple() as several):
            yield from _texts_in(several)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            for inner in ast.walk(node):
                if isinstance(inner, ast.Return) and inner.value is not None:
                    yield from (it for it in _texts_in(inner.value) if " " in (_template(it) or ""))


def _texts_in(value: ast.expr) -> Iterator[ast.expr]:
    """Texts, also those that are chosen between or listed; not those of calls inside."""
    match value:
        case ast.Constant() | ast.JoinedStr():
            yield value
        case ast.IfExp(body=one, orelse=other):
            yield from _texts_in(one)
            yield from _texts_in(other)
        case ast.List(elts=several) | ast.Tuple(elts=several) | ast.Dict(values=several):
            for each in several:
                yield from _texts_in(each)
