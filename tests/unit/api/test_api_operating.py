"""Health and figures, for those who operate the exchange (OPS-1)."""

from __future__ import annotations

from api_world import ApiWorld


async def test_an_exchange_that_can_make_calls_is_healthy_and_says_so_to_everybody(world: ApiWorld) -> None:
    stranger = await world.client()

    answer = await stranger.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"healthy": True, "problems": []})


async def test_one_that_cannot_says_why(world: ApiWorld) -> None:
    world.ills.append("Asterisk does not run; it is started again in 3 seconds.")

    answer = await (await world.client()).get("/healthz")

    assert answer.status_code == 503
    assert answer.json() == {"healthy": False, "problems": ["Asterisk does not run; it is started again in 3 seconds."]}
