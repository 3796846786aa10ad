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
