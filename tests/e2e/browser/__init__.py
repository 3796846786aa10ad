"""The portal in a real Chromium, on a real exchange (issue 5)."""
