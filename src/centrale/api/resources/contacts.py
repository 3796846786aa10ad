"""The company's phone book (ACC-7). One's own contacts are in `own_contacts`."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, File, Path, Query, Request, Response, UploadFile
from fastapi.responses import StreamingResponse

from centrale.accounts import contacts, contacts_search
from centrale.accounts.contacts import COMPANY
from centrale.accounts.contacts_fields import ContactIn, ContactOut
from centrale.accounts.contacts_search import Order, Wanted
from centrale.accounts.errors import Invalid
from centrale.accounts.roles import Role
from centrale.accounts.unit import Unit
from centrale.api.access import Asking, OwnAccount, at_least
from centrale.api.changing import IfMatch, MergePatch, created, merged, patch_of, versioned
from centrale.api.contact_files import FILE, ContactFormat, ImportOut, ImportProgress, exported, imported, running
from centrale.api.pages import Page, Paged, Paging, unusable_cursor
from centrale.api.units import AccountChange, Read, Services
from centrale.routing.snapshot import AccountId

router = APIRouter(prefix="/accounts/{account}/contacts", tags=["contacts"])
uploads = APIRouter(prefix="/accounts/{account}/contacts", tags=["contacts"])
"""What takes a form instead of JSON."""

ContactId = Annotated[int, Path(ge=1, le=2**53, title="Contact's id")]

Search = Annotated[
    str,
    Query(
        max_length=100,
        title="Search",
        description="How words of the name, company or e-mail address begin, whatever the accents; or a number.",
    ),
]
Number = Annotated[
    str | None,
    Query(
        pattern=r"^\+?[0-9]{2,20}$",
        title="With this number",
        description="E.164 or an extension. In an address the plus sign is written %2B.",
    ),
]
Favourite = Annotated[bool | None, Query(title="Only favourites, or only others")]
Sort = Annotated[Order, Query(title="Sorted by")]


@router.get("", openapi_extra=at_least(Role.SUPERVISOR), summary="List the company's contacts")
async def list_contacts(
    unit: Read,
    account: OwnAccount,
    paging: Paged,
    search: Search = "",
    number: Number = None,
    favourite: Favourite = None,
    sort: Sort = Order.NAME,
) -> Page[ContactOut]:
    """By name; personal contacts are not among them."""
    return await listed(unit, account, Wanted((COMPANY,), search, favourite, number), sort, paging)


@router.post("", status_code=HTTPStatus.CREATED, summary="Create a contact of the company")
async def create_contact(
    unit: AccountChange, account: OwnAccount, data: ContactIn, request: Request, response: Response
) -> ContactOut:
    """From the next call on phones show its name when one of its numbers calls."""
    made = await contacts.create(unit, account, COMPANY, data)
    return created(response, request, made, made.id)


@router.get("/export", openapi_extra=at_least(Role.SUPERVISOR), summary="Export the company's contacts", **FILE)
async def export_contacts(
    services: Services, account: OwnAccount, format: ContactFormat = ContactFormat.CSV
) -> StreamingResponse:
    """All of them: CSV that an import takes back, or vCards (RFC 6350)."""
    return exported(services, account, COMPANY, format)


@router.get("/import", summary="How far is the import that runs?")
async def get_import_progress(services: Services, account: OwnAccount) -> ImportProgress:
    """Of the account, whoever began it."""
    return running(services, account)


@uploads.post("/import", summary="Import contacts of the company")
async def import_contacts(
    services: Services,
    principal: Asking,
    account: OwnAccount,
    request: Request,
    file: Annotated[UploadFile, File(title="File", description="CSV or vCard: 16 MB, 100,000 contacts at most.")],
    preview: Annotated[
        bool, Query(title="Only preview", description="Says what would become of each line, and changes nothing.")
    ] = False,
) -> ImportOut:
    """A line changes the contact with its id, or of the same name and company; else it adds one. Lines that cannot be
    taken are named, the others are."""
    return await imported(services, principal, account, COMPANY, file, request, preview=preview)


@router.get("/{contact}", openapi_extra=at_least(Role.SUPERVISOR), summary="Show a contact of the company")
async def get_contact(unit: Read, account: OwnAccount, contact: ContactId, response: Response) -> ContactOut:
    return versioned(response, await contacts.get_own(unit, account, COMPANY, contact))


@router.patch("/{contact}", openapi_extra=patch_of(ContactIn), summary="Change a contact of the company")
async def change_contact(
    unit: AccountChange,
    account: OwnAccount,
    contact: ContactId,
    patch: MergePatch,
    if_match: IfMatch,
    response: Response,
) -> ContactOut:
    """Its numbers all at once."""
    stored = await contacts.get_own(unit, account, COMPANY, contact)
    if_match.holds_for(stored)
    return versioned(response, await contacts.change(unit, account, contact, merged(ContactIn, stored, patch)))


@router.delete("/{contact}", status_code=HTTPStatus.NO_CONTENT, summary="Delete a contact of the company")
async def delete_contact(unit: AccountChange, account: OwnAccount, contact: ContactId, if_match: IfMatch) -> None:
    if_match.holds_for(await contacts.get_own(unit, account, COMPANY, contact))
    await contacts.delete(unit, account, contact)


async def listed(unit: Unit, account: AccountId, wanted: Wanted, order: Order, paging: Paging) -> Page[ContactOut]:
    """A page of contacts."""
    try:
        found = await contacts_search.list_all(
            unit, account, wanted, order=order, cursor=paging.after or None, limit=paging.limit
        )
    except Invalid as error:
        raise unusable_cursor() from error
    return paging.given(found.contacts, found.next)
