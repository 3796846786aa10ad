"""Members of queues, as an administrator sees them and logs them on and off (QUE-14..16)."""

from __future__ import annotations

from typing import Any

from api_world import ApiWorld


async def test_an_administrator_logs_members_on_and_off(world: ApiWorld) -> None:
    account = await world.company("7070", "Acme")
    base = f"/api/v1/accounts/{account}"
    settings = {"members": [{"agent": "201", "wrap_up": 5}], "access": "closed"}
    made = {"number": "300", "kind": "queue", "name": "Support", "settings": settings}
    assert (await world.platform.post(f"{base}/extensions", json=made)).status_code == 201
    members = f"{base}/queues/300/members"

    async def seen() -> list[dict[str, Any]]:
        return [
            {name: item[name] for name in ("rank", "agent", "active", "chosen")}
            for item in (await world.platform.get(members)).json()["items"]
        ]

    anna = {"rank": 1, "agent": "201", "active": True, "chosen": True}
    assert await seen() == [anna]
    assert (await world.platform.delete(f"{members}/201")).status_code == 204
    assert (await world.platform.delete(f"{members}/201")).status_code == 204
    assert await seen() == [anna | {"active": False}]
    assert (await world.platform.put(f"{members}/201")).json()["since"] is not None
    assert await seen() == [anna]

    refused = await world.platform.put(f"{members}/202")
    assert (refused.status_code, "closed" in refused.text) == (409, True)
    assert (await world.platform.put(f"{members}/300")).status_code == 404
    assert (await world.platform.put(f"{base}/queues/201/members/201")).status_code == 404

    await world.platform.patch(f"{base}/extensions/300", json={"settings": {"access": "open"}})
    assert (await world.platform.put(f"{members}/202")).json()["chosen"] is False
    assert await seen() == [anna, {"rank": 2, "agent": "202", "active": True, "chosen": False}]


async def test_a_supervisor_sees_who_waits_who_works_and_why(world: ApiWorld) -> None:
    account = await world.company("7070", "Acme")
    base = f"/api/v1/accounts/{account}"
    agents = {"members": [{"agent": "202"}], "wrap_up": 60, "strategy": "linear"}
    made = {"number": "300", "kind": "queue", "name": "Support", "settings": agents}
    assert (await world.platform.post(f"{base}/extensions", json=made)).status_code == 201
    anna, ben = [await world.phone(channel) for channel in world.channels(account)[:2]]

    async def now() -> dict[str, Any]:
        return dict((await world.platform.get(f"{base}/queues/300/now")).json())

    before = await now()
    assert (before["waiting"], before["expected_wait"]) == ([], 120)
    assert before["next"]["facts"]["candidates"] == ["202 (rank 1)"]

    call = await anna.dials("300")
    at_ben = await ben.rings()
    (waiting,) = (await now())["waiting"]
    assert (waiting["position"], waiting["ringing"]) == (1, ["202"])
    await at_ben.answer()
    await call.hears_tone(ben.tone)
    (agent,) = (await now())["agents"]
    assert (agent["state"], agent["answered"]) == ("talking", 1)
    await call.hang_up()
    await world.exchange.idle()
    assert (await now())["agents"][0]["state"] == "wrap_up"
    assert (await world.platform.delete(f"{base}/queues/300/members/202/wrap-up")).status_code == 204
    assert (await now())["agents"][0]["state"] == "free"

    told = (await world.platform.get(f"{base}/queues/300/members/202/history")).json()
    assert [step["outcome"].split(" ")[0] for step in told] == ["logged", "offered", "connected", "talk"]
    told = (await world.platform.get(f"{base}/queues/300/callers/{waiting['call']}/history")).json()
    assert told[-1]["outcome"] == "connected with 202"
    assert (await world.platform.get(f"{base}/queues/201/now")).status_code == 404
