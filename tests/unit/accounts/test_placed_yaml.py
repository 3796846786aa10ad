"""YAML as people mean it, with the place of everything."""

from __future__ import annotations

import pytest

from centrale.accounts.placed_yaml import NotYaml, read

FILE = """\
# an account
account:
  name: No
  area_code: 020
  open: true
  limit: 5
  main: +31201234567
  since: 2026-03-02
  quoted: 'null'
  nothing: null
  empty:
members:
  - '201'
  - 202
"""


def test_scalars_stay_as_they_are_written() -> None:
    assert read(FILE).value == {
        "account": {
            "name": "No",
            "area_code": "020",
            "open": True,
            "limit": "5",
            "main": "+31201234567",
            "since": "2026-03-02",
            "quoted": "null",
            "nothing": None,
            "empty": None,
        },
        "members": ["201", "202"],
    }


def test_everything_has_its_line() -> None:
    placed = read(FILE)
    assert placed.line(("account", "area_code")) == 4
    assert placed.line(("members", 1)) == 14
    assert placed.line(("account", "missing", 3, "deep")) == 2
    assert placed.line(("nowhere",)) == 2


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("", 1, "is empty"),
        ("# nothing\n", 1, "is empty"),
        ("a: 1\nb: [1, 2\nc: 3", 3, "did not find"),
        ("a: 1\nb: c: d", 2, "not allowed"),
        ("a:\n  b: 1\n  b: 2", 3, "b twice"),
        ("a: &x [1]\nb: *x", 1, "write it out"),
        ("a: 1\nb: !!python/object:os.system x", 2, "tag"),
        ("a: 1\n---\nb: 2", 2, "second document"),
        ("? [1]\n: 2", 1, "not a word"),
        ("a: \x01", 1, "not YAML"),
        ("[" * 100_000, 1, "nested too deep"),
        ("a: " + "[" * 60 + "]" * 60, 1, "nested too deep"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(text: str, line: int, why: str) -> None:
    with pytest.raises(NotYaml, match=why) as refusal:
        read(text)
    assert refusal.value.line == line
