"""Saying things to the caller and asking for keys."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from centrale.telephony.switch import Cause, RecordingId
from centrale.voice.prompts import Prompt
from centrale.voice.speaker import SpeechUnavailable

if TYPE_CHECKING:
    from centrale.calls.call import Call

BETWEEN_DIGITS = 4.0
"""Seconds after which an entry without `#` is taken as complete."""

TWO_RINGS = 10.0
"""Seconds: in Europe a ring of one second and a pause of four, twice (ETSI TR 101 041-2)."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound file of the account."""

    file: str

    def __str__(self) -> str:
        return self.file


@dataclass(frozen=True, slots=True)
class Words:
    """A text to be spoken. `language`: the caller's if None."""

    text: str
    language: str | None = None

    def __str__(self) -> str:
        return f"“{self.text}”"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording that is no sound of the account: one just made, or a message. `path` with its `.wav`."""

    path: Path

    def __str__(self) -> str:
        return self.path.name


@dataclass(frozen=True, slots=True)
class Filled:
    """A prompt with its values. `language`: the caller's if None."""

    prompt: Prompt
    values: Mapping[str, object]
    language: str | None = None

    def __str__(self) -> str:
        return self.prompt


Utterance = Prompt | Filled | Sound | Words | Recorded
Question = Utterance | tuple[Utterance, ...]
"""What is said before keys are awaited: one thing, or several in turn."""


async def say(call: Call, prompt: Prompt, values: Mapping[str, object], language: str | None = None) -> None:
    """Answer and say; see `Call.say`."""
    await call.answer()
    call.step("say", prompt, **values)
    await call.leg.play(await _spoken(call, prompt, values, language))


async def play(call: Call, sound: str) -> bool:
    """Answer and play a sound file of the account; see `Call.play`."""
    await call.answer()
    call.step("play", sound)
    played = await call.leg.play([_file(call, sound)])
    if not played:
        call.step("play", f"{sound} could not be played: there is no such file")
    return played


async def speak(call: Call, text: str, language: str) -> None:
    """Answer and speak a text; see `Call.speak`."""
    await call.answer()
    call.step("speak", text)
    await call.leg.play([str(await call.platform.prompts.speech(text, language))])


async def play_back(call: Call, path: Path) -> bool:
    """Answer and play a recording; see `Recorded`."""
    await call.answer()
    call.step("play", path.name)
    played = await call.leg.play([str(path.with_suffix(""))])
    if not played:
        call.step("play", f"{path.name} could not be played: there is no such file")
    return played


async def record_caller(
    call: Call,
    keep: Callable[[Path], Awaitable[None]],
    name: str,
    longest: float,
    silence: float,
    before: Callable[[RecordingId], Awaitable[None]] | None,
    unfinished: RecordingId | None,
) -> None:
    """Record the caller; see `Call.record_caller`."""
    await call.answer()
    recording = unfinished or RecordingId(f"{name}-{call.id}-{len(call.record.trace)}")
    if unfinished is None:
        await call.leg.play([str(await call.platform.prompts.beep())])
        if before is not None:
            await before(recording)
        call.leg.forget_digits()
    begun = call.now()
    try:
        there = await call.leg.record(
            recording,
            longest=longest,
            silence=silence,
            unfinished=unfinished is not None,
            outlives_us=before is not None,
        )
    except asyncio.CancelledError:
        if call.leg.gone is not None:  # otherwise this process stops, and the next one begins the call anew
            await _keep(call, keep, recording, begun)
        raise
    call.leg.forget_digits()  # the # that ended it
    if there:
        await _keep(call, keep, recording, begun)
    else:
        call.step("record", "nothing could be recorded")


async def _keep(call: Call, keep: Callable[[Path], Awaitable[None]], recording: RecordingId, begun: datetime) -> None:
    call.step("record", f"{(call.now() - begun).total_seconds():.0f} s")
    await keep(call.platform.switch.recorded(recording))


async def hear(call: Call, utterance: Utterance) -> bool:
    """Whatever it is that is to be heard; see `Call.hear`."""
    match utterance:
        case Sound(file):
            return await play(call, file)
        case Words(text, language):
            await speak(call, text, language or call.language)
        case Recorded(path):
            return await play_back(call, path)
        case Filled(prompt, values, language):
            await say(call, prompt, values, language)
        case Prompt():
            await say(call, utterance, {})
    return True


async def refuse(call: Call, prompt: Prompt, cause: Cause, values: Mapping[str, object]) -> Cause:
    """Tell why not; see `Call.refuse`. A caller who is not yet answered hears it as early media and pays nothing."""
    call.step("refuse", prompt, cause=cause, **values)
    await call.leg.play(await _spoken(call, prompt, values))
    return cause


async def ask(
    call: Call,
    question: Question,
    max_digits: int,
    timeout: float,
    values: Mapping[str, object],
    complete: Callable[[str], bool],
) -> str:
    """Ask for keys; see `Call.ask`. Keys pressed before the question was put count: people type ahead."""
    await call.answer()
    sounds = await _sounds(call, question, values)
    digits = ""
    named = question if isinstance(question, tuple) else (question,)
    prompt = ", ".join(map(str, named))
    digit = await _first_digit(call, sounds, timeout, prompt)
    while digit is not None and digit != "#":
        digits += digit
        if len(digits) == max_digits or complete(digits):
            if max_digits > 1:  # a choice of one key is never asked to be followed by a hash
                call.leg.entry_is_complete(grace=BETWEEN_DIGITS)
            break
        digit = await _next_digit(call, BETWEEN_DIGITS)
    secret = any(isinstance(part, Prompt | Filled) and "pin" in str(part) for part in named)
    call.step("ask", f"{len(digits)} digits" if secret and digits else digits or "no input", prompt=prompt)
    return digits


async def ring_twice(call: Call) -> None:
    """See `Call.ring_twice`."""
    if call.leg.answered:
        return
    call.step("ring", "rings twice before answering")
    await call.leg.ring()
    await asyncio.sleep(TWO_RINGS)


async def _first_digit(call: Call, sounds: Sequence[str], timeout: float, named: str) -> str | None:
    """The first key ends the question. `timeout` runs from the question's end."""
    digit = asyncio.ensure_future(call.leg.digit())
    question = asyncio.ensure_future(call.leg.play(sounds))
    try:
        await asyncio.wait({digit, question}, return_when=asyncio.FIRST_COMPLETED)
        if not digit.done():
            if not question.result():
                call.step("play", f"{named} could not be played: there is no such file")
            await asyncio.wait({digit}, timeout=timeout)
        return digit.result() if digit.done() else None
    finally:
        for task in (digit, question):
            task.cancel()
        await asyncio.gather(digit, question, return_exceptions=True)


async def _next_digit(call: Call, timeout: float) -> str | None:
    try:
        async with asyncio.timeout(timeout):
            return await call.leg.digit()
    except TimeoutError:
        return None


async def _spoken(call: Call, prompt: Prompt, values: Mapping[str, object], language: str | None = None) -> list[str]:
    """The sound of `prompt`; nothing when no voice is to be had: a call goes on in silence rather than not at all."""
    try:
        return [str(await call.platform.prompts.sound(prompt, language or call.language, **values))]
    except SpeechUnavailable as problem:
        call.step("say", f"{prompt} could not be spoken: {problem}")
        return []


async def _words(call: Call, text: str, language: str) -> list[str]:
    try:
        return [str(await call.platform.prompts.speech(text, language))]
    except SpeechUnavailable as problem:
        call.step("speak", f"could not be spoken: {problem}")
        return []


def _file(call: Call, sound: str) -> str:
    """Path without extension; only the name counts, so that no setting leads out of the account's own folder."""
    return str((call.platform.sounds / str(call.account_id) / Path(sound).name).with_suffix(""))


async def _sounds(call: Call, question: Question, values: Mapping[str, object]) -> list[str]:
    match question:
        case tuple():
            return [sound for part in question for sound in await _sounds(call, part, values)]
        case Filled(prompt, own, language):
            return await _spoken(call, prompt, own, language)
        case Sound(file):
            return [_file(call, file)]
        case Recorded(path):
            return [str(path.with_suffix(""))]
        case Words(text, language):
            return await _words(call, text, language or call.language)
        case Prompt():
            return await _spoken(call, question, values)
