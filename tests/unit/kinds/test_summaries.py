"""What an extension does, in one plain sentence, in Dutch and English, with the names of others (issue 5 point 1)."""

from __future__ import annotations

from typing import Any

import pytest

from centrale.kinds.registry import KINDS
from centrale.wording import ENGLISH, Language, Wording

NAMES = {"201": "Jansen", "202": "Bakker", "203": "De Wit", "290": "Voicemail", "300": "Verkoop"}
SAID = {"text": "Welkom"}

STORIES: list[tuple[str, dict[str, Any], str, str]] = [
    ("announcement", {"sound": "hours.wav"}, "plays hours.wav", "speelt hours.wav af"),
    ("announcement", SAID, "says “Welkom”", "zegt “Welkom”"),
    (
        "authentication",
        {"by": "pin", "allowed": [{"value": "4711"}], "destination": "201"},
        "lets 1 authorised caller through to Jansen (201)",
        "laat 1 toegelaten beller door naar Jansen (201)",
    ),
    (
        "authentication",
        {"by": "caller", "allowed": [{"value": "0049*"}, {"value": "0032*"}], "destination": "299"},
        "lets 2 authorised callers through to 299",
        "laat 2 toegelaten bellers door naar 299",
    ),
    (
        "call_limit",
        {"limit": 2, "within": "201"},
        "2 calls at once to Jansen (201), above that busy tone",
        "2 gelijktijdige gesprekken naar Jansen (201), daarboven bezettoon",
    ),
    (
        "call_limit",
        {"limit": 2, "within": "201", "above": "+31201234567"},
        "2 calls at once to Jansen (201), above that to +31201234567",
        "2 gelijktijdige gesprekken naar Jansen (201), daarboven naar +31201234567",
    ),
    (
        "call_limit",
        {"limit": 1, "within": "201"},
        "1 call at a time to Jansen (201), above that busy tone",
        "1 gesprek tegelijk naar Jansen (201), daarboven bezettoon",
    ),
    (
        "call_limit",
        {"limit": 1, "within": "201", "above": "290"},
        "1 call at a time to Jansen (201), above that to Voicemail (290)",
        "1 gesprek tegelijk naar Jansen (201), daarboven naar Voicemail (290)",
    ),
    (
        "authentication",
        {"by": "pin", "destination": "201"},
        "lets nobody through to Jansen (201) yet",
        "laat nog niemand door naar Jansen (201)",
    ),
    ("dial_by_extension", {}, "asks for an extension", "vraagt om een extensie"),
    (
        "dial_by_extension",
        {"fallback": "300"},
        "asks for an extension; otherwise Verkoop (300)",
        "vraagt om een extensie; anders naar Verkoop (300)",
    ),
    ("forward", {"number": "0612345678"}, "forwards to 0612345678", "schakelt door naar 0612345678"),
    ("group", {}, "rings nobody", "belt niemand"),
    ("group", {"members": ["201"]}, "rings Jansen (201)", "belt Jansen (201)"),
    (
        "group",
        {
            "members": ["201", "202", "203"],
            "inside": {"no_answer": "290", "no_answer_after": 20},
            "outside": {"no_answer": "0612345678", "no_answer_after": 25, "busy": "0611111111;0622222222"},
        },
        "rings Jansen (201), Bakker (202) and De Wit (203) for 20 s, then forwards to Voicemail (290); calls from "
        "outside: rings Jansen (201), Bakker (202) and De Wit (203) for 25 s, then forwards to 0612345678; when busy "
        "forwards to 0611111111 and 0622222222",
        "belt Jansen (201), Bakker (202) en De Wit (203) 20 s, daarna Voicemail (290); gesprekken van buiten: belt "
        "Jansen (201), Bakker (202) en De Wit (203) 25 s, daarna 0612345678; bij bezet 0611111111 en 0622222222",
    ),
    (
        "group",
        {"inside": {"always": "201;202"}, "outside": {"always": "0612345678"}},
        "forwards to Jansen (201) and Bakker (202); calls from outside: forwards to 0612345678",
        "schakelt door naar Jansen (201) en Bakker (202); gesprekken van buiten: schakelt door naar 0612345678",
    ),
    (
        "location_routing",
        {"by": "area_code", "rows": [{"match": "020", "destination": "201"}], "fallback": {"destination": "300"}},
        "routes by area code, 1 row, else Verkoop (300)",
        "routeert op netnummer, 1 regel, anders naar Verkoop (300)",
    ),
    (
        "location_routing",
        {"by": "postcode", "fallback": {"destination": "300"}},
        "always to Verkoop (300)",
        "altijd naar Verkoop (300)",
    ),
    (
        "mailbox",
        {"longest": 60},
        "takes a message of at most 60 s",
        "neemt een bericht van ten hoogste 60 s op",
    ),
    (
        "mailbox",
        {"mail": {"address": "sales@example.org"}},
        "takes a message of at most 180 s, mailed to sales@example.org",
        "neemt een bericht van ten hoogste 180 s op, en mailt het naar sales@example.org",
    ),
    ("menu", {"question": SAID}, "asks “Welkom”: no options", "vraagt “Welkom”: geen opties"),
    (
        "menu",
        {
            "question": SAID,
            "options": [{"digits": "1", "destination": "201"}, {"digits": "2", "destination": "300"}],
            "failover": "290",
        },
        "asks “Welkom”: 1 to Jansen (201), 2 to Verkoop (300); else Voicemail (290)",
        "vraagt “Welkom”: 1 naar Jansen (201), 2 naar Verkoop (300); anders naar Voicemail (290)",
    ),
    (
        "queue",
        {"members": [{"agent": "201"}], "emergency": True},
        "emergency queue; 1 member, up to 10 callers; offers to the agent who has been idle longest",
        "spoedwachtrij; 1 lid, ten hoogste 10 bellers; biedt aan: de agent die het langst geen gesprek heeft ontvangen",
    ),
    (
        "queue",
        {"strategy": "ring_all", "forward": {"to": "290;300", "after": 90}, "no_agents": "0612345678"},
        "no members yet, up to 10 callers; offers to all agents at once; after 90 s to Voicemail (290) and Verkoop "
        "(300); while no agents are logged on to 0612345678",
        "nog geen leden, ten hoogste 10 bellers; biedt aan: alle agenten tegelijk; na 90 s naar Voicemail (290) en "
        "Verkoop (300); zolang geen agent is aangemeld naar 0612345678",
    ),
    (
        "system_extension",
        {"function": "time_configuration"},
        "asks who calls and leads to time configuration",
        "vraagt wie er belt, en leidt naar tijdconfiguratie",
    ),
    ("time_routing", {"failover": "201"}, "always to Jansen (201)", "altijd naar Jansen (201)"),
    (
        "time_routing",
        {
            "periods": [
                {
                    "start_day": "monday",
                    "start": "09:00",
                    "end_day": "friday",
                    "end": "17:30",
                    "destination": "201",
                },
                {
                    "start_day": "sunday",
                    "start": "00:00",
                    "end_day": "sunday",
                    "end": "00:00",
                    "destination": "202",
                },
            ],
            "failover": "290",
        },
        "Mon 09:00 – Fri 17:30 to Jansen (201); Sun 00:00 – Sun 00:00, the whole week to Bakker (202); otherwise "
        "Voicemail (290)",
        "ma 09:00 – vr 17:30 naar Jansen (201); zo 00:00 – zo 00:00, de hele week naar Bakker (202); anders naar "
        "Voicemail (290)",
    ),
    (
        "time_routing",
        {
            "periods": [
                {
                    "days": ["friday", "monday", "tuesday", "wednesday", "thursday"],
                    "start": "9:00",
                    "end": "17:00",
                    "destination": "300",
                },
                {"days": ["saturday", "sunday"], "start": "22:00", "end": "6:00", "destination": "201"},
                {"days": ["sunday"], "start": "0:00", "end": "24:00", "destination": "202"},
            ],
            "failover": "290",
        },
        "Mon–Fri 09:00–17:00 to Verkoop (300); Sat, Sun 22:00 to 06:00 the day after to Jansen (201); Sun all day to "
        "Bakker (202); otherwise Voicemail (290)",
        "ma–vr 09:00–17:00 naar Verkoop (300); za, zo 22:00 tot 06:00 de volgende dag naar Jansen (201); zo de hele "
        "dag naar Bakker (202); anders naar Voicemail (290)",
    ),
    ("user", {}, "rings the user's phones for 60 s", "belt de toestellen van de gebruiker 60 s"),
    (
        "user",
        {"voicemail": {"no_answer": True, "answer_after": 15}},
        "rings the user's phones for 15 s, then takes a message",
        "belt de toestellen van de gebruiker 15 s, en neemt dan een bericht op",
    ),
    (
        "user",
        {"forwards": {"no_answer": "290", "no_answer_after": 20, "busy": "202"}},
        "rings the user's phones for 20 s, then forwards to Voicemail (290); when busy forwards to Bakker (202)",
        "belt de toestellen van de gebruiker 20 s, daarna Voicemail (290); bij bezet Bakker (202)",
    ),
    (
        "user",
        {"forwards": {"always": "300"}},
        "forwards to Verkoop (300)",
        "schakelt door naar Verkoop (300)",
    ),
]


def summary(kind: str, settings: dict[str, Any], words: Wording) -> str:
    return KINDS[kind].summary(KINDS[kind].settings.model_validate(settings), words)


@pytest.mark.parametrize(("kind", "settings", "english", "dutch"), STORIES)
def test_a_summary_in_both_languages(kind: str, settings: dict[str, Any], english: str, dutch: str) -> None:
    assert summary(kind, settings, Wording(Language.ENGLISH, NAMES.get)) == english
    assert summary(kind, settings, Wording(Language.DUTCH, NAMES.get)) == dutch


def test_every_kind_has_its_story() -> None:
    assert {kind for kind, *_ in STORIES} == set(KINDS)


def test_whoever_has_no_name_is_told_by_number() -> None:
    assert summary("group", {"members": ["201", "202"]}, ENGLISH) == "rings 201 and 202"


@pytest.mark.parametrize(
    ("members", "english"),
    [
        (8, "rings 201, 202, 203, 204, 205, 206, 207 and 208"),
        (9, "rings 201, 202, 203, 204, 205, 206, 207 and 2 others"),
        (5000, "rings 201, 202, 203, 204, 205, 206, 207 and 4993 others"),
    ],
)
def test_a_sentence_stays_one_that_can_be_read(members: int, english: str) -> None:
    """And asks for the names only of those that it names."""
    asked: list[str] = []

    def ask(number: str) -> None:
        asked.append(number)

    settings = {"members": [str(201 + n) for n in range(members)]}
    assert summary("group", settings, Wording(Language.ENGLISH, ask)) == english
    assert len(set(asked)) <= 8


def test_names_with_braces_are_names() -> None:
    words = Wording(Language.DUTCH, {"201": "{whom} {0}"}.get)
    assert summary("group", {"members": ["201"]}, words) == "belt {whom} {0} (201)"
