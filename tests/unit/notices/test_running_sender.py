"""The sender in its task: what is added goes out by itself (VM-3)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from post_office import PATIENCE, Gateway, MailServer, Office

from centrale.accounts import outbox
from centrale.accounts.database import Database
from centrale.accounts.notices import State, Way
from centrale.accounts.outbox import Notice
from centrale.notices import sender as sender_module
from centrale.notices.sender import Sender


@asynccontextmanager
async def running(sender: Sender) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(sender.run())
    yield task
    task.cancel()
    await asyncio.wait([task])


def is_sent(notice: Notice) -> bool:
    return notice.state is State.SENT


async def test_what_waits_at_the_start_and_what_is_added_is_sent_at_once(office: Office, server: MailServer) -> None:
    before = await office.mail("before@example.org")
    async with running(office.mail_sender(server)):
        await office.until(before, is_sent)
        after = await office.mail("after@example.org")
        await office.until(after, is_sent)
    assert server.recipients == ["before@example.org", "after@example.org"]


async def test_what_another_process_adds_is_sent_too(
    office: Office, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender_module, "LOOK_EVERY", 0.02)
    here = office.database
    other = Database(str(here.engine.url), here.vault, office.clock)
    async with running(office.mail_sender(server)):
        id = await Office(other, office.account, office.clock, office.home).mail()
        await office.until(id, is_sent)
    await other.close()


async def test_one_that_somebody_has_tried_again_goes_out_at_once(office: Office, server: MailServer) -> None:
    server.said["anna@example.org"] = "550 no such user"
    async with running(office.mail_sender(server)):
        id = await office.mail()
        await office.until(id, lambda notice: notice.state is State.GIVEN_UP)
        server.said.clear()
        async with office.database.change("anna") as unit:
            await outbox.retry(unit, office.account, id)
        await office.until(id, is_sent)


async def test_a_mail_server_that_hangs_does_not_hold_up_text_messages(
    office: Office, server: MailServer, gateway: Gateway
) -> None:
    server.answers.clear()
    mail = {"smtp_url": f"smtp://127.0.0.1:{server.port}?tls=none", "mail_from": "voicemail@example.org"}
    async with running(office.sender(sms_url=gateway.url, **mail)):
        letter = await office.mail()
        async with asyncio.timeout(PATIENCE):
            await server.came.wait()
        text = await office.sms()
        await office.until(text, is_sent)
        server.answers.set()
        await office.until(letter, is_sent)


async def test_what_is_being_sent_when_we_are_told_to_stop_is_still_noted(office: Office, server: MailServer) -> None:
    """Else it would be sent again at the next start."""
    server.answers.clear()
    async with running(office.mail_sender(server)) as task:
        id = await office.mail()
        async with asyncio.timeout(PATIENCE):
            await server.came.wait()
        task.cancel()
        asyncio.get_running_loop().call_later(0.05, server.answers.set)
        await asyncio.wait([task])
    assert is_sent(await office.notice(id))


async def test_without_a_server_in_the_settings_notices_wait_and_are_counted(office: Office) -> None:
    sender = office.sender()
    async with running(sender):
        id, began = await office.mail(), office.clock.moment
        async with asyncio.timeout(PATIENCE):
            while sender.waiting[Way.MAIL].count != 1:  # noqa: ASYNC110 - nobody but this test waits for it
                await asyncio.sleep(0)
        assert sender.waiting[Way.MAIL].oldest == began
        assert not sender.sends(Way.MAIL)
    notice = await office.notice(id)
    assert (notice.state, notice.tries) == (State.WAITING, 0)


async def test_a_fault_of_ours_in_one_notice_keeps_no_other(
    office: Office, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from centrale.notices import mail

    real = mail.letter

    def stumbling(notice: sender_module.Taken, *rest: object) -> object:
        if notice.recipient == "odd@example.org":
            raise RuntimeError("stumbled")
        return real(notice, *rest)

    monkeypatch.setattr(mail, "letter", stumbling)
    odd, good = await office.mail("odd@example.org"), await office.mail()
    await office.mail_sender(server).send_due(Way.MAIL)
    assert (await office.notice(odd)).problem == "a fault of the exchange; its log says more"
    assert is_sent(await office.notice(good))
