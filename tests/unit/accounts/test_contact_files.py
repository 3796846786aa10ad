"""Files of contacts as programs write them: CSV in its dialects, vCards of three versions (ACC-7)."""

from __future__ import annotations

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centrale.accounts import contacts_csv, contacts_lines, contacts_vcard
from centrale.accounts.contacts_fields import NUMBERS_AT_MOST, ContactNumber, ContactOut, NumberLabel
from centrale.accounts.contacts_lines import text_of
from centrale.accounts.errors import Invalid
from centrale.api.csv_table import csv_text


def csv_lines(text: str) -> list[tuple[int, dict[str, Any] | str]]:
    return [(it.line, it.problem or dict(it.values)) for it in contacts_csv.read(text) if it is not None]


def cards(text: str) -> list[tuple[int, dict[str, Any] | str]]:
    return [(it.line, it.problem or dict(it.values)) for it in contacts_vcard.read(text) if it is not None]


def test_outlook_google_and_our_own_columns_are_known() -> None:
    head = "First Name,Last Name,Company,Business Phone,Mobile Phone,E-mail Address,Unknown"
    outlook = f'{head}\nEva,Vos,"Vos, BV",020,06,e@v.nl,x\n'
    ((line, eva),) = csv_lines(outlook)
    assert (line, eva) == (
        2,
        {
            "first_name": "Eva",
            "surname": "Vos",
            "company": "Vos, BV",
            "email": "e@v.nl",
            "numbers": [{"number": "020", "label": "work"}, {"number": "06", "label": "mobile"}],
        },
    )
    ((_, google),) = csv_lines("Name;Phone 1 - Type;Phone 1 - Value;E-mail 1 - Value\nJan van den Berg;Work;201;\n")
    assert (google["first_name"], google["prefix"], google["surname"]) == ("Jan", "van den", "Berg")  # type: ignore[index]
    assert google["numbers"] == [{"number": "201", "label": "work"}]  # type: ignore[index]


def test_a_column_that_is_not_there_is_left_alone_and_one_that_is_empty_is_emptied() -> None:
    ((_, found),) = csv_lines("achternaam\tnotities\nVos\t\n")
    assert found == {"surname": "Vos", "notes": ""}


def test_several_numbers_of_a_kind_and_quoted_formulas() -> None:
    ((_, found),) = csv_lines("surname,work,notes\n'=1+1,\"'+31612345678, 0201234567\",'quoted'\n")
    assert found == {
        "surname": "=1+1",
        "notes": "'quoted'",
        "numbers": [{"number": "+31612345678", "label": "work"}, {"number": "0201234567", "label": "work"}],
    }


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("surname,company\na,b,c\n", "it has more cells than there are columns"),
        ("id,surname\nx7,a\n", "x7 is no id of a contact"),
        ("surname,favourite\na,perhaps\n", "favourite is yes or no, and not perhaps"),
    ],
)
def test_a_line_that_cannot_be_read_says_why(text: str, problem: str) -> None:
    assert csv_lines(text) == [(2, problem)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_files_of_windows_and_of_everybody_else_are_read(encoding: str) -> None:
    assert text_of("Zoë Müller €".encode(encoding)) == "Zoë Müller €"


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\x00\x00", b"\xff\xfea", b"caf\x81\x8d"])
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid):
        text_of(content)


def test_a_file_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contacts_csv, "LINES_AT_MOST", 3)
    monkeypatch.setattr(contacts_vcard, "LINES_AT_MOST", 3)
    for read in (csv_lines("surname\n" + "x\n" * 3), cards("BEGIN:VCARD\nVERSION:4.0\nFN:X\nEND:VCARD\n" * 3)):
        assert len(read) == 3
    with pytest.raises(Invalid, match="3 contacts at most"):
        csv_lines("surname\n" + "x\n" * 4)
    with pytest.raises(Invalid, match="3 contacts at most"):
        cards("BEGIN:VCARD\nVERSION:4.0\nFN:X\nEND:VCARD\n" * 4)


VERSION_4 = """BEGIN:VCARD\r
VERSION:4.0\r
FN:Eva de Vos\r
N:de Vos;Eva;;;\r
ORG:Vos\\, Bakkerij;Verkoop\r
item1.TEL;VALUE=uri;TYPE="cell,work":tel:+31612345678;ext=1\r
TEL;TYPE=home:(020) 123\r
  45 67\r
EMAIL;PREF=1:eva@vos.example\r
NOTE:two\\nlines\\; and a \\\\\r
PHOTO:data:image/png;base64,AAAA\r
END:VCARD\r
"""


def test_a_card_of_version_4() -> None:
    assert cards(VERSION_4) == [
        (
            1,
            {
                "first_name": "Eva",
                "prefix": "de",
                "surname": "Vos",
                "company": "Vos, Bakkerij",
                "email": "eva@vos.example",
                "notes": "two\nlines; and a \\",
                "numbers": [
                    {"number": "+31612345678", "label": "mobile"},
                    {"number": "(020) 123 45 67", "label": "home"},
                ],
            },
        )
    ]


def test_a_card_of_an_old_telephone() -> None:
    old = (
        "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=4D=C3=BCller;Zo=\n=C3=AB\n"
        "TEL;CELL:0612345678\nTEL;WORK;FAX:0201234567\nEND:VCARD\n"
    )
    ((_, found),) = cards(old)
    assert (found["first_name"], found["surname"]) == ("Zoë", "Müller")  # type: ignore[index]
    assert [it["label"] for it in found["numbers"]] == ["mobile", "fax"]  # type: ignore[index]


def test_a_bad_card_spoils_no_other() -> None:
    bad = "BEGIN:VCARD\nVERSION:4.0\nFN Eva\nEND:VCARD\nBEGIN:VCARD\nVERSION:9\nFN:X\nEND:VCARD\n"
    bad += "BEGIN:VCARD\nFN:X\nEND:VCARD\n"
    good = "BEGIN:VCARD\nVERSION:3.0\nFN:Bakkerij\nORG:Bakkerij\nEND:VCARD\n"
    assert cards(bad + good) == [
        (1, "line 3 is no line of a vCard"),
        (5, "version 9 of vCard is not read: save it as 3.0 or 4.0"),
        (9, "it does not say which version it is"),
        (12, {"company": "Bakkerij", "numbers": []}),
    ]


@pytest.mark.parametrize("text", ["FN:X\n", "BEGIN:VCARD\nBEGIN:VCARD\n", "BEGIN:VCARD\nVERSION:4.0\n", "\n"])
def test_a_file_that_is_no_row_of_cards_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        cards(text)


LINE = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs", "Cf", "Cn", "Co"]), max_size=30)
WORD = st.text(string.ascii_letters + "éüß,;:\\\"'=+@-", min_size=1, max_size=20).map(str.strip).filter(bool)


@st.composite
def people(draw: st.DrawFn) -> ContactOut:
    numbers = [
        ContactNumber(number=number, label=draw(st.sampled_from(NumberLabel)))
        for number in draw(st.lists(st.sampled_from(["+31612345678", "+31201234567", "201"]), unique=True))
    ]
    fields = {
        "first_name": draw(st.one_of(st.just(""), WORD)),
        "surname": draw(WORD).capitalize(),
        "company": draw(LINE),
        "notes": draw(LINE),
    }
    return ContactOut.model_construct(
        **fields, prefix="", email="", favourite=False, numbers=numbers, id=7, owner=None, shown_as="x"
    )


@given(one=people())
def test_whatever_goes_out_comes_back(one: ContactOut) -> None:
    kept = {"first_name": one.first_name, "surname": one.surname, "company": one.company, "notes": one.notes}
    numbers = sorted((it.number, it.label.value) for it in one.numbers)
    in_csv = csv_text([contacts_csv.cells(one)], contacts_csv.COLUMNS)
    ((_, read),) = csv_lines(in_csv)
    assert isinstance(read, dict)
    assert {name: read[name] for name in kept} == kept
    assert sorted((it["number"], it["label"]) for it in read["numbers"]) == numbers

    card = contacts_vcard.write([one])
    assert max(len(line.encode()) for line in card.split("\r\n")) <= contacts_vcard.FOLD_AT
    ((_, read),) = cards(card)
    assert isinstance(read, dict)
    assert {name: read.get(name, "") for name in kept} == kept
    assert sorted((it["number"], it["label"]) for it in read["numbers"]) == numbers


@given(text=st.text(max_size=300))
def test_no_text_is_worse_than_refused(text: str) -> None:
    for read in (contacts_csv.read, contacts_vcard.read):
        try:
            lines = list(read(text))
        except Invalid:
            continue
        assert all(it is None or isinstance(it, contacts_lines.Line) for it in lines)


CARD = "BEGIN:VCARD\nVERSION:2.1\nFN:A\n{}\nEND:VCARD\n"
ENDLESS = {
    "blank lines": "surname\n" + "\n" * 20_000,
    "a picture": CARD.format("PHOTO;ENCODING=b:" + "QUFB\n " * 20_000),
    "a note that goes on": CARD.format("NOTE;ENCODING=QUOTED-PRINTABLE:" + "=41=\n" * 20_000),
    "a card of many lines": CARD.format("X-A:b\n" * 20_000),
}


@pytest.mark.parametrize("what", ENDLESS)
def test_no_file_keeps_others_from_their_turn(what: str) -> None:
    """What is read at a stretch is bounded, whatever it is: calls wait while it is read."""
    text = ENDLESS[what]
    read = contacts_vcard.read if contacts_vcard.is_one(text) else contacts_csv.read
    turns = [it for it in read(text) if it is None]
    assert len(turns) == text.count("\n") // contacts_lines.AT_A_STRETCH


def test_of_what_no_contact_can_have_only_the_beginning_is_looked_at() -> None:
    """It is rejected in any case, and soon."""
    ((_, endless),) = cards(CARD.format("NOTE;ENCODING=QUOTED-PRINTABLE:" + "=41=\n" * 200_000))
    assert isinstance(endless, dict)
    assert endless["notes"] == "A" * contacts_lines.LONGEST_NOTES
    ((_, of_numbers),) = cards(CARD.format("TEL:0612345678\n" * 5000))
    assert isinstance(of_numbers, dict)
    assert len(of_numbers["numbers"]) == NUMBERS_AT_MOST + 1
    cell = ",".join(["06"] * 5000)
    ((_, of_cell),) = csv_lines(f'surname,mobile\n{"x" * 10_000},"{cell}"\n')
    assert isinstance(of_cell, dict)
    assert (len(of_cell["surname"]), len(of_cell["numbers"])) == (contacts_lines.LONGEST, NUMBERS_AT_MOST + 1)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("surname" + ",mobile" * 500 + "\nA\n", "500 columns at most"),
        ("surname\n" + "x" * 200_001, "longer than 200000 characters"),
        ("surname,mobile\n" + '"x\n",' * 50_000, "longer than 200000 characters"),
    ],
)
def test_a_table_too_wide_is_refused_at_once(text: str, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        list(contacts_csv.read(text))
