"""A machine whose package tools we made, and the cache that is filled from it."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_machine import machine

__all__ = ["cache", "machine"]


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"
