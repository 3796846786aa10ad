"""What happens arrives, signed, at least once, and nobody waits for somebody else (API-1)."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from receiver import Receiver, reply
from standardwebhooks import Webhook, WebhookVerificationError
from webhook_office import HAPPENED, Office

from centrale.accounts import audit, outbox, web_users, webhooks, webhooks_log, webhooks_taking
from centrale.accounts.errors import Conflict, NotFound
from centrale.accounts.roles import Role
from centrale.accounts.web_users import WebUserIn
from centrale.accounts.webhooks import Trouble, WebhookIn
from centrale.accounts.webhooks_log import Delivery
from centrale.accounts.webhooks_outbox import KEPT, DeliveryState
from centrale.accounts.webhooks_taking import Failure
from centrale.routing.snapshot import AccountId
from centrale.webhooks import post
from centrale.webhooks.deliverer import FAILING, PER_WEBHOOK

RIVALS = AccountId(2)


def all_delivered(log: list[Delivery]) -> bool:
    return bool(log) and all(delivery.state is DeliveryState.DELIVERED for delivery in log)


async def test_an_event_arrives_at_once_and_its_signature_is_good(office: Office, receiver: Receiver) -> None:
    hook, secret = await office.hook()
    async with office.delivering():
        await office.happens("reception")
        (posted,) = await receiver.have(1)
        (delivery,) = await office.until(hook, all_delivered)
    event = Webhook(secret).verify(posted.body, posted.headers)
    assert event == posted.event
    assert (event["type"], event["version"], event["account"]) == (HAPPENED, 1, office.account)
    assert event["data"] == {"channel": "reception"}
    assert event["id"] == posted.headers["webhook-id"] == delivery.event
    assert posted.headers["content-type"] == "application/json"
    assert (delivery.tries, delivery.last and delivery.last.status) == (1, 204)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(posted.body.replace("reception", "deception"), posted.headers)


async def test_a_new_secret_signs_beside_the_old_one_for_a_day(office: Office, receiver: Receiver) -> None:
    hook, old = await office.hook()
    async with office.delivering():
        async with office.database.change("test") as unit:
            changed, new = await webhooks.renew_secret(unit, office.account, hook.id)
        assert changed.old_secret_until == office.clock.now() + timedelta(hours=24)
        await office.happens()
        (posted,) = await receiver.have(1)
        for secret in (old, new):
            assert Webhook(secret).verify(posted.body, posted.headers) == posted.event
        office.clock.pass_time(hours=24)
        await office.happens()
        posted = (await receiver.have(2))[1]
    assert len(posted.headers["webhook-signature"].split()) == 1
    sent_at = office.clock.now()
    assert posted.headers["webhook-signature"] == Webhook(new).sign(
        posted.headers["webhook-id"], sent_at.replace(tzinfo=None), posted.body
    )


async def test_only_what_was_chosen_and_only_of_the_own_account(office: Office, receiver: Receiver) -> None:
    hook, _ = await office.hook()
    theirs, _ = await office.hook(receiver.url("/rivals"), account=RIVALS)
    async with office.delivering():
        await office.happens("theirs", account=RIVALS)
        await office.happens("ours")
        await office.until(hook, all_delivered)
        await receiver.have(2)
    assert [(it.path, it.event["data"]["channel"]) for it in receiver.posts if it.path == "/calls"] == [
        ("/calls", "ours")
    ]
    assert [it.event["account"] for it in receiver.at("/rivals")] == [RIVALS]
    async with office.database.read() as unit:
        with pytest.raises(NotFound):
            await webhooks_log.list_all(unit, office.account, theirs.id)


@pytest.mark.parametrize(
    ("answer", "problem", "status"),
    [
        (reply(500, b"out of order\n<b>sorry</b>"), Failure.STATUS, 500),
        (reply(302, Location="http://127.0.0.1:1/"), Failure.REDIRECT, 302),
        (reply(404), Failure.STATUS, 404),
        (b"SSH-2.0-OpenSSH\r\n\r\n", Failure.UNREADABLE, None),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n", Failure.UNREADABLE, None),
    ],
    ids=["500", "redirect", "404", "not http", "giant header"],
)
async def test_what_is_no_yes_is_tried_again(
    office: Office, receiver: Receiver, answer: bytes, problem: Failure, status: int | None
) -> None:
    hook, _ = await office.hook()
    receiver.answer = answer
    async with office.delivering():
        await office.happens()
        delivery = await office.tried(hook)
        assert delivery.last is not None
        assert (delivery.state, delivery.last.problem) == (DeliveryState.WAITING, problem)
        assert delivery.last.status == status
        assert await office.next_try_comes(hook) == timedelta(seconds=5)
        receiver.answer = reply(200)
        (again,) = await office.until(hook, all_delivered)
    first, second = receiver.posts
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == again.event
    assert first.body == second.body
    async with office.database.read() as unit:
        whole = await webhooks_log.get(unit, office.account, hook.id, again.id)
    assert [attempt.problem for attempt in whole.attempts] == [problem, None]
    if status == 500:
        assert whole.attempts[0].answer == "out of order <b>sorry</b>"


async def test_a_giant_answer_is_not_read(office: Office, receiver: Receiver) -> None:
    hook, _ = await office.hook()
    receiver.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n" + b"x" * 500_000
    async with office.delivering():
        await office.happens()
        (delivery,) = await office.until(hook, all_delivered)
    assert delivery.last is not None
    assert len(delivery.last.answer) == post.SHOWN


async def test_a_server_that_says_nothing_is_left_after_a_while(
    office: Office, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post, "TIMEOUT", 0.1)
    hook, _ = await office.hook()
    receiver.hangs.add("/calls")
    async with office.delivering():
        await office.happens()
        delivery = await office.tried(hook)
    assert delivery.last is not None
    assert delivery.last.problem is Failure.TOO_SLOW


async def test_nobody_there(office: Office) -> None:
    hook, _ = await office.hook("http://127.0.0.1:1080/")
    nameless, _ = await office.hook("https://nobody.invalid/")
    async with office.delivering():
        await office.happens()
        refused, unknown = await office.tried(hook), await office.tried(nameless)
    assert refused.last is not None
    assert unknown.last is not None
    assert refused.last.problem is Failure.NO_CONNECTION
    assert unknown.last.problem is Failure.NO_NAME


async def test_who_hangs_delays_nobody_else(office: Office, receiver: Receiver) -> None:
    hanging, _ = await office.hook(receiver.url("/hangs"))
    await office.hook(receiver.url("/neighbour"), account=RIVALS)
    receiver.hangs.add("/hangs")
    async with office.delivering():
        await office.happens(*(f"phone{n}" for n in range(20)))
        await receiver.have(PER_WEBHOOK, "/hangs")
        await office.happens("quick", account=RIVALS)
        await receiver.have(1, "/neighbour")
        assert len(receiver.at("/hangs")) == PER_WEBHOOK, "the others wait for these"
        receiver.let_go()
        await office.until(hanging, all_delivered)
    assert len(receiver.at("/hangs")) == 20
    assert receiver.most_busy <= PER_WEBHOOK + 1


async def test_one_that_fails_gets_one_attempt_at_a_time(office: Office, receiver: Receiver) -> None:
    hook, _ = await office.hook()
    receiver.answer = reply(500)
    async with office.delivering():
        for count in range(FAILING):
            await office.happens()
            await office.until(hook, lambda log, count=count: sum(it.last is not None for it in log) > count)
        receiver.hangs.add("/calls")
        before = len(receiver.posts)
        receiver.most_busy = 0
        await office.happens(*(f"phone{n}" for n in range(10)))
        await receiver.have(before + 1)
        receiver.answer = reply(200)
        receiver.let_go()
        await office.until(hook, lambda log: sum(it.state is DeliveryState.DELIVERED for it in log) >= 10)
    assert receiver.posts[before:]


async def test_after_three_days_it_is_given_up_and_the_webhook_paused_and_people_told(
    office: Office, receiver: Receiver
) -> None:
    async with office.database.change("test") as unit:
        for name, role, where in (("anna", Role.ACCOUNT, office.account), ("bert", Role.ACCOUNT, RIVALS)):
            person = WebUserIn(email=f"{name}@example.org", name=name, role=role, account=where, language="nl")
            await web_users.create(unit, person)
    hook, _ = await office.hook()
    receiver.answer = reply(503)
    async with office.delivering():
        await office.happens("first")
        await office.tried(hook)
        office.clock.pass_time(days=3, seconds=-1)
        await office.happens("later")
        log = await office.until(hook, lambda log: [it.tries for it in log] == [1, 2] and log[1].next_try is not None)
        assert log[1].state is DeliveryState.WAITING
        assert await office.next_try_comes(hook) >= timedelta(seconds=2)
        log = await office.until(hook, lambda log: not any(it.state is DeliveryState.WAITING for it in log))
    assert [it.state for it in log] == [DeliveryState.HELD, DeliveryState.GIVEN_UP]
    now = await office.now_is(hook)
    assert (now.active, now.trouble) == (False, Trouble.FAILING)
    async with office.database.read() as unit:
        mails = (await outbox.list_all(unit, office.account)).notices
        entries = await audit.list_all(unit, office.account, object_type="webhook", limit=1)
    assert [(mail.recipient, mail.subject) for mail in mails] == [
        ("anna@example.org", f"Webhook {hook.name} staat stil")
    ]
    assert (entries[0].actor, entries[0].after) == ("webhooks", {"active": False, "trouble": "failing"})


async def test_what_happens_during_a_pause_is_held_and_sent_when_somebody_says_so(
    office: Office, receiver: Receiver
) -> None:
    hook, _ = await office.hook(active=False)
    began = office.clock.now()
    async with office.delivering():
        await office.happens("one", "two")
        assert [it.state for it in await office.log_of(hook)] == [DeliveryState.HELD] * 2
        async with office.database.change("test") as unit:
            with pytest.raises(Conflict, match="paused"):
                await webhooks_log.replay_failed(unit, office.account, hook.id, began)
        async with office.database.change("test") as unit:
            wanted = WebhookIn(**hook.model_dump(include=set(WebhookIn.model_fields)) | {"active": True})
            await webhooks.change(unit, office.account, hook.id, wanted)
        async with office.database.change("test") as unit:
            replayed = await webhooks_log.replay_failed(unit, office.account, hook.id, began)
        await office.until(hook, all_delivered)
    assert replayed.deliveries == 2
    assert sorted(it.event["data"]["channel"] for it in receiver.posts) == ["one", "two"]


async def test_one_can_be_sent_again_with_its_old_id(office: Office, receiver: Receiver) -> None:
    hook, _ = await office.hook()
    async with office.delivering():
        await office.happens()
        (delivery,) = await office.until(hook, all_delivered)
        async with office.database.change("test") as unit:
            await webhooks_log.replay(unit, office.account, hook.id, delivery.id)
        await office.tried(hook, 2)
    assert [it.headers["webhook-id"] for it in receiver.posts] == [delivery.event] * 2


async def test_a_server_that_is_gone_is_not_asked_again(office: Office, receiver: Receiver) -> None:
    hook, _ = await office.hook()
    receiver.answer = reply(410)
    async with office.delivering():
        await office.happens()
        await office.until(hook, lambda log: bool(log) and log[0].state is DeliveryState.HELD)
    now = await office.now_is(hook)
    assert (now.active, now.trouble) == (False, Trouble.GONE)
    assert len(receiver.posts) == 1


async def test_a_server_says_how_long_it_wants_to_be_left_alone(office: Office, receiver: Receiver) -> None:
    hook, _ = await office.hook()
    receiver.answer = reply(429, Retry_After="120")
    async with office.delivering():
        await office.happens()
        await office.tried(hook)
    assert await office.next_try_comes(hook) == timedelta(seconds=120)


async def test_a_test_event_is_tried_once_also_during_a_pause(office: Office, receiver: Receiver) -> None:
    hook, _ = await office.hook(active=False)
    receiver.answer = reply(500)
    async with office.delivering():
        async with office.database.change("anna") as unit:
            await webhooks.send_test(unit, office.account, hook.id)
        delivery = await office.tried(hook)
    assert (delivery.state, delivery.type) == (DeliveryState.GIVEN_UP, "webhook.test")
    assert receiver.posts[0].event["data"] == {"actor": "anna"}
    assert (await office.now_is(hook)).failing_since is None, "a trial says nothing about earnest"


async def test_what_was_taken_by_a_process_that_died_is_taken_again(office: Office, receiver: Receiver) -> None:
    hook, _ = await office.hook()
    await office.happens()
    now = office.clock.now()
    async with office.database.change("webhooks") as unit:
        (taken,) = await webhooks_taking.take(unit, {hook.id: 4}, now=now, until=now + timedelta(minutes=2))
    assert "whsec" not in repr(taken)
    async with office.database.change("webhooks") as unit:
        assert await webhooks_taking.take(unit, {hook.id: 4}, now=now, until=now) == []
    office.clock.pass_time(minutes=2)
    async with office.delivering():
        (delivery,) = await office.until(hook, all_delivered)
    assert delivery.tries == 2


async def test_what_arrives_while_we_are_told_to_stop_is_still_noted(office: Office, receiver: Receiver) -> None:
    hook, _ = await office.hook()
    receiver.hangs.add("/calls")
    async with office.delivering():
        await office.happens()
        await receiver.have(1)
        asyncio.get_running_loop().call_later(0.05, receiver.let_go)
    assert all_delivered(await office.log_of(hook))


async def test_a_webhook_that_is_deleted_meanwhile_spoils_nothing(office: Office, receiver: Receiver) -> None:
    gone, _ = await office.hook(receiver.url("/gone"))
    hook, _ = await office.hook()
    receiver.hangs.add("/gone")
    async with office.delivering():
        await office.happens()
        await receiver.have(1, "/gone")
        async with office.database.change("test") as unit:
            await webhooks.delete(unit, office.account, gone.id)
        receiver.let_go()
        await office.happens()
        await office.until(hook, lambda log: len(log) == 2 and all_delivered(log))


async def test_the_log_is_kept_for_thirty_days(office: Office) -> None:
    hook, _ = await office.hook(active=False)
    await office.happens()
    office.clock.pass_time(days=29)
    async with office.database.change("webhooks") as unit:
        await webhooks_taking.forget(unit, office.clock.now() - KEPT)
    assert len(await office.log_of(hook)) == 1
    office.clock.pass_time(days=2)
    async with office.database.change("webhooks") as unit:
        await webhooks_taking.forget(unit, office.clock.now() - KEPT)
    assert await office.log_of(hook) == []
