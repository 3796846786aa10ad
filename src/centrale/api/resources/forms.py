"""Forms: what is given to each kind of change, as JSON schemas in the reader's language (design §4, issue 5)."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from centrale.accounts.accounts import AccountIn
from centrale.accounts.channels import ChannelIn
from centrale.accounts.contacts_fields import ContactIn
from centrale.accounts.expectations import ExpectationIn
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.fields import Input
from centrale.accounts.music import MusicIn
from centrale.accounts.numbers import NumberIn
from centrale.accounts.partners import PartnerIn
from centrale.accounts.plans_fields import HolidayIn, PlanEntryIn, PlanIn, ScheduleEntryIn, SchemaIn
from centrale.accounts.roles import Role
from centrale.accounts.sounds import SoundIn
from centrale.accounts.tokens import TokenIn
from centrale.accounts.trunks import TrunkIn
from centrale.accounts.web_users import WebUserIn
from centrale.accounts.webhooks import WebhookIn
from centrale.api.access import at_least
from centrale.api.pages import Page, Paged
from centrale.api.problems import not_found
from centrale.api.resources.accounts import Handover
from centrale.api.resources.explain import ExplainIn
from centrale.api.resources.logons import LogonIn
from centrale.api.resources.music import OrderIn
from centrale.api.resources.plans import CopyIn
from centrale.api.resources.schemas import OverrideIn
from centrale.api.resources.sounds import SoundCopyIn, SpeechIn
from centrale.api.resources.timetable import HolidaysIn, ScheduleIn
from centrale.api.resources.trunks import ChosenTrunks
from centrale.api.speaking import Spoken
from centrale.wording.catalogue import Language
from centrale.wording.forms import form_of

router = APIRouter(prefix="/forms", tags=["forms"])

FORMS: MappingProxyType[str, type[Input]] = MappingProxyType(
    {
        "account": AccountIn,
        "account_partner": Handover,
        "account_trunks": ChosenTrunks,
        "channel": ChannelIn,
        "contact": ContactIn,
        "expectation": ExpectationIn,
        "explain": ExplainIn,
        "extension": ExtensionIn,
        "holiday": HolidayIn,
        "holidays": HolidaysIn,
        "logon": LogonIn,
        "music": MusicIn,
        "music_order": OrderIn,
        "number": NumberIn,
        "override": OverrideIn,
        "partner": PartnerIn,
        "plan": PlanIn,
        "plan_copy": CopyIn,
        "plan_entry": PlanEntryIn,
        "schedule": ScheduleIn,
        "schedule_entry": ScheduleEntryIn,
        "schema": SchemaIn,
        "sound": SoundIn,
        "sound_copy": SoundCopyIn,
        "speech": SpeechIn,
        "token": TokenIn,
        "trunk": TrunkIn,
        "web_user": WebUserIn,
        "webhook": WebhookIn,
    }
)
"""By name. Settings of extensions are not among them: see `kinds`."""


class FormOut(BaseModel):
    """What is given to one kind of change."""

    name: str = Field(title="Name", description="Such as channel.")
    fields: dict[str, Any] = Field(
        title="Its fields",
        description="JSON Schema (2020-12). `x-centrale` says what a plain value stands for, `x-words` what each value "
        "of an `enum` is called.",
    )


@router.get("", openapi_extra=at_least(Role.END_USER), summary="List the forms")
async def list_forms(paging: Paged, language: Spoken) -> Page[FormOut]:
    """Every kind of change that takes more than one value, but for the settings of extensions (see kinds)."""
    return paging.cut([_out(name, language) for name in FORMS], lambda form: form.name)


@router.get("/{form}", openapi_extra=at_least(Role.END_USER), summary="Show a form")
async def get_form(form: str, language: Spoken) -> FormOut:
    if form not in FORMS:
        raise not_found(f"form {form}")
    return _out(form, language)


def _out(name: str, language: Language) -> FormOut:
    return FormOut(name=name, fields=form_of(FORMS[name], language))
