"""Everything the exchange can say by itself.

To add a prompt: one line here and one line in each of `texts/*.toml`. A test fails until all languages have it with
the same placeholders. Placeholders are described in `phrasing`.
"""

from __future__ import annotations

from enum import StrEnum, auto


class Prompt(StrEnum):
    """Key of one spoken sentence; also the name of its sound file and of its line in `texts/`."""

    # Dialogues in general: every menu repeats a question twice, then says goodbye.
    NO_INPUT = auto()
    INVALID_INPUT = auto()
    INVALID_CHOICE = auto()
    TRY_LATER = auto()
    GOODBYE = auto()

    # Who is logged on here (SYS-1).
    WHO_IS_LOGGED_ON = auto()
    NOBODY_LOGGED_ON = auto()

    # Log on (SYS-2, TWN-1, LNK-1).
    ASK_EXTENSION = auto()
    ASK_PIN = auto()
    WRONG_COMBINATION = auto()
    TOO_MANY_ATTEMPTS = auto()
    LOGGED_ON = auto()
    LOGGED_ON_MOVED = auto()
    ALREADY_LOGGED_ON = auto()
    LINKED_NO_LOGON = auto()
    TWINNING_FULL = auto()

    # Choose a PIN (USR-2).
    MUST_CHOOSE_PIN = auto()
    ENTER_NEW_PIN = auto()
    REPEAT_NEW_PIN = auto()
    PINS_DIFFER = auto()
    PIN_TOO_WEAK = auto()
    PIN_CHANGED = auto()
    PIN_NOT_CHANGED = auto()

    # Log off (SYS-3, LNK-1).
    WRONG_PIN = auto()
    LOGOFF_CHOICE = auto()
    LOGGED_OFF = auto()
    LOGGED_OFF_EVERYWHERE = auto()
    LINKED_NO_LOGOFF = auto()

    # One's own forwards (SYS-11).
    FORWARDS_MENU = auto()
    FORWARD_IS_SET = auto()
    FORWARD_IS_OFF = auto()
    FORWARD_CHOICE = auto()
    ASK_FORWARD_NUMBER = auto()
    FORWARD_NUMBER_WRONG = auto()
    FORWARD_SET = auto()
    FORWARD_REMOVED = auto()

    # Logging on to a queue and off (SYS-4, SYS-5).
    ASK_QUEUE = auto()
    QUEUE_UNKNOWN = auto()
    QUEUE_MEMBERS_ONLY = auto()
    QUEUE_FULL = auto()
    QUEUE_LOGGED_ON = auto()
    QUEUE_ALREADY_LOGGED_ON = auto()
    QUEUE_LOGGED_OFF = auto()
    QUEUE_NOT_LOGGED_ON = auto()

    # Picking up (SYS-9, QUE-25).
    PICKUP_NOTHING = auto()
    PICKUP_NOT_ALLOWED = auto()

    # To callers who wait in a queue (QUE-8, QUE-10).
    QUEUE_FIRST_IN_LINE = auto()
    QUEUE_POSITION = auto()
    QUEUE_WAIT_SHORT = auto()
    QUEUE_WAIT = auto()

    # To who answers an outside phone that is an agent of a queue (QUE-14).
    QUEUE_TAKE_CALL = auto()

    # Choosing the number plan (SYS-12, NP-8).
    NO_RIGHT = auto()
    PLAN_MENU = auto()
    ASK_SCHEMA = auto()
    SCHEMA_UNKNOWN = auto()
    ASK_PLAN = auto()
    PLAN_UNKNOWN = auto()
    PLAN_TEMPORARY = auto()
    PLAN_PERMANENT = auto()
    PLAN_SCHEDULED = auto()
    PLAN_SCHEDULED_NONE = auto()

    # Recording a sound (SYS-6).
    RECORD_SOUND = auto()
    SOUND_EMPTY = auto()
    SOUND_CHOICE = auto()
    SOUND_KEPT = auto()

    # Why a call does not come about.
    LOG_ON_FIRST = auto()
    NOT_ALLOWED = auto()
    NUMBER_NOT_IN_USE = auto()
    NUMBER_UNKNOWN = auto()
    USER_UNAVAILABLE = auto()
    USER_UNREACHABLE = auto()
    GROUP_UNREACHABLE = auto()
    BUSY = auto()
    NO_ANSWER = auto()
    LINES_UNAVAILABLE = auto()
    CALL_LIMIT_REACHED = auto()
    TOO_MANY_FORWARDS = auto()
    CALL_FAILED = auto()

    # Kinds that ask the caller something (DBE-1, AUT-1, LBR-3).
    DIAL_EXTENSION = auto()
    EXTENSION_NOT_REACHABLE_HERE = auto()
    ASK_CALLER_PIN = auto()
    NOT_AUTHORISED = auto()
    ASK_POSTCODE = auto()

    # Emergency numbers.
    EMERGENCY_FAILED = auto()

    # Leaving a message (VM-2).
    VOICEMAIL_WELCOME = auto()
    VOICEMAIL_THANKS = auto()
    VOICEMAIL_EMPTY = auto()

    # Listening to messages (SYS-13, SYS-16, VM-5).
    VOICEMAIL_ASK_MAILBOX = auto()
    VOICEMAIL_ASK_PIN = auto()
    VOICEMAIL_ASK_PIN_LINKED = auto()
    VOICEMAIL_WRONG = auto()
    VOICEMAIL_CHOOSE_PIN = auto()
    VOICEMAIL_NEW_ONE = auto()
    VOICEMAIL_NEW_COUNT = auto()
    VOICEMAIL_NO_NEW = auto()
    VOICEMAIL_NO_OLD = auto()
    VOICEMAIL_NO_MORE = auto()
    VOICEMAIL_FROM_NAME = auto()
    VOICEMAIL_FROM_NUMBER = auto()
    VOICEMAIL_FROM_WITHHELD = auto()
    VOICEMAIL_TODAY = auto()
    VOICEMAIL_YESTERDAY = auto()
    VOICEMAIL_ON_DATE = auto()
    VOICEMAIL_MESSAGE_MENU = auto()
    VOICEMAIL_DELETED = auto()
    VOICEMAIL_MENU = auto()
    VOICEMAIL_OPTIONS = auto()

    # What a mailbox can be set to by phone (VM-5).
    VOICEMAIL_GREETING_MENU = auto()
    VOICEMAIL_RECORD_GREETING = auto()
    VOICEMAIL_GREETING_KEPT = auto()
    VOICEMAIL_GREETING_STANDARD = auto()
    VOICEMAIL_PIN_WEAK = auto()
    VOICEMAIL_LANGUAGE_KEY = auto()
    VOICEMAIL_LANGUAGE_SET = auto()

    # Said by the Asterisk dialplan when this application is down (design §7).
    APOLOGY = auto()
