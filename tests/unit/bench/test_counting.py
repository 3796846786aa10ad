"""What the bench counts has to be right before its figures can be: delays, loss, ratios, sipp's own counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bench.figures import added_at_most, ratio_at_least, ratio_at_most, write_json
from bench.load import Spent, delays, together
from bench.people import DIAL, PASSWORD, pairs, write_fields
from bench.rtp_engine import Heard
from bench.steady import Steady
from bench.talking import Climb, Level

from centrale.phones.sipp import Sipp, SippCounts, SippFailed


def test_a_delay_runs_from_the_callers_invite_to_the_callees() -> None:
    called = [["callee1", "100", "250000"], ["callee2", "100", "300000"]]
    rung = [["callee2", "100", "306000"], ["callee1", "100", "262500"]]
    assert delays(called, rung) == pytest.approx([6.0, 12.5])


def test_a_call_that_never_arrived_lends_its_beginning_to_no_other() -> None:
    called = [["callee1", "100", "0"], ["callee1", "108", "0"]]  # the first of them got lost
    rung = [["callee1", "108", "5000"]]
    assert delays(called, rung) == pytest.approx([5.0])


def test_a_callee_rung_by_nobody_we_know_of_has_no_delay() -> None:
    assert delays([], [["callee1", "100", "0"]]) == []


def spent(calls: int, asterisk_s: float, control_s: float = 0.0) -> Spent:
    return Spent(calls=calls, asterisk_s=asterisk_s, control_s=control_s, delays_ms=[1.0, 3.0])


def test_rounds_are_added_up_by_call() -> None:
    whole = together([spent(100, 1.0, 0.5), spent(300, 1.0, 0.5)])
    assert (whole.calls, whole.asterisk_ms, whole.control_ms, whole.total_ms) == (400, 5.0, 2.5, 7.5)
    assert len(whole.delays_ms) == 4


def test_plain_is_charged_asterisk_only_and_ours_all_of_it() -> None:
    steady = Steady([spent(100, 0.5, control_s=9.0)], [spent(100, 0.5, control_s=0.5)])
    assert steady.cpu_ratio == pytest.approx(2.0)


def test_one_spoilt_pair_does_not_spoil_the_ratio() -> None:
    plain = [spent(100, 1.0)] * 3
    ours = [spent(100, 1.5), spent(100, 9.0), spent(100, 1.6)]
    assert Steady(plain, ours).cpu_ratio == pytest.approx(1.6)


def level(calls: int, in_time: int, expected: int = 10_000) -> Level:
    return Level(calls, Heard(streams=2 * calls, expected=expected, in_time=in_time, late_ms=0.0), cpu_ms=1.0)


def test_calls_are_sustained_up_to_the_first_level_with_loss() -> None:
    climb = Climb([level(100, 10_000), level(150, 9_991), level(200, 9_990), level(250, 10_000)])
    assert climb.sustained == 150


def test_loss_at_the_first_level_sustains_nothing() -> None:
    assert Climb([level(100, 0)]).sustained == 0


def test_aims_are_met_at_the_aim_and_missed_beyond() -> None:
    assert [ratio_at_most("cpu", "ms", ours, 10.0, 2.0).met for ours in (20.0, 20.1)] == [True, False]
    assert [ratio_at_least("calls", "", ours, 100.0, 0.9).met for ours in (90.0, 89.0)] == [True, False]
    assert [added_at_most("delay", "ms", ours, 4.0, 8.0).met for ours in (12.0, 12.1)] == [True, False]


def test_nothing_sustained_by_plain_meets_no_aim() -> None:
    assert ratio_at_least("calls", "", 100.0, 0.0, 0.9).met is False


def test_figures_are_kept_for_comparing_runs(tmp_path: Path) -> None:
    path = tmp_path / "build" / "bench.json"
    write_json([ratio_at_most("CPU per call", "ms", 15.0, 10.0, 2.0)], path)
    figure = json.loads(path.read_text())["figures"][0]
    assert (figure["name"], figure["ours"], figure["plain"], figure["met"]) == ("CPU per call", 15.0, 10.0, True)


def test_callers_dial_their_own_callee_by_us_or_past_us(tmp_path: Path) -> None:
    ours = write_fields(tmp_path / "ours.csv", pairs(2)).read_text().splitlines()
    plain = write_fields(tmp_path / "plain.csv", pairs(2), DIAL).read_text().splitlines()
    assert ours[:2] == [
        "SEQUENTIAL",
        f"caller10000;[authentication username=caller10000 password={PASSWORD}];50000;callee50000",
    ]
    assert plain[2].split(";")[2] == f"{DIAL}50001"


class NoTools:
    baresip_modules = Path("/nowhere")

    def command(self, program: str) -> list[str]:
        return [program]


def test_sipps_last_row_counts(tmp_path: Path) -> None:
    head = "TotalCallCreated;SuccessfulCall(C);FailedCall(C);Retransmissions(C)"
    (tmp_path / "callers.csv").write_text(f"{head}\n10;5;0;0\n200;198;2;7\n", encoding="ascii")
    sipp = Sipp(NoTools(), "callers", tmp_path / "caller.xml", tmp_path, [])
    assert sipp.counts() == SippCounts(made=200, succeeded=198, failed=2, retransmitted=7)


def test_a_sipp_that_counted_nothing_says_why(tmp_path: Path) -> None:
    (tmp_path / "callers.csv").write_text("TotalCallCreated\n", encoding="ascii")
    (tmp_path / "callers.errors").write_text("Unable to bind the port\n")
    sipp = Sipp(NoTools(), "callers", tmp_path / "caller.xml", tmp_path, [])
    with pytest.raises(SippFailed, match="Unable to bind"):
        sipp.counts()


def test_marks_are_the_words_of_each_log_line(tmp_path: Path) -> None:
    (tmp_path / "callers.log").write_text("callee50000 100 250000\n\ncallee50001 100 300000\n")
    sipp = Sipp(NoTools(), "callers", tmp_path / "caller.xml", tmp_path, [])
    assert sipp.marks() == [["callee50000", "100", "250000"], ["callee50001", "100", "300000"]]
