"""What the called side is shown, as the channel variables that make chan_pjsip write it into the INVITE."""

from __future__ import annotations

from centrale.telephony.switch import Presentation

_REASONS = {"unconditional": "cfu", "user-busy": "cfb", "no-answer": "cfnr"}
"""Why a call was diverted: in the words of RFC 5806, and in Asterisk's."""


def variables_of(presentation: Presentation, *, to_trunk: bool) -> dict[str, str]:
    """Variables for `channels/create`. The connected line of an outgoing channel is its From and P-Asserted-Identity.

    A withheld number: anonymous From, `Privacy: id`, and still P-Asserted-Identity for a trunk (RFC 3323, RFC 3325).
    """
    variables = _connected_line(presentation)
    if presentation.diverted_from and to_trunk:
        variables["REDIRECTING(from-num,i)"] = _plain(presentation.diverted_from)
        variables["REDIRECTING(reason,i)"] = _REASONS.get(presentation.diverted_because, "unknown")
        variables["REDIRECTING(count,i)"] = "1"  # without a count, res_pjsip_diversion writes no header
    if presentation.ring_tone:
        variables["PJSIP_HEADER(add,Alert-Info)"] = f"<http://127.0.0.1>;info={_plain(presentation.ring_tone)}"
    return variables


def connected_line(presentation: Presentation) -> dict[str, str]:
    """Variables for a channel that has been answered, in the order in which to set them: the last one sends an UPDATE
    with P-Asserted-Identity, or a re-INVITE to a phone that knows no UPDATE."""
    variables = _connected_line(presentation)
    number = variables.pop("CONNECTEDLINE(num,i)")
    return variables | {"CONNECTEDLINE(num)": number}


def _connected_line(presentation: Presentation) -> dict[str, str]:
    """With `i`, nothing is sent yet."""
    return {
        "CONNECTEDLINE(num,i)": _plain(presentation.number) or "anonymous",
        "CONNECTEDLINE(name,i)": _plain(presentation.name),
        "CONNECTEDLINE(pres,i)": "prohib_passed_screen" if presentation.withheld else "allowed_passed_screen",
    }


def _plain(text: str) -> str:
    """A value goes into a header: no line ends or quotes. It is data to ARI, so nothing in it is expanded."""
    return "".join(letter for letter in text if letter.isprintable() and letter not in '"<>\\')
