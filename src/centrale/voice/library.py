"""The recordings of everything the exchange says: made at first use, kept, replaceable by one's own."""

from __future__ import annotations

import asyncio
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from centrale.voice.languages import LANGUAGES, spoken_language
from centrale.voice.pcm import PCM, wav_seconds, write_wav
from centrale.voice.phrasing import placeholders, sentence
from centrale.voice.prompts import Prompt
from centrale.voice.speaker import Speaker, SpeechUnavailable
from centrale.voice.tones import beep, ringing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

log = structlog.get_logger(__name__)

_SUFFIX = ".wav"


class PromptLibrary:
    """Sound files of the prompts below one directory.

    `<directory>/<language>/<key>-<hash>.wav` are made by the speaker; the hash covers the words and the voice, so a
    new wording or voice is a new file. `<directory>/custom/<language>/<key>.wav` are uploaded recordings, and win.
    `shared`: where the fixed sentences are kept instead, so that they are made once for all exchanges of a user; they
    hold nothing of any customer. Sentences with names or numbers in them are kept too, but only the `kept_variants`
    latest used of each language.
    """

    def __init__(
        self, directory: Path, speaker: Speaker, *, shared: Path | None = None, kept_variants: int = 500
    ) -> None:
        self._directory = directory.absolute()
        self._shared = (shared or directory).absolute()
        self._speaker = speaker
        self._kept_variants = kept_variants
        self._rendering: dict[Path, asyncio.Task[None]] = {}
        self._variants_made: dict[str, int] = {}

    async def sound(self, prompt: Prompt, language: str, /, **values: object) -> Path:
        """The absolute path, without its extension, of a sound file that says `prompt` (Asterisk: `sound:<path>`).

        `language` is any tag (`nl`, `nl-BE`); English when we do not speak it. `values` fill the text's placeholders.
        Raises SpeechUnavailable when it cannot be made now: go on with the call without it. Raises ValueError when the
        values do not fit the text, which is a programming mistake.
        """
        language = spoken_language(language)
        if (recording := self.override(prompt, language)) is not None:
            return recording
        text = sentence(prompt, language, values)
        file = self._file(prompt, language, text, fixed=not values)
        if not _use(file):
            await self._rendered_once(file, text, language, variant=bool(values))
        return file.with_suffix("")

    async def speech(self, text: str, language: str, /) -> Path:
        """The same for a free text, such as an announcement's (ANN-1). Raises SpeechUnavailable."""
        language = spoken_language(language)
        file = self._file("speech", language, text)
        if not _use(file):
            await self._rendered_once(file, text, language, variant=True)
        return file.with_suffix("")

    async def beep(self) -> Path:
        """The tone that means *speak now*, as the other paths. Raises SpeechUnavailable when it cannot be kept."""
        return await self._tone("beep", beep)

    async def ring_tone(self) -> Path:
        """One ring with the pause behind it. Raises SpeechUnavailable when it cannot be kept."""
        return await self._tone("ring-tone", ringing)

    async def _tone(self, name: str, make: Callable[[], PCM]) -> Path:
        file = self._directory / f"{name}{_SUFFIX}"
        if not await asyncio.to_thread(os.access, file, os.R_OK):
            try:
                await asyncio.to_thread(write_wav, file, make())
            except OSError as error:
                raise SpeechUnavailable(f"{file} cannot be written: {error.strerror or error}") from error
        return file.with_suffix("")

    def override(self, prompt: Prompt, language: str) -> Path | None:
        """The uploaded recording of a prompt, without its extension; None when there is none in that language.

        A prompt with placeholders has none: a fixed recording could not say the name or the number.
        """
        language = spoken_language(language)
        if placeholders(prompt, language):
            return None
        file = self.override_file(prompt, language)
        return file.with_suffix("") if os.access(file, os.R_OK) else None

    def override_file(self, prompt: Prompt, language: str) -> Path:
        """Where an uploaded recording (8 kHz, mono, 16 bits) of a prompt belongs; remove it to hear ours again."""
        return self._directory / "custom" / spoken_language(language) / f"{prompt}{_SUFFIX}"

    def duration(self, sound: Path) -> float:
        """Length in seconds of a path that `sound` returned. Raises OSError or ValueError when it cannot be read."""
        return wav_seconds(sound.with_name(sound.name + _SUFFIX))

    async def warm(
        self, languages: Iterable[str] = LANGUAGES, progress: Callable[[int, int], None] = lambda done, total: None
    ) -> None:
        """Make all fixed sentences of `languages`, so that no caller waits for them; `progress(done, total)` each time.

        Raises SpeechUnavailable at the first that fails; what was made stays.
        """
        spoken = dict.fromkeys(spoken_language(language) for language in languages)
        fixed = [(prompt, language) for language in spoken for prompt in Prompt if not placeholders(prompt, language)]
        for done, (prompt, language) in enumerate(fixed, start=1):
            await self.sound(prompt, language)
            progress(done, len(fixed))

    async def aclose(self) -> None:
        """Stop what is being made, and the speaker."""
        tasks = list(self._rendering.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._speaker.aclose()

    def _file(self, key: str, language: str, text: str, *, fixed: bool = False) -> Path:
        digest = hashlib.sha256("\0".join((self._speaker.identity, language, text)).encode()).hexdigest()
        return (self._shared if fixed else self._directory) / language / f"{key}-{digest[:16]}{_SUFFIX}"

    async def _rendered_once(self, file: Path, text: str, language: str, *, variant: bool) -> None:
        """Make `file`, or wait for the one who is making it."""
        task = self._rendering.get(file)
        if task is None:
            task = asyncio.create_task(self._render(file, text, language, variant=variant), name=f"speak {file.stem}")
            self._rendering[file] = task
            task.add_done_callback(lambda done: self._forget(file, done))
        # Shielded: the caller who asked first may hang up while others wait for the same words.
        await asyncio.shield(task)

    def _forget(self, file: Path, task: asyncio.Task[None]) -> None:
        del self._rendering[file]
        if not task.cancelled():
            task.exception()  # whoever waits gets it; when all have hung up, nobody needs to hear of it

    async def _render(self, file: Path, text: str, language: str, *, variant: bool) -> None:
        try:
            speech = await self._speaker.render(text, language)
            await asyncio.to_thread(write_wav, file, speech)
        except OSError as error:
            raise SpeechUnavailable(
                f"the spoken text {file.name} cannot be kept in {file.parent}: {error.strerror or error}; "
                "make room there or mend its permissions"
            ) from error
        if variant:
            try:
                await self._prune(language)
            except OSError as error:  # the sentence itself is there: say it, and let an operator see to the folder
                log.warning("old recordings could not be removed", folder=str(file.parent), reason=str(error))

    async def _prune(self, language: str) -> None:
        """Now and then remove the variants that were not used for longest; also fixed texts of older wordings."""
        made = self._variants_made.get(language)
        # The first one after a start counts what an earlier process left.
        if made is not None and made < max(1, self._kept_variants // 10):
            self._variants_made[language] = made + 1
            return
        self._variants_made[language] = 0
        current = {
            self._file(prompt, language, sentence(prompt, language, {}), fixed=True).name
            for prompt in Prompt
            if not placeholders(prompt, language)
        }
        await asyncio.to_thread(_remove_least_used, self._directory / language, current, self._kept_variants)


def _use(file: Path) -> bool:
    """Whether `file` exists; marks it as used just now, which is what pruning goes by."""
    try:
        os.utime(file)
    except FileNotFoundError:
        return False
    except OSError:
        return os.access(file, os.R_OK)  # a read-only library plays as well; only pruning knows less
    return True


def _remove_least_used(folder: Path, keep: set[str], limit: int) -> None:
    with os.scandir(folder) as entries:
        variants = [
            (entry.stat().st_mtime_ns, entry.path)
            for entry in entries
            if entry.name.endswith(_SUFFIX) and entry.name not in keep
        ]
    variants.sort(reverse=True)
    for _, path in variants[limit:]:
        Path(path).unlink(missing_ok=True)
