"""The exchange speaks Dutch and English to whoever arranges it (issue 5 points 1 and 5)."""

from __future__ import annotations

import pytest
from api_world import ApiWorld
from sqlalchemy import update

from centrale.accounts.models import ExtensionRow
from centrale.api.resources.forms import FORMS
from centrale.kinds.registry import KINDS


async def test_the_form_of_a_kind_in_the_readers_language(world: ApiWorld) -> None:
    dutch = await world.platform.get("/api/v1/kinds/queue", params={"language": "nl"})
    strategy = dutch.json()["settings"]["properties"]["strategy"]
    choices = dutch.json()["settings"]["$defs"]["Strategy"]
    assert (strategy["title"], strategy["default"]) == ("Strategie", "longest_idle")
    assert choices["x-words"]["ring_all"] == "Alle agenten tegelijk"
    assert list(choices["x-words"]) == choices["enum"]
    assert dutch.headers["content-language"] == "nl"
    assert "Accept-Language" in dutch.headers["vary"]
    english = await world.platform.get("/api/v1/kinds/queue")
    assert english.json()["settings"]["properties"]["strategy"]["title"] == "Strategy"
    assert english.headers["content-language"] == "en"


@pytest.mark.parametrize(
    ("wish", "spoken"),
    [
        ("nl", "nl"),
        ("nl-BE,nl;q=0.9,en;q=0.8", "nl"),
        ("en-GB,en;q=0.9,nl;q=0.8", "en"),
        ("en;q=0.2, NL;q=0.7", "nl"),
        ("fr, de;q=0.9", "en"),
        ("de, nl;q=0.3", "nl"),
        ("nl;q=0", "en"),
        ("*", "en"),
        ("nl;q=often", "en"),
        (",;,", "en"),
        ("nl," * 5000, "nl"),
    ],
)
async def test_a_browser_says_what_its_owner_reads(world: ApiWorld, wish: str, spoken: str) -> None:
    answer = await world.platform.get("/api/v1/kinds/user", headers={"Accept-Language": wish})
    assert (answer.status_code, answer.headers["content-language"]) == (200, spoken)


async def test_the_address_counts_before_the_browser(world: ApiWorld) -> None:
    place = "/api/v1/forms/trunk"
    answer = await world.platform.get(place, params={"language": "en"}, headers={"Accept-Language": "nl"})
    assert answer.json()["fields"]["properties"]["mode"]["title"] == "Known by"
    refused = await world.platform.get(place, params={"language": "tlh"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "/language")


async def test_every_kind_and_form_is_listed_and_shown_alike(world: ApiWorld) -> None:
    for place, names in (("kinds", KINDS), ("forms", FORMS)):
        listed = (await world.platform.get(f"/api/v1/{place}", params={"language": "nl", "limit": 500})).json()["items"]
        assert sorted(it["name"] for it in listed) == sorted(names)
        for it in listed:
            shown = await world.platform.get(f"/api/v1/{place}/{it['name']}", params={"language": "nl"})
            assert shown.json() == it
    assert (await world.platform.get("/api/v1/forms/toaster")).status_code == 404


async def test_whoever_may_sign_in_may_read_forms(world: ApiWorld) -> None:
    account = await world.company()
    jansen = await world.person("jansen@example.org", "end_user", account=account, extension="201")
    for place in ("forms/channel", "kinds/user"):
        assert (await jansen.client.get(f"/api/v1/{place}")).status_code == 200


async def test_a_summary_speaks_of_others_by_name_in_the_readers_language(world: ApiWorld) -> None:
    account = await world.company()
    place = f"/api/v1/accounts/{account}/extensions"
    group = {"number": "390", "kind": "group", "name": "Balie", "settings": {"members": ["201", "202"]}}
    made = await world.platform.post(place, json=group, headers={"Accept-Language": "nl"})
    names = {it["number"]: it["name"] for it in (await world.platform.get(place)).json()["items"]}
    dutch = f"belt {names['201']} (201) en {names['202']} (202)"
    assert made.json()["summary"] == dutch
    in_dutch = await world.platform.get(f"{place}/390", params={"language": "nl"})
    in_english = await world.platform.get(f"{place}/390")
    assert in_dutch.json()["summary"] == dutch
    assert in_english.json()["summary"] == f"rings {names['201']} (201) and {names['202']} (202)"
    listed = (await world.platform.get(place, params={"language": "nl", "kind": "group"})).json()["items"]
    assert dutch in {it["summary"] for it in listed}
    assert in_dutch.headers["etag"] == in_english.headers["etag"]
    patch = {"settings": {"members": ["202"]}}
    version = {"If-Match": in_dutch.headers["etag"]}
    changed = await world.platform.patch(f"{place}/390", json=patch, params={"language": "nl"}, headers=version)
    assert (changed.status_code, changed.json()["summary"]) == (200, f"belt {names['202']} (202)")


async def test_settings_of_another_version_are_listed_all_the_same(world: ApiWorld) -> None:
    account = await world.company()
    async with world.database.connection() as connection:
        of_later = update(ExtensionRow).where(ExtensionRow.number == "201").values(settings={"of_later": True})
        await connection.execute(of_later)
    place = f"/api/v1/accounts/{account}/extensions"
    first, second = (await world.platform.get(place)).json()["items"]
    assert first["settings"] == {"of_later": True}
    assert first["summary"] == "has settings of another version; look at them and save them anew"
    assert second["summary"].startswith("rings")
    assert (await world.platform.get(f"{place}/201")).json() == first


async def test_a_summary_knows_nobody_of_another_account(world: ApiWorld) -> None:
    ours, theirs = await world.company(), await world.company("2000")
    await world.platform.patch(f"/api/v1/accounts/{theirs}/extensions/201", json={"name": "Secret"})
    group = {"number": "390", "kind": "group", "name": "Balie", "settings": {"members": ["201"]}}
    made = await world.platform.post(f"/api/v1/accounts/{ours}/extensions", json=group)
    assert "Secret" not in made.json()["summary"]


DUTCH = {"Accept-Language": "nl-NL,nl;q=0.9,en;q=0.5"}


async def test_a_refusal_in_the_readers_language(world: ApiWorld) -> None:
    account = await world.company()
    place = f"/api/v1/accounts/{account}/extensions"
    body = {"number": "900", "kind": "menu", "name": "", "settings": {}}
    told = (await world.platform.post(place, json=body, headers=DUTCH)).json()
    assert (told["type"], told["status"]) == ("urn:centrale:problem:invalid", 422)
    assert told["errors"] == [
        {
            "in": "body",
            "field": "/name",
            "code": "string_too_short",
            "message": "Moet ten minste 1 teken(s) hebben.",
        }
    ]
    assert told["detail"] == "Naam: moet ten minste 1 teken(s) hebben."
    reserved = await world.platform.post(place, json=body | {"name": "Keuze"}, headers=DUTCH)
    assert reserved.json()["detail"] == "Nummer: 900 is een systeemnummer."
    assert reserved.headers["content-language"] == "nl"
    two = (await world.platform.post(place, json={}, headers=DUTCH)).json()
    assert two["detail"] == "Nummer: is verplicht. (en nog 2)"
    assert (await world.platform.post(place, json={})).json()["detail"] == "Number: is required. (and 2 more)"


async def test_what_does_not_exist_and_what_is_in_use_in_dutch(world: ApiWorld) -> None:
    account = await world.company()
    place = f"/api/v1/accounts/{account}/extensions"
    gone = (await world.platform.get(f"{place}/299", headers=DUTCH)).json()
    assert (gone["title"], gone["detail"]) == ("Niet gevonden", "Extensie 299 bestaat niet.")
    group = {"number": "390", "kind": "group", "name": "Balie", "settings": {"members": ["201"]}}
    await world.platform.post(place, json=group)
    used = (await world.platform.delete(f"{place}/201", headers=DUTCH)).json()
    assert used["type"] == "urn:centrale:problem:in-use"
    assert used["detail"].startswith("Extensie 201 is nog in gebruik: extensie 390, lid 1")
    assert used["detail"].endswith("Haal het daar eerst weg.")
    nowhere = (await world.platform.get("/api/v1/nothing", headers=DUTCH)).json()
    assert nowhere["detail"] == "Op /api/v1/nothing is niets. Zie /docs voor wat er is."


async def test_who_is_not_let_in_is_told_so_in_dutch(world: ApiWorld) -> None:
    account = await world.company()
    supervisor = await world.person("bakker@example.org", "supervisor", account=account)
    refused = await supervisor.client.delete(f"/api/v1/accounts/{account}/extensions/201", headers=DUTCH)
    assert (refused.status_code, refused.json()["title"]) == (403, "Niet toegestaan")
    assert refused.json()["detail"] == "Uw rol staat dit niet toe. Vraag het uw beheerder."
    assert (await (await world.client()).get("/api/v1/accounts", headers=DUTCH)).headers["content-language"] == "nl"


async def test_a_refusal_names_where_something_is_used_as_the_form_does(world: ApiWorld) -> None:
    account = await world.company()
    place = f"/api/v1/accounts/{account}/extensions"
    for number, kind, settings in (
        ("391", "user", {}),
        ("390", "group", {"members": ["201", "391"]}),
        ("392", "announcement", {"text": "Wij zijn dicht."}),
    ):
        made = {"number": number, "kind": kind, "name": number, "settings": settings}
        assert (await world.platform.post(place, json=made)).status_code == 201
    english = (await world.platform.delete(f"{place}/391")).json()
    assert english["detail"] == "Extension 391 is still in use: extension 390, member 2. Take it out there first."
    dutch = (await world.platform.delete(f"{place}/391", headers={"Accept-Language": "nl"})).json()
    assert dutch["detail"] == "Extensie 391 is nog in gebruik: extensie 390, lid 2. Haal het daar eerst weg."
    assert [use["words"] for use in dutch["used_by"]] == ["extensie 390, lid 2"]
    uses = (await world.platform.get(f"{place}/391/uses", params={"language": "nl"})).json()["items"]
    assert [use["words"] for use in uses] == ["extensie 390, lid 2"]


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "Member 2: there is no extension 999."), ("nl", "Lid 2: extensie 999 bestaat niet.")],
)
async def test_a_refusal_names_the_wrong_field_as_the_form_does(world: ApiWorld, language: str, told: str) -> None:
    account = await world.company()
    group = {"number": "390", "kind": "group", "name": "Balie", "settings": {"members": ["201", "999"]}}
    refused = await world.platform.post(
        f"/api/v1/accounts/{account}/extensions", json=group, headers={"Accept-Language": language}
    )
    assert (refused.status_code, refused.json()["detail"]) == (422, told)
    assert refused.json()["errors"][0]["field"] == "/settings/members/1"
