"""How a call ended up, in one sentence. Like a trace it is English when it is kept, and translated when it is read."""

from __future__ import annotations

from centrale.calls.record import CallRecord, Outcome


def conclusion(record: CallRecord) -> str:
    """For `centrale.wording.traces` to know, in a form of its own for each end."""
    match record.outcome:
        case Outcome.ANSWERED:
            assert record.answered is not None
            after = (record.answered - record.started).total_seconds()
            return f"Answered by {record.answered_by} after {after:.0f} s."
        case Outcome.PICKED_UP:
            return "Picked up: the caller took over a call that rang for others."
        case Outcome.SERVED:
            return "Served: the exchange did what was asked, and hung up."
        case Outcome.ABANDONED:
            return "Abandoned: the caller gave up before anyone answered."
        case Outcome.UNANSWERED:
            return f"Unanswered: {_cause(record.cause)}."
        case Outcome.REFUSED:
            return f"Refused: {_cause(record.cause)}."
        case _:
            return "Failed: this is a fault of the exchange; the trace says more."


def _cause(cause: object) -> str:
    return str(cause).replace("_", " ")
