"""Properties are judged by their truth, never by the speed of the machine that runs them."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")
