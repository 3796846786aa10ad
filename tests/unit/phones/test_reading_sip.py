"""What a phone reads in SIP messages, and what it tells of a call from them."""

from __future__ import annotations

import pytest

from centrale.phones.dialog import Dialog
from centrale.phones.sip import Headers, NameAddress, SipMessage


def request(method: str, *extra: str) -> SipMessage:
    lines = (f"{method} sip:201@127.0.0.1 SIP/2.0", "Call-ID: a1", f"CSeq: 1 {method}", *extra)
    return SipMessage.parse("\r\n".join(lines) + "\r\n\r\n")


def response(status: str, *extra: str, method: str = "INVITE") -> SipMessage:
    return SipMessage.parse("\r\n".join((f"SIP/2.0 {status}", "Call-ID: a1", f"CSeq: 1 {method}", *extra)) + "\r\n\r\n")


INVITE = ('From: "Jan Jansen" <sip:201@example.org>;tag=x', "To: <sip:202@example.org>")


def incoming(*extra: str) -> Dialog:
    return Dialog(request("INVITE", *INVITE, *extra), outgoing=False)


def outgoing() -> Dialog:
    return Dialog(request("INVITE", *INVITE), outgoing=True)


def test_headers_are_found_in_any_case_and_in_compact_form() -> None:
    headers = Headers([("i", "a1"), ("DIVERSION", "<sip:1@x>"), ("diversion", "<sip:2@x>")])
    assert headers["Call-ID"] == "a1"
    assert headers.all("Diversion") == ["<sip:1@x>", "<sip:2@x>"]
    assert "Alert-Info" not in headers
    with pytest.raises(KeyError):
        headers["Alert-Info"]


def test_a_folded_header_is_one_header() -> None:
    message = SipMessage.parse("INVITE sip:1@x SIP/2.0\r\nSubject: one\r\n  two\r\n\r\nbody")
    assert message.headers["Subject"] == "one two"
    assert message.body == "body"


def test_a_message_is_read_as_it_was_written() -> None:
    written = SipMessage("INVITE sip:1@x SIP/2.0", Headers([("Call-ID", "a1")]), "v=0\r\n")
    read = SipMessage.parse(written.encode().decode())
    assert (read.start, read.call_id, read.body, read.headers["Content-Length"]) == (
        written.start,
        "a1",
        "v=0\r\n",
        "5",
    )


@pytest.mark.parametrize(
    ("value", "name", "user"),
    [
        ('"Jan \\"de\\" Vries" <sip:204@x;user=phone>;tag=1', 'Jan "de" Vries', "204"),
        ("Jan <sip:204@x>", "Jan", "204"),
        ("<tel:+31201234567>", "", "+31201234567"),
        ("sip:204@x;tag=1", "", "204"),
        ('"Anonymous" <sip:anonymous@anonymous.invalid>', "Anonymous", "anonymous"),
        ("<sip:x>", "", ""),
    ],
)
def test_a_name_and_a_number_are_read_from_an_address(value: str, name: str, user: str) -> None:
    address = NameAddress.parse(value)
    assert (address.name, address.user) == (name, user)


@pytest.mark.parametrize(
    ("reasons", "elsewhere", "q850"),
    [
        (['SIP;cause=200;text="Call completed elsewhere"'], True, None),
        (["Q.850;cause=26"], True, 26),
        (['SIP ;cause=200 ;text="x", Q.850;cause=26'], True, 26),
        (["Q.850;cause=16"], False, 16),
        (["SIP;cause=486"], False, None),
        ([], False, None),
    ],
)
def test_the_reason_of_a_cancel_tells_who_took_the_call(reasons: list[str], elsewhere: bool, q850: int | None) -> None:
    call = incoming()
    call.received(request("CANCEL", *(f"Reason: {reason}" for reason in reasons)))
    assert call.end is not None
    assert (call.end.code, call.end.answered_elsewhere, call.end.q850) == (487, elsewhere, q850)


def test_the_display_shows_the_asserted_identity() -> None:
    call = incoming('P-Asserted-Identity: "Sales" <sip:300@example.org>')
    assert (call.name, call.number) == ("Sales", "300")


def test_the_display_shows_the_caller_when_nothing_is_asserted() -> None:
    call = incoming()
    assert (call.name, call.number) == ("Jan Jansen", "201")


def test_a_private_identity_is_not_displayed() -> None:
    call = Dialog(
        request(
            "INVITE",
            'From: "Anonymous" <sip:anonymous@anonymous.invalid>',
            "P-Asserted-Identity: <sip:+31201234567@x>",
            "Privacy: id",
        ),
        outgoing=False,
    )
    assert call.number == "anonymous"


def test_the_display_follows_the_one_who_answers() -> None:
    call = outgoing()
    assert call.number == "202"
    call.received(response("200 OK", 'P-Asserted-Identity: "Bakker" <sip:205@x>'))
    assert (call.name, call.number) == ("Bakker", "205")


def test_being_asked_for_the_password_does_not_end_a_call() -> None:
    call = outgoing()
    call.received(response("401 Unauthorized"))
    assert call.end is None


def test_a_refusal_ends_a_call_with_its_code_and_cause() -> None:
    call = outgoing()
    call.received(response("180 Ringing"))
    call.received(response("486 Busy Here", "Reason: Q.850;cause=17"))
    assert call.end is not None
    assert (call.ringing, call.end.code, call.end.text, call.end.q850) == (True, 486, "Busy Here", 17)


def test_a_refused_change_does_not_end_an_answered_call() -> None:
    call = outgoing()
    call.received(response("200 OK"))
    call.received(response("488 Not Acceptable Here"))
    assert call.end is None
    call.received(request("BYE"))
    assert call.end is not None
    assert call.end.code == 200


def test_a_cancel_that_crosses_the_answer_does_not_end_the_call() -> None:
    call = incoming()
    call.sent(response("200 OK"))
    call.received(request("CANCEL"))
    assert call.end is None


def test_a_call_that_was_never_sent_ends_as_unreachable() -> None:
    call = outgoing()
    call.closed("Connection refused")
    assert call.end is not None
    assert (call.end.code, call.end.text) == (503, "Connection refused")


def test_the_first_end_counts() -> None:
    call = incoming()
    call.received(request("CANCEL"))
    call.closed("Rejected by user")
    assert call.end is not None
    assert call.end.text == "Cancelled"
