"""Phones and the smallest exchange to try them on."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from tiny_exchange import PASSWORD, TinyExchange

from centrale.phones.baresip import BaresipPhone
from centrale.phones.baresip_config import BaresipAccount
from centrale.settings import Settings
from centrale.telephony.asterisk.runtime import Runtime, Tree, ensure_runtime
from centrale.telephony.asterisk.runtime.apt import machine_architecture

TONES = {"anna": 700, "ben": 1000, "carl": 1300}

SwitchOn = Callable[..., Awaitable[BaresipPhone]]


@pytest.fixture(scope="session")
def runtime() -> Runtime:
    """What CENTRALE_TEST_RUNTIME names (a folder with Asterisk and the test tools), else this machine's runtime."""
    if folder := os.environ.get("CENTRALE_TEST_RUNTIME"):
        tree = Tree.of(Path(folder), machine_architecture())
        asterisk = tree.program("asterisk")
        assert asterisk is not None
        modules = tree.libraries / "asterisk" / "modules"
        return Runtime("22", asterisk, modules, tree.root / "usr/share/asterisk", tree, tree)
    return ensure_runtime(Settings(), tools=True)


@pytest.fixture
async def exchange(runtime: Runtime, tmp_path: Path) -> AsyncIterator[TinyExchange]:
    async with TinyExchange(runtime, tmp_path) as exchange:
        yield exchange


@pytest.fixture
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
