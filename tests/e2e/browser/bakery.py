"""The customer of the README's pictures: a small bakery with a shop, on a morning with calls."""

from __future__ import annotations

from dataclasses import dataclass

from centrale.phones.wire import WirePhone
from centrale.phones.wire_call import WireCall
from tests.e2e.exchange.office import Office

WAGNER, VISSER, JANSSEN = "+31612345678", "+31687654321", "+31201234567"
WORKING_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"]
NO_ANSWER = {"forwards": {"no_answer": "290", "no_answer_after": 20}}


@dataclass(slots=True)
class Bakery:
    """`phones`: by the number of whose desk they stand on."""

    office: Office
    carrier: WirePhone
    phones: dict[str, WirePhone]


async def open_bakery(office: Office) -> Bakery:
    """Four people, two queues behind a menu, a week with lunch, a holiday; phones on everybody's desk."""
    await office.open()
    api, path = office.api, office.path
    await api.patch(path, name="Bol Bakery")
    await api.patch(f"{path}/schemas/1", name="Opening hours")
    await office.extension("mailbox", "290", "Voicemail", pin="8642", welcome={"text": "Please leave a message."})
    for number, name in (("201", "Anna Bol"), ("202", "Bert Bol"), ("203", "Carla Smit"), ("204", "Dave Prins")):
        await office.user(number, name, **NO_ANSWER)
    await office.group("300", "Bakehouse", "203", "204")
    await office.extension("announcement", "400", "Closed", text="We are open from Monday to Friday, nine to five.")
    await office.extension("queue", "600", "Shop", members=[{"agent": "201"}, {"agent": "202"}])
    await office.extension("queue", "601", "Orders", members=[{"agent": "203"}, {"agent": "204"}])
    question = {"text": "Welcome to Bol Bakery. For the shop press 1, for orders press 2."}
    choices = [{"digits": "1", "destination": "600"}, {"digits": "2", "destination": "601", "prefix": "Order"}]
    await office.extension("menu", "500", "Welcome", question=question, options=choices)
    await office.plan((office.main, "400", ""), name="Closed")
    await office.plan((office.main, "500", ""), number=2, name="Open")
    await office.plan((office.main, "300", ""), number=3, name="Lunch")
    await api.put(
        f"{path}/schemas/1/schedule",
        entries=[
            {"plan": 2, "days": WORKING_DAYS, "start": "09:00", "end": "17:00"},
            {"plan": 3, "days": WORKING_DAYS, "start": "12:30", "end": "13:30"},
            {"plan": 2, "days": ["saturday"], "start": "10:00", "end": "16:00"},
        ],
    )
    phones = {number: await office.wire_phone(number) for number in ("201", "202", "203", "204")}
    carrier = await office.carrier()
    return Bakery(office, carrier, phones)


async def short_call(bakery: Bakery) -> str:
    """The bakery opens by hand, and Anna answers the first caller; the identifier of the call, which is over."""
    office, phone = bakery.office, bakery.phones["201"]
    await office.api.put(f"{office.path}/schemas/1/override", plan=2)
    call = await _reaches(bakery.carrier, office, WAGNER, "Wagner", "1")
    await (await phone.rings()).answer()
    await call.hears_tone(phone.tone)
    await call.hang_up()
    record = await office.record(1)
    return str(record["id"])


async def busy_morning(bakery: Bakery) -> list[WireCall]:
    """Both agents of the shop talk, a third caller waits there, Carla calls a miller, and somebody hears the menu."""
    office, carrier, phones = bakery.office, bakery.carrier, bakery.phones
    calls: list[WireCall] = []
    for caller, name, agent in ((VISSER, "Visser", "202"), (WAGNER, "Wagner", "201")):  # who was idle longest first
        calls.append(await _reaches(carrier, office, caller, name, "1"))
        await (await phones[agent].rings()).answer()
    calls.append(await _reaches(carrier, office, JANSSEN, "Janssen", "1"))
    calls.append(await phones["203"].dials("0765432100"))
    await (await carrier.rings()).answer()
    calls.append(await carrier.calls(office.main, caller="+31301234567", name="De Groot"))
    return calls


async def _reaches(carrier: WirePhone, office: Office, caller: str, name: str, *keys: str) -> WireCall:
    """From outside, through the menu."""
    call = await carrier.calls(office.main, caller=caller, name=name)
    await call.hears_speech()
    for key in keys:
        await call.press(key)
    return call
