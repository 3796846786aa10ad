"""What an import would do: the account as it is beside the account as its file has it, field by field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pydantic import SecretStr

from centrale.accounts import (
    channels,
    expectations,
    extensions,
    music,
    numbers,
    pins,
    plans,
    plans_words,
    sounds,
    transfer_audio,
    transfer_contacts,
    trunks,
    webhooks,
)
from centrale.accounts.account_file import AccountFile, FileChannel, FileExtension, FilePlan, FileSchema
from centrale.accounts.accounts import AccountIn, AccountOut
from centrale.accounts.contacts_fields import Home
from centrale.accounts.errors import Invalid
from centrale.accounts.expectations import ExpectationIn
from centrale.accounts.placed_yaml import Path
from centrale.accounts.plans import PlanIn
from centrale.accounts.unit import Unit
from centrale.accounts.webhooks import WebhookIn
from centrale.routing.snapshot import AccountId


class Action(StrEnum):
    """What happens to an object."""

    CREATE = "create"
    CHANGE = "change"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """`name` as in the file; secrets are only told to differ."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """One object that will not be as it was. `key` is its number or name, a plan's `schema/plan`."""

    action: Action
    object_type: str
    key: str
    fields: tuple[FieldChange, ...] = ()
    path: Path = field(default=(), compare=False)
    """Where the file says so; of what it leaves out, the list that it is missing from."""


Fields = Mapping[str, Any]
Objects = dict[str, tuple[Fields, Path]]
"""By key: an object's fields, flat, and where they stand in the file."""

SECTIONS = {
    "account": "account",
    "extension": "extensions",
    "number": "numbers",
    "channel": "channels",
    "schema": "schemas",
    "plan": "schemas",
    "sound": "sounds",
    "music": "music",
    "contact": "contacts",
    "trunks": "trunks",
    "expectation": "expectations",
    "webhook": "webhooks",
}
"""The kinds of objects, in the order in which they are shown, and the part of the file that they stand in."""

HIDDEN = "•••"

PINS = ("pin", "voicemail_pin")
"""Fields of an extension; an export keeps the hash of each in `<field>_hash`."""


async def stored(unit: Unit, account: AccountOut) -> dict[str, Objects]:
    """The account as it is."""
    id = AccountId(account.id)
    schemas = await plans.list_schemas(unit, id)
    return {
        "account": {"": (account_fields(account), ())},
        "extension": {e.number: (_extension(e), ()) for e in await extensions.list_all(unit, id)},
        "number": {n.e164: (n.model_dump(mode="json", exclude={"e164"}), ()) for n in await numbers.list_all(unit, id)},
        "channel": {c.name: (_channel(c), ()) for c in await channels.list_all(unit, id)},
        "schema": {str(s.number): (_schema(s), ()) for s in schemas},
        "plan": {f"{s.number}/{p.number}": (_plan(p), ()) for s in schemas for p in s.plans},
        "sound": {it.file: (_named(transfer_audio.sound_fields(it)), ()) for it in await sounds.list_all(unit, id)},
        "music": {
            it.file: (_named(transfer_audio.piece_fields(it)) | {"place": place}, ())
            for it, place in transfer_audio.places(await music.list_all(unit, id, None))
        },
        "contact": {
            key: (transfer_contacts.fields(it), ())
            for key, it in transfer_contacts.keyed(await transfer_contacts.stored(unit, id))
        },
        "trunks": {"": ({"trunks": await trunks.chosen(unit, id)}, ())},
        "expectation": {it.name: (_expectation(it), ()) for it in await expectations.list_all(unit, id)},
        "webhook": {it.name: (_webhook(it), ()) for it in await webhooks.list_all(unit, id)},
    }


def wanted(file: AccountFile) -> dict[str, Objects]:
    """The account as the file has it; settings must be complete."""
    return {
        "account": {"": (account_fields(file.account), ("account",))},
        "extension": {e.number: (_extension(e), ("extensions", n)) for n, e in enumerate(file.extensions)},
        "number": {
            it.e164: (it.model_dump(mode="json", exclude={"e164"}), ("numbers", n)) for n, it in enumerate(file.numbers)
        },
        "channel": {c.name: (_channel(c), ("channels", n)) for n, c in enumerate(file.channels)},
        "schema": {str(s.number): (_schema(s), ("schemas", n)) for n, s in enumerate(file.schemas)},
        "plan": {
            f"{schema.number}/{plan.number}": (_plan(plan), ("schemas", n, "plans", m))
            for n, schema in enumerate(file.schemas)
            for m, plan in enumerate(schema.plans)
        },
        **_left_out_at_will(file),
        "trunks": {"": ({"trunks": file.trunks}, ("trunks",))},
        "expectation": {it.name: (_expectation(it), ("expectations", n)) for n, it in enumerate(file.expectations)},
    }


def _left_out_at_will(file: AccountFile) -> dict[str, Objects]:
    """Sounds, music, contacts and webhooks, if the file says anything of them; else they stay as they are."""
    found: dict[str, Objects] = {}
    if file.sounds is not None:
        named = ((it, _named(transfer_audio.sound_fields(it)), n) for n, it in enumerate(file.sounds))
        found["sound"] = {it.file: (fields, ("sounds", n)) for it, fields, n in named}
    if file.music is not None:
        found["music"] = {
            it.file: (_named(transfer_audio.piece_fields(it)) | {"place": place}, ("music", n))
            for n, (it, place) in enumerate(transfer_audio.places(file.music))
        }
    if file.contacts is not None:
        lengths = Counter(len(it.number) for it in file.extensions)
        home = Home(file.account.country, file.account.area_code, max(lengths, key=lambda it: lengths[it], default=3))
        found["contact"] = {
            key: (transfer_contacts.fields(it, home), ("contacts", n))
            for n, (key, it) in enumerate(transfer_contacts.keyed(file.contacts))
        }
    if file.webhooks is not None:
        found["webhook"] = {it.name: (_webhook(it), ("webhooks", n)) for n, it in enumerate(file.webhooks)}
    return found


def _named(fields: dict[str, Any]) -> dict[str, Any]:
    """Without the file, which is the key, and its age, which no import changes."""
    return {name: value for name, value in fields.items() if name not in ("file", "created")}


def nothing() -> dict[str, Objects]:
    """An account that is not there yet."""
    return {object_type: {} for object_type in SECTIONS}


async def compare(
    unit: Unit,
    account: AccountId | None,
    before: Mapping[str, Objects],
    after: Mapping[str, Objects],
    file: AccountFile,
) -> tuple[Change, ...]:
    """Every difference, in the order of `SECTIONS`, and within it in that of the file."""
    secret = await _secrets(unit, account, before, file)
    return tuple(
        change
        for object_type in SECTIONS
        for change in _of_type(object_type, before[object_type], after.get(object_type, before[object_type]), secret)
    )


def _of_type(
    object_type: str, before: Objects, after: Objects, secret: Mapping[tuple[str, str], list[FieldChange]]
) -> Iterator[Change]:
    for key, (fields, path) in after.items():
        old = before[key][0] if key in before else {}
        differences = [*_differences(old, fields), *secret.get((object_type, key), ())]
        if key not in before:
            yield Change(Action.CREATE, object_type, key, tuple(differences), path)
        elif differences:
            yield Change(Action.CHANGE, object_type, key, tuple(differences), path)
    for key in (key for key in before if key not in after):
        gone = tuple(_differences(before[key][0], {}))
        yield Change(Action.DELETE, object_type, key, gone, (SECTIONS[object_type],))


def _differences(before: Fields, after: Fields) -> Iterator[FieldChange]:
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        if old != new:
            yield FieldChange(name, old, new)


async def _secrets(
    unit: Unit, account: AccountId | None, before: Mapping[str, Objects], file: AccountFile
) -> dict[tuple[str, str], list[FieldChange]]:
    """Which passwords and PINs will be others, without telling them."""
    found: dict[tuple[str, str], list[FieldChange]] = {}
    for webhook in file.webhooks or ():
        if account is None or webhook.name not in before["webhook"]:
            found["webhook", webhook.name] = [FieldChange("secret", None, "(made)")]
    for channel in file.channels:
        if account is None or channel.name not in before["channel"]:
            made = HIDDEN if channel.password else "(made)"
            found["channel", channel.name] = [FieldChange("password", None, made)]
        elif await _other_password(unit, account, channel):
            found["channel", channel.name] = [FieldChange("password", HIDDEN, f"{HIDDEN} (another)")]
    for extension in file.extensions:
        known = account is not None and extension.number in before["extension"]
        row = await extensions.load(unit, account, extension.number) if account and known else None
        for pin in PINS:
            hash = getattr(row, f"{pin}_hash", None)
            if await _other_pin(extension, pin, hash):
                change = FieldChange(pin, hash and HIDDEN, f"{HIDDEN} (another)" if hash else HIDDEN)
                found.setdefault(("extension", extension.number), []).append(change)
    return found


async def _other_password(unit: Unit, account: AccountId, channel: FileChannel) -> bool:
    given = channel.password
    return given is not None and given.get_secret_value() != await channels.password_of(unit, account, channel.name)


async def _other_pin(extension: FileExtension, pin: str, stored: str | None) -> bool:
    match getattr(extension, pin), getattr(extension, f"{pin}_hash"):
        case SecretStr() as given, _:
            return not await pins.matches(given.get_secret_value(), stored)
        case None, SecretStr() as hash:
            return hash.get_secret_value() != stored
    return False


def complete_settings(kind: str, settings: dict[str, Any]) -> dict[str, Any]:
    """With what this version has added to the kind; as stored when another version wrote what this one refuses."""
    try:
        return extensions.valid_settings(kind, settings)
    except Invalid:
        return settings


def account_fields(account: AccountIn) -> dict[str, Any]:
    """The settings as plain data, always in the same order."""
    fields = account.model_dump(mode="json", include=set(AccountIn.model_fields))
    return {**fields, "facilities": sorted(fields["facilities"])}


def _extension(extension: extensions.ExtensionIn) -> dict[str, Any]:
    settings = complete_settings(extension.kind, extension.settings)
    return {"kind": extension.kind, "name": extension.name, **dict(_flat(settings, "settings"))}


def _channel(channel: channels.ChannelIn) -> dict[str, Any]:
    return channel.model_dump(mode="json", include=set(channels.ChannelIn.model_fields) - {"name", "password"})


def _schema(schema: plans.SchemaOut | FileSchema) -> dict[str, Any]:
    state = {"name": schema.name, "standing": schema.standing, "override": schema.override}
    return state | plans_words.schedule(schema.schedule) | plans_words.holidays(schema.holidays)


def _plan(plan: PlanIn | FilePlan) -> dict[str, Any]:
    return {"name": plan.name, **plans_words.entries(plan.entries)}


def _expectation(expected: ExpectationIn) -> dict[str, Any]:
    return expected.contents() | {"outcome": str(expected.outcome)}


def webhook_fields(webhook: WebhookIn) -> dict[str, Any]:
    """What is set for it, as plain data, always in the same order."""
    fields = webhook.model_dump(mode="json", include=set(WebhookIn.model_fields))
    return {**fields, "events": sorted(fields["events"])}


def _webhook(webhook: WebhookIn) -> dict[str, Any]:
    return {name: value for name, value in webhook_fields(webhook).items() if name != "name"}


def _flat(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """`{"rights": {"twinning": true}}` as `rights.twinning`; lists stay whole."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _flat(inner, f"{path}.{name}")
    else:
        yield path, value
