"""What a waiting caller hears, at exact instants (QUE-8..12, QUE-22)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from centrale.acd.announcements import Background, Heard, Play, SoundSettings, What, coming, holds_at_first

JOINED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LASTS = {What.RINGBACK: 4.0, What.INTRODUCTION: 12.0, What.ANNOUNCEMENT: 3.0, What.INFOTAINMENT: 25.0}


def after(seconds: float) -> datetime:
    return JOINED + timedelta(seconds=seconds)


def heard_until(
    end: float, settings: SoundSettings, *, free: bool = False, offered: tuple[float, float] = (0, 0)
) -> list[tuple[float, str]]:
    """What is played when, in seconds since the caller joined; a phone rings for them during `offered`."""
    heard, now, played = Heard(), JOINED, []
    while now < after(end):
        ringing = after(offered[0]) <= now < after(offered[1])
        heard, sound = coming(settings, heard, now, agent_free=free, offered=ringing)
        if isinstance(sound, Play):
            played.append(((now - JOINED).total_seconds(), sound.file or sound.what.value))
            now += timedelta(seconds=LASTS[sound.what])
            heard = heard.after(sound, now)
        else:
            wakes = [after(end), *([sound.until] if sound.until else []), *([after(offered[1])] if ringing else [])]
            now = min(wakes)
    return played


def test_ringback_once_then_the_introduction_then_announcements_every_30_seconds() -> None:
    settings = SoundSettings(ringback=True, introduction="welcome.wav", position=True, interval=30)
    assert heard_until(120, settings) == [
        (0, "ringback"),
        (4, "welcome.wav"),
        (46, "announcement"),
        (76, "announcement"),
        (106, "announcement"),
    ]


def test_position_and_expected_wait_are_told_together() -> None:
    settings = SoundSettings(position=True, expected_wait=True)
    _, sound = coming(settings, Heard(introduced=JOINED), after(30))
    assert isinstance(sound, Play)
    assert (sound.position, sound.expected_wait, sound.holds) == (True, True, False)


def test_the_introduction_is_skipped_when_an_agent_is_free_and_the_queue_says_so() -> None:
    skips = SoundSettings(introduction="welcome.wav", skip_introduction=True)
    assert heard_until(10, skips, free=True) == []
    assert heard_until(10, skips, free=False) == [(0, "welcome.wav")]
    assert heard_until(10, SoundSettings(introduction="welcome.wav"), free=True) == [(0, "welcome.wav")]
    assert not holds_at_first(skips, agent_free=True)
    assert holds_at_first(skips, agent_free=False)
    assert holds_at_first(SoundSettings(ringback=True), agent_free=True)


def test_infotainment_the_kth_at_k_times_the_interval_after_the_introduction_each_once() -> None:
    settings = SoundSettings(introduction="welcome.wav", infotainment=("one.wav", "two.wav", "three.wav"))
    assert heard_until(600, settings) == [(0, "welcome.wav"), (72, "one.wav"), (132, "two.wav"), (192, "three.wav")]


def test_infotainment_every_40_seconds_as_in_the_older_manual() -> None:
    settings = SoundSettings(infotainment=("one.wav", "two.wav"), infotainment_interval=40)
    assert heard_until(600, settings) == [(40, "one.wav"), (80, "two.wav")]


def test_infotainment_is_off_while_positions_are_announced() -> None:
    settings = SoundSettings(position=True, interval=50, infotainment=("one.wav",))
    assert heard_until(110, settings) == [(50, "announcement"), (100, "announcement")]


def test_with_the_expected_wait_alone_infotainment_follows_the_announcement() -> None:
    settings = SoundSettings(expected_wait=True, interval=30, infotainment=("one.wav",))
    assert heard_until(100, settings) == [
        (30, "announcement"),
        (60, "announcement"),
        (63, "one.wav"),
        (90, "announcement"),
    ]


def test_an_announcement_that_fell_into_infotainment_is_made_up_for_once() -> None:
    settings = SoundSettings(expected_wait=True, interval=10, infotainment=("one.wav",))
    played = heard_until(110, settings)
    assert played[5:9] == [(60, "announcement"), (63, "one.wav"), (88, "announcement"), (91, "announcement")]
    assert played[9] == (100, "announcement")


def test_infotainment_does_not_begin_while_a_phone_rings_for_the_caller() -> None:
    settings = SoundSettings(infotainment=("one.wav",))
    assert heard_until(200, settings, offered=(50, 70)) == [(70, "one.wav")]


def test_announcements_go_on_while_a_phone_rings() -> None:
    settings = SoundSettings(position=True, interval=30)
    assert heard_until(40, settings, offered=(20, 40)) == [(30, "announcement")]


def test_infotainment_and_introduction_hold_the_caller_and_announcements_do_not() -> None:
    assert Play(What.INTRODUCTION).holds
    assert Play(What.INFOTAINMENT).holds
    assert not Play(What.ANNOUNCEMENT).holds


def test_pressing_1_leads_out_of_everything_but_ringback_and_introduction() -> None:
    settings = SoundSettings(True, "welcome.wav", position=False, infotainment=("one.wav",), breakout=True)
    heard, ringback = coming(settings, Heard(), JOINED)
    assert isinstance(ringback, Play)
    assert not ringback.breakable
    heard, introduction = coming(settings, heard.after(ringback, after(4)), after(4))
    assert isinstance(introduction, Play)
    assert not introduction.breakable
    heard, music = coming(settings, heard.after(introduction, after(16)), after(16))
    assert music == Background(music=True, until=after(76), breakable=True)
    _, infotainment = coming(settings, heard, after(76))
    assert isinstance(infotainment, Play)
    assert infotainment.breakable


def test_without_music_the_ring_tone_and_without_breakout_no_way_out() -> None:
    _, sound = coming(SoundSettings(music=False), Heard(), JOINED)
    assert sound == Background(music=False, until=None, breakable=False)


def test_after_a_restart_nothing_is_played_twice_that_is_played_once() -> None:
    settings = SoundSettings(True, "welcome.wav", infotainment=("one.wav", "two.wav", "three.wav"))
    heard = Heard.resumed(settings, JOINED, after(130))
    _, sound = coming(settings, heard, after(130))
    assert sound == Background(music=True, until=after(180), breakable=False)


def test_an_interval_of_nothing_does_not_talk_without_end() -> None:
    settings = SoundSettings(position=True, interval=0)
    assert [at for at, _ in heard_until(21, settings)] == [5, 10, 15, 20]
