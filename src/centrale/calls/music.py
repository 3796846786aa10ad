"""The names of playlists of music on hold, as the switch knows them (MOH-1, QUE-12).

`operation.music` writes them. A playlist that is not there, because nobody gave it any piece, is no error: the usual
music is heard instead.
"""

from __future__ import annotations

from centrale.routing.snapshot import AccountId, ExtensionNumber


def music_of(account: AccountId, queue: ExtensionNumber | None = None) -> str:
    """The account's playlist; with `queue` that queue's own, which is the account's if it has none of its own."""
    return f"account-{account}" if queue is None else f"queue-{account}-{queue}"
