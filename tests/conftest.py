"""What all tests share."""

from __future__ import annotations

import pytest

from centrale.settings import Settings
from centrale.telephony.asterisk.runtime import Runtime, ensure_runtime


@pytest.fixture(scope="session")
def runtime() -> Runtime:
    """This machine's Asterisk with the test phones; fetched by `make test` beforehand, here if need be."""
    return ensure_runtime(Settings(), tools=True)
