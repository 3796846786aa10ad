"""915: choose the active number plan by phone: for a while, until further notice, or by the schedule (SYS-12, NP-8)."""

from __future__ import annotations

from centrale.calls import Call
from centrale.calls.ports import ChosenPlan, PlanChange
from centrale.routing.snapshot import Extension, PlanSchema
from centrale.services.asking import Goodbye, until_right
from centrale.telephony.switch import Cause
from centrale.voice.prompts import Prompt

_CHANGES = {"1": PlanChange.TEMPORARY, "2": PlanChange.PERMANENT, "3": PlanChange.SCHEDULE}


async def serve(call: Call) -> Cause:
    """915: for the user at the phone."""
    if call.user is None:
        await call.say(Prompt.NOBODY_LOGGED_ON)
        return Cause.NORMAL
    return await manage(call, call.user)


async def manage(call: Call, user: Extension) -> Cause:
    """Ask `user`, who is known to be on the line: how, which schema if there are several, and which plan; confirm."""
    if not user.settings.rights.time_configuration:
        call.step("number-plan", "refused: the right 'time configuration' is missing", user=user.number)
        await call.say(Prompt.NO_RIGHT)
        return Cause.NORMAL
    try:
        change = _CHANGES[await until_right(call, Prompt.PLAN_MENU, _is_change, max_digits=2)]
        schema = await _schema(call)
        plan = None if change is PlanChange.SCHEDULE else await _plan(call, schema)
    except Goodbye:
        call.step("number-plan", "nothing was changed")
        return Cause.NORMAL
    desk = call.platform.desk
    chosen = await desk.choose_plan(call.account_id, user.number, schema.number, change, plan, call.now())
    call.step("number-plan", f"schema {schema.name}: {chosen.name or 'none'}", change=change, until=str(chosen.until))
    await _confirm(call, change, chosen)
    return Cause.NORMAL


async def _is_change(digits: str) -> Prompt | None:
    return None if digits in _CHANGES else Prompt.INVALID_CHOICE


async def _schema(call: Call) -> PlanSchema:
    schemas = {str(schema.number): schema for schema in call.account.schemas}
    if len(schemas) == 1:
        return next(iter(schemas.values()))

    async def is_one(digits: str) -> Prompt | None:
        return None if digits.lstrip("0") in schemas else Prompt.SCHEMA_UNKNOWN

    return schemas[(await until_right(call, Prompt.ASK_SCHEMA, is_one, max_digits=4)).lstrip("0")]


async def _plan(call: Call, schema: PlanSchema) -> int:
    async def is_one(digits: str) -> Prompt | None:
        return None if digits.isdigit() and int(digits) in schema.plans else Prompt.PLAN_UNKNOWN

    return int(await until_right(call, Prompt.ASK_PLAN, is_one, max_digits=3))


async def _confirm(call: Call, change: PlanChange, chosen: ChosenPlan) -> None:
    if chosen.name is None:
        await call.say(Prompt.PLAN_SCHEDULED_NONE)
    elif change is PlanChange.SCHEDULE:
        await call.say(Prompt.PLAN_SCHEDULED, plan=chosen.name)
    elif change is PlanChange.TEMPORARY and chosen.until is not None:
        await call.say(Prompt.PLAN_TEMPORARY, plan=chosen.name)
    else:
        # Where no change is scheduled, also a temporary choice stays until somebody changes it.
        await call.say(Prompt.PLAN_PERMANENT, plan=chosen.name)
