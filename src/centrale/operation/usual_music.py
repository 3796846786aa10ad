"""The music on hold of accounts that have none of their own: the home's `music` folder."""

from __future__ import annotations

import shutil

from centrale.settings import Settings
from centrale.telephony.asterisk.configuration import Places
from centrale.voice.hold_tune import keep_hold_tune


def give_usual_music(settings: Settings) -> None:
    """Puts our tune there, unless an operator put another one there already. To be done before Asterisk starts.

    Raises OSError.
    """
    folder = Places(settings.home.resolve()).music
    if any(folder.glob("*.wav")):
        return
    folder.mkdir(parents=True, exist_ok=True)
    tune = keep_hold_tune(settings.cache / "music")
    shutil.copyfile(tune, folder / tune.name)
