"""Every address of the portal, as `routes.tsx` lists them, and a furnished customer to open each of them on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest

from tests.e2e.browser.window import ROOT
from tests.e2e.exchange.office import Office

OUTSIDER = "+31612345678"


def routes() -> list[str]:
    """The patterns of all pages, such as `/accounts/:account/plans/:schema/:tab?`."""
    source = (ROOT / "portal" / "src" / "app" / "routes.tsx").read_text(encoding="utf-8")
    paths = [path for path in re.findall(r"path: '([^']+)'", source) if path not in ("*", "/accounts/:account")]
    return ["/accounts/:account", *(path if path[0] == "/" else f"/accounts/:account/{path}" for path in paths)]


@dataclass(frozen=True, slots=True)
class Furnished:
    """A customer that has one of everything."""

    office: Office
    call: str
    person: int
    webhook: int

    def walk(self) -> list[str]:
        """All addresses of all pages but a user's own, so that each is followed by one of another page."""
        todo = [self.addresses(route) for route in routes() if route != "/me"]
        rounds = list(zip_longest(*todo))
        return [address for a_round in reversed(rounds) for address in a_round if address is not None]

    def addresses(self, route: str) -> list[str]:
        """Where a route is seen with something on it: an optional part both without and with each choice."""
        values = {
            "account": str(self.office.id),
            "schema": "1",
            "plan": "1",
            "call": self.call,
            "e164": self.office.main.replace("+", "%2B"),
            "queue": "600",
            "id": str(self.person),
            "webhook": str(self.webhook),
        }
        if route.endswith("/:tab?"):
            tabs = ("", "/week", "/holidays", "/preview", "/versions")
            return [self._filled(route.removesuffix("/:tab?"), values) + tab for tab in tabs]
        if route.endswith("/extensions/:number"):
            base = self._filled(route.removesuffix(":number"), values)
            return [base + number for number in ("201", "500", "600", "new?kind=time_routing")]
        if route.endswith("/mailboxes/:number"):
            values["number"] = "201"
        values["name"] = (
            "carrier-" + str(self.office.serial) if route.startswith("/trunks") else f"{self.office.customer}EC01"
        )
        return [self._filled(route, values)]

    @staticmethod
    def _filled(route: str, values: dict[str, str]) -> str:
        return re.sub(r":(\w+)", lambda found: values[found[1]], route)


async def furnish(office: Office) -> Furnished:
    """People, a queue, a menu, a schema with a week and a holiday, an expectation, a supervisor, and one call."""
    api, path = office.api, office.path
    await office.user("201", "Anna Bol")
    await office.user("202", "Bert Bol")
    await office.extension("queue", "600", "Winkel", members=[{"agent": "201"}, {"agent": "202"}])
    question = {"text": "Toets 1 voor de winkel."}
    await office.extension("menu", "500", "Welkom", question=question, options=[{"digits": "1", "destination": "600"}])
    await office.plan((office.main, "500", "Bakkerij"))
    await office.plan((office.main, "500", "Lunch"), number=2, name="Lunch")
    days = ["monday", "tuesday", "wednesday", "thursday", "friday"]
    week = [
        {"plan": 1, "days": days, "start": "09:00", "end": "17:00"},
        {"plan": 2, "days": days, "start": "12:30", "end": "13:30"},
    ]
    await api.put(f"{path}/schemas/1/schedule", entries=week)
    holiday = {"description": "Kerst", "start": "2030-12-25 00:00", "end": "2030-12-27 00:00", "plan": 1}
    await api.put(f"{path}/schemas/1/holidays", holidays=[holiday])
    await api.post(
        f"{path}/expectations", name="Winkel", at="monday 10:00", caller=OUTSIDER, called=office.main, choices=["1"],
        people="answer", outcome={"reaches": "600"},
    )  # fmt: skip
    person = await api.post(
        "web-users", email=f"s{office.serial}@klant.example", name="Sofie", role="supervisor", account=office.id
    )
    hook = {"name": "Till", "url": "https://till.example/calls", "events": ["call.ended"], "active": False}
    webhook = await api.post(f"{path}/webhooks", **hook)
    anna = await office.wire_phone("201")
    carrier = await office.carrier()
    call = await carrier.calls(office.main, caller=OUTSIDER, name="De Wit")
    await call.hears_speech()
    await call.press("1")
    ring = await anna.rings()
    await ring.answer()
    await call.hang_up()
    record = await office.record(1)
    return Furnished(office, record["id"], person["id"], webhook["id"])
