"""The whole dialplan: a few lines that hand every call to our application, and say so when nobody is there.

The application's name is `centrale`. Its arguments tell what the event of a new call does not:

- from a channel: `phone`, endpoint
- from a trunk:   `trunk`, endpoint, presentation (`allowed…`, `prohib…`), forwarding number, reason, URI of To

Values that come from outside keep only characters of telephone numbers and addresses, so that none of them can be
taken for another argument.
"""

from __future__ import annotations

from pathlib import Path

APPLICATION = "centrale"
PHONES = "phones"
TRUNKS = "trunks"
AWAY = "away"
"""Where calls are while nobody is there to take them: Asterisk alone says sorry and ends them."""

# A number, or a name of two letters and more: the single letters (h, i, t, …) mean something to Asterisk itself.
_PATTERNS = ("_[0-9*#+]!", "_[a-zA-Z].", "s")

_FROM_PHONE = "phone,${CHANNEL(endpoint)}"
_FROM_TRUNK = (
    "trunk,${CHANNEL(endpoint)},${CALLERID(num-pres)},${FILTER(0-9+,${REDIRECTING(from-num)})},"
    "${REDIRECTING(reason)},${FILTER(0-9a-zA-Z+_.*#@:,${CHANNEL(pjsip,local_uri)})}"
)

CAUSE_CONGESTION = 42
"""Q.850: switching equipment congestion. SIP 503, so that a provider or a PBX can try another way."""


def render_dialplan(apology: Path | None, extra: str = "") -> str:
    """`apology` is the prompt, without its file type, for calls that come while our process is away."""
    return "\n".join([_entrance(PHONES, _FROM_PHONE), _entrance(TRUNKS, _FROM_TRUNK), _away(apology), extra])


def _entrance(context: str, arguments: str) -> str:
    lines = [f"[{context}]"]
    for pattern in _PATTERNS:
        lines.append(f"exten => {pattern},1,Stasis({APPLICATION},{arguments})")
        lines.append(f" same => n,Goto({AWAY},s,1)")
    return "\n".join(lines) + "\n"


def _away(apology: Path | None) -> str:
    """Early media costs the caller nothing. A call that our application let go of is simply over."""
    spoken = f" same => n,Progress()\n same => n,Playback({apology},noanswer)\n" if apology else ""
    return (
        f"[{AWAY}]\n"
        'exten => s,1,GotoIf($["${STASISSTATUS}" != "FAILED"]?over)\n'
        f"{spoken}"
        f" same => n,Hangup({CAUSE_CONGESTION})\n"
        " same => n(over),Hangup()\n"
    )
