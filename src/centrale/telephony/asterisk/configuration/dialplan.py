"""The whole dialplan: a few lines that hand every call to our application, wait for it a little when it is away, and
say so when it stays away.

The application's name is `centrale`. Its arguments tell what the event of a new call does not:

- from a channel: `phone`, endpoint
- from a trunk:   `trunk`, endpoint, presentation (`allowed…`, `prohib…`), forwarding number, reason, URI of To

Values that come from outside keep only characters of telephone numbers and addresses, so that none of them can be
taken for another argument.
"""

from __future__ import annotations

from pathlib import Path

from centrale.telephony.switch import RETURN_SECONDS

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

_TRIES_PER_SECOND = 2

LAMPS = "lamps"
"""Where message-waiting lamps are lit: the only thing that a dialplan can do and ARI cannot. See `asterisk.lamps`."""

CAUSE_CONGESTION = 42
"""Q.850: switching equipment congestion. SIP 503, so that a provider or a PBX can try another way."""


def render_dialplan(apology: Path | None, extra: str = "") -> str:
    """`apology` is the prompt, without its file type, for calls that come while our process stays away."""
    return "\n".join([_entrance(PHONES, _FROM_PHONE), _entrance(TRUNKS, _FROM_TRUNK), _away(apology), _lamps(), extra])


def _entrance(context: str, arguments: str) -> str:
    lines = [f"[{context}]"]
    for pattern in _PATTERNS:
        lines += handed_over(pattern, f"{APPLICATION},{arguments}")
    return "\n".join(lines) + "\n"


def handed_over(pattern: str, application: str) -> list[str]:
    """The lines that hand calls to an application, with its arguments.

    A call that it does not take rings, and tries again; a call that it took and let go of is simply over.
    """
    return [
        f"exten => {pattern},1,Stasis({application})",
        ' same => n,GotoIf($["${STASISSTATUS}" != "FAILED"]?over)',
        " same => n,Set(TRIED=$[0${TRIED} + 1])",
        f" same => n,GotoIf($[${{TRIED}} > {RETURN_SECONDS * _TRIES_PER_SECOND}]?{AWAY},s,1)",
        " same => n,Ringing()",
        f" same => n,Wait({1 / _TRIES_PER_SECOND:g})",
        " same => n,Goto(1)",
        " same => n(over),Hangup()",
    ]


def _away(apology: Path | None) -> str:
    """Early media costs the caller nothing."""
    spoken = f" same => n,Progress()\n same => n,Playback({apology},noanswer)\n" if apology else ""
    return f"[{AWAY}]\nexten => s,1,NoOp()\n{spoken} same => n,Hangup({CAUSE_CONGESTION})\n"


def _lamps() -> str:
    """Lights the lamps of `LAMPS`: texts `mailbox@context,urgent,new,old`, with `&` between them."""
    return f"""\
[{LAMPS}]
exten => s,1,Set(LAMP=${{SHIFT(LAMPS,&)}})
 same => n,GotoIf($["${{LAMP}}" = ""]?over)
 same => n,MinivmMWI(${{LAMP}})
 same => n,Goto(1)
 same => n(over),Hangup()
"""
