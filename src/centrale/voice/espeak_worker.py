"""The process that speaks: espeak-ng by ctypes, then resampling and levelling.

A process of its own because the library is not thread-safe and keeps global state, because a crash in its C code must
not take calls along, and because the arithmetic in Python would otherwise hold the interpreter of call control.

Protocol, one request after the other: a line of JSON `{"text": …, "language": …}` on standard input; on standard
output a line of JSON, `{"bytes": n}` followed by n bytes of 8 kHz 16-bit little-endian sound, or `{"error": …}`.
End of input ends the process, also when the parent was killed.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
from typing import BinaryIO

from centrale.voice.level import for_telephone
from centrale.voice.pcm import PCM, TELEPHONE_RATE
from centrale.voice.resample import resample

VOICES = {"nl": "gmw/nl", "en": "gmw/en", "de": "gmw/de", "es": "roa/es", "lv": "bat/lv"}
RATE = 150  # words a minute; espeak's own 175 loses consonants on a handset
PITCH = 55  # 0-99; a little above the default 50, away from what the telephone band cuts off
WORD_GAP = 1  # × 10 ms between words
VOLUME = 80  # at the default of 100 the Spanish voice touches full scale; `level` brings it up again
RECIPE = 1  # raise it when the sound of the same words changes for another reason: recordings are made again
IDENTITY = f"espeak-ng {RECIPE} rate={RATE} pitch={PITCH} gap={WORD_GAP} volume={VOLUME} {VOICES}"

# speak_lib.h
_SYNCHRONOUS = 2  # AUDIO_OUTPUT_SYNCHRONOUS: everything has passed the callback when espeak_Synth returns
_DO_NOT_EXIT = 0x8000  # espeakINITIALIZE_DONT_EXIT
_POSITION_CHARACTER = 1
_UTF8 = 1
_END_PAUSE = 0x1000
_OK = 0
_PARAMETERS = {"rate": 1, "volume": 2, "pitch": 3, "word gap": 7}
_SynthCallback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class EspeakError(Exception):
    """espeak-ng could not be loaded or refused a request."""


class Espeak:
    """The library, loaded once per process."""

    def __init__(self) -> None:
        try:
            # Imported here, so that a missing or broken package is an answer to the request and not a dead process.
            import espeakng_loader

            self._library = ctypes.CDLL(espeakng_loader.get_library_path())
            data = espeakng_loader.get_data_path()
        except (ImportError, OSError, RuntimeError) as error:
            raise EspeakError(f"espeak-ng cannot be loaded ({error}); reinstall the package espeakng-loader") from error
        self._rate = self._library.espeak_Initialize(_SYNCHRONOUS, 0, os.fsencode(data), _DO_NOT_EXIT)
        if self._rate <= 0:
            raise EspeakError(f"espeak-ng finds no voices in {data}; reinstall the package espeakng-loader")
        self._heard = bytearray()
        self._callback = _SynthCallback(self._hear)  # kept: the library holds only its address
        self._library.espeak_SetSynthCallback(self._callback)

    def speak(self, text: str, language: str) -> PCM:
        """`text` at the library's own rate. Raises EspeakError."""
        if self._library.espeak_SetVoiceByName(VOICES[language].encode()) != _OK:
            raise EspeakError(f"espeak-ng has no voice {VOICES[language]}")
        for name, value in {"rate": RATE, "volume": VOLUME, "pitch": PITCH, "word gap": WORD_GAP}.items():
            self._library.espeak_SetParameter(_PARAMETERS[name], value, 0)
        self._heard.clear()
        data = text.encode() + b"\0"
        status = self._library.espeak_Synth(
            data, ctypes.c_size_t(len(data)), 0, _POSITION_CHARACTER, 0, _UTF8 | _END_PAUSE, None, None
        )
        if status != _OK:
            raise EspeakError(f"espeak-ng could not speak (status {status})")
        return PCM.from_bytes(bytes(self._heard), self._rate)

    def _hear(self, samples: ctypes._Pointer[ctypes.c_short], count: int, _events: int | None) -> int:
        if samples and count > 0:
            self._heard += ctypes.string_at(samples, count * ctypes.sizeof(ctypes.c_short))
        return 0  # go on


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until their end."""
    espeak: Espeak | None = None
    for line in requests:
        request = json.loads(line)
        try:
            espeak = espeak or Espeak()
            speech = espeak.speak(request["text"], request["language"])
        except EspeakError as error:
            answers.write(json.dumps({"error": str(error)}).encode() + b"\n")
        else:
            sound = for_telephone(resample(speech, TELEPHONE_RATE)).to_bytes()
            answers.write(json.dumps({"bytes": len(sound)}).encode() + b"\n" + sound)
        answers.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal reaches the whole group; the parent decides
    os.nice(5)  # calls come first
    try:
        serve(sys.stdin.buffer, sys.stdout.buffer)
    except BrokenPipeError:
        os._exit(0)  # whom we spoke for was killed
