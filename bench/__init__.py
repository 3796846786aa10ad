"""Measurements of the exchange, beside plain Asterisk in the same run: `make bench` (docs/guides/measuring.md)."""
