"""The generator of sound hears all that it sends itself, and notices what does not come back."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from bench.rtp_engine import RtpEngine


@pytest.fixture
def engine() -> Iterator[RtpEngine]:
    with RtpEngine.start(os.sched_getaffinity(0)) as engine:
        yield engine


def test_streams_that_come_back_are_heard_whole(engine: RtpEngine) -> None:
    engine.talk({stream: engine.port(stream ^ 1) for stream in range(20)})
    heard = engine.listen(0.3)
    assert (heard.streams, heard.expected, heard.loss) == (20, 20 * 15, 0.0)


def test_a_stream_that_does_not_come_back_is_lost(engine: RtpEngine) -> None:
    discard = 9
    engine.talk({0: engine.port(1), 1: engine.port(0), 2: engine.port(3), 3: discard})
    assert engine.listen(0.3).loss == pytest.approx(0.25)


def test_after_silence_nothing_is_expected(engine: RtpEngine) -> None:
    engine.talk({0: engine.port(1)})
    engine.silence()
    assert engine.listen(0.1).expected == 0
