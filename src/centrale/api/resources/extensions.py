"""Extensions: the numbers inside an account, each with the settings of its kind (ACC-2, design §4)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field

from centrale.accounts import extension_check, extensions, extensions_shown, references
from centrale.accounts.errors import Use
from centrale.accounts.extension_check import Typed
from centrale.accounts.extensions import ExtensionIn, ExtensionOut
from centrale.accounts.extensions_shown import Shown
from centrale.accounts.roles import Role
from centrale.api.access import READS, OwnAccount, at_least
from centrale.api.answers import answer
from centrale.api.changing import IfMatch, MergePatch, created, merged, patch_of, version_of_contents, versioned
from centrale.api.naming import in_words
from centrale.api.pages import Page, Paged
from centrale.api.problems import FieldProblem, field_problems
from centrale.api.speaking import Spoken
from centrale.api.units import AccountChange, Read

router = APIRouter(prefix="/accounts/{account}/extensions", tags=["extensions"])

Number = Annotated[str, Path(pattern="^[0-9]{2,5}$", title="Extension number")]


class TypedExtension(BaseModel):
    """An extension as far as somebody has typed it."""

    number: str = Field(default="", max_length=100, title="Number")
    kind: str = Field(max_length=100, title="Kind")
    name: str = Field(default="", max_length=1000, title="Name")
    settings: dict[str, Any] = Field(default_factory=dict, title="Settings", description="Of its kind.")


class CheckedExtension(BaseModel):
    """Whether it would do."""

    summary: str | None = Field(
        title="What it would do, in one sentence", description="Empty while its settings are not right."
    )
    problems: list[FieldProblem] = Field(title="What saving it would be refused for", description="Empty: it would do.")


@router.get(
    "", openapi_extra=at_least(Role.SUPERVISOR), response_model=Page[ExtensionOut], summary="List the extensions"
)
async def list_extensions(
    unit: Read,
    account: OwnAccount,
    paging: Paged,
    response: Response,
    language: Spoken,
    kind: Annotated[str | None, Query(max_length=40, title="Of this kind only")] = None,
) -> Response:
    """By number."""
    found = await extensions_shown.listed(
        unit, account, kind=kind, after=paging.after, limit=paging.fetch, language=language
    )
    return paging.answer(found, lambda extension: extension.number, Shown.described, response)


@router.post("", status_code=HTTPStatus.CREATED, summary="Create an extension")
async def create_extension(
    unit: AccountChange,
    account: OwnAccount,
    data: ExtensionIn,
    request: Request,
    response: Response,
    language: Spoken,
) -> ExtensionOut:
    """The first one fixes the length of all extension numbers of the account (ACC-2)."""
    made = await extensions.create(unit, account, data, language=language)
    return created(response, request, made, made.number)


@router.post("/check", openapi_extra=READS, summary="Would this extension do?")
async def check_extension(
    unit: Read,
    account: OwnAccount,
    data: TypedExtension,
    language: Spoken,
    exists: Annotated[bool, Query(title="It is a change of an extension that exists")] = False,
) -> CheckedExtension:
    """For forms, while somebody types: what is not right yet is an answer, and no refusal. Nothing is stored, and PINs
    are not looked at."""
    typed = Typed(data.number, data.kind, data.name, data.settings)
    checked = await extension_check.check(unit, account, typed, exists=exists, language=language)
    problems = [it for problem in checked.problems for it in field_problems(problem, language)]
    return CheckedExtension(summary=checked.summary, problems=problems)


@router.get(
    "/{number}", openapi_extra=at_least(Role.SUPERVISOR), response_model=ExtensionOut, summary="Show an extension"
)
async def get_extension(
    unit: Read, account: OwnAccount, number: Number, response: Response, language: Spoken
) -> Response:
    found = await extensions_shown.get(unit, account, number, language=language)
    response.headers["ETag"] = version_of_contents(found.arranged())
    return answer(found.described(), response)


@router.patch("/{number}", openapi_extra=patch_of(ExtensionIn), summary="Change an extension")
async def change_extension(
    unit: AccountChange,
    account: OwnAccount,
    number: Number,
    patch: MergePatch,
    if_match: IfMatch,
    response: Response,
    language: Spoken,
) -> ExtensionOut:
    """Name, settings, PIN. Number and kind stay: others refer to them."""

    def patched(stored: ExtensionOut) -> ExtensionIn:
        if_match.holds_for(stored)
        return merged(ExtensionIn, stored, patch)

    return versioned(response, await extensions.edit(unit, account, number, patched, language=language))


@router.delete("/{number}", status_code=HTTPStatus.NO_CONTENT, summary="Delete an extension")
async def delete_extension(unit: AccountChange, account: OwnAccount, number: Number, if_match: IfMatch) -> None:
    """409 with `used_by` while others refer to it."""
    if_match.holds_for(await extensions.get(unit, account, number))
    await extensions.delete(unit, account, number)


@router.get("/{number}/uses", summary="Where an extension is used")
async def uses_of_extension(
    unit: Read, account: OwnAccount, number: Number, language: Spoken, paging: Paged
) -> Page[Use]:
    """As a destination, as a member, or as the owner of something."""
    await extensions.get(unit, account, number)
    return paging.cut(in_words(await references.uses_of_extension(unit, account, number), language), str)
