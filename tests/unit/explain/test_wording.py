"""A trace reads as sentences (issue 2.10)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from centrale.calls.record import CallRecord, Direction, Outcome
from centrale.explain.conclusion import conclusion
from centrale.explain.wording import words
from centrale.routing.trace import Step
from centrale.telephony.switch import Cause

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def said(rule: str, outcome: str, **facts: Any) -> str:
    return words(Step(NOW, rule, outcome, facts))


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (said("dialled", "extension 202", dialled="202"), "Dialled 202, which is extension 202."),
        (
            said("dialled", "service 901", dialled="901"),
            "Dialled 901, which is service 901: log a user extension on to this phone.",
        ),
        (
            said("dialled", "outside +31612345678", dialled="0612345678"),
            "Dialled 0612345678, which is the outside number +31612345678.",
        ),
        (said("dialled", "emergency 112", dialled="112"), "Dialled 112, which is emergency 112."),
        (said("dialled", "unknown extension", dialled="299"), "Dialled 299, which is unknown extension."),
        (said("dialled", "log on first", dialled="202"), "Dialled 202 on a phone where nobody is logged on."),
        (
            said(
                "number-plan",
                "extension 300",
                number="+31201110300",
                plan="Day",
                schema="Acme",
                active_by="manual override",
                prefix="Sales",
            ),
            "+31201110300 leads to extension 300 in plan “Day” of schema “Acme” (manual override), "
            "with “Sales” before the caller's name.",
        ),
        (said("number-plan", "schema Acme: Night", change="permanent"), "Number plan: schema Acme: Night."),
        (said("number-plan", "not in use", number="+31201110300"), "+31201110300 is not in use."),
        (
            said("caller-id", "+31201110300", call="outside", **{"from": "user's default"}),
            "The called side is shown +31201110300 (user's default).",
        ),
        (said("caller-id", "+31612345678", call="from outside"), "The caller is +31612345678."),
        (said("ring", "rings 202 on ben", timeout=60), "Rings 202 on ben, for at most 60 s."),
        (said("ring", "202 Ben answered", way="202 on ben"), "202 Ben answered (202 on ben)."),
        (said("ring", "nobody answered: no_answer", ben="no_answer"), "Nobody answered: no answer."),
        (said("ring", "202 on ben: busy"), "202 on ben: busy."),
        (
            said("forward", "204;0612345678", of="300", reason="user-busy"),
            "300 forwards to 204 and 0612345678, because it is busy.",
        ),
        (said("say", "logged_off"), "Says: “You are logged off from this phone.”"),
        (
            said("say", "logged_on", name="Anna", extension="201"),
            "Says: “You are logged on as Anna, extension two zero one.”",
        ),
        (said("say", "logged_on could not be spoken: no voice"), "Says: logged_on could not be spoken: no voice."),
        (said("refuse", "busy", cause="busy"), "Tells the caller: “The number you are calling is busy.”"),
        (
            said("ask", "201", prompt="ask_extension"),
            "Asks: “Please enter your extension number, followed by the hash key.” The caller presses 201.",
        ),
        (said("ask", "no input", prompt="welcome.wav"), "Asks: welcome.wav. The caller presses nothing."),
        (said("group", "300 Sales: rings 201"), "Group 300 Sales: rings 201."),
        (said("pin", "must_choose", extension="201"), "The PIN is must choose."),
        (said("talk", "connected with 202 Ben"), "Connected with 202 Ben."),
        (said("tea-break", "the kettle is on"), "Tea break: the kettle is on."),
    ],
)
def test_a_step_is_a_sentence(sentence: str, expected: str) -> None:
    assert sentence == expected


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_end_has_a_conclusion(outcome: Outcome) -> None:
    record = CallRecord("1", 1, NOW, Direction.INSIDE, "201", "Anna", "202", outcome=outcome, cause=Cause.NO_ANSWER)
    record.answered, record.answered_by = NOW, "202 Ben"
    assert conclusion(record).startswith(outcome.capitalize().replace("_", " "))
