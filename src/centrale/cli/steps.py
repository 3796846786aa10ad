"""A trace as people read it: when, what, and what was passed over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from centrale.explain.wording import Telling, words
from centrale.routing.trace import Step
from centrale.wording import Language


def steps(trace: Sequence[Step], began: datetime, language: Language = Language.ENGLISH) -> Table:
    """A line a step, with the seconds since the call `began`."""
    say = Telling(language)
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", style="dim", no_wrap=True)
    table.add_column()
    for step in trace:
        table.add_row(f"{say.seconds((step.at - began).total_seconds())} s", Text(words(step, language)))
        for reason in step.rejected:
            table.add_row("", Padding(Text(say("not: {why}", why=say.told(reason)), style="dim"), (0, 0, 0, 2)))
    return table
