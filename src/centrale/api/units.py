"""The transaction of a request, as dependencies: a change is begun before it is handled, and committed before it is
answered.

Dependencies are coroutines also where they wait for nothing: FastAPI runs plain functions in threads, which costs more
than all they do, and what they read belongs to the event loop.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Query, Request

from centrale.accounts.unit import Unit
from centrale.api.access import Asking, OwnAccount
from centrale.api.reading import Reading
from centrale.api.services import ApiServices


async def _services(request: Request) -> ApiServices:
    services = request.app.state.services
    assert isinstance(services, ApiServices)
    return services


Services = Annotated[ApiServices, Depends(_services)]


async def read(request: Request) -> Unit:
    """The view of the database that the whole request has."""
    reading = request.state.reading
    assert isinstance(reading, Reading)
    return await reading.unit()


async def _change(services: Services, principal: Asking, request: Request) -> AsyncIterator[Unit]:
    async with services.database.change(principal.actor) as unit:
        request.state.unit = unit  # for `once`, which keeps the answer in it
        yield unit


async def _account_change(
    services: Services,
    principal: Asking,
    account: OwnAccount,
    request: Request,
    despite_expectations: Annotated[
        bool, Query(title="Also when saved expectations break", description="The audit then tells which ones (NP-10).")
    ] = False,
) -> AsyncIterator[Unit]:
    async with services.database.change(principal.actor, despite_expectations=despite_expectations) as unit:
        # Locked first: what an If-Match was compared with still stands when the change is made.
        await unit.lock(account)
        request.state.unit = unit
        yield unit


Read = Annotated[Unit, Depends(read)]
# `scope="function"` ends the transaction before the response is sent: who reads "201 Created" can call right away.
Change = Annotated[Unit, Depends(_change, scope="function")]
AccountChange = Annotated[Unit, Depends(_account_change, scope="function")]
