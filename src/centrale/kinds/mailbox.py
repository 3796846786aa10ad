"""Mailbox: callers leave a message, whoever knows number and PIN listens to it (VM-1, VM-2)."""

from __future__ import annotations

from pydantic import Field

from centrale.calls import Call, Next
from centrale.kinds.kind import Kind, UserRef
from centrale.kinds.voicemail import Voicemail, take_message
from centrale.routing.snapshot import Extension
from centrale.wording import Wording


class Mailbox(Voicemail):
    """A box that several people may listen to. The PIN is kept apart, hashed."""

    linked_user: UserRef | None = Field(
        default=None, title="Linked user", description="Reaches this mailbox at 920 without giving its number."
    )


async def answer(mailbox: Mailbox, extension: Extension, call: Call) -> Next:
    """Take a message."""
    return await take_message(call, extension, mailbox)


def summary(mailbox: Mailbox, words: Wording) -> str:
    if mailbox.mail is None:
        return words("takes a message of at most {seconds} s", seconds=mailbox.longest)
    return words(
        "takes a message of at most {seconds} s, mailed to {address}",
        seconds=mailbox.longest,
        address=mailbox.mail.address,
    )


KIND = Kind(
    name="mailbox", title={"en": "Mailbox", "nl": "Voicemailextensie"}, settings=Mailbox, answer=answer, summary=summary
)
"""Messages are listened to by `services.voicemail`."""
