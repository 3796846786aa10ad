"""900: who is logged on to this phone (SYS-1)."""

from __future__ import annotations

import pytest

from tests.scenarios.hearing import SENTENCE, now, said, words
from tests.scenarios.world import Company, World


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("nl", "Op dit toestel is Anna Jansen aangemeld, met extensie twee nul een."),
        ("en", "Anna Jansen, extension two zero one, is logged on to this phone."),
    ],
)
async def test_a_phone_says_who_is_logged_on(world: World, acme: Company, language: str, sentence: str) -> None:
    acme.user("201", "Anna Jansen", language=language)
    anna = await acme.phone("anna", logged_on="201")
    call = await anna.dials("900")
    assert (await call.ended()).code == 200
    assert now() == SENTENCE
    assert words(world, call) == [sentence]
    await world.over()
    assert (world.last_record["outcome"], world.last_record["direction"]) == ("served", "inside")


async def test_a_phone_says_that_nobody_is_logged_on(world: World, acme: Company) -> None:
    hall = await acme.phone("hall")
    call = await hall.dials("900")
    assert (await call.ended()).code == 200
    assert said(call) == ["nobody_logged_on"]
    await world.over()
    assert world.last_record["outcome"] == "served"


async def test_nobody_is_heard_in_the_language_of_the_phone(world: World, acme: Company) -> None:
    hall = await acme.phone("hall", language="es")
    call = await hall.dials("900")
    await call.ended()
    assert call.heard[0][1].startswith("/silent/es/")
    await world.over()


async def test_a_service_that_this_exchange_does_not_have_yet_is_not_in_use(world: World, acme: Company) -> None:
    acme.user("201", "Anna Jansen")
    anna = await acme.phone("anna", logged_on="201")
    call = await anna.dials("930")
    assert (await call.ended()).code == 404
    assert said(call) == ["number_not_in_use"]
    await world.over()
