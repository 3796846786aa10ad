"""920 and 1233: listening to messages by phone (SYS-13, SYS-16, VM-5, VM-6).

A *box* is a mailbox, or a user with the personal voicemail; both are listened to in the same way.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from centrale.calls import Call
from centrale.calls.dialogue import Filled, Recorded
from centrale.calls.ports import PinVerdict, VoiceMessage
from centrale.routing.pins import LONGEST
from centrale.routing.snapshot import Extension, ExtensionNumber
from centrale.services import voicemail_options
from centrale.services.asking import TIMES, Goodbye, choice
from centrale.services.identify import whence
from centrale.telephony.switch import Cause
from centrale.voice.prompts import Prompt

NEXT, REPEAT, DELETE = "6", "5", "7"
OPTIONS, OLD = "0", "1"
ANOTHER = "*"
"""Pressed instead of the linked mailbox's PIN."""


async def serve_mailbox(call: Call) -> Cause:
    """920: the mailbox that the user here is linked to, if there is exactly one; else one by number and PIN."""
    user = call.user
    if user is None:
        await call.say(Prompt.NOBODY_LOGGED_ON)
        return Cause.NORMAL
    linked = [box for box in call.account.extensions.values() if _linked_to(box) == user.number]
    try:
        if len(linked) == 1 and not user.settings.voicemail.ask_pin.asked(trusted=call.caller.trusted):
            box = linked[0]
        else:
            box = await identify_mailbox(call, linked[0] if len(linked) == 1 else None)
    except Goodbye:
        call.step("voicemail", "no mailbox was opened")
        return Cause.NORMAL
    return await manage(call, box)


async def serve_own(call: Call) -> Cause:
    """1233: the personal voicemail of the user here; the PIN is asked as the user has set it (USR-1, USR-4)."""
    user = call.user
    if user is None:
        await call.say(Prompt.NOBODY_LOGGED_ON)
        return Cause.NORMAL
    call.speaks = _settings(user).language or call.speaks
    try:
        if user.settings.voicemail.ask_pin.asked(trusted=call.caller.trusted):
            await _prove(call, user)
    except Goodbye:
        call.step("voicemail", "the PIN was not given")
        return Cause.NORMAL
    return await manage(call, user)


async def identify_mailbox(call: Call, linked: Extension | None = None) -> Extension:
    """The mailbox whose number and PIN were given, inside or from outside (SYX-1). Which of both is wrong is not told.

    `linked`: only its PIN is asked, until the caller wants another one.

    Raises:
        Goodbye: three times nothing or something wrong, or it is locked; that has been said.
    """
    for _ in range(TIMES):
        if linked is not None:
            number = linked.number
            pin = await call.ask(Prompt.VOICEMAIL_ASK_PIN_LINKED, max_digits=LONGEST, values={"name": linked.name})
            if pin == ANOTHER:
                linked = None
        if linked is None:
            length = call.account.extension_length
            number = ExtensionNumber(await call.ask(Prompt.VOICEMAIL_ASK_MAILBOX, max_digits=length))
            pin = await call.ask(Prompt.VOICEMAIL_ASK_PIN, max_digits=LONGEST) if number else ""
        if not number or not pin:
            await call.say(Prompt.NO_INPUT)
            continue
        box = call.account.extensions.get(number)
        verdict = await _try(call, number, pin)
        if box is not None and box.kind == "mailbox" and verdict is PinVerdict.RIGHT:
            return box
        call.leg.forget_digits()
        await call.say(Prompt.VOICEMAIL_WRONG)
    await call.say(Prompt.GOODBYE)
    raise Goodbye


async def manage(call: Call, mailbox: Extension) -> Cause:
    """Let the caller, who is known to be allowed to, listen to the messages of a box and set its options."""
    box = mailbox.number
    call.speaks = _settings(mailbox).language or getattr(mailbox.settings, "language", None) or call.speaks
    call.step("voicemail", f"opens {box} {mailbox.name}")
    told = False
    try:
        while True:
            new = await call.platform.messages.messages(call.account_id, box, new=True)
            if new:
                await _say_how_many(call, len(new))
                await _listen(call, new)
            elif not told:
                await call.say(Prompt.VOICEMAIL_NO_NEW)
            told = True
            if await choice(call, Prompt.VOICEMAIL_MENU, OPTIONS + OLD) == OPTIONS:
                await voicemail_options.manage(call, mailbox)
            elif old := await call.platform.messages.messages(call.account_id, box, new=False):
                await _listen(call, old)
            else:
                await call.say(Prompt.VOICEMAIL_NO_OLD)
    except Goodbye:
        call.step("voicemail", "the menu was left")
    return Cause.NORMAL


async def _listen(call: Call, messages: list[VoiceMessage]) -> None:
    """One after another. Whoever hears a message out, or presses a key for it, has heard it."""
    desk = call.platform.messages
    place = 0
    while place < len(messages):
        message = messages[place]
        what = (*_announcement(call, message), Recorded(message.file))
        key = await call.ask(what, max_digits=1, timeout=0)
        await desk.heard(call.account_id, message.id, call.now())
        if key not in (NEXT, REPEAT, DELETE):
            key = await choice(call, Prompt.VOICEMAIL_MESSAGE_MENU, NEXT + REPEAT + DELETE)
        if key == DELETE:
            await desk.delete(call.account_id, message.id)
            call.step("voicemail", f"message {message.id} was deleted")
            await call.say(Prompt.VOICEMAIL_DELETED)
        place += key != REPEAT
    await call.say(Prompt.VOICEMAIL_NO_MORE)


async def _say_how_many(call: Call, count: int) -> None:
    if count == 1:
        await call.say(Prompt.VOICEMAIL_NEW_ONE)
    else:
        await call.say(Prompt.VOICEMAIL_NEW_COUNT, count=count)


def _announcement(call: Call, message: VoiceMessage) -> tuple[Filled, Filled]:
    """Who left it, and when by the account's clock."""
    zone = ZoneInfo(call.account.timezone)
    left, now = message.left_at.astimezone(zone), call.now().astimezone(zone)
    at = {"moment": left.time()}
    if left.date() == now.date():
        when = Filled(Prompt.VOICEMAIL_TODAY, at)
    elif left.date() == now.date() - timedelta(days=1):
        when = Filled(Prompt.VOICEMAIL_YESTERDAY, at)
    else:
        when = Filled(Prompt.VOICEMAIL_ON_DATE, {"day": left.date(), **at})
    return _caller(call, message), when


def _caller(call: Call, message: VoiceMessage) -> Filled:
    number = message.caller.replace("+", "00")
    if message.caller in call.account.extensions and message.caller_name:
        return Filled(Prompt.VOICEMAIL_FROM_NAME, {"name": message.caller_name, "extension": number})
    if number.isascii() and number.isdigit():
        return Filled(Prompt.VOICEMAIL_FROM_NUMBER, {"number": number})
    return Filled(Prompt.VOICEMAIL_FROM_WITHHELD, {})


async def _prove(call: Call, user: Extension) -> None:
    """Ask until the user's PIN for voicemail is right; have one chosen first where only `0000` is set."""
    for _ in range(TIMES):
        pin = await call.ask(Prompt.VOICEMAIL_ASK_PIN, max_digits=LONGEST)
        if not pin:
            await call.say(Prompt.NO_INPUT)
            continue
        verdict = await _try(call, user.number, pin)
        if verdict is PinVerdict.RIGHT:
            return
        if verdict is PinVerdict.MUST_CHOOSE:
            await call.say(Prompt.VOICEMAIL_CHOOSE_PIN)
            await voicemail_options.choose_pin(call, user)
            return
        call.leg.forget_digits()
        await call.say(Prompt.WRONG_PIN)
    await call.say(Prompt.GOODBYE)
    raise Goodbye


async def _try(call: Call, box: ExtensionNumber, pin: str) -> PinVerdict:
    """Right, must choose, or wrong. Raises Goodbye when it is locked; that has been said."""
    verdict = await call.platform.messages.try_box_pin(call.account_id, whence(call), box, pin, call.now())
    call.step("pin", verdict, extension=box)
    if verdict is PinVerdict.LOCKED:
        await call.say(Prompt.TOO_MANY_ATTEMPTS)
        raise Goodbye
    return verdict


def _linked_to(box: Extension) -> str | None:
    return box.settings.linked_user if box.kind == "mailbox" else None


def _settings(box: Extension) -> Any:
    """The voicemail settings of a mailbox or a user."""
    return getattr(box.settings, "voicemail", box.settings)
