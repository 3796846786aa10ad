"""The examples in docs/guides/api.md work as they stand there."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from api_world import ApiWorld, open_world
from every_route import a_sound

from centrale.accounts import demo
from centrale.api.document import operations
from centrale.explain import explainer

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "api.md"
HOST = "http://127.0.0.1:8000"
KNOWN = demo.KNOWN_TOKEN


def examples() -> list[tuple[list[str], str]]:
    """Every command of the guide with the comment behind it, in order."""
    found = []
    for block in re.findall(r"^```sh\n(.*?)^```$", GUIDE.read_text(), re.M | re.S):
        for line in block.splitlines():
            command, _, comment = line.partition("   # ")
            if command.startswith(("api ", "curl ")):
                found.append((shlex.split(command.replace("$API", "/api/v1")), comment))
    return found


async def send(client: httpx.AsyncClient, words: list[str]) -> httpx.Response:
    """What curl would send."""
    method, data, address = None, None, ""
    form: dict[str, str] = {}
    files = {}
    headers = {"Content-Type": "application/json"} if words[0] == "api" else {}
    rest = iter(words[1:])
    for word in rest:
        match word:
            case "-X":
                method = next(rest)
            case "-d":
                data = next(rest)
            case "-F":
                name, _, value = next(rest).partition("=")
                if value.startswith("@"):
                    content = b"surname,mobile\nJansen,0612345678\n" if value.endswith(".csv") else a_sound()
                    files[name] = (value.removeprefix("@"), content)
                else:
                    form[name] = value
            case "-H":
                name, _, value = next(rest).partition(": ")
                headers[name] = value
            case "-sS":
                pass
            case _:
                address = word.removeprefix(HOST)
    if files:
        return await client.post(address, data=form, files=files, headers=headers)
    return await client.request(method or ("POST" if data else "GET"), address, content=data, headers=headers)


@pytest.fixture
async def fresh(migrated: Path, tmp_path: Path) -> AsyncIterator[ApiWorld]:
    """A new exchange with its demo account."""
    path = tmp_path / "centrale.db"
    shutil.copy(migrated, path)
    async with open_world(path, home=tmp_path, administrator=False) as world:
        await demo.make(world.database, tmp_path, open_to_network=False, trunk_port=5090)
        object.__setattr__(world.services, "explain", explainer(world.directory, tmp_path / "sounds"))
        yield world


async def test_every_example_of_the_guide_works(fresh: ApiWorld) -> None:
    newcomer = await fresh.client(KNOWN)
    for words, comment in examples():
        if comment == "a stream":
            stream = await fresh.events(1, KNOWN)
            assert (await stream.next()).event == "calls"
            continue
        answer = await send(newcomer, words)
        assert answer.is_success if not comment else answer.status_code == int(comment), (words, answer.text)


async def test_every_resource_has_an_example(fresh: ApiWorld) -> None:
    shown = [word.removeprefix(HOST).partition("?")[0] for words, _ in examples() for word in words]
    resources, with_example = set(), set()
    for path, _, operation in operations(fresh.app.openapi()):
        resources |= set(operation["tags"])
        pattern = re.sub(r"\{[a-z0-9]+\}", "[^/]+", path)
        if any(re.fullmatch(pattern, address) for address in shown):
            with_example |= set(operation["tags"])
    assert resources - with_example == set()
