"""What kinds, services and features are written in: a call, its legs and its verbs (design §4)."""

from centrale.calls.call import Call
from centrale.calls.next import Done, GoTo, Next

__all__ = ["Call", "Done", "GoTo", "Next"]
