"""The whole dialplan: hand each call over, and say so when nobody takes it."""

from __future__ import annotations

from pathlib import Path

from conf import sections

from centrale.telephony.asterisk.configuration.dialplan import render_dialplan

EVERY_NUMBER = ("_[0-9*#+]!", "_[a-zA-Z].", "s")


def steps(context: str, apology: Path | None = None) -> list[str]:
    return [value for _, value in sections(render_dialplan(apology))[context]]


def test_whatever_a_phone_dials_comes_to_us_with_the_phones_name() -> None:
    phones = steps("phones")
    for number in EVERY_NUMBER:
        assert f"{number},1,Stasis(centrale,phone,${{CHANNEL(endpoint)}})" in phones


def test_a_call_from_outside_comes_with_all_that_the_event_does_not_tell() -> None:
    for number in EVERY_NUMBER:
        entrance = next(step for step in steps("trunks") if step.startswith(f"{number},1,Stasis(centrale,trunk,"))
        for told in ("CHANNEL(endpoint)", "CALLERID(num-pres)", "REDIRECTING(from-num)", "REDIRECTING(reason)"):
            assert told in entrance


def test_what_a_stranger_writes_cannot_pass_for_another_argument() -> None:
    entrance = steps("trunks")[0]
    for foreign in ("${REDIRECTING(from-num)}", "${CHANNEL(pjsip,local_uri)}"):
        before, _, _ = entrance.partition(foreign)
        allowed = before.rpartition("FILTER(")[2]
        assert "," not in allowed.removesuffix(",")
        assert not set("(){}$&|") & set(allowed)


def test_a_call_that_nobody_takes_rings_and_tries_again_before_it_is_given_up() -> None:
    dialplan = sections(render_dialplan(None))
    assert set(dialplan) == {"phones", "trunks", "away", "lamps"}
    for context in ("phones", "trunks"):
        said = [value for _, value in dialplan[context]]
        for start, number in enumerate(EVERY_NUMBER):
            first, *after = said[start * 8 : start * 8 + 8]
            assert first.startswith(f"{number},1,Stasis(centrale,")
            assert after == [
                'n,GotoIf($["${STASISSTATUS}" != "FAILED"]?over)',
                "n,Set(TRIED=$[0${TRIED} + 1])",
                "n,GotoIf($[${TRIED} > 10]?away,s,1)",
                "n,Ringing()",
                "n,Wait(0.5)",
                "n,Goto(1)",
                "n(over),Hangup()",
            ]


def test_while_we_stay_away_the_caller_hears_the_apology_for_free_and_gets_congestion(tmp_path: Path) -> None:
    assert steps("away", tmp_path / "sorry") == [
        "s,1,NoOp()",
        "n,Progress()",
        f"n,Playback({tmp_path / 'sorry'},noanswer)",
        "n,Hangup(42)",
    ]


def test_without_a_voice_the_caller_still_gets_an_answer() -> None:
    away = steps("away")
    assert "n,Hangup(42)" in away
    assert not [step for step in away if "Playback" in step or "Progress" in step]
