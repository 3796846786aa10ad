"""Which of the account's telephone numbers a caller may show (ACC-6, CID-3)."""

from __future__ import annotations

from centrale.routing.snapshot import E164, AccountSnapshot, Extension, NumberUse


def why_not_shown(account: AccountSnapshot, number: E164, user: Extension | None) -> str | None:
    """Why `user` of `account` may not present `number` as own, in words; None when that is allowed."""
    own = account.numbers.get(number)
    if own is None:
        return f"{number} is not a number of this account"
    if not own.active:
        return f"{number} is not active"
    if own.use is NumberUse.PERSONAL and (user is None or own.user != user.number):
        return f"{number} is the personal number of someone else"
    return None
