"""Files of contacts, in and out: what the company's phone book and one's own have in common (ACC-7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from enum import StrEnum
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import Request, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from centrale.accounts import contacts, contacts_csv, contacts_search, contacts_vcard
from centrale.accounts.contacts import Owner
from centrale.accounts.contacts_fields import ContactOut
from centrale.accounts.contacts_import import Outcome, Progress, Verdict
from centrale.accounts.contacts_search import Wanted
from centrale.api.access import Principal
from centrale.api.csv_table import MEDIA_TYPE as CSV_TYPE
from centrale.api.csv_table import csv_text
from centrale.api.problems import ProblemError
from centrale.api.services import ApiServices
from centrale.api.speaking import preferred
from centrale.routing.snapshot import AccountId
from centrale.wording.refusals import refusal

log = structlog.get_logger(__name__)

LARGEST = 16 * 1024 * 1024
"""Bytes of a file of contacts."""

LINES_SHOWN = 1000
"""So many lines of a file are told one by one, rejected ones before others; all are counted."""

AT_ONCE = 500
"""Contacts of an export that are read together."""


class ContactFormat(StrEnum):
    """Of a file of contacts."""

    CSV = "csv"
    VCARD = "vcard"


FILE: dict[str, Any] = {
    "response_class": StreamingResponse,
    "responses": {
        200: {
            "content": {
                CSV_TYPE: {"schema": {"type": "string"}},
                contacts_vcard.MEDIA_TYPE: {"schema": {"type": "string"}},
            },
            "description": "The contacts, as a file.",
        }
    },
}
"""Arguments of an operation that gives a file of contacts."""


class LineProblem(BaseModel):
    """What is wrong with a line."""

    field: str = Field(title="Field", description="Empty when it is about the whole line.")
    message: str = Field(title="What is wrong")


class ImportLine(BaseModel):
    """What becomes, or became, of a line of the file."""

    line: int = Field(title="Line", description="From 1; of a vCard, where it begins.")
    verdict: Verdict = Field(title="Verdict")
    name: str = Field(title="Name")
    problems: list[LineProblem] = Field(title="Why it is rejected")
    fields: list[str] = Field(title="Fields that change")


class ImportOut(BaseModel):
    """What an import does, or did."""

    preview: bool = Field(title="Only a preview")
    added: int = Field(title="Added")
    changed: int = Field(title="Changed")
    unchanged: int = Field(title="Unchanged")
    rejected: int = Field(title="Rejected")
    lines: list[ImportLine] = Field(
        title="Lines", description=f"Those that are rejected first; {LINES_SHOWN} at most, and no unchanged ones."
    )


class ImportProgress(BaseModel):
    """How far an import is."""

    running: bool = Field(title="One runs")
    done: int = Field(title="Lines done")
    of: int = Field(title="Lines of the file", description="0 while it is read.")


def running(services: ApiServices, account: AccountId) -> ImportProgress:
    """The account's import that runs now, if any."""
    progress = services.imports.progress(account)
    found = progress or Progress()
    return ImportProgress(running=progress is not None, done=found.done, of=found.of)


async def imported(
    services: ApiServices,
    principal: Principal,
    account: AccountId,
    owner: Owner,
    file: UploadFile,
    request: Request,
    *,
    preview: bool,
) -> ImportOut:
    """Import `file` into a book, or look what that would do."""
    content = await file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise ProblemError(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The file is larger than {LARGEST} bytes. Send it in parts."
        )
    async with services.imports.of(services.database, account, owner, content) as work:
        if preview:
            found = await work.preview()
            async with services.database.read() as unit:
                await contacts.room_for(unit, account, owner, sum(it.verdict is Verdict.ADDED for it in found))
        else:
            found = await work.perform(principal.actor)
    counts = Counter(it.verdict for it in found)
    log.info("contacts.imported", account=account, own=owner is not None, preview=preview, lines=len(found))
    language = preferred(request.headers)

    def told(it: Outcome) -> ImportLine:
        problems = [
            LineProblem(field=problem.field, message=refusal(problem.message.removeprefix("Value error, "), language))
            for problem in it.problems
        ]
        return ImportLine(line=it.line, verdict=it.verdict, name=it.name, problems=problems, fields=list(it.fields))

    shown = sorted(
        (it for it in found if it.verdict is not Verdict.UNCHANGED),
        key=lambda it: (it.verdict is not Verdict.REJECTED, it.line),
    )
    return ImportOut(
        preview=preview,
        added=counts[Verdict.ADDED],
        changed=counts[Verdict.CHANGED],
        unchanged=counts[Verdict.UNCHANGED],
        rejected=counts[Verdict.REJECTED],
        lines=[told(it) for it in shown[:LINES_SHOWN]],
    )


def exported(services: ApiServices, account: AccountId, owner: Owner, format: ContactFormat) -> StreamingResponse:
    """A book as a file; read part by part, so that a large one delays nobody."""

    async def parts() -> AsyncIterator[str]:
        if format is ContactFormat.CSV:
            yield csv_text([], contacts_csv.COLUMNS, with_header=True)
        cursor: str | None = None
        while True:
            async with services.database.read() as unit:
                page = await contacts_search.list_all(unit, account, Wanted((owner,)), cursor=cursor, limit=AT_ONCE)
            yield _text(page.contacts, format)
            if (cursor := page.next) is None:
                return

    kind, name = (CSV_TYPE, "csv") if format is ContactFormat.CSV else (contacts_vcard.MEDIA_TYPE, "vcf")
    headers = {"Content-Disposition": f'attachment; filename="contacts.{name}"'}
    return StreamingResponse(parts(), media_type=f"{kind}; charset=utf-8", headers=headers)


def _text(page: Sequence[ContactOut], format: ContactFormat) -> str:
    if format is ContactFormat.VCARD:
        return contacts_vcard.write(page)
    return csv_text(map(contacts_csv.cells, page), contacts_csv.COLUMNS, with_header=False)
