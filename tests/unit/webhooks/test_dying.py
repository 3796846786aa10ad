"""Between the commit and the delivery a process can die; what happened is told all the same (API-1)."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from receiver import Receiver
from standardwebhooks import Webhook
from webhook_office import KEY, Office

from centrale.accounts.webhooks_events import EventType
from centrale.accounts.webhooks_outbox import DeliveryState
from centrale.runtime.lifetime import ends_with_us

DYING = Path(__file__).with_name("dying.py")


async def test_what_was_committed_by_a_process_that_is_killed_arrives(office: Office, receiver: Receiver) -> None:
    hook, secret = await office.hook(events=[EventType.CONFIGURATION_CHANGED])
    url = str(office.database.engine.url)
    words = (sys.executable, str(DYING), url, KEY.decode())
    process = await asyncio.create_subprocess_exec(*words, preexec_fn=ends_with_us())
    assert await process.wait() == -9
    office.clock.pass_time(seconds=30)  # the other one lived by the machine's clock
    async with office.delivering():
        await office.until(hook, lambda log: len(log) == 2 and all(it.state is DeliveryState.DELIVERED for it in log))
    told = [Webhook(secret).verify(it.body, it.headers)["data"] for it in receiver.posts]
    assert {(it["object_type"], it["actor"]) for it in told} == {("webhook", "test"), ("extension", "who dies")}
