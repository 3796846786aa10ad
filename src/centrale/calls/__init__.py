"""What kinds, services and features are written in: a call, its legs and its verbs (design §4)."""

from centrale.calls.call import Call
from centrale.calls.next import Done, GoTo, Next
from centrale.calls.reach import Unreachable, phones_of, reachable
from centrale.calls.ring import AnsweredBy, Attempt, NobodyAnswered

__all__ = [
    "AnsweredBy",
    "Attempt",
    "Call",
    "Done",
    "GoTo",
    "Next",
    "NobodyAnswered",
    "Unreachable",
    "phones_of",
    "reachable",
]
