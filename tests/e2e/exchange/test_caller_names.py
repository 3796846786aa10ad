"""What a telephone is told of a caller whom the phone book knows, as it stands on the wire (ACC-7)."""

from __future__ import annotations

from centrale.phones.sip import NameAddress
from tests.e2e.exchange.office import Office, steps

OUTSIDER = "+31612345678"


async def test_the_phone_shows_the_contacts_name_and_the_number_stays(office: Office) -> None:
    await office.user("201", "Jansen")
    await office.plan((office.main, "201", "Verkoop"))
    contacts = f"{office.path}/contacts"
    made = await office.api.post(
        contacts, first_name="Zoë", prefix="de", surname="Wit", numbers=[{"number": "06-12345678"}]
    )
    phone, carrier = await office.wire_phone("201"), await office.carrier()

    callers = await carrier.calls(office.main, caller=OUTSIDER, name="Forged 201")
    rings = await phone.rings()
    shown = NameAddress.parse(rings.headers["From"])
    assert (shown.name, shown.user) == ("Verkoop: Zoë de Wit", "0612345678")
    await callers.hang_up()
    await rings.ended()
    record = await office.record(1)
    assert (record["caller"], record["caller_name"]) == (OUTSIDER, "Zoë de Wit")
    assert ("caller-name", "Zoë de Wit") in steps(record)

    await office.api.delete(f"{contacts}/{made['id']}")
    callers = await carrier.calls(office.main, caller=OUTSIDER, name="De Wit")
    rings = await phone.rings()
    assert NameAddress.parse(rings.headers["From"]).name == "Verkoop: De Wit", "forgotten with the next call"
    await callers.hang_up()
    await rings.ended()

    callers = await carrier.calls(office.main, caller=OUTSIDER, name="De Wit", withheld=True)
    rings = await phone.rings()
    assert OUTSIDER.removeprefix("+31") not in str(list(rings.headers))
    assert NameAddress.parse(rings.headers["From"]).name == "Verkoop: Anonymous"
    await callers.hang_up()
    await rings.ended()
