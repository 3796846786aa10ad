"""The outbox: e-mails and text messages that tell of voicemail (VM-3)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query

from centrale.accounts import outbox
from centrale.accounts.errors import Invalid
from centrale.accounts.notices import State, Way
from centrale.accounts.outbox import Notice
from centrale.api.access import OwnAccount
from centrale.api.pages import Page, Paged, unusable_cursor
from centrale.api.services import ApiServices
from centrale.api.speaking import Spoken
from centrale.api.units import Change, Read, Services
from centrale.wording import Language
from centrale.wording.health import of_itself

router = APIRouter(prefix="/accounts/{account}/notices", tags=["notices"])

NoticeId = Annotated[str, Path(pattern="^[a-z0-9]{1,64}$", title="Notice's id")]

_NOT_SET = {Way.MAIL: "No mail server is set.", Way.SMS: "No SMS gateway is set."}


@router.get("", summary="List the outbox")
async def list_notices(
    unit: Read,
    account: OwnAccount,
    paging: Paged,
    services: Services,
    language: Spoken,
    state: Annotated[State | None, Query(title="Only in this state")] = None,
    way: Annotated[Way | None, Query(title="Only of this way")] = None,
    message: Annotated[str | None, Query(pattern="^[A-Za-z0-9-]{1,64}$", title="Only about this voice message")] = None,
) -> Page[Notice]:
    """Newest first. What was sent, cancelled or given up stays for 30 days."""
    try:
        found = await outbox.list_all(
            unit, account, state=state, way=way, message=message, cursor=paging.after or None, limit=paging.limit
        )
    except Invalid as error:
        raise unusable_cursor() from error
    return paging.given([_explained(notice, services, language) for notice in found.notices], found.next)


@router.get("/{notice}", summary="Show a notice")
async def get_notice(unit: Read, account: OwnAccount, notice: NoticeId, services: Services, language: Spoken) -> Notice:
    """Without what it says: that is the recipient's."""
    return _explained(await outbox.get(unit, account, notice), services, language)


@router.post("/{notice}/retry", summary="Try a notice now", status_code=HTTPStatus.ACCEPTED)
async def retry_notice(
    unit: Change, account: OwnAccount, notice: NoticeId, services: Services, language: Spoken
) -> Notice:
    """Also one that was given up or cancelled; what has been sent is not sent again (409)."""
    return _explained(await outbox.retry(unit, account, notice), services, language)


@router.post("/{notice}/cancel", summary="Cancel a notice")
async def cancel_notice(
    unit: Change, account: OwnAccount, notice: NoticeId, services: Services, language: Spoken
) -> Notice:
    """It is not tried again. What has been sent cannot be cancelled (409)."""
    return _explained(await outbox.cancel(unit, account, notice), services, language)


def _explained(notice: Notice, services: ApiServices, language: Language) -> Notice:
    """With why it waits in words, also when that is for want of a setting."""
    server = {Way.MAIL: services.settings.smtp_url, Way.SMS: services.settings.sms_url}[notice.way]
    unset = notice.state is State.WAITING and server is None
    problem = _NOT_SET[notice.way] if unset else notice.problem
    return notice.model_copy(update={"problem": of_itself(problem or "", language) or problem})
