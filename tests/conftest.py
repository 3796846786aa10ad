"""What all tests share."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from centrale.runtime import Runtime, ensure_runtime
from centrale.settings import Settings


@pytest.fixture(scope="session")
def runtime() -> Runtime:
    """This machine's Asterisk with the test phones; fetched by `make test` beforehand, here if need be."""
    return ensure_runtime(Settings(), tools=True)


# The same examples each time: a landing must not depend on luck. HYPOTHESIS_PROFILE=searching looks for new ones.
settings.register_profile("steady", derandomize=True)
settings.register_profile("searching", derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
