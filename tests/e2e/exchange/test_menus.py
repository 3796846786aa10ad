"""Menus and what else asks for keys, on real phones: the keys travel in all three ways (IVR-1, CHN-1)."""

from __future__ import annotations

import pytest

from centrale.phones.keys import Keys
from tests.e2e.exchange.office import Office


@pytest.mark.parametrize("channel", ["rfc4733", "info", "inband"])
@pytest.mark.parametrize("keys", Keys)
async def test_a_key_is_heard(office: Office, keys: Keys, channel: str) -> None:
    await office.user("201", "Jansen")
    await office.user("202", "Bakker")
    await office.extension("menu", "700", "Reception", question={"text": "One or two?"}, max_digits=3, options=[{"digits": "5", "destination": "201"}, {"digits": "159", "destination": "202"}])
    bakker = await office.wire_phone("202")
    await office.user("203", "De Vries")
    phone = await office.wire_phone("203", keys=keys, dtmf=channel)
    call = await phone.dials("700")
    await call.answered()
    await call.press("159")
    await bakker.rings(timeout=8)
    await call.hang_up()
