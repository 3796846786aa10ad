"""One account as one YAML file: what may stand in it, and how it is written.

The whole account stands there, so what is missing from a list is meant to go. Every list must be there, if only empty:
a file that lost its end deletes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, SecretStr, ValidationError

from centrale.accounts import placed_yaml
from centrale.accounts.accounts import AccountIn
from centrale.accounts.channels import ChannelIn
from centrale.accounts.errors import Invalid
from centrale.accounts.expectations import ExpectationIn
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.fields import ChannelNameField, Input
from centrale.accounts.numbers import NumberIn
from centrale.accounts.placed_yaml import NotYaml, Path, Placed
from centrale.accounts.plans import PlanIn, SchemaIn
from centrale.accounts.plans_fields import PutEntry, PutHoliday
from centrale.accounts.transfer_audio import FileMusic, FileSound
from centrale.accounts.transfer_contacts import FileContact
from centrale.accounts.webhooks import WebhookIn

FORMAT = "1"

HEADING = """\
# One account of Centrale, whole: what is missing from a list below is deleted when this file is imported.
# See what would change: centrale import --dry-run FILE
"""


LISTS = frozenset(
    {"extensions", "channels", "numbers", "schemas", "trunks", "plans", "schedule", "holidays", "expectations"}
)
"""They must be there, if only empty."""


class FileExtension(ExtensionIn):
    """An extension. Neither `pin` nor `pin_hash`: an existing PIN stays; a new one has none. So for voicemail's."""

    pin_hash: SecretStr | None = None
    voicemail_pin_hash: SecretStr | None = None


class FileChannel(ChannelIn):
    """A channel. Without `password` an existing one stays; a new channel gets one made."""

    name: ChannelNameField


class FilePlan(PlanIn):
    """A number plan."""

    number: int = Field(ge=1, le=99)


class FileSchema(SchemaIn):
    """A plan schema with its plans, and when they are active. Entries and holidays need no `id`; then they count as
    created in the order in which they stand there (NP-5)."""

    number: int = Field(ge=1, le=2**31 - 1)
    plans: list[FilePlan]
    schedule: list[PutEntry]
    holidays: list[PutHoliday]


class FileExpectation(ExpectationIn):
    """What calls must come to (NP-10). Its name says which one it is."""


class FileWebhook(WebhookIn):
    """A webhook, without its secret: a new one gets one made, which is shown when it is renewed. Its name says which
    one it is."""


class AccountFile(Input):
    """The whole file."""

    format: Literal["1"]
    account: AccountIn
    extensions: list[FileExtension]
    channels: list[FileChannel]
    numbers: list[NumberIn]
    schemas: list[FileSchema]
    sounds: list[FileSound] | None = None
    """Without the list they stay as they are; so does music."""
    music: list[FileMusic] | None = None
    trunks: list[Annotated[str, Field(min_length=1, max_length=40)]]
    expectations: list[FileExpectation]
    webhooks: list[FileWebhook] | None = None
    contacts: list[FileContact] | None = None
    """Without the list they stay as they are."""


class FileProblem(Exception):
    """One thing wrong with a file: where (`line` from 1, `path` as one would write it) and what to do."""

    def __init__(self, line: int, path: str, message: str, remedy: str = "") -> None:
        super().__init__(f"line {line}: {path}: {message}" if path else f"line {line}: {message}")
        self.line = line
        self.path = path
        self.message = message
        self.remedy = remedy


class BadFile(Exception):
    """The file cannot be imported; `problems` in the order of the file."""

    def __init__(self, *problems: FileProblem) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        super().__init__("\n".join(map(str, self.problems)))


def read(text: str) -> tuple[AccountFile, Placed]:
    """The file, each field valid by itself, and where all of it stands. Raises `BadFile`."""
    try:
        placed = placed_yaml.read(text)
    except NotYaml as error:
        raise BadFile(FileProblem(error.line, "", str(error), "make it readable YAML first")) from error
    try:
        return AccountFile.model_validate(placed.value), placed
    except ValidationError as error:
        raise BadFile(*_in_words(error, placed)) from error


def _in_words(error: ValidationError, placed: Placed) -> Iterator[FileProblem]:
    for found in error.errors(include_url=False, include_input=False, include_context=False):
        path, message, remedy = found["loc"], found["msg"].removeprefix("Value error, "), "correct it"
        if found["type"] == "missing":
            message = "is missing"
            remedy = f"write `{path[-1]}: []` if there are none" if path[-1] in LISTS else "add it"
        elif found["type"] == "extra_forbidden":
            message, remedy = "is not known", "is it spelt right? Else remove it"
        elif path == ("format",):
            message, remedy = f"is not {FORMAT}", "export it again with this version, or use the version that wrote it"
        yield FileProblem(placed.line(path), written(path), message, remedy)


def written(path: Path) -> str:
    """`("channels", 3, "name")` as `channels[3].name`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def problems_at(path: Path, error: Invalid, placed: Placed) -> Iterator[FileProblem]:
    """What is wrong with the object at `path`, each at its own line."""
    for problem in error.problems:
        inner = (*path, *parsed(problem.field))
        yield FileProblem(placed.line(inner), written(inner), problem.message, "correct it")


def parsed(field: str) -> Path:
    """`settings.members[0]` as `("settings", "members", 0)`."""
    parts = field.replace("[", ".").replace("]", "").split(".") if field else []
    return tuple(int(part) if part.isascii() and part.isdigit() else part for part in parts)


def write(state: Mapping[str, Any]) -> str:
    """The file's text, for `AccountFile.model_validate` to read back."""
    body = yaml.dump(state, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
    return f"{HEADING}format: {FORMAT}\n{body}"


# In C, where PyYAML was built with it: ten times as fast.
class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Nothing is repeated by alias."""

    def ignore_aliases(self, data: Any) -> bool:
        return True
