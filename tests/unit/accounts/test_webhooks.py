"""The outbox of webhooks and answers that are kept, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from centrale.accounts import accounts, idempotency, webhooks, webhooks_log, webhooks_outbox, webhooks_taking
from centrale.accounts.database import Database
from centrale.accounts.errors import Conflict, NotFound
from centrale.accounts.idempotency import Asked, Kept, OtherRequest
from centrale.accounts.webhooks import AT_MOST, WebhookIn
from centrale.accounts.webhooks_events import ChannelData, Event, EventType
from centrale.accounts.webhooks_outbox import DeliveryState
from centrale.accounts.webhooks_taking import Failure, Result
from centrale.routing.snapshot import AccountId

from .conftest import SetClock

TYPE = EventType.CHANNEL_REGISTERED
CRM = WebhookIn(name="CRM", url="https://crm.example.org/", events=frozenset({TYPE}))


def registered(account: AccountId, clock: SetClock, key: str) -> Event:
    return Event(account, TYPE, clock.now(), lambda: ChannelData(channel=key), key)


async def test_what_is_told_twice_is_stored_once(database: Database, acme: AccountId, clock: SetClock) -> None:
    async with database.change("test") as unit:
        hook, _ = await webhooks.create(unit, acme, CRM)
    for keys in (["a"], ["a", "b"], ["b"]):
        async with database.connection() as connection:
            events = [registered(acme, clock, key) for key in keys]
            await webhooks_outbox.tell(connection, events, clock.now())
    async with database.read() as unit:
        log = await webhooks_log.list_all(unit, acme, hook.id)
        found = [await webhooks_log.get(unit, acme, hook.id, it.id) for it in log]
    assert [it.body["data"]["channel"] for it in found] == ["b", "a"]


async def test_a_delivery_from_taking_to_the_log(database: Database, acme: AccountId, clock: SetClock) -> None:
    async with database.change("test") as unit:
        hook, secret = await webhooks.create(unit, acme, CRM)
        unit.events.append(registered(acme, clock, "a"))
    assert unit.deliveries_due
    now, later = clock.now(), clock.now() + timedelta(minutes=2)
    async with database.read() as unit:
        assert [it.webhook for it in await webhooks_taking.due(unit, now)] == [hook.id]
        assert await webhooks_taking.next_due(unit) == now
    async with database.change("webhooks") as unit:
        (taken,) = await webhooks_taking.take(unit, {hook.id: 4}, now=now, until=later)
    assert (taken.keys, taken.number) == ((secret,), 1)
    async with database.read() as unit:
        assert await webhooks_taking.due(unit, now) == []
    again = now + timedelta(seconds=5)
    async with database.change("webhooks") as unit:
        await webhooks_taking.settle(unit, [Result(taken, now, 3, 500, "sorry", Failure.STATUS, again)])
    async with database.read() as unit:
        (delivery,) = await webhooks_log.list_all(unit, acme, hook.id, state=DeliveryState.WAITING)
        assert (delivery.next_try, delivery.last and delivery.last.problem) == (again, Failure.STATUS)
        assert (await webhooks.get(unit, acme, hook.id)).failing_since == now
    clock.moment = again
    async with database.change("webhooks") as unit:
        (taken,) = await webhooks_taking.take(unit, {hook.id: 4}, now=again, until=again + timedelta(minutes=2))
        await webhooks_taking.settle(unit, [Result(taken, again, 3, 200, "", None, None)])
    async with database.read() as unit:
        (delivery,) = await webhooks_log.list_all(unit, acme, hook.id, state=DeliveryState.DELIVERED)
        assert (delivery.tries, (await webhooks.get(unit, acme, hook.id)).failing_since) == (2, None)
    async with database.change("webhooks") as unit:
        await webhooks_taking.forget(unit, again + timedelta(days=1))
        assert await webhooks_log.list_all(unit, acme, hook.id) == []


async def test_webhooks_go_with_their_account(database: Database, acme: AccountId, clock: SetClock) -> None:
    async with database.change("test") as unit:
        hook, _ = await webhooks.create(unit, acme, CRM)
        unit.events.append(registered(acme, clock, "a"))
    async with database.change("test") as unit:
        await accounts.delete(unit, acme)
    async with database.read() as unit:
        with pytest.raises(NotFound):
            await webhooks.get(unit, acme, hook.id)
        assert await webhooks_taking.next_due(unit) is None


async def test_there_is_an_end_to_how_many(database: Database, acme: AccountId) -> None:
    async with database.change("test") as unit:
        for number in range(AT_MOST):
            await webhooks.create(unit, acme, CRM.model_copy(update={"name": f"hook {number}"}))
        with pytest.raises(Conflict, match="at most"):
            await webhooks.create(unit, acme, CRM)


async def test_an_answer_is_kept_once_and_for_a_day(database: Database, clock: SetClock) -> None:
    asked, answer = Asked("token 1", "k", "digest"), Kept(201, (("location", "/x"),), b'{"password": "geheim"}')
    async with database.change("test") as unit:
        await idempotency.keep(unit, asked, answer)
    async with database.read() as unit:
        assert await idempotency.find(unit, asked) == answer
        assert await idempotency.find(unit, Asked("token 2", "k", "digest")) is None
        with pytest.raises(OtherRequest):
            await idempotency.find(unit, Asked("token 1", "k", "another"))

    async def once_more() -> None:
        async with database.change("test") as unit:
            await idempotency.keep(unit, asked, answer)

    with pytest.raises(Conflict):
        await once_more()
    clock.pass_time(hours=24)
    async with database.read() as unit:
        assert await idempotency.find(unit, asked) is None
    await once_more()
