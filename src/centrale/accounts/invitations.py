"""E-mails with a link to choose a password with: to who is invited, and to who forgot theirs (ROLE-1)."""

from __future__ import annotations

from datetime import timedelta

from centrale.accounts import lockouts, notices, web_links, web_users
from centrale.accounts.database import Database
from centrale.accounts.lockouts import Count
from centrale.accounts.models import WebUserRow
from centrale.accounts.sign_in import MANY, place_of
from centrale.accounts.unit import Unit
from centrale.routing.lockout import Policy
from centrale.routing.snapshot import AccountId

LINKS = Policy(3, timedelta(minutes=5), timedelta(hours=1), timedelta(minutes=15))
"""Links by e-mail to one person, whoever asks: nobody's mailbox is filled with them."""

_INVITED = {
    "nl": (
        "Uw toegang tot de telefooncentrale",
        "Beste {name},\n\nU kunt voortaan inloggen op de telefooncentrale, met dit e-mailadres. "
        "Kies eerst een wachtwoord:\n\n{link}\n\nDe link is zeven dagen geldig, en één keer te gebruiken.\n",
    ),
    "en": (
        "Your access to the telephone exchange",
        "Dear {name},\n\nFrom now on you can sign in to the telephone exchange, with this e-mail address. "
        "First choose a password:\n\n{link}\n\nThe link is good for seven days, and can be used once.\n",
    ),
}
_FORGOTTEN = {
    "nl": (
        "Een nieuw wachtwoord voor de telefooncentrale",
        "Beste {name},\n\nEr is een nieuw wachtwoord voor de telefooncentrale aangevraagd, hopelijk door u. "
        "U kiest het hier:\n\n{link}\n\nDe link is een uur geldig. Vroeg u hier niet om? Dan hoeft u niets te doen.\n",
    ),
    "en": (
        "A new password for the telephone exchange",
        "Dear {name},\n\nA new password for the telephone exchange was asked for, hopefully by you. "
        "Choose it here:\n\n{link}\n\nThe link is good for an hour. Did you not ask for it? Then do nothing.\n",
    ),
}


class Invitations:
    """Makes the links, and has them mailed. `portal`: where people open the portal, without a slash at the end."""

    def __init__(self, database: Database, portal: str) -> None:
        self._database = database
        self._portal = portal

    async def may_ask(self, email: str, address: str) -> bool:
        """May a link be mailed to `email` once more, for who asks from `address`? It is counted, whether there is such
        a web user or not: the answer takes as long."""
        person = web_users.as_kept(email)[:254]
        counts = (Count(f"web-link:{person}", LINKS), Count(f"web-link-from:{place_of(address)}", MANY))
        async with self._database.change("forgotten password") as unit:
            now = unit.clock.now()
            if await lockouts.locked(unit, counts, now) is not None:
                return False
            await lockouts.count_one(unit, counts, now)
        return True

    async def forgotten(self, email: str) -> None:
        """Mails a link to the web user with this address; does nothing, and does not tell, when there is none."""
        async with self._database.read() as unit:
            row = await web_users.find(unit, email)
        if row is None or row.disabled:
            return
        async with self._database.change(f"web user {row.email}") as unit:
            link = self._link(await web_links.make_for_forgotten(unit, row.id))
            _mail(unit, row, _FORGOTTEN, link)

    async def invite(self, unit: Unit, id: int) -> str:
        """Mails a link to a web user who is to choose a first password; gives the link, for handing over otherwise."""
        row = await web_users.load(unit, id)
        link = self._link(await web_links.make_for_invited(unit, id))
        _mail(unit, row, _INVITED, link)
        return link

    def _link(self, secret: str) -> str:
        # Behind the #: browsers do not send it to anybody, so it stands in no log.
        return f"{self._portal}/choose-password#{secret}"


def _mail(unit: Unit, row: WebUserRow, texts: dict[str, tuple[str, str]], link: str) -> None:
    subject, body = texts[row.language]
    notices.add(
        unit,
        None if row.account_id is None else AccountId(row.account_id),
        way=notices.Way.MAIL,
        recipient=row.email,
        subject=subject,
        body=body.format(name=row.name, link=link),
        private=True,
        now=unit.clock.now(),
    )
