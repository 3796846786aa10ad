"""The company's phone book and one's own over HTTP (ACC-7): who sees what, search, files in and out, undo."""

from __future__ import annotations

import csv
import io
from typing import Any

import httpx
import pytest
from api_world import ApiWorld

from centrale.accounts import numbers, trunks
from centrale.accounts.numbers import NumberIn
from centrale.accounts.trunks import TrunkIn
from centrale.routing.snapshot import AccountId, NumberUse
from centrale.telephony.simulated import SimulatedCarrier

VOS = {
    "first_name": "Eva",
    "prefix": "de",
    "surname": "Vos",
    "company": "Bakkerij Vos",
    "email": "eva@vos.example",
    "numbers": [{"number": "06-12345678", "label": "mobile"}, {"number": "(020) 123 45 67"}],
}


async def jansen(world: ApiWorld, account: int) -> httpx.AsyncClient:
    return (await world.person("jansen@acme.example", "end_user", account=account, extension="201")).client


async def bakker(world: ApiWorld, account: int) -> httpx.AsyncClient:
    return (await world.person("bakker@acme.example", "end_user", account=account, extension="202")).client


async def names(client: httpx.AsyncClient, at: str, **query: Any) -> list[str]:
    answer = await client.get(at, params=query)
    assert answer.status_code == 200, answer.text
    return [it["shown_as"] for it in answer.json()["items"]]


async def send(client: httpx.AsyncClient, at: str, content: bytes | str, **query: Any) -> dict[str, Any]:
    content = content.encode() if isinstance(content, str) else content
    answer = await client.post(f"{at}/import", params=query, files={"file": ("contacts.csv", content, "text/csv")})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_contact_is_made_changed_and_deleted_and_each_of_it_taken_back(world: ApiWorld) -> None:
    account = await world.company()
    at = f"/api/v1/accounts/{account}/contacts"
    made = await world.platform.post(at, json=VOS)
    assert made.status_code == 201
    one = made.headers["location"]
    assert made.json()["shown_as"] == "Eva de Vos"
    assert [it["number"] for it in made.json()["numbers"]] == ["+31612345678", "+31201234567"]

    changed = await world.platform.patch(one, json={"prefix": ""}, headers={"If-Match": made.headers["etag"]})
    assert changed.json()["shown_as"] == "Eva Vos"
    stale = await world.platform.patch(one, json={"notes": "x"}, headers={"If-Match": made.headers["etag"]})
    assert stale.status_code == 412
    assert (await world.platform.delete(one)).status_code == 204
    assert (await world.platform.get(one)).status_code == 404

    audit = (await world.platform.get(f"/api/v1/accounts/{account}/audit?object_type=contact")).json()["items"]
    assert [it["action"] for it in audit] == ["delete", "change", "create"]
    assert audit[1]["before"]["prefix"] == "de"
    undone = await world.platform.post(f"/api/v1/accounts/{account}/audit/{audit[0]['id']}/undo")
    assert undone.status_code == 204, undone.text
    assert await names(world.platform, at) == ["Eva Vos"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"company": "x", "numbers": [{"number": "06-12345678"}, {"number": "abc"}]}, "/numbers/1/number"),
        ({"company": "x", "email": "nobody"}, "/email"),
        ({"notes": "nobody"}, ""),
        ({"surname": "two\nlines"}, "/surname"),
        ({"company": "x", "numbers": [{"number": "201"}] * 21}, "/numbers"),
    ],
)
async def test_a_contact_that_cannot_be_is_refused_by_field(world: ApiWorld, wrong: dict[str, Any], field: str) -> None:
    account = await world.company()
    answer = await world.platform.post(f"/api/v1/accounts/{account}/contacts", json=wrong)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


async def test_an_extension_is_a_number_too(world: ApiWorld) -> None:
    account = await world.company()
    made = await world.platform.post(
        f"/api/v1/accounts/{account}/contacts", json={"company": "Help desk", "numbers": [{"number": "202"}]}
    )
    assert made.json()["numbers"] == [{"number": "202", "label": "work"}]


async def test_people_are_found_however_they_are_written(world: ApiWorld) -> None:
    account = await world.company()
    at = f"/api/v1/accounts/{account}/contacts"
    for first, surname, number in (("Zoë", "Müller", "0612340001"), ("Jan", "Jansen", "0201234567")):
        body = {"first_name": first, "surname": surname, "numbers": [{"number": number}]}
        assert (await world.platform.post(at, json=body)).status_code == 201
    found = {
        "muller": ["Zoë Müller"],
        "ZOE mül": ["Zoë Müller"],
        "ller": [],  # words are found by how they begin
        "jan": ["Jan Jansen"],
        "06 12": ["Zoë Müller"],
        "+31 (0)20 123": ["Jan Jansen"],
        "0031612": ["Zoë Müller"],
        "%": [],
        "": ["Jan Jansen", "Zoë Müller"],
    }
    assert {search: await names(world.platform, at, search=search) for search in found} == found
    assert await names(world.platform, at, number="+31201234567") == ["Jan Jansen"]
    assert await names(world.platform, at, sort="-name") == ["Zoë Müller", "Jan Jansen"]


async def test_lists_come_in_pages_in_either_order(world: ApiWorld) -> None:
    account = await world.company()
    at = f"/api/v1/accounts/{account}/contacts"
    await send(world.platform, at, "surname\n" + "".join(f"Name {n % 4}\n" for n in range(4)) + "Name 2 b\n")
    for sort in ("name", "-name", "company", "-company"):
        seen: list[str] = []
        query: dict[str, Any] = {"limit": 2, "sort": sort}
        while True:
            page = (await world.platform.get(at, params=query)).json()
            seen += [it["shown_as"] for it in page["items"]]
            if page["next"] is None:
                break
            query["after"] = page["next"]
        expected = ["Name 0", "Name 1", "Name 2", "Name 2 b", "Name 3"]
        assert seen == (expected[::-1] if sort.startswith("-") else expected)
    refused = await world.platform.get(at, params={"after": query["after"], "sort": "name"})
    assert refused.status_code == 422, "a cursor of another order"


async def test_own_contacts_are_nobody_elses(world: ApiWorld) -> None:
    account = await world.company()
    company = f"/api/v1/accounts/{account}/contacts"
    await world.platform.post(company, json=VOS)
    me, colleague = await jansen(world, account), await bakker(world, account)
    made = await me.post("/api/v1/me/contacts", json={"first_name": "Schat", "numbers": [{"number": "0687654321"}]})
    assert made.status_code == 201, made.text
    one = f"/api/v1/me/contacts/{made.json()['id']}"

    assert await names(me, "/api/v1/me/contacts") == ["Schat", "Eva de Vos"]
    assert await names(me, "/api/v1/me/contacts", book="own") == ["Schat"]
    assert await names(me, "/api/v1/me/contacts", book="company") == ["Eva de Vos"]
    assert await names(colleague, "/api/v1/me/contacts") == ["Eva de Vos"]
    assert await names(world.platform, company) == ["Eva de Vos"]
    for client in (colleague, world.platform):
        for at in (one, f"{company}/{made.json()['id']}"):
            assert (await client.get(at)).status_code in (403, 404)
    for answer in (await colleague.patch(one, json={"notes": "x"}), await colleague.delete(one)):
        assert answer.status_code == 404
    assert "Schat" not in (await world.platform.get(f"/api/v1/accounts/{account}/audit")).text
    assert "Schat" not in (await world.platform.get(f"{company}/export")).text
    assert (await me.patch(one, json={"surname": "Vis"})).json()["shown_as"] == "Schat Vis"
    assert (await me.delete(one)).status_code == 204


async def test_users_look_at_the_companys_contacts_and_supervisors_do_too(world: ApiWorld) -> None:
    account = await world.company()
    at = f"/api/v1/accounts/{account}/contacts"
    made = (await world.platform.post(at, json=VOS)).json()
    me = await jansen(world, account)
    one = f"/api/v1/me/contacts/{made['id']}"
    assert (await me.get(one)).json()["shown_as"] == "Eva de Vos"
    for answer in (await me.patch(one, json={"notes": "x"}), await me.delete(one), await me.get(at)):
        assert answer.status_code == 403
    supervisor = (await world.person("super@acme.example", "supervisor", account=account)).client
    assert await names(supervisor, at) == ["Eva de Vos"]
    assert (await supervisor.get(f"{at}/export")).status_code == 200
    refused = [
        await supervisor.post(at, json=VOS),
        await supervisor.patch(f"{at}/{made['id']}", json={"notes": "x"}),
        await supervisor.delete(f"{at}/{made['id']}"),
        await supervisor.post(f"{at}/import", files={"file": ("x.csv", b"surname\nX\n", "text/csv")}),
    ]
    assert [it.status_code for it in refused] == [403] * 4


async def test_a_file_is_looked_at_before_it_is_taken(world: ApiWorld) -> None:
    account = await world.company()
    at = f"/api/v1/accounts/{account}/contacts"
    await world.platform.post(at, json=VOS)
    await world.platform.post(at, json={"surname": "Smit", "numbers": [{"number": "0205550001"}]})
    file = (
        "Voornaam;Tussenvoegsel;Achternaam;Bedrijf;Mobiel;Werk;Favoriet\r\n"
        "Eva;de;Vos;Bakkerij Vos;06 12345678;020-1234567;ja\r\n"  # favourite now
        "Zoë;;Nieuw;;06 11112222;;\r\n"
        ";;Smit;;;020 555 0001;\r\n"  # as it is
        ";;Fout;;geen nummer;;\r\n"
        ";;;;0612121212;;\r\n"
        "Zoë;;Nieuw;;0611112222;;\r\n"
    ).encode("cp1252")
    seen = await send(world.platform, at, file, preview=True)
    counts = {name: seen[name] for name in ("added", "changed", "unchanged", "rejected")}
    assert counts == {"added": 1, "changed": 1, "unchanged": 1, "rejected": 3}
    told = {it["line"]: (it["verdict"], [problem["message"] for problem in it["problems"]]) for it in seen["lines"]}
    assert told == {
        5: ("rejected", ["geen nummer is no telephone number, and no extension"]),
        6: ("rejected", ["give a first name, a surname or a company"]),
        7: ("rejected", ["it is the same as line 3"]),
        2: ("changed", []),
        3: ("added", []),
    }
    assert await names(world.platform, at) == ["Smit", "Eva de Vos"], "nothing has changed yet"

    done = await send(world.platform, at, file)
    assert {name: done[name] for name in counts} == counts
    assert await names(world.platform, at) == ["Zoë Nieuw", "Smit", "Eva de Vos"]
    assert await names(world.platform, at, favourite=True) == ["Eva de Vos"]
    again = await send(world.platform, at, file)
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 3)

    audit = (await world.platform.get(f"/api/v1/accounts/{account}/audit?object_type=contact")).json()["items"]
    favoured = next(it for it in audit if it["action"] == "change")
    undone = await world.platform.post(f"/api/v1/accounts/{account}/audit/{favoured['id']}/undo")
    assert undone.status_code == 204, undone.text
    assert await names(world.platform, at, favourite=True) == []


async def test_rejected_lines_are_told_in_the_readers_language(world: ApiWorld) -> None:
    account = await world.company()
    at = f"/api/v1/accounts/{account}/contacts/import?preview=true"
    file = {"file": ("x.csv", b"surname,work\nFout,abc\n", "text/csv")}
    answer = await world.platform.post(at, files=file, headers={"Accept-Language": "nl"})
    assert answer.json()["lines"][0]["problems"] == [
        {"field": "numbers[0].number", "message": "Abc is geen telefoonnummer en ook geen extensie."}
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\x00\x01\x02\xff\xfe", "not_text"),
        (b"", "empty"),
        (b"1,2,3\n4,5,6\n", "no_columns"),
        (b'surname\n"open', "unreadable"),
        (b"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:X\r\n", "unreadable"),
    ],
)
async def test_a_file_that_is_none_is_refused_as_a_whole(world: ApiWorld, content: bytes, code: str) -> None:
    account = await world.company()
    answer = await world.platform.post(
        f"/api/v1/accounts/{account}/contacts/import", files={"file": ("x", content, "text/csv")}
    )
    assert answer.status_code == 422
    assert (answer.json()["errors"][0]["field"], answer.json()["errors"][0]["code"]) == ("/file", code)
    too_large = {"file": ("x", b"x" * (16 * 1024 * 1024 + 1), "text/csv")}
    refused = await world.platform.post(f"/api/v1/accounts/{account}/contacts/import", files=too_large)
    assert refused.status_code == 413
    progress = (await world.platform.get(f"/api/v1/accounts/{account}/contacts/import")).json()
    assert progress == {"running": False, "done": 0, "of": 0}


async def test_what_is_exported_comes_back_as_it_was_and_no_cell_is_a_formula(world: ApiWorld) -> None:
    account = await world.company()
    at = f"/api/v1/accounts/{account}/contacts"
    await world.platform.post(at, json=VOS | {"notes": "two\nlines; and, more", "favourite": True})
    await world.platform.post(at, json={"surname": '=cmd|"/c calc"!A1', "numbers": [{"number": "201"}]})
    text = (await world.platform.get(f"{at}/export")).text
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+-@")]
    same = await send(world.platform, at, text)
    assert (same["unchanged"], same["rejected"], same["changed"], same["added"]) == (2, 0, 0, 0), same["lines"]

    cards = await world.platform.get(f"{at}/export?format=vcard")
    assert cards.headers["content-type"].startswith("text/vcard")
    other = await world.company("2000", "Other")
    taken = await send(world.platform, f"/api/v1/accounts/{other}/contacts", cards.text)
    assert (taken["added"], taken["rejected"]) == (2, 0)
    copied = (await world.platform.get(f"/api/v1/accounts/{other}/contacts?search=vos")).json()["items"][0]
    for name in ("first_name", "prefix", "surname", "company", "email", "notes", "numbers"):
        stored = (await world.platform.get(f"{at}?search=vos")).json()["items"][0]
        assert copied[name] == stored[name], name


async def test_a_call_is_shown_with_the_name_that_the_phone_book_has_then(world: ApiWorld) -> None:
    account = await world.company()
    async with world.database.change("test") as unit:
        wanted = NumberIn(e164="+31201110200", use=NumberUse.PERSONAL, user="201")
        await numbers.create(unit, AccountId(account), wanted)
        await trunks.create(unit, TrunkIn(name="carrier", host="192.0.2.1"))
    carrier = SimulatedCarrier(world.switch, "carrier", "trunk-carrier", 880)
    await carrier.register()
    phone = await world.phone(world.channels(account)[0])
    me = await jansen(world, account)
    await world.platform.post(f"/api/v1/accounts/{account}/contacts", json=VOS)
    await me.post("/api/v1/me/contacts", json={"first_name": "Schat", "numbers": [{"number": "0612345678"}]})

    call = await carrier.calls("+31201110200", caller="+31612345678", name="Forged")
    rings = await phone.rings()
    assert (rings.caller_number, rings.caller_name) == ("0612345678", "Schat")
    (live,) = (await world.platform.get(f"/api/v1/accounts/{account}/calls")).json()["items"]
    assert live["caller_name"] == "Eva de Vos"
    await rings.answer()
    await call.answered()
    await call.hang_up()
    await world.exchange.idle()
    await world.writer.flush()
    record = (await world.platform.get(f"/api/v1/accounts/{account}/records")).json()["items"][0]
    assert record["caller_name"] == "Eva de Vos"
    whole = (await world.platform.get(f"/api/v1/accounts/{account}/records/{record['id']}")).text
    assert "Schat" not in whole
    assert [it["caller_name"] for it in (await me.get("/api/v1/me/records")).json()["items"]] == ["Schat"]
