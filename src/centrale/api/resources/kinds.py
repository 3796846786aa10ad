"""Kinds of extensions: what there is, and what the settings of each look like (design §4)."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from centrale.accounts.roles import Role
from centrale.api.access import at_least
from centrale.api.pages import Page, Paged
from centrale.api.problems import not_found
from centrale.api.speaking import Spoken
from centrale.kinds.kind import Kind
from centrale.kinds.registry import KINDS
from centrale.wording.catalogue import Language
from centrale.wording.forms import form_of

router = APIRouter(prefix="/kinds", tags=["kinds"])


class KindOut(BaseModel):
    """A kind of extension."""

    name: str = Field(title="Name", description="Stands in `kind` of an extension.")
    title: dict[str, str] = Field(title="Name for people", description="By language.")
    settings: dict[str, Any] = Field(
        title="Its settings",
        description="JSON Schema (2020-12). `x-centrale` says what a plain value stands for, such as `extension`; "
        "`x-words` what each value of an `enum` is called.",
    )


@router.get("", openapi_extra=at_least(Role.END_USER), summary="List the kinds")
async def list_kinds(paging: Paged, language: Spoken) -> Page[KindOut]:
    """Every kind that this exchange knows."""
    return paging.cut([_out(kind, language) for kind in KINDS.values()], lambda kind: kind.name)


@router.get("/{kind}", openapi_extra=at_least(Role.END_USER), summary="Show a kind")
async def get_kind(kind: str, language: Spoken) -> KindOut:
    if kind not in KINDS:
        raise not_found(f"kind {kind}")
    return _out(KINDS[kind], language)


def _out(kind: Kind, language: Language) -> KindOut:
    return KindOut(name=kind.name, title=kind.title, settings=form_of(kind.settings, language))
