"""Phones and the smallest exchange to try them on. One Asterisk serves all tests here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio

from centrale.phones.baresip import BaresipPhone
from centrale.phones.baresip_config import BaresipAccount
from centrale.runtime import Runtime
from tests.e2e.phones.tiny_exchange import PASSWORD, TinyExchange

TONES = {"anna": 700, "ben": 1000, "carl": 1300}

SwitchOn = Callable[..., Awaitable[BaresipPhone]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def exchange(runtime: Runtime, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TinyExchange]:
    async with TinyExchange(runtime, tmp_path_factory.mktemp("tiny")) as exchange:
        yield exchange


@pytest_asyncio.fixture(loop_scope="session")
async def switch_on(runtime: Runtime, exchange: TinyExchange) -> AsyncIterator[SwitchOn]:
    """Switch phones on by the name of their user, registered unless told otherwise."""
    async with AsyncExitStack() as phones:

        async def switch_on(
            name: str, *, registered: bool = True, password: str = PASSWORD, **how: object
        ) -> BaresipPhone:
            account = BaresipAccount(name, password, port=exchange.port, **how)  # type: ignore[arg-type]
            phone = await phones.enter_async_context(BaresipPhone(runtime, name, account, tone=TONES[name]))
            if registered:
                await phone.register()
            return phone

        yield switch_on


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All on one loop: the shared Asterisk is watched from it."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
