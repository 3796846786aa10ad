"""Requests from people who mean harm, and from programs that mean well and are wrong."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from api_world import ApiWorld

DEEP = b"[" * 100_000 + b"]" * 100_000


def is_a_problem(answer: Any, *statuses: int) -> bool:
    return answer.status_code in statuses and answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "name",
    [
        "Jansen\r\nVia: SIP/2.0/UDP evil.example",
        "Jansen\x00",
        "\x1b[31mJansen",
        "\u202eneskaB",
        "\ud800",
        "Jan\u2028sen",
        " ",
        "J" * 81,
        "",
        7,
        None,
        ["Jansen"],
    ],
)
async def test_a_name_is_one_line_of_text_for_a_display(world: ApiWorld, name: Any) -> None:
    account = await world.company()
    base = f"/api/v1/accounts/{account}"
    headers = {"Content-Type": "application/json"}
    for path, body in (
        ("/extensions", {"number": "300", "kind": "group", "name": name}),
        ("/schemas", {"name": name}),
    ):
        refused = await world.platform.post(base + path, content=json.dumps(body), headers=headers)
        assert is_a_problem(refused, 422)
        assert [error["field"] for error in refused.json()["errors"]] == ["/name"]
    before = (await world.platform.get(f"{base}/extensions/201")).json()
    refused = await world.platform.patch(f"{base}/extensions/201", content=json.dumps({"name": name}), headers=headers)
    assert is_a_problem(refused, 422)
    assert (await world.platform.get(f"{base}/extensions/201")).json() == before


async def test_html_in_a_name_is_text_and_stays_text(world: ApiWorld) -> None:
    account = await world.company()
    name = "<img src=x onerror=alert(1)> & “Söhne”"
    place = f"/api/v1/accounts/{account}/extensions/201"
    changed = await world.platform.patch(place, json={"name": name})
    assert changed.json()["name"] == name
    assert changed.headers["content-type"] == "application/json"
    assert changed.headers["x-content-type-options"] == "nosniff"
    strange = await world.platform.get(f"/api/v1/accounts/{account}/extensions/%3Cscript%3E")
    assert is_a_problem(strange, 404)
    nowhere = await world.platform.get("/api/v1/%3Cscript%3Ealert(1)%3C/script%3E")
    assert is_a_problem(nowhere, 404)


async def test_a_prefix_cannot_smuggle_a_header_into_a_call(world: ApiWorld) -> None:
    account = await world.company()
    base = f"/api/v1/accounts/{account}"
    await world.platform.post(f"{base}/numbers", json={"e164": "+31201234567"})
    entry = {"e164": "+31201234567", "destination": "201", "prefix": "x\r\nEvil: 1"}
    refused = await world.platform.post(f"{base}/schemas/1/plans", json={"name": "Day", "entries": [entry]})
    assert refused.json()["errors"][0]["field"] == "/entries/0/prefix"


@pytest.mark.parametrize("number", [2**31, 2**63, 2**64, 10**400, -1, 0, 1.5, "1e3", True, "٣"])
async def test_numbers_out_of_range_are_refused_before_they_reach_the_database(world: ApiWorld, number: Any) -> None:
    account = await world.company()
    base = f"/api/v1/accounts/{account}"
    headers = {"Content-Type": "application/json"}
    for method, path, field in (
        ("PATCH", f"{base}/schemas/1", "standing"),
        ("PUT", f"{base}/schemas/1/override", "plan"),
        ("POST", "/api/v1/tokens", "account"),
    ):
        body = {"name": "x"} if method == "POST" else {}
        refused = await world.platform.request(
            method, path, content=json.dumps({**body, field: number}), headers=headers
        )
        if number is True:
            continue  # a program's way to write 1
        assert is_a_problem(refused, 422, 400), (path, refused.text)
    for path in (f"/api/v1/accounts/{number}", f"/api/v1/tokens/{number}", f"{base}/schemas/{number}"):
        assert is_a_problem(await world.platform.get(path), 404), path
    assert is_a_problem(await world.platform.get(f"{base}/extensions?limit={number}"), 422)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"", 422),
        (b"null", 422),
        (b"[]", 422),
        (b'"text"', 422),
        (DEEP, 400),
        (b'{"settings":' + DEEP + b"}", 400),
        (b'{"name": "\xff\xfe"}', 400),
        (b'{"name": NaN}', 422),
        (b'{"name": 1' + b"0" * 5000 + b"}", 400),
        (b'{"name": "A", "number": "300", "kind": "group", "settings": {"\\ud800": 1}}', 422),
        (b'{"name": "A", "number": "300", "kind": "\\ud800", "settings": {}}', 422),
        (b'{"name": "A", "number": "300", "kind": "group", "__class__": "x"}', 422),
    ],
)
async def test_a_body_that_makes_no_sense_is_told_so(world: ApiWorld, body: bytes, status: int) -> None:
    account = await world.company()
    headers = {"Content-Type": "application/json"}
    refused = await world.platform.post(f"/api/v1/accounts/{account}/extensions", content=body, headers=headers)
    assert is_a_problem(refused, status), refused.text
    patched = await world.platform.patch(f"/api/v1/accounts/{account}/extensions/201", content=body, headers=headers)
    assert is_a_problem(patched, 400, 422), patched.text


@pytest.mark.parametrize("depth", [15, 30, 300])
async def test_settings_nested_without_end_are_refused(world: ApiWorld, depth: int) -> None:
    account = await world.company()
    nested: dict[str, Any] = {}
    for _ in range(depth):
        nested = {"inside": nested}
    refused = await world.platform.patch(f"/api/v1/accounts/{account}/extensions/201", json={"settings": nested})
    assert is_a_problem(refused, 422)


@pytest.mark.parametrize(
    "media",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "image/json", "", "/"],
)
async def test_only_json_is_taken(world: ApiWorld, media: str) -> None:
    """The other types are those that a page of another site can send without being asked."""
    account = await world.company()
    for method, path in (("POST", "extensions"), ("PATCH", "extensions/201"), ("PUT", "schemas/1/override")):
        refused = await world.platform.request(
            method, f"/api/v1/accounts/{account}/{path}", content=b'{"name": "x"}', headers={"Content-Type": media}
        )
        assert is_a_problem(refused, 415)


@pytest.mark.parametrize("after", ["x", "====", "AAAA", "é", "_" * 400, "_" * 401, "MjAx\n", "Li4vLi4v", "🦊"])
@pytest.mark.parametrize("path", ["extensions", "audit", "records", "schemas", "calls"])
async def test_a_made_up_cursor_breaks_nothing(world: ApiWorld, path: str, after: str) -> None:
    account = await world.company()
    answer = await world.platform.get(f"/api/v1/accounts/{account}/{path}", params={"after": after})
    assert answer.status_code == 200 or is_a_problem(answer, 422)


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "now", "1e99", "2026-02-30"]
)
async def test_moments_that_no_calendar_has_are_refused(world: ApiWorld, moment: str) -> None:
    account = await world.company()
    for path in ("records?since", "records?until", "schemas/1/active?at"):
        address = f"/api/v1/accounts/{account}/{path.partition('?')[0]}"
        refused = await world.platform.get(address, params={path.partition("?")[2]: moment})
        assert is_a_problem(refused, 422), path


async def test_what_a_method_is_not_for_says_what_is(world: ApiWorld) -> None:
    account = await world.company()
    for path, possible in (
        (f"/api/v1/accounts/{account}/extensions/201", "DELETE, GET, PATCH"),
        (f"/api/v1/accounts/{account}/logons", "DELETE, GET"),
        ("/healthz", "GET"),
    ):
        refused = await world.platform.request("OPTIONS", path)
        assert is_a_problem(refused, 405)
        assert refused.headers["allow"] == possible


@pytest.mark.parametrize(
    "path", ["/api/v1/../v1/me", "/api//v1/me", "//api/v1/accounts", "/API/v1/accounts", "/api/v1/me/"]
)
async def test_an_address_written_oddly_is_no_way_round_the_door(world: ApiWorld, path: str) -> None:
    stranger = await world.client()
    answer = await stranger.get(path)
    assert is_a_problem(answer, 401, 404)


async def test_a_problem_shows_no_secret_that_was_sent(world: ApiWorld) -> None:
    account = await world.company()
    base = f"/api/v1/accounts/{account}"
    for path, body in (
        ("/channels", {"password": "hush hush hush"}),
        ("/channels", {"password": ["hush"]}),
        ("/extensions", {"number": "300", "kind": "user", "name": "x", "pin": ["hush"]}),
        ("/extensions", {"number": "300", "kind": "group", "name": "x", "pin": "hush"}),
    ):
        refused = await world.platform.post(base + path, json=body)
        assert refused.status_code == 422
        assert "hush" not in refused.text


SUPERSCRIPT = "\u00b2"
"""A digit to Unicode and to `str.isdigit`, and no number to `int`."""


async def test_a_digit_that_is_no_number_breaks_nothing(world: ApiWorld) -> None:
    account = await world.company()
    base = f"/api/v1/accounts/{account}"
    after = urlsafe_b64encode(SUPERSCRIPT.encode()).decode()
    for path in (f"{base}/audit", "/api/v1/audit", "/api/v1/web-users", "/api/v1/tokens", "/api/v1/partners"):
        assert is_a_problem(await world.platform.get(path, params={"after": after}), 422), path
    nowhere = await world.platform.post(
        f"/api/v1/accounts/{SUPERSCRIPT}/extensions",
        json={"number": "300", "kind": "group", "name": "x"},
        headers={"Idempotency-Key": "x"},
    )
    assert is_a_problem(nowhere, 404)
    for settings in ({"forwards": {SUPERSCRIPT: 1}}, {SUPERSCRIPT: 1}, {"voicemail": {"settings": {SUPERSCRIPT: {}}}}):
        refused = await world.platform.patch(f"{base}/extensions/201", json={"settings": settings})
        assert is_a_problem(refused, 422)
    trunk = {"name": "x", "host": "192.0.2.1", "sources": [f"192.0.2.1:{SUPERSCRIPT}"]}
    refused = await world.platform.post("/api/v1/trunks", json=trunk)
    assert f"{SUPERSCRIPT} is not a port" in refused.json()["errors"][0]["message"]


@pytest.mark.parametrize("members", [["201"] * 50_000, [f"{it:05}" for it in range(5001)]])
async def test_a_group_has_5000_members_at_most(world: ApiWorld, members: list[str]) -> None:
    """A list of 200,000 kept calls waiting for a second, whenever it was looked at."""
    account = await world.company()
    group = {"number": "300", "kind": "group", "name": "x", "settings": {"members": members}}
    refused = await world.platform.post(f"/api/v1/accounts/{account}/extensions", json=group)
    assert is_a_problem(refused, 422)
    assert refused.json()["errors"][0]["field"] == "/settings/members"


async def test_a_group_has_each_member_once(world: ApiWorld) -> None:
    account = await world.company()
    group = {"number": "300", "kind": "group", "name": "x", "settings": {"members": ["202", "201", "202"]}}
    made = await world.platform.post(f"/api/v1/accounts/{account}/extensions", json=group)
    assert (made.status_code, made.json()["settings"]["members"]) == (201, ["202", "201"])


@pytest.mark.parametrize(
    ("method", "path", "body", "told"),
    [
        ("POST", "tokens", {"name": "x", "scopes": [0] * 4_000}, 100),
        ("POST", "accounts/{}/schemas/1/plans", {"name": "x", "entries": [0] * 4_000}, 100),
        ("PATCH", "accounts/{}/schemas/1/plans/1", {"entries": [{}] * 90_000}, 1),
        ("PATCH", "accounts/{}/extensions/201", {"settings": {f"x{it}": 1 for it in range(4_000)}}, 1),
    ],
)
async def test_of_many_mistakes_so_many_are_told_as_people_read(
    world: ApiWorld, method: str, path: str, body: dict[str, Any], told: int
) -> None:
    """To tell 100,000 took ten seconds, in which calls waited."""
    account = await world.company()
    await world.platform.post(f"/api/v1/accounts/{account}/schemas/1/plans", json={"name": "Day"})
    refused = await world.platform.request(method, "/api/v1/" + path.format(account), json=body)
    assert is_a_problem(refused, 422)
    assert len(refused.json()["errors"]) == told


async def test_more_values_than_anything_has_are_not_even_looked_at(world: ApiWorld) -> None:
    account = await world.company()
    stranger = await world.client()
    for client, path, body in (
        (world.platform, "/api/v1/tokens", {"name": "x", "scopes": [0] * 6_000}),
        (world.platform, f"/api/v1/accounts/{account}/schemas/1/plans", {"name": "x", "entries": [0] * 101_000}),
        (stranger, "/api/v1/session", {"email": "x", "password": "x" * 20_000}),
    ):
        refused = await client.post(path, json=body)
        assert is_a_problem(refused, 413), path


async def test_a_file_that_is_sent_as_text_is_told_so(world: ApiWorld) -> None:
    account = await world.company()
    for place in ("sounds", "music", "contacts/import"):
        refused = await world.platform.post(
            f"/api/v1/accounts/{account}/{place}", files={"file": (None, "abc")}, headers={"Accept-Language": "nl"}
        )
        assert is_a_problem(refused, 422)
        assert refused.json()["errors"][0]["message"] == "Stuur het als bestand, met een naam."


@pytest.mark.parametrize(
    ("text", "kept"),
    [("\x00", " "), ("Welcome\x1b[31m", "Welcome [31m"), ("Welcome\x0bto us.\r\nGoodbye.", "Welcome to us.\nGoodbye.")],
)
async def test_what_is_to_be_spoken_is_kept_without_what_nobody_sees(world: ApiWorld, text: str, kept: str) -> None:
    """Word processors put it in. To refuse it would tell people of something that they cannot find."""
    account = await world.company()
    base = f"/api/v1/accounts/{account}"
    announcement = {"number": "300", "kind": "announcement", "name": "x", "settings": {"text": text}}
    made = await world.platform.post(f"{base}/extensions", json=announcement)
    assert (made.status_code, made.json()["settings"]["text"]) == (201, kept)
    spoken = await world.platform.post(f"{base}/sounds/speech", json={"text": text, "language": "en", "name": "x"})
    assert spoken.status_code == 201


@pytest.mark.parametrize(
    "host", ["127.0.0.1:80@evil.example", "[::1", "127.0.0.1:\u00b2", "[::1]x", "exchange.example:80 "]
)
async def test_a_host_that_is_no_name_and_port_is_not_ours(world: ApiWorld, host: str) -> None:
    answer = await world.platform.get("/api/v1/accounts", headers={b"Host": host.encode()})
    assert is_a_problem(answer, 421)
