"""E-mail notices (VM-3), handed to a real mail server on loopback."""

from __future__ import annotations

import io
import wave
from datetime import timedelta

import pytest
from post_office import TONE, MailServer, Office

from centrale.accounts import messages, notices
from centrale.accounts.messages import file_of
from centrale.accounts.notices import State, Way
from centrale.notices import mail
from centrale.notices.sender import AT_ONCE, LEASE
from centrale.phones.audio import hears


async def test_an_email_arrives_with_the_voice_message_attached(office: Office, server: MailServer) -> None:
    id = await office.mail(subject="Bericht van Zoë", message=await office.message(), attach=True)
    await office.mail_sender(server).send_due(Way.MAIL)
    (letter,) = server.letters
    assert server.recipients == ["anna@example.org"]
    assert (letter["From"], letter["To"]) == ("Centrale <voicemail@example.org>", "anna@example.org")
    assert letter["Subject"] == "Bericht van Zoë"
    assert letter["Message-ID"] == f"<{id}@example.org>"
    assert letter["Auto-Submitted"] == "auto-generated"
    body = letter.get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines() == ["Beller: Bakker (202)"]
    (sound,) = letter.iter_attachments()
    assert sound.get_content_type() == "audio/wav"
    assert sound.get_filename() == "2026-11-22-080000.wav"
    with wave.open(io.BytesIO(sound.get_content())) as played:
        assert (played.getframerate(), played.getnchannels(), played.getsampwidth()) == (8000, 1, 2)
        assert hears(played.readframes(played.getnframes()), 8000, TONE)
    notice = await office.notice(id)
    assert (notice.state, notice.tries, notice.sent) == (State.SENT, 1, office.clock.now())
    assert await office.has_message("m1")


async def test_an_email_without_attachment_has_none(office: Office, server: MailServer) -> None:
    await office.mail(message=await office.message())
    await office.mail_sender(server).send_due(Way.MAIL)
    (letter,) = server.letters
    assert not letter.is_multipart()


async def test_what_is_sent_is_sent_once(office: Office, server: MailServer) -> None:
    await office.mail()
    sender = office.mail_sender(server)
    assert await sender.send_due(Way.MAIL) == 1
    office.clock.moment += timedelta(days=2)
    assert await sender.send_due(Way.MAIL) == 0
    assert len(server.letters) == 1


async def test_a_server_that_is_down_for_a_day_gets_it_within_half_an_hour_of_its_return(
    office: Office, server: MailServer
) -> None:
    id = await office.mail(message=await office.message(), attach=True)
    sender, waits = office.mail_sender(server), []
    await server.stop()
    began = office.clock.moment
    while office.clock.moment < began + timedelta(days=1):
        assert await sender.send_due(Way.MAIL) == 1
        notice = await office.notice(id)
        assert notice.state is State.WAITING
        assert notice.problem is not None
        assert notice.problem.startswith("the mail server cannot be used")
        waits.append(await office.wait_for_next_try(id))
    assert waits[:6] == [timedelta(seconds=30 * 2**n) for n in range(6)]
    assert max(waits) == timedelta(minutes=30)
    await server.start()
    back = office.clock.moment
    assert await sender.send_due(Way.MAIL) == 1
    assert len(server.letters) == 1
    assert office.clock.moment - back <= timedelta(minutes=30)
    assert (await office.notice(id)).problem is None


async def test_after_five_days_without_a_server_it_is_given_up_and_the_message_stays(
    office: Office, server: MailServer
) -> None:
    id = await office.mail(message=await office.message(), attach=True, delete_after=True)
    await server.stop()
    office.clock.moment += timedelta(days=5)
    await office.mail_sender(server).send_due(Way.MAIL)
    assert (await office.notice(id)).state is State.GIVEN_UP
    assert await office.has_message("m1")


async def test_a_recipient_who_does_not_exist_is_given_up_with_the_reason(office: Office, server: MailServer) -> None:
    server.said["gone@example.org"] = "550 5.1.1 No such user here"
    refused = await office.mail("gone@example.org", message=await office.message(), attach=True, delete_after=True)
    other = await office.mail()
    await office.mail_sender(server).send_due(Way.MAIL)
    notice = await office.notice(refused)
    assert (notice.state, notice.next_try) == (State.GIVEN_UP, None)
    assert notice.problem == "the mail server answered: 550 5.1.1 No such user here"
    assert (await office.notice(other)).state is State.SENT
    assert await office.has_message("m1")


@pytest.mark.parametrize("answer", ["450 4.2.1 Mailbox busy", "451 4.7.1 Greylisted, try again later"])
async def test_a_recipient_who_is_refused_for_now_is_tried_again(
    office: Office, server: MailServer, answer: str
) -> None:
    server.said["anna@example.org"] = answer
    id, sender = await office.mail(), office.mail_sender(server)
    await sender.send_due(Way.MAIL)
    assert (await office.notice(id)).problem == f"the mail server answered: {answer}"
    server.said.clear()
    await office.wait_for_next_try(id)
    await sender.send_due(Way.MAIL)
    assert (await office.notice(id)).state is State.SENT


async def test_contents_that_are_refused_for_good_are_given_up(office: Office, server: MailServer) -> None:
    server.to_data = "552 5.3.4 Message too big"
    id = await office.mail()
    await office.mail_sender(server).send_due(Way.MAIL)
    notice = await office.notice(id)
    assert (notice.state, notice.problem) == (State.GIVEN_UP, "the mail server answered: 552 5.3.4 Message too big")


async def test_a_server_that_hangs_is_left_and_tried_again(
    office: Office, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "LONGEST", 0.3)
    server.answers.clear()
    id, sender = await office.mail(), office.mail_sender(server)
    await sender.send_due(Way.MAIL)
    notice = await office.notice(id)
    assert (notice.state, notice.problem) == (State.WAITING, "the mail server did not answer in time")
    server.answers.set()
    await office.wait_for_next_try(id)
    await sender.send_due(Way.MAIL)
    assert (await office.notice(id)).state is State.SENT


async def test_a_server_that_dies_before_it_answers_gets_it_again_under_the_same_name(
    office: Office, server: MailServer
) -> None:
    """Whether it has accepted the first one, nobody can know."""
    server.dies_before_the_answer = True
    id, sender = await office.mail(), office.mail_sender(server)
    await sender.send_due(Way.MAIL)
    assert (await office.notice(id)).state is State.WAITING
    server.dies_before_the_answer = False
    await office.wait_for_next_try(id)
    await sender.send_due(Way.MAIL)
    assert (await office.notice(id)).state is State.SENT
    assert {letter["Message-ID"] for letter in server.letters} == {f"<{id}@example.org>"}


async def test_a_process_that_dies_while_sending_is_followed_by_another_try(office: Office, server: MailServer) -> None:
    id = await office.mail()
    async with office.database.change("notices") as unit:
        now = office.clock.now()
        await notices.take(unit, Way.MAIL, now=now, until=now + LEASE, limit=8)
    sender = office.mail_sender(server)
    assert await sender.send_due(Way.MAIL) == 0
    assert await office.wait_for_next_try(id) == LEASE
    assert await sender.send_due(Way.MAIL) == 1
    assert len(server.letters) == 1


async def test_a_name_with_line_ends_adds_no_header(office: Office, server: MailServer) -> None:
    subject = "Bericht van X\r\nBcc: everybody@example.org\r\n\r\nBuy\x85now\u2028!"
    id = await office.mail("anna@example.org\r\nRCPT TO:<b@example.org>", subject=subject)
    await office.mail(subject=subject)
    await office.mail_sender(server).send_due(Way.MAIL)
    (letter,) = server.letters
    assert letter["Bcc"] is None
    assert letter["Subject"] == "Bericht van X Bcc: everybody@example.org Buy now !"
    assert server.recipients == ["anna@example.org"]
    notice = await office.notice(id)
    assert (notice.state, notice.problem) == (State.GIVEN_UP, "this is no e-mail address")


async def test_a_message_that_is_to_go_once_sent_goes_then_and_not_before(office: Office, server: MailServer) -> None:
    server.said["anna@example.org"] = "450 later"
    sender = office.mail_sender(server)
    id = await office.mail(message=await office.message(), attach=True, delete_after=True)
    await sender.send_due(Way.MAIL)
    assert await office.has_message("m1")
    server.said.clear()
    await office.wait_for_next_try(id)
    await sender.send_due(Way.MAIL)
    assert len(list(server.letters[0].iter_attachments())) == 1
    assert not await office.has_message("m1")


async def test_a_message_stays_while_another_email_needs_it(office: Office, server: MailServer) -> None:
    server.said["ben@example.org"] = "450 later"
    sender = office.mail_sender(server)
    message = await office.message()
    await office.mail(message=message, attach=True, delete_after=True)
    later = await office.mail("ben@example.org", message=message, attach=True)
    await sender.send_due(Way.MAIL)
    assert await office.has_message("m1")
    server.said.clear()
    await office.wait_for_next_try(later)
    await sender.send_due(Way.MAIL)
    assert len(list(server.letters[1].iter_attachments())) == 1
    assert not await office.has_message("m1")


async def test_a_message_that_was_deleted_meanwhile_is_told_of_without_its_sound(
    office: Office, server: MailServer
) -> None:
    message = await office.message()
    await office.mail(message=message, attach=True, delete_after=True)
    async with office.database.change("anna") as unit:
        await messages.delete(unit, office.account, message)
    file_of(office.home, office.account, message).unlink(missing_ok=True)
    await office.mail_sender(server).send_due(Way.MAIL)
    (letter,) = server.letters
    assert not letter.is_multipart()
    assert "Het bericht is intussen gewist" in letter.get_content()


async def test_more_than_one_handful_is_sent_in_one_go(office: Office, server: MailServer) -> None:
    for n in range(20):
        await office.mail(f"user{n}@example.org")
    assert await office.mail_sender(server).send_due(Way.MAIL) == 20
    assert sorted(server.recipients) == sorted(f"user{n}@example.org" for n in range(20))


async def test_a_server_that_is_away_is_tried_with_a_few_only_and_gets_all_when_it_is_back(
    office: Office, server: MailServer
) -> None:
    for n in range(20):
        await office.mail(f"user{n}@example.org")
    sender = office.mail_sender(server)
    await server.stop()
    assert await sender.send_due(Way.MAIL) == AT_ONCE
    await server.start()
    assert await sender.send_due(Way.MAIL) == 20 - AT_ONCE
    office.clock.moment += timedelta(seconds=30)
    assert await sender.send_due(Way.MAIL) == AT_ONCE
    assert len(server.letters) == 20
