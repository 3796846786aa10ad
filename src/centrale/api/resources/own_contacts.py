"""One's own contacts, which nobody else sees, and the company's to look at (ACC-7, ROLE-1)."""

from __future__ import annotations

from enum import StrEnum
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, File, Query, Request, Response, UploadFile
from fastapi.responses import StreamingResponse

from centrale.accounts import contacts
from centrale.accounts.contacts import COMPANY, Owner
from centrale.accounts.contacts_fields import ContactIn, ContactOut
from centrale.accounts.contacts_search import Order, Wanted
from centrale.accounts.errors import NotFound
from centrale.accounts.unit import Unit
from centrale.api.access import Asking
from centrale.api.changing import IfMatch, MergePatch, created, merged, patch_of, versioned
from centrale.api.contact_files import FILE, ContactFormat, ImportOut, ImportProgress, exported, imported, running
from centrale.api.pages import Page, Paged
from centrale.api.problems import ProblemError
from centrale.api.resources.contacts import ContactId, Favourite, Number, Search, Sort, listed
from centrale.api.resources.me import EVERYBODY, Own, OwnExtension
from centrale.api.units import Change, Read, Services

router = APIRouter(prefix="/me/contacts", tags=["me"])
uploads = APIRouter(prefix="/me/contacts", tags=["me"])


class Book(StrEnum):
    """Which phone book."""

    ALL = "all"
    OWN = "own"
    COMPANY = "company"


_OWNERS = {Book.OWN: (False,), Book.COMPANY: (True,), Book.ALL: (True, False)}


@router.get("", openapi_extra=EVERYBODY, summary="One's own contacts, and the company's")
async def list_own_contacts(
    unit: Read,
    own: OwnExtension,
    paging: Paged,
    book: Annotated[Book, Query(title="Phone book")] = Book.ALL,
    search: Search = "",
    number: Number = None,
    favourite: Favourite = None,
    sort: Sort = Order.NAME,
) -> Page[ContactOut]:
    """By name. `owner` is empty for the company's contacts."""
    owners: tuple[Owner, ...] = tuple(COMPANY if company else own.number for company in _OWNERS[book])
    return await listed(unit, own.account, Wanted(owners, search, favourite, number), sort, paging)


@router.post("", status_code=HTTPStatus.CREATED, openapi_extra=EVERYBODY, summary="Create a contact of one's own")
async def create_own_contact(
    unit: Change, own: OwnExtension, data: ContactIn, request: Request, response: Response
) -> ContactOut:
    """Nobody else sees it. One's phones show its name when one is called in person."""
    made = await contacts.create(unit, own.account, own.number, data)
    return created(response, request, made, made.id)


@router.get("/export", openapi_extra=EVERYBODY, summary="Export one's own contacts", **FILE)
async def export_own_contacts(
    services: Services, own: OwnExtension, format: ContactFormat = ContactFormat.CSV
) -> StreamingResponse:
    """CSV that an import takes back, or vCards (RFC 6350)."""
    return exported(services, own.account, own.number, format)


@router.get("/import", openapi_extra=EVERYBODY, summary="How far is the import of one's own that runs?")
async def get_own_import_progress(services: Services, own: OwnExtension) -> ImportProgress:
    """Of one's account, whoever began it."""
    return running(services, own.account)


@uploads.post("/import", openapi_extra=EVERYBODY, summary="Import contacts of one's own")
async def import_own_contacts(
    services: Services,
    principal: Asking,
    own: OwnExtension,
    request: Request,
    file: Annotated[UploadFile, File(title="File", description="CSV or vCard: 16 MB, 5,000 contacts at most.")],
    preview: Annotated[
        bool, Query(title="Only preview", description="Says what would become of each line, and changes nothing.")
    ] = False,
) -> ImportOut:
    """As for the company's contacts."""
    return await imported(services, principal, own.account, own.number, file, request, preview=preview)


@router.get("/{contact}", openapi_extra=EVERYBODY, summary="Show a contact")
async def get_own_contact(unit: Read, own: OwnExtension, contact: ContactId, response: Response) -> ContactOut:
    """One's own, or the company's."""
    return versioned(response, await _visible(unit, own, contact))


@router.patch("/{contact}", openapi_extra=patch_of(ContactIn) | EVERYBODY, summary="Change a contact of one's own")
async def change_own_contact(
    unit: Change, own: OwnExtension, contact: ContactId, patch: MergePatch, if_match: IfMatch, response: Response
) -> ContactOut:
    """Its numbers all at once. 403 for one of the company's."""
    await unit.lock(own.account)
    stored = _own(await _visible(unit, own, contact))
    if_match.holds_for(stored)
    return versioned(response, await contacts.change(unit, own.account, contact, merged(ContactIn, stored, patch)))


@router.delete(
    "/{contact}",
    status_code=HTTPStatus.NO_CONTENT,
    openapi_extra=EVERYBODY,
    summary="Delete a contact of one's own",
)
async def delete_own_contact(unit: Change, own: OwnExtension, contact: ContactId, if_match: IfMatch) -> None:
    """403 for one of the company's."""
    await unit.lock(own.account)
    if_match.holds_for(_own(await _visible(unit, own, contact)))
    await contacts.delete(unit, own.account, contact)


async def _visible(unit: Unit, own: Own, id: int) -> ContactOut:
    """Of a colleague's own contact one learns as much as of one that is not there."""
    found = await contacts.get(unit, own.account, id)
    if found.owner not in (COMPANY, own.number):
        raise NotFound(contacts.OBJECT, id)
    return found


def _own(contact: ContactOut) -> ContactOut:
    if contact.owner is COMPANY:
        detail = "This is a contact of the company. Ask your administrator to change it."
        raise ProblemError(HTTPStatus.FORBIDDEN, detail, kind="role")
    return contact
