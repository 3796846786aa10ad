"""A newcomer's checklist: what an account still lacks for its first call (issue 5)."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter
from pydantic import BaseModel, Field

from centrale.accounts import records
from centrale.api.access import OwnAccount
from centrale.api.services import ApiServices
from centrale.api.units import Read, Services
from centrale.routing.first_steps import FirstStep, Stand, first_steps
from centrale.routing.snapshot import AccountSnapshot

router = APIRouter(prefix="/accounts/{account}/first-steps", tags=["accounts"])


class StepStand(BaseModel):
    """How far one step is."""

    step: FirstStep = Field(title="Step")
    done: bool | None = Field(title="Done", description="Empty when that cannot be told now.")
    there: int = Field(title="How many are there")
    missing: list[str] = Field(
        title="Missing", description="Users without a phone, channels that are not registered, numbers, or fields."
    )


class FirstStepsOut(BaseModel):
    """All steps, in the order in which one takes them."""

    done: bool = Field(title="Nothing is left", description="As far as can be told.")
    steps: list[StepStand] = Field(title="Steps")


@router.get("", summary="What does the account still lack for its first call?")
async def get_first_steps(unit: Read, account: OwnAccount, services: Services) -> FirstStepsOut:
    """Computed from what is there: users, phones, numbers, plans, caller ids, trunks, calls."""
    called = bool((await records.list_all(unit, account, limit=1)).records)
    picture = services.directory.current.accounts[account]
    # In a thread: there may be thousands of people.
    stands = await asyncio.to_thread(_stands, services, picture, has_called=called)
    return FirstStepsOut(
        done=all(it.done is not False for it in stands),
        steps=[StepStand(step=it.step, done=it.done, there=it.there, missing=list(it.missing)) for it in stands],
    )


def _stands(services: ApiServices, picture: AccountSnapshot, *, has_called: bool) -> list[Stand]:
    there = None if services.registered is None else services.registered(picture.channels.keys())
    return first_steps(
        picture,
        lambda channel: None if there is None else channel in there,
        services.clock.now(),
        has_called=has_called,
    )
