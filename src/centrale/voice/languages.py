"""What differs between the spoken languages apart from the sentences: digits one by one and the time of day."""

from __future__ import annotations

from datetime import date, time

LANGUAGES = ("nl", "en", "de", "es", "lv")
"""The languages that the exchange speaks (QUE-13)."""

FALLBACK = "en"

_KEYS = "0123456789*#+"

_KEY_WORDS: dict[str, dict[str, str]] = {
    language: dict(zip(_KEYS, words.split(), strict=True))
    for language, words in {
        "nl": "nul een twee drie vier vijf zes zeven acht negen sterretje hekje plus",
        "en": "zero one two three four five six seven eight nine star hash plus",
        "de": "null eins zwei drei vier fünf sechs sieben acht neun Stern Raute plus",
        "es": "cero uno dos tres cuatro cinco seis siete ocho nueve asterisco almohadilla más",
        "lv": "nulle viens divi trīs četri pieci seši septiņi astoņi deviņi zvaigznīte restīte plus",
    }.items()
}

# An extension has three to five digits and is said in one breath; longer numbers are said in threes with a pause.
_IN_ONE_BREATH = 5
_GROUP = 3


def spoken_language(tag: str) -> str:
    """The language to speak for a language tag (BCP 47): `nl-BE` → `nl`; English for a language we do not speak."""
    primary = tag.replace("_", "-").split("-", 1)[0].lower()
    return primary if primary in LANGUAGES else FALLBACK


def digits(value: object, language: str) -> str:
    """Telephone keys (`0`-`9`, `*`, `#`, `+`) as words, one by one: `201` → "two zero one".

    Words, not figures: speech engines join figures into numbers by rules of their own.
    Raises ValueError when there is nothing to say or something that is not on a telephone.
    """
    keys = str(value).replace(" ", "")
    words = _KEY_WORDS[language]
    if not keys or not all(key in words for key in keys):
        raise ValueError(f"only the keys 0-9, *, # and + can be spoken digit by digit, not {keys!r}")
    step = len(keys) if len(keys) <= _IN_ONE_BREATH else _GROUP
    groups = [keys[start : start + step] for start in range(0, len(keys), step)]
    return ", ".join(" ".join(words[key] for key in group) for group in groups)


def number(value: object) -> str:
    """A whole number of zero or more, left in figures: every speech engine says cardinals in its own language."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"a spoken number is a whole number of zero or more, not {value!r}")
    return str(value)


def time_of_day(value: object, language: str) -> str:
    """A time of day as it follows the language's "at" (om, at, um, a, pulksten): `14:30` → "14 uur 30", "2 30 p m"."""
    if not isinstance(value, time):
        raise ValueError(f"a spoken time is a datetime.time, not {value!r}")
    hour, minute = value.hour, value.minute
    match language:
        case "nl":
            return f"{hour} uur {minute}" if minute else f"{hour} uur"
        case "de":
            return f"{hour} Uhr {minute}" if minute else f"{hour} Uhr"
        case "es":
            return _spanish_time(hour, minute)
        case "lv":
            return f"{hour} {_two_figures(minute, 'nulle')}" if minute else f"{hour}"
        case _:
            half = "a m" if hour < 12 else "p m"
            return f"{hour % 12 or 12} {_two_figures(minute, 'oh')} {half}" if minute else f"{hour % 12 or 12} {half}"


_MONTHS: dict[str, list[str]] = {
    language: months.split()
    for language, months in {
        "nl": "januari februari maart april mei juni juli augustus september oktober november december",
        "en": "January February March April May June July August September October November December",
        "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "lv": "janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris oktobris novembris decembris",
    }.items()
}


def day(value: object, language: str) -> str:
    """A day as it follows the language's "on" (op, on, am, el): `2026-03-05` → "5 maart", "March 5".

    English engines read the figure behind a month as a cardinal, which is said too; German and Latvian ones make an
    ordinal of a figure with a full stop.
    """
    if not isinstance(value, date):
        raise ValueError(f"a spoken day is a datetime.date, not {value!r}")
    month = _MONTHS[language][value.month - 1]
    match language:
        case "en":
            return f"{month} {value.day}"
        case "de" | "lv":
            return f"{value.day}. {month}"
        case "es":
            return f"{value.day} de {month}"
        case _:
            return f"{value.day} {month}"


def _two_figures(minute: int, zero: str) -> str:
    return str(minute) if minute > 9 else f"{zero} {minute}"


def _spanish_time(hour: int, minute: int) -> str:
    # Hours are feminine, and figures would be spoken in the masculine: "las veintiuna", never "las veintiuno".
    spoken = {1: "la una", 21: "las veintiuna"}.get(hour, f"las {hour}")
    return f"{spoken} y {minute}" if minute else spoken
