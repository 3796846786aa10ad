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


def test_no_call_passes_to_anything_but_us_or_the_apology() -> None:
    dialplan = sections(render_dialplan(None))
    assert set(dialplan) == {"phones", "trunks", "away"}
    said = [value for context in ("phones", "trunks") for _, value in dialplan[context]]
    assert all(
        value.partition(",1,")[2].startswith("Stasis(centrale,") or value == "n,Goto(away,s,1)" for value in said
    )


def test_while_we_are_away_the_caller_hears_the_apology_for_free_and_gets_congestion(tmp_path: Path) -> None:
    assert steps("away", tmp_path / "sorry") == [
        's,1,GotoIf($["${STASISSTATUS}" != "FAILED"]?over)',
        "n,Progress()",
        f"n,Playback({tmp_path / 'sorry'},noanswer)",
        "n,Hangup(42)",
        "n(over),Hangup()",
    ]


def test_without_a_voice_the_caller_still_gets_an_answer_at_once() -> None:
    away = steps("away")
    assert "n,Hangup(42)" in away
    assert not [step for step in away if "Playback" in step or "Progress" in step]
