"""Centrale: a hosted business telephone exchange."""

__version__ = "0.1.0"
