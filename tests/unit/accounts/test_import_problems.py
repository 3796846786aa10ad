"""What is wrong with an account file is told all at once, each at its line (issue 2.10)."""

from __future__ import annotations

from typing import Any

import pytest

from .office import DESK, HALL, JANSEN, MAIN, MOBILE, SECOND, Office
from .transfers import Transfers, edited


async def test_what_another_account_has_is_refused(furnished_acme: Office, files: Transfers, rivals: Office) -> None:
    def edit(data: dict[str, Any]) -> None:
        data["account"] |= {"number": "102"}

    problems = await files.problems(edited(await files.out(furnished_acme.id), edit))

    assert problems == {
        f"channels[0].name `- name: {DESK}`": f"{DESK} belongs to another account",
        f"channels[1].name `- name: {HALL}`": f"{HALL} belongs to another account",
        f"numbers[0].e164 `- e164: '{MAIN}'`": f"{MAIN} belongs to another account",
        f"numbers[1].e164 `- e164: '{SECOND}'`": f"{SECOND} belongs to another account",
        f"numbers[2].e164 `- e164: '{MOBILE}'`": f"{MOBILE} belongs to another account",
    }


async def test_everything_wrong_is_told_at_once_with_its_place(furnished_acme: Office, files: Transfers) -> None:
    def edit(data: dict[str, Any]) -> None:
        data["account"]["default_caller_id"] = "+31209999999"
        data["extensions"][0]["settings"]["emergency_caller_id"] = "+31208888888"
        data["extensions"][3]["settings"]["members"].append("209")
        data["channels"][0]["linked_user"] = "300"
        data["channels"][1]["name"] = DESK
        data["numbers"][1]["status"] = "ordered"
        data["numbers"][2]["user"] = "208"
        data["schemas"][0]["standing"] = 99
        data["schemas"][0]["plans"][0]["entries"].append({"e164": MOBILE, "destination": "207"})
        data["schemas"][0]["plans"][0]["entries"].append({"e164": SECOND, "destination": JANSEN})

    assert await files.problems(edited(await files.out(furnished_acme.id), edit)) == {
        "account.default_caller_id `default_caller_id: '+31209999999'`": (
            "+31209999999 is not among the numbers in this file"
        ),
        "extensions[0].settings.emergency_caller_id `emergency_caller_id: '+31208888888'`": (
            "+31208888888 is not among the numbers in this file"
        ),
        "extensions[3].settings.members[2] `- '209'`": "there is no extension 209 in this file",
        "channels[0].linked_user `linked_user: '300'`": "extension 300 is not a user",
        f"channels[1].name `- name: {DESK}`": f"{DESK} stands here twice",
        "numbers[2].user `user: '208'`": "there is no extension 208 in this file",
        "schemas[0].standing `standing: 99`": "there is no plan 99 in this schema",
        "schemas[0].plans[0].entries[1].destination `destination: '207'`": "there is no extension 207 in this file",
        f"schemas[0].plans[0].entries[1].e164 `- e164: '{MOBILE}'`": f"{MOBILE} is a personal number",
        f"schemas[0].plans[0].entries[2].e164 `- e164: '{SECOND}'`": f"{SECOND} is not active yet",
        f"schemas[1].plans[0].entries[0].e164 `- e164: '{SECOND}'`": f"{SECOND} stands in another schema too",
    }


LONG = "- {number: '2003', kind: user, name: Long}\n"


@pytest.mark.parametrize(
    ("before", "after", "where", "message"),
    [
        ("ring_for: 25", "ring_for: 9999", "extensions[2].settings.ring_for", "less than or equal to 300"),
        ("ring_for: 25", "ring_for: long", "extensions[2].settings.ring_for", "valid integer"),
        ("ring_for: 25", "rings_for: 25", "extensions[2].settings.rings_for", "not permitted"),
        ("kind: group", "kind: hologram", "extensions[3].kind", "there is no kind hologram"),
        ("call_limit: 3", "call_limit: 9", "channels[0].call_limit", "less than or equal to 5"),
        ("name: desk", "names: desk", "channels[0].name", "is missing"),
        ("timezone: Europe/Amsterdam", "timezone: Mars", "account.timezone", "is not a time zone"),
        ("numbers:\n", "telephones:\n", "numbers", "is missing"),
        ("format: 1", "format: 2", "format", "is not 1"),
        ("number: 1\n", "number: 9\n", "schemas", "main schema"),
        ("trunks:\n", "trunks:\n- carrier\n", "trunks[2]", "carrier stands here twice"),
        ("extensions:\n", f"extensions:\n{LONG}", "extensions[0].number", "have 3 digits"),
        ("extensions:\n", "extensions:\n- *x\n", "", "write it out"),
    ],
)
async def test_a_mistake_is_told_at_its_place(
    furnished_acme: Office, files: Transfers, before: str, after: str, where: str, message: str
) -> None:
    text = (await files.out(furnished_acme.id)).replace(before, after, 1)
    problems = await files.problems(text)
    assert any(key.split(" ")[0] == where and message in said for key, said in problems.items()), problems


async def test_a_file_that_lost_its_end_deletes_nothing(furnished_acme: Office, files: Transfers) -> None:
    text = await files.out(furnished_acme.id)
    problems = await files.problems(text[: text.index("numbers:\n")])
    assert {key.split(" ")[0] for key in problems} == {"numbers", "schemas", "trunks", "expectations"}


async def test_a_kind_is_not_changed_under_a_number(furnished_acme: Office, files: Transfers) -> None:
    def edit(data: dict[str, Any]) -> None:
        data["extensions"][3] |= {"kind": "user", "settings": {}}

    problems = await files.problems(edited(await files.out(furnished_acme.id), edit))
    assert problems == {"extensions[3].kind `kind: user`": "extension 300 is a group, and a kind cannot be changed"}


async def test_a_hash_that_we_would_not_make_is_refused(furnished_acme: Office, files: Transfers) -> None:
    costly = "$argon2id$v=19$m=4000000,t=2,p=1$c29tZXNhbHQxMjM0NTY3OA$iWh06vD8Fy27wf9npn6FXWiCX4K6pW6Ue1Bnzz07Z8A"

    def edit(data: dict[str, Any]) -> None:
        data["extensions"][0]["pin_hash"] = costly

    problems = await files.problems(edited(await files.out(furnished_acme.id), edit))
    assert list(problems.values()) == ["is not as an export writes it; give a `pin` instead"]
