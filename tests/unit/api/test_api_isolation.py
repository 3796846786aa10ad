"""ACC-1: nothing of an account is seen, changed or known to exist by another one; tried on every route there is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from every_route import Unknown, closed_operations, every_operation, everything_stored
from prometheus_client import CollectorRegistry
from two_companies import Scene, leaks

from centrale.accounts.roles import Role
from centrale.accounts.tokens import Scope
from centrale.api.app import create_app


async def test_no_route_shows_or_tells_anything_of_another_account(scene: Scene) -> None:
    assert await leaks(scene) == []


@pytest.mark.parametrize("role", [Role.END_USER, Role.SUPERVISOR, Role.ACCOUNT, Role.PARTNER])
async def test_nor_to_a_person_in_any_role(scene: Scene, role: Role) -> None:
    """Also on routes that name no account: web users, tokens, partners, one's own things."""
    world = scene.world
    where: dict[str, object] = {"account": scene.own}
    if role is Role.PARTNER:
        made = (await world.platform.post("/api/v1/partners", json={"name": "Rival's"})).json()["id"]
        await world.platform.put(f"/api/v1/accounts/{scene.own}/partner", json={"partner": made})
        where = {"partner": made}
    if role is Role.END_USER:
        where["extension"] = "201"
    browser = await world.person("rival@example.org", role, **where)
    before = await everything_stored(world, but_of=scene.own)
    found = await leaks(replace(scene, intruder=browser.client))
    after = await everything_stored(world, but_of=scene.own)
    assert found == []
    for own_alone in ("web_sessions", "lockouts", "kept_answers"):
        before.pop(own_alone, None), after.pop(own_alone, None)
    if role is Role.PARTNER:  # who may make accounts, has made one
        changed = {table for table in after if after[table] != before[table]}
        assert changed <= {"accounts", "plan_schemas", "settings", "audit"}
    else:
        assert after == before


async def test_nor_does_any_change_anything_of_it(scene: Scene) -> None:
    world, account = scene.world, scene.theirs.account
    before = await everything_stored(world, but_of=scene.own)
    picture = world.picture(account)
    for operation in closed_operations(world.app):
        if "{account}" in operation.path:
            await operation.send(scene.intruder, account, scene.theirs)
        if not operation.streams:
            await operation.send(scene.intruder, scene.own, scene.theirs)
    assert await everything_stored(world, but_of=scene.own) == before
    assert world.picture(account) == picture
    assert len(list(world.calls.live.of())) == 1, "the call goes on"


async def test_the_intruder_could_do_it_all_in_an_account_of_its_own(scene: Scene) -> None:
    """Else the two stories above would prove nothing."""
    owner = await scene.world.client(await scene.world.token(scene.theirs.account))
    refused = {}
    for operation in every_operation(scene.world.app):
        if operation.method == "GET" and not operation.streams:
            answer = await operation.send(owner, scene.theirs.account, scene.theirs)
            if not answer.is_success:
                refused[operation.id] = answer.status_code
    assert refused == {
        "get_record": 404,  # the call still runs
        "list_trunks": 403,
        "get_trunk": 403,
        "get_chosen_trunks": 403,
        "list_platform_changes": 403,
        "get_health": 403,
        "list_partners": 403,
        "get_partner": 403,
        "get_session": 403,  # a token is no browser
        "list_own_browsers": 403,
        "propose_second_factor": 403,
        "get_own_extension": 403,  # nor anybody's user
        "list_own_records": 403,
        "list_own_messages": 403,
        "list_own_contacts": 403,
        "get_own_contact": 403,
        "export_own_contacts": 403,
        "get_own_import_progress": 403,
        "get_own_message_audio": 403,
        "go_outside": 404,  # no OpenID provider is set
        "come_back": 303,  # to the page to sign in
    }


async def test_a_route_that_leaks_would_be_found(scene: Scene) -> None:
    app = create_app(replace(scene.world.services, metrics=CollectorRegistry()))
    services = scene.world.services

    @app.get("/api/v1/accounts/{account}/leak", operation_id="forgot_whose_it_is")
    async def forgot_whose_it_is(account: int) -> str:
        found = services.directory.current.accounts.get(account)  # type: ignore[call-overload]
        return found.name if found else "nothing"

    @app.get("/api/v1/leak", operation_id="shows_everybody")
    async def shows_everybody() -> list[str]:
        return [account.name for account in services.directory.current.accounts.values()]

    found = await leaks(scene, app)
    assert "GET /api/v1/accounts/{account}/leak on the other account: 200" in found
    assert "GET /api/v1/accounts/{account}/leak tells an account that exists from one that does not" in found
    assert "GET /api/v1/leak shows mark-" in found


async def test_nor_can_one_hide_from_these_tests(scene: Scene) -> None:
    app = create_app(replace(scene.world.services, metrics=CollectorRegistry()))

    @app.get("/api/v1/hidden", include_in_schema=False)
    async def hidden() -> str:
        return "secret"

    with pytest.raises(Unknown, match="hidden"):
        every_operation(app)

    app = create_app(replace(scene.world.services, metrics=CollectorRegistry()))

    @app.get("/api/v1/accounts/{account}/voicemails/{voicemail}", operation_id="get_voicemail")
    async def get_voicemail(account: int, voicemail: str) -> str:
        return "secret"

    with pytest.raises(Unknown, match="voicemails"):
        await leaks(scene, app)


async def test_a_token_does_no_more_than_its_scope_on_any_route(scene: Scene) -> None:
    world, account = scene.world, scene.theirs.account
    reader = await world.as_account(account, Scope.READ)
    writer = await world.as_account(account, Scope.WRITE)
    platform_reader = await world.client(await world.token(None, Scope.READ))
    before = await everything_stored(world)
    for operation in closed_operations(world.app):
        clients = [writer] if operation.reads else [reader, platform_reader]
        for client in clients:
            answer = await operation.send(client, account, scene.theirs)
            assert answer.status_code == 403, (operation.method, operation.path)
            assert answer.json()["type"] == "urn:centrale:problem:scope", operation.path
    assert await everything_stored(world) == before
    assert len(list(world.calls.live.of())) == 1


async def test_no_route_answers_without_a_token(scene: Scene) -> None:
    stranger = await scene.world.client()
    for operation in closed_operations(scene.world.app):
        answer = await operation.send(stranger, scene.theirs.account, scene.theirs)
        assert answer.status_code == 401, (operation.method, operation.path)
