"""One whole exchange serves most stories, each as a customer of its own; what kills things starts its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from centrale.runtime import Runtime
from tests.e2e.exchange.office import Office
from tests.e2e.exchange.running import RunningExchange

OpenOffice = Callable[..., Awaitable[Office]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def exchange(runtime: Runtime, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningExchange]:
    """`runtime`: so that it is fetched before, not within the time that a start may take."""
    async with RunningExchange(tmp_path_factory.mktemp("exchange")) as running:
        yield running


@asynccontextmanager
async def customers_of(exchange: RunningExchange, runtime: Runtime) -> AsyncIterator[OpenOffice]:
    """Makes customers of this exchange; at the end their phones go off."""
    async with AsyncExitStack() as offices:

        async def open_office(*, facilities: tuple[str, ...] = ()) -> Office:
            office = Office(exchange, runtime)
            offices.push_async_callback(office.close)
            await office.open(facilities=facilities)
            return office

        yield open_office


@pytest_asyncio.fixture(loop_scope="session")
async def open_office(exchange: RunningExchange, runtime: Runtime) -> AsyncIterator[OpenOffice]:
    """Make customers of the shared exchange."""
    async with customers_of(exchange, runtime) as open_office:
        yield open_office


@pytest_asyncio.fixture(loop_scope="session")
async def office(open_office: OpenOffice) -> Office:
    """A customer with a main number, and nothing else yet."""
    return await open_office()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All on one loop: the shared exchange is watched from it."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            item.add_marker(pytest.mark.real)
