"""A call (being written)."""

class Call:
    """One caller's call."""
