"""The numbers inside an account (ACC-2, USR-2, design §4)."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from centrale.accounts import channels, extensions, logons, numbers, plans
from centrale.accounts.channels import ChannelIn
from centrale.accounts.errors import NotFound, Use
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.plans import PlanEntryIn, PlanIn

from .office import BAKKER, DE_JONG, DESK, HALL, JANSEN, MAIN, MOBILE, SECOND, TWINNED, Office, invalid, person, refused


async def test_settings_are_kept_complete(office: Office) -> None:
    await office.employ("203", ring_for=20)

    found = await office.see(extensions.get, "203")
    assert (found.kind, found.name, found.has_pin) == ("user", "De Jong", False)
    assert found.settings["ring_for"] == 20
    assert found.settings["offer_second_call"] is True
    assert found.settings["rights"]["twinning"] is False


async def test_extensions_are_listed_by_kind_and_in_pages(office: Office) -> None:
    await office.group("300", "201")

    assert [it.number for it in await office.see(extensions.list_all)] == ["201", "202", "300"]
    assert [it.number for it in await office.see(extensions.list_all, kind="group")] == ["300"]


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("20", "extensions of this account have 3 digits"),
        ("2001", "extensions of this account have 3 digits"),
        ("901", "901 is a system number"),
        ("112", "112 is an emergency number"),
    ],
)
async def test_a_number_that_cannot_be_an_extension(office: Office, number: str, why: str) -> None:
    assert await invalid(office.employ(number)) == {"number": why}


async def test_a_number_is_given_out_once(office: Office) -> None:
    assert (await refused(office.employ(JANSEN))).field == "number"


@pytest.mark.parametrize("number", ["2", "200001", "2x1", "", "٢٠١"])
def test_what_is_no_extension_number_at_all(number: str) -> None:
    with pytest.raises(ValidationError):
        person(number)


@pytest.mark.parametrize(
    ("kind", "settings", "field"),
    [
        ("user", {"ring_for": 0}, "settings.ring_for"),
        ("user", {"ring_tone": "loud"}, "settings.ring_tone"),
        ("user", {"rights": {"fly": True}}, "settings.rights.fly"),
        ("user", {"default_caller_id": SECOND}, "settings.default_caller_id"),
        ("group", {"members": ["201", "209"]}, "settings.members[1]"),
        ("group", {"members": ["300"]}, "settings.members[0]"),
        ("group", {"inside": {"busy": "202;209"}}, "settings.inside.busy"),
        ("hologram", {}, "kind"),
    ],
)
async def test_settings_that_do_not_fit_are_refused_by_field(
    office: Office, kind: str, settings: dict[str, Any], field: str
) -> None:
    data = ExtensionIn(number="300", kind=kind, name="New", settings=settings)
    assert list(await invalid(office.do(extensions.create, data))) == [field]


async def test_a_forward_may_lead_outside(office: Office) -> None:
    settings = {"members": ["201"], "inside": {"always": f"202;{SECOND}"}}
    await office.do(extensions.create, ExtensionIn(number="300", kind="group", name="Sales", settings=settings))
    assert (await office.see(extensions.get, "300")).settings["inside"]["always"] == f"202;{SECOND}"


async def test_number_and_kind_stay(office: Office) -> None:
    renumbered = office.do(extensions.change, JANSEN, person("203"))
    assert list(await invalid(renumbered)) == ["number"]
    turned = office.do(extensions.change, JANSEN, ExtensionIn(number=JANSEN, kind="group", name="Jansen"))
    assert list(await invalid(turned)) == ["kind"]


async def test_what_is_in_use_is_not_deleted_and_says_where(office: Office) -> None:
    await office.number(MAIN)
    await office.number(MOBILE, user=JANSEN)
    await office.phone(DESK, linked_user=JANSEN)
    await office.group("300", JANSEN, BAKKER)
    await office.do(plans.create_plan, 1, PlanIn(name="Open", entries=[PlanEntryIn(e164=MAIN, destination=JANSEN)]))

    refusal = await refused(office.do(extensions.delete, JANSEN))

    assert set(refusal.uses) == {
        Use("plan", "1/1", f"entries.{MAIN}"),
        Use("channel", "desk", "linked_user"),
        Use("number", MOBILE, "user"),
        Use("extension", "300", "settings.members[0]", "group"),
    }
    assert "plan 1/1" in str(refusal)

    await office.do(plans.change_plan, 1, 1, PlanIn(name="Open"))
    await office.do(channels.change, DESK, ChannelIn())
    await office.do(numbers.delete, MOBILE)
    await office.do(extensions.change, "300", ExtensionIn(number="300", kind="group", name="Sales"))
    await office.do(extensions.delete, JANSEN)
    with pytest.raises(NotFound):
        await office.see(extensions.get, JANSEN)


async def test_who_goes_is_logged_off(office: Office) -> None:
    await office.phone(DESK)
    await office.do(logons.log_on, JANSEN, DESK, exclusive=True)

    await office.do(extensions.delete, JANSEN)

    assert await office.see(logons.list_all) == []


async def test_twinning_stays_while_somebody_is_linked_to_two_phones(office: Office) -> None:
    await office.number(MAIN)
    await office.employ(DE_JONG, **TWINNED)
    for name in (DESK, HALL):
        await office.phone(name, linked_user=DE_JONG)

    refusal = await refused(office.settle(DE_JONG))
    assert refusal.uses == (Use("channel", DESK, "linked_user"), Use("channel", HALL, "linked_user"))
    assert "203 needs twinning" in str(await refused(office.settings(emergency_caller_id=MAIN, facilities=frozenset())))

    await office.do(channels.change, HALL, ChannelIn())
    await office.settle(DE_JONG)


@pytest.mark.parametrize("pin", ["1111", "1234", "2020", "203", "12a4", "12345678901"])
async def test_a_weak_pin_is_refused(office: Office, pin: str) -> None:
    assert list(await invalid(office.employ(DE_JONG, pin=pin))) == ["pin"]


async def test_only_users_have_a_pin(office: Office) -> None:
    data = ExtensionIn(number="300", kind="group", name="Sales", pin="4711")
    assert await invalid(office.do(extensions.create, data)) == {"pin": "a group has no PIN"}
    await office.group("300")
    with pytest.raises(NotFound):
        await office.do(extensions.set_pin, "300", "4711")


async def test_a_pin_is_kept_as_a_hash_only_and_stays_when_none_is_given(office: Office) -> None:
    await office.employ(DE_JONG, pin="4711")
    before = (await office.see(extensions.load, DE_JONG)).pin_hash

    await office.settle(DE_JONG, ring_for=20)

    assert before is not None
    assert before.startswith("$argon2id$")
    assert (await office.see(extensions.load, DE_JONG)).pin_hash == before
    found = await office.see(extensions.get, DE_JONG)
    assert found.has_pin
    assert "pin" not in found.model_dump()
