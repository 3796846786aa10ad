"""E-mails to who administers an account, when the exchange pauses a webhook of it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from centrale.accounts import notices
from centrale.accounts.models import AccountRow, WebUserRow
from centrale.accounts.roles import Role
from centrale.accounts.unit import Unit
from centrale.accounts.webhooks import Trouble
from centrale.routing.snapshot import AccountId

_SUBJECT = {"nl": "Webhook {name} staat stil", "en": "Webhook {name} is paused"}

_BODY = {
    ("nl", Trouble.FAILING): "Beste {who},\n\nDe webhook {name} van klant {account} kreeg drie dagen lang niets "
    "afgeleverd. De telefooncentrale stuurt er daarom niets meer naartoe. Wat er gebeurt, wordt dertig dagen bewaard.\n"
    "\nKijk in het portaal bij Webhooks wat het adres antwoordde. Is het verholpen? Zet de webhook dan weer aan, en "
    "laat opnieuw sturen wat niet aankwam.\n",
    ("en", Trouble.FAILING): "Dear {who},\n\nNothing has arrived at the webhook {name} of customer {account} for three "
    "days. The telephone exchange therefore sends nothing there any more. What happens is kept for thirty days.\n"
    "\nSee in the portal, under Webhooks, what the address answered. When it has been mended, make the webhook active "
    "again, and have sent again what did not arrive.\n",
    ("nl", Trouble.GONE): "Beste {who},\n\nHet adres van de webhook {name} van klant {account} antwoordde dat het niet "
    "meer bestaat (410). De telefooncentrale stuurt er daarom niets meer naartoe. Wat er gebeurt, wordt dertig dagen "
    "bewaard.\n\nVerwijder de webhook in het portaal, of geef hem een ander adres en zet hem weer aan.\n",
    ("en", Trouble.GONE): "Dear {who},\n\nThe address of the webhook {name} of customer {account} answered that it is "
    "gone (410). The telephone exchange therefore sends nothing there any more. What happens is kept for thirty days.\n"
    "\nDelete the webhook in the portal, or give it another address and make it active again.\n",
}


async def tell_administrators(unit: Unit, account: AccountId, webhook: str, trouble: Trouble) -> None:
    """Those of the account; where it has none, of its partner; else of the platform."""
    row = await unit.session.get(AccountRow, account)
    if row is None:
        return
    for person in await _administrators(unit, row):
        language = person.language if person.language in _SUBJECT else "en"
        notices.add(
            unit,
            account,
            way=notices.Way.MAIL,
            recipient=person.email,
            subject=_SUBJECT[language].format(name=webhook),
            body=_BODY[language, trouble].format(who=person.name, name=webhook, account=row.name),
            now=unit.clock.now(),
        )


async def _administrators(unit: Unit, account: AccountRow) -> list[WebUserRow]:
    own = (WebUserRow.role == Role.ACCOUNT.value) & (WebUserRow.account_id == account.id)
    partners = (WebUserRow.role == Role.PARTNER.value) & (WebUserRow.partner_id == account.partner)
    platforms = WebUserRow.role == Role.PLATFORM.value
    for whose in (own, partners, platforms):
        if found := await _people(unit, whose):
            return found
    return []


async def _people(unit: Unit, whose: ColumnElement[bool]) -> list[WebUserRow]:
    query = select(WebUserRow).where(whose, WebUserRow.disabled.is_(False)).order_by(WebUserRow.id)
    return list(await unit.session.scalars(query))
