"""Asking for the number of a queue (SYS-4, SYS-5)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from centrale.calls import Call
from centrale.routing.snapshot import ExtensionNumber
from centrale.services.asking import until_right
from centrale.voice.prompts import Prompt


async def ask_queue(call: Call, right: Callable[[str], Awaitable[Prompt | None]]) -> ExtensionNumber:
    """The queue whose number was entered and with which `right` found nothing wrong.

    Raises:
        Goodbye: three times nothing or something wrong.
    """
    return ExtensionNumber(await until_right(call, Prompt.ASK_QUEUE, right, max_digits=call.account.extension_length))


def name_of(call: Call, queue: ExtensionNumber) -> str:
    """As people know it; its number when it was deleted in this very moment."""
    extension = call.account.extensions.get(queue)
    return queue if extension is None else extension.name
