"""What the exchange says to people who arrange it, in Dutch and English (design §4, decision 0014).

English stands in the code, where it is meant: titles and descriptions of fields, sentences of summaries, messages of
refusals. Dutch stands in `nl.toml`, by the English. Wording of choices stand in both files, by the choice.
"""

from centrale.wording.catalogue import Language
from centrale.wording.words import ENGLISH, Wording

__all__ = ["ENGLISH", "Language", "Wording"]
