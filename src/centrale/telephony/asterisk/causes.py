"""Our causes and Asterisk's: Q.850 numbers, and the SIP status behind them (asterisk/causes.h, chan_pjsip)."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from centrale.telephony.sip_codes import cause_of_code
from centrale.telephony.switch import Cause, Gone

REASON_CODE = MappingProxyType(
    {
        Cause.NORMAL: 16,
        Cause.BUSY: 17,
        Cause.NO_ANSWER: 19,
        Cause.DECLINED: 17,
        Cause.UNREACHABLE: 20,
        Cause.UNKNOWN_NUMBER: 1,
        Cause.NOT_ALLOWED: 21,
        Cause.CONGESTION: 34,
        Cause.INCOMPATIBLE: 58,
        Cause.ANSWERED_ELSEWHERE: 26,
        Cause.FAILURE: 38,
    }
)
"""What we hang up with. chan_pjsip turns these into 486, 480, 404, 403, 503, 488 and 500 (`hangup_cause2sip`;
none gives 603, so a caller whose call is declined gets *busy*); 26 adds `Reason: SIP;cause=200` to a CANCEL."""

_CAUSE_OF_Q850 = MappingProxyType(
    {
        1: Cause.UNKNOWN_NUMBER,
        3: Cause.UNKNOWN_NUMBER,
        16: Cause.NORMAL,
        17: Cause.BUSY,
        18: Cause.UNREACHABLE,
        19: Cause.NO_ANSWER,
        20: Cause.UNREACHABLE,
        21: Cause.DECLINED,
        22: Cause.UNKNOWN_NUMBER,
        26: Cause.ANSWERED_ELSEWHERE,
        27: Cause.CONGESTION,
        28: Cause.UNKNOWN_NUMBER,
        34: Cause.CONGESTION,
        42: Cause.CONGESTION,
        58: Cause.INCOMPATIBLE,
        88: Cause.INCOMPATIBLE,
        127: Cause.NORMAL,
    }
)


_CAUSE_OF_FLAG = MappingProxyType(
    {
        1: Cause.UNREACHABLE,  # AST_SOFTHANGUP_DEV: nothing was heard of it for `rtp_timeout`
        32: Cause.NORMAL,  # AST_SOFTHANGUP_EXPLICIT: hung up by command
    }
)


def gone_of(event: dict[str, Any]) -> Gone:
    """How a leg ended, from a ChannelHangupRequest or ChannelDestroyed. A SIP refusal says more than its Q.850.

    A "soft" request is Asterisk's own wish; its cause is then not Q.850 but a flag (asterisk/channel.h).
    """
    if event.get("soft"):
        return Gone(_CAUSE_OF_FLAG.get(int(event.get("cause") or 0), Cause.FAILURE))
    code = int(event.get("tech_cause") or 0)
    if 400 <= code <= 699 and code != 487:
        return Gone(cause_of_code(code), code)
    cause = _CAUSE_OF_Q850.get(int(event.get("cause") or 16), Cause.FAILURE)
    return Gone(cause, code or None)
