"""What requests that change something ask of the database: so much that all calls still have their turn beside them.

Counted rather than timed: a statement costs a tenth to a third of a millisecond of the one loop
(docs/guides/measuring.md, "What a request costs"). Who makes one of these dearer has to say here why.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from api_world import ApiWorld
from sqlalchemy import event

BEGINS = 2
"""Every request that changes something finds out whose token it is, and locks its account."""

PATCH = BEGINS + 1 + 2 + 2 + 4
"""An extension is read and written with its audit; expectations and webhooks are looked for; the picture of calls
learns which revision it is now of what, what the change touched, and reads that extension."""

OVERRIDE = BEGINS + 3 + 4 + 4 + 2 + 2 + 4
"""The schema's row, whether it has versions, and whether a temporary choice is over; the schema as it is, once; what
was chosen before goes, and what is chosen now comes, with an audit each; the last version and the new one; as above."""

SHOWN = 1 + 4
"""A schema with its plans, their entries, its week and its holidays."""


@contextmanager
def counted(world: ApiWorld) -> Iterator[list[str]]:
    """The statements that are asked meanwhile, without those that begin a transaction."""
    asked: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if not statement.startswith("BEGIN"):
            asked.append(statement)

    engine = world.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
async def account(world: ApiWorld) -> str:
    """A company with people, two plans with an entry each, and a week."""
    id = await world.company()
    account = f"/api/v1/accounts/{id}"
    bodies: list[tuple[str, dict[str, Any]]] = [
        ("/numbers", {"e164": "+31201234567"}),
        *(("/extensions", {"number": str(number), "kind": "user", "name": "Somebody"}) for number in range(310, 330)),
        *(
            ("/schemas/1/plans", {"name": name, "entries": [{"e164": "+31201234567", "destination": "310"}]})
            for name in ("Open", "Closed")
        ),
    ]
    for path, body in bodies:
        made = await world.platform.post(account + path, json=body)
        assert made.status_code == 201, made.text
    week = {"entries": [{"days": ["monday"], "start": "09:00", "end": "17:00", "plan": 1}]}
    assert (await world.platform.put(f"{account}/schemas/1/schedule", json=week)).status_code == 200
    return account


async def test_a_changed_extension_costs_a_few_statements(world: ApiWorld, account: str) -> None:
    who = f"{account}/extensions/315"
    seen = await world.platform.get(who)
    with counted(world) as asked:
        changed = await world.platform.patch(who, json={"name": "Else"}, headers={"If-Match": seen.headers["ETag"]})
    assert changed.json()["name"] == "Else"
    assert len(asked) <= PATCH, "\n".join(asked)


async def test_a_plan_by_hand_reads_its_schema_once(world: ApiWorld, account: str) -> None:
    override = f"{account}/schemas/1/override"
    for plan in (1, 2):  # the second takes the place of the first
        with counted(world) as asked:
            changed = await world.platform.put(override, json={"plan": plan})
        assert changed.json()["override"] == plan
    assert len(asked) <= OVERRIDE, "\n".join(asked)
    assert changed.json() == (await world.platform.get(f"{account}/schemas/1")).json()


async def test_a_schema_is_shown_by_a_statement_for_each_thing_in_it(world: ApiWorld, account: str) -> None:
    with counted(world) as asked:
        shown = (await world.platform.get(f"{account}/schemas/1")).json()
    assert [plan["name"] for plan in shown["plans"]] == ["Open", "Closed"]
    assert len(asked) <= SHOWN, "\n".join(asked)


async def test_what_changes_nothing_has_nothing_read_again(world: ApiWorld, account: str) -> None:
    """Its revision is in no audit: that once had the whole account read anew."""
    before = world.directory.current.accounts[next(iter(world.directory.current.accounts))]
    with counted(world) as asked:
        assert (await world.platform.put(f"{account}/schemas/1/override", json={"plan": None})).status_code == 200
    after = world.directory.current.accounts[before.id]
    assert after.revision == before.revision + 1
    assert after.extensions is before.extensions
    assert not [statement for statement in asked if "FROM extensions" in statement]
