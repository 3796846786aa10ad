"""Version 1 of the API: every resource, and what holds for all of them."""

from __future__ import annotations

from fastapi import Depends, FastAPI

from centrale.api.access import bearer, enough_scope
from centrale.api.changing import json_only
from centrale.api.finding import look_at_the_beginning
from centrale.api.once import make_once_only
from centrale.api.resources import (
    accounts,
    audit,
    calls,
    changes,
    channels,
    contacts,
    expectations,
    explain,
    extensions,
    first_steps,
    forms,
    health,
    kinds,
    logons,
    me,
    messages,
    music,
    notices,
    numbers,
    outside,
    own_contacts,
    partners,
    plans,
    queues,
    queues_live,
    records,
    schemas,
    session,
    sounds,
    statistics,
    timetable,
    tokens,
    trunks,
    wallboard,
    web_users,
    webhooks,
)
from centrale.api.uploads import form_only

PREFIX = "/api/v1"


def install(app: FastAPI) -> None:
    """Every route of version 1. The dependencies stand here, so that no resource can forget them."""
    routers = [
        accounts.router,
        first_steps.router,
        kinds.router,
        forms.router,
        extensions.router,
        channels.router,
        logons.router,
        numbers.router,
    ]
    routers += [queues.router, queues_live.router, statistics.router, wallboard.router]
    routers += [messages.router, notices.router, sounds.router, music.router]
    routers += [
        schemas.router,
        timetable.router,
        plans.router,
        trunks.router,
        trunks.choice,
        records.router,
        explain.router,
        expectations.router,
    ]
    routers += [health.router]
    routers += [contacts.router, own_contacts.router]
    routers += [
        me.router,
        calls.router,
        changes.router,
        audit.router,
        tokens.router,
        session.router,
        web_users.router,
        partners.router,
    ]
    routers += [webhooks.router]
    guards = [Depends(bearer), Depends(enough_scope), Depends(json_only)]
    for router in routers:
        make_once_only(router)
        look_at_the_beginning(router, PREFIX)
        app.include_router(router, prefix=PREFIX, dependencies=guards)
    with_files = [Depends(bearer), Depends(enough_scope), Depends(form_only)]
    for router in (sounds.uploads, music.uploads, contacts.uploads, own_contacts.uploads):
        make_once_only(router)
        look_at_the_beginning(router, PREFIX)
        app.include_router(router, prefix=PREFIX, dependencies=with_files)
    for router in (session.open_router, outside.router):
        look_at_the_beginning(router, PREFIX)
        app.include_router(router, prefix=PREFIX, dependencies=[Depends(json_only)])
