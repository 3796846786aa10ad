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
    for path in [*speakers, SOURCE / "wording" / "words.py"]:
        speaker = "self" if path.parent.name == "wording" else "words"
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == speaker:
                place = f"{path.name}:{node.lineno}"
                said = node.args[0]
                assert isinstance(said, ast.Constant), f"{place}: a sentence that is computed cannot be translated"
                assert isinstance(said.value, str), place
                yield said.value, place


CALLS = {"Invalid.field": 1, "Problem": 2, "Conflict": 0, "ValueError": 0, "ProblemError": 1}
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
