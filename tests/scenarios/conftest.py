"""Every scenario runs in virtual time: an hour of ringing takes no time, and instants are exact."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from centrale.telephony.simulated import SimulatedPhone
from centrale.telephony.simulated.virtual_time import VirtualTimeLoop
from tests.scenarios.world import Company, World


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"virtual": VirtualTimeLoop}


@pytest.fixture
async def world() -> World:
    return World()


@pytest.fixture
async def acme(world: World) -> Company:
    return world.company()


@pytest.fixture
async def anna(acme: Company) -> SimulatedPhone:
    acme.user("201", "Anna Jansen")
    return await acme.phone("anna", logged_on="201")


@pytest.fixture
async def ben(acme: Company) -> SimulatedPhone:
    acme.user("202", "Ben Bakker")
    return await acme.phone("ben", logged_on="202")
