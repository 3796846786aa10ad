"""SIP status codes and our causes, both ways (RFC 3261 §21; Q.850 mapping after RFC 3398)."""

from __future__ import annotations

from types import MappingProxyType

from centrale.telephony.switch import Cause

_CAUSE_OF_CODE = MappingProxyType(
    {
        401: Cause.FAILURE,
        403: Cause.NOT_ALLOWED,
        404: Cause.UNKNOWN_NUMBER,
        407: Cause.FAILURE,
        408: Cause.UNREACHABLE,
        410: Cause.UNKNOWN_NUMBER,
        415: Cause.INCOMPATIBLE,
        480: Cause.UNREACHABLE,
        484: Cause.UNKNOWN_NUMBER,
        486: Cause.BUSY,
        488: Cause.INCOMPATIBLE,
        600: Cause.BUSY,
        603: Cause.DECLINED,
        604: Cause.UNKNOWN_NUMBER,
        606: Cause.INCOMPATIBLE,
    }
)

CODE_OF_CAUSE = MappingProxyType(
    {
        Cause.NORMAL: 487,
        Cause.BUSY: 486,
        Cause.NO_ANSWER: 480,
        Cause.DECLINED: 486,
        Cause.UNREACHABLE: 480,
        Cause.UNKNOWN_NUMBER: 404,
        Cause.NOT_ALLOWED: 403,
        Cause.CONGESTION: 503,
        Cause.INCOMPATIBLE: 488,
        Cause.ANSWERED_ELSEWHERE: 487,
        Cause.FAILURE: 500,
    }
)
"""The status with which a call that was never answered is refused."""


def cause_of_code(code: int) -> Cause:
    """What a refusal with SIP status `code` means. Any other 5xx: the way is congested; the next trunk is tried."""
    known = _CAUSE_OF_CODE.get(code)
    if known is not None:
        return known
    return Cause.CONGESTION if 500 <= code <= 599 else Cause.FAILURE
