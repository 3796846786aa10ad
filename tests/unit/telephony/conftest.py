"""The switch on a model of Asterisk, connected."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from fake_ari import fake_ari
from model_asterisk import ModelAsterisk
from office import Office

from centrale.telephony.asterisk import client as client_module


@pytest.fixture
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "FIRST_RETRY_SECONDS", 0.001)
    monkeypatch.setattr(client_module, "LONGEST_RETRY_SECONDS", 0.01)


@pytest.fixture
async def office(quick_retries: None) -> AsyncIterator[Office]:
    async with fake_ari() as ari:
        office = Office(ModelAsterisk(ari))
        async with office.switch:
            async with asyncio.timeout(5):
                await office.switch.wait_up()
            yield office
