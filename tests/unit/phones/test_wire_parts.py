"""What a wire phone is made of: messages read whatever comes, descriptions, passwords, G.711 and RTP."""

from __future__ import annotations

import asyncio
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centrale.phones import digest, hostile, sdp
from centrale.phones.audio import ToneListener
from centrale.phones.digest import Credentials
from centrale.phones.g711 import ALAW, ULAW, Law
from centrale.phones.rtp import KEYS, RtpStream
from centrale.phones.sip import Headers, NameAddress, SipMessage
from centrale.phones.tools import LOOPBACK
from centrale.phones.transactions import key_of, response_to

HERE, THERE = (LOOPBACK, 5070), (LOOPBACK, 5080)

header_names = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,15}", fullmatch=True).filter(
    lambda name: name.lower() not in ("content-length", "l")
)
header_values = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_characters="\x7f\x85\xa0"))


@given(st.lists(st.tuples(header_names, header_values)), st.text())
def test_any_message_is_read_as_it_was_written(headers: list[tuple[str, str]], body: str) -> None:
    written = SipMessage("MESSAGE sip:201@exchange SIP/2.0", Headers(headers), body)
    read = SipMessage.parse(written.encode().decode())
    assert (read.start, list(read.headers)[:-1], read.body) == (written.start, headers, body)


@given(
    st.sampled_from(["", "SIP/2.0 ", "Via: ", "m=audio ", '"', "\r\n"]),
    st.one_of(st.text(), st.binary().map(lambda noise: noise.decode(errors="replace"))),
)
def test_noise_is_read_without_a_crash(start: str, noise: str) -> None:
    message = SipMessage.parse(start + noise)
    assert message.status >= 0
    NameAddress.parse(start + noise)
    sdp.Audio.parse(start + noise)
    key_of(message)


def test_a_status_in_digits_that_no_protocol_knows_is_no_status() -> None:
    assert SipMessage.parse("SIP/2.0 ²00 OK").status == 0


def test_hostile_packets_differ_fit_into_udp_and_repeat_by_their_seed() -> None:
    named = [*hostile.malformed(THERE, HERE), *hostile.huge(THERE, HERE)]
    packets = [packet for _, packet in named]
    assert len(dict(named)) == len(named) == len(set(packets))
    assert all(len(packet) <= 65_507 for packet in packets)
    assert sum(len(packet) > 45_000 for packet in packets) == 6
    assert list(hostile.mutations(7, 50, THERE, HERE)) == list(hostile.mutations(7, 50, THERE, HERE))
    assert list(hostile.mutations(7, 50, THERE, HERE)) != list(hostile.mutations(8, 50, THERE, HERE))


@given(st.lists(st.sampled_from(sorted(sdp.RTPMAP)), min_size=1, unique=True), st.integers(1, 65535))
def test_a_description_offers_what_it_was_made_of(codecs: list[int], port: int) -> None:
    audio = sdp.Audio.parse(sdp.describe("127.0.0.2", port, codecs, events=96))
    assert audio == sdp.Audio(("127.0.0.2", port), (*codecs, 96), 96)
    assert audio is not None
    assert audio.common(codecs[::-1]) == codecs[0], "the offerer's order decides"
    assert audio.common([3]) is None


def test_the_stream_s_own_address_counts_and_a_refused_stream_is_none() -> None:
    description = "v=0\r\nc=IN IP4 10.0.0.1\r\nm=audio 4000 RTP/AVP 8\r\nc=IN IP4 10.0.0.2\r\n"
    audio = sdp.Audio.parse(description)
    assert audio is not None
    assert audio.address == ("10.0.0.2", 4000)
    assert sdp.Audio.parse(description.replace("4000", "0")) is None


@given(st.text(min_size=1), st.text(min_size=1))
def test_only_the_right_password_is_right(password: str, guess: str) -> None:
    challenge = SipMessage("SIP/2.0 401 Unauthorized", Headers([("WWW-Authenticate", digest.challenge("exchange"))]))
    header = digest.answer(challenge, Credentials("201", password), "REGISTER", "sip:exchange")
    request = SipMessage("REGISTER sip:exchange SIP/2.0", Headers([header]))
    assert digest.is_right(request, Credentials("201", password))
    assert digest.is_right(request, Credentials("201", guess)) is (password == guess)
    assert not digest.is_right(
        SipMessage("INVITE sip:exchange SIP/2.0", Headers([header])), Credentials("201", password)
    )


def test_the_digest_is_that_of_the_standard() -> None:
    """The example of RFC 2617 §3.5, without the parts that its answer does not depend on."""
    fields = 'username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", uri="/dir/index.html", qop=auth, nc=00000001, cnonce="0a4f113b", response="6629fae49393a05397450978507c4ef1"'  # noqa: E501
    request = SipMessage("GET /dir/index.html SIP/2.0", Headers([("Authorization", f"Digest {fields}")]))
    assert digest.is_right(request, Credentials("Mufasa", "Circle Of Life"))


def test_without_a_way_to_answer_the_question_for_a_password_it_is_told() -> None:
    challenge = SipMessage("SIP/2.0 401 No", Headers([("WWW-Authenticate", 'Digest realm="x", algorithm=SHA-256')]))
    with pytest.raises(ValueError, match="other than MD5"):
        digest.answer(challenge, Credentials("201", "x"), "REGISTER", "sip:x")


@pytest.mark.parametrize("law", [ALAW, ULAW], ids=["A-law", "µ-law"])
def test_every_code_of_a_law_is_decoded_and_encoded_to_itself(law: Law) -> None:
    samples = array("h", law.decode(bytes(range(256))))
    assert array("h", law.decode(law.encode(samples))) == samples
    assert max(samples) > 32_000


@given(st.lists(st.integers(-32_768, 32_767), min_size=1))
def test_g711_keeps_a_sample_within_a_thirtieth(values: list[int]) -> None:
    heard = array("h", ALAW.decode(ALAW.encode(array("h", values))))
    assert all(abs(was - now) <= max(16, abs(was) / 30) for was, now in zip(values, heard, strict=True))


def test_an_answer_carries_what_its_request_asks_for() -> None:
    request = SipMessage.parse(
        "INVITE sip:1@x SIP/2.0\r\nVia: a;branch=1\r\nVia: b\r\nf: <sip:2@x>;tag=t\r\nt: <sip:1@x>\r\n"
        "i: c1\r\nCSeq: 4 INVITE\r\nSubject: no\r\nRecord-Route: <sip:r>\r\n\r\n"
    )
    answer = response_to(request, "180 Ringing", tag="mine", more=(("Contact", "<sip:me>"),))
    assert answer.headers.all("Via") == ["a;branch=1", "b"]
    assert (answer.headers["To"], answer.headers["From"]) == ("<sip:1@x>;tag=mine", "<sip:2@x>;tag=t")
    assert (answer.call_id, answer.headers["CSeq"], answer.status) == ("c1", "4 INVITE", 180)
    assert "Subject" not in answer.headers
    assert key_of(answer) == key_of(request) == ("1", "INVITE")


async def test_two_streams_hear_each_other_s_tone_and_keys() -> None:
    tone, keys, pressed, heard = ToneListener(700), [], asyncio.Event(), asyncio.Event()

    def hear(pcm: bytes, rate: int) -> None:
        tone.feed(pcm, rate)
        if tone.heard:
            heard.set()

    def key(name: str) -> None:
        keys.append(name)
        if name == "#":
            pressed.set()

    sender = await RtpStream.open(LOOPBACK, 700, lambda pcm, rate: None, lambda name: None)
    receiver = await RtpStream.open(LOOPBACK, 500, hear, key)
    try:
        sender.talk_to((LOOPBACK, receiver.port), 0, 101)
        async with asyncio.timeout(5):
            await sender.press("112#")
            await pressed.wait()
            await heard.wait()
        assert keys == list("112#"), "each key once, although its event is sent many times"
        with pytest.raises(ValueError, match="no key Z"):
            await sender.press("1Z")
        receiver.datagram_received(b"\x00" * 40, HERE)
        receiver.datagram_received(b"\x80", HERE)
        assert keys == list("112#")
        assert len(KEYS) == 16
    finally:
        for stream in (sender, receiver):
            stream.close()
            await stream.closed.wait()
