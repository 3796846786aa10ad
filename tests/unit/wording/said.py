"""What the code says: its sentences, read from the source, so that none is missed because no test comes by."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import centrale

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
