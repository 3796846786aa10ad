"""Every contract test runs on both switches. One Asterisk serves all tests; each has its own connection and phones."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from centrale.runtime import Runtime
from centrale.settings import Settings
from centrale.telephony.asterisk.configuration import Places
from centrale.telephony.asterisk.process import running_asterisk
from centrale.voice.pcm import write_wav
from centrale.voice.tones import tone
from tests.contract.desk import Desk
from tests.contract.worlds import SimulatedSwitchWorld, SwitchWorld, asterisk_world, private_settings


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def asterisk(runtime: Runtime, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Settings]:
    settings = private_settings(tmp_path_factory.mktemp("contract"))
    write_wav(settings.home / "hello.wav", tone(440, seconds=1.0))
    write_wav(Places(settings.home.resolve()).music / "usual.wav", tone(350, seconds=2.0))
    async with running_asterisk(settings, runtime):
        yield settings


@pytest_asyncio.fixture(params=["simulated", pytest.param("asterisk", marks=pytest.mark.real)], loop_scope="session")
async def world(request: pytest.FixtureRequest, runtime: Runtime, asterisk: Settings) -> AsyncIterator[SwitchWorld]:
    if request.param == "simulated":
        yield SimulatedSwitchWorld()
        return
    async with asterisk_world(runtime, asterisk) as real:
        yield real


@pytest.fixture
def desk(world: SwitchWorld) -> Iterator[Desk]:
    desk = Desk(world.switch)
    yield desk
    assert desk.nothing_follows_gone(), desk.told


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All on one loop: the shared Asterisk is watched from it."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
