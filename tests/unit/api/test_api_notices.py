"""The outbox over HTTP (VM-3)."""

from __future__ import annotations

from typing import Any

from api_world import ApiWorld

from centrale.accounts import notices
from centrale.accounts.notices import Way
from centrale.routing.snapshot import AccountId


async def put(world: ApiWorld, account: int, to: str = "anna@example.org", way: Way = Way.MAIL) -> None:
    async with world.database.change("caller") as unit:
        notices.add(
            unit, AccountId(account), way=way, recipient=to, subject="x", body="secret words", now=world.clock.now()
        )


async def listed(world: ApiWorld, account: int, **chosen: str) -> list[dict[str, Any]]:
    answer = await world.platform.get(f"/api/v1/accounts/{account}/notices", params=chosen)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def test_the_outbox_shows_what_waits_and_why_without_what_it_says(world: ApiWorld) -> None:
    account = await world.company()
    await put(world, account)
    (notice,) = await listed(world, account)
    assert (notice["recipient"], notice["state"]) == ("anna@example.org", "waiting")
    assert notice["problem"] == "No mail server is set."
    assert "secret words" not in str(notice)
    one = await world.platform.get(f"/api/v1/accounts/{account}/notices/{notice['id']}")
    assert one.json() == notice


async def test_it_is_listed_by_state_and_way_and_page(world: ApiWorld) -> None:
    account = await world.company()
    for n in range(3):
        await put(world, account, f"user{n}@example.org")
        world.clock.pass_time(seconds=1)
    await put(world, account, "+31612345678", Way.SMS)
    assert [notice["recipient"] for notice in await listed(world, account, way="sms")] == ["+31612345678"]
    assert await listed(world, account, state="sent") == []
    first = (await world.platform.get(f"/api/v1/accounts/{account}/notices?limit=3")).json()
    rest = await listed(world, account, limit="3", after=first["next"])
    assert [notice["recipient"] for notice in rest] == ["user0@example.org"]
    made_up = await world.platform.get(f"/api/v1/accounts/{account}/notices", params={"after": "bm9uc2Vuc2U"})
    assert made_up.status_code == 422


async def test_one_is_cancelled_and_tried_again(world: ApiWorld) -> None:
    account = await world.company()
    await put(world, account)
    (notice,) = await listed(world, account)
    address = f"/api/v1/accounts/{account}/notices/{notice['id']}"
    cancelled = await world.platform.post(f"{address}/cancel")
    assert (cancelled.status_code, cancelled.json()["state"], cancelled.json()["next_try"]) == (200, "cancelled", None)
    world.clock.pass_time(hours=1)
    again = await world.platform.post(f"{address}/retry")
    assert (again.status_code, again.json()["state"]) == (202, "waiting")
    assert again.json()["next_try"] == world.clock.now().isoformat().replace("+00:00", "Z")
    changes = (await world.platform.get(f"/api/v1/accounts/{account}/audit?object_type=notice")).json()["items"]
    assert [change["after"]["state"] for change in changes] == ["waiting", "cancelled"]


async def test_what_was_sent_is_neither_cancelled_nor_sent_again(world: ApiWorld) -> None:
    account = await world.company()
    await put(world, account)
    (notice,) = await listed(world, account)
    async with world.database.change("notices") as unit:
        await notices.note_sent(unit, notice["id"], world.clock.now())
    for act in ("cancel", "retry"):
        answer = await world.platform.post(f"/api/v1/accounts/{account}/notices/{notice['id']}/{act}")
        assert answer.status_code == 409
