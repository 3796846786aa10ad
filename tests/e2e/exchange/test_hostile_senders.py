"""What every exchange on a network gets: broken packets, password guessing, scanners. Calls go on all the while."""

from __future__ import annotations

import asyncio

import pytest

from centrale.phones import hostile
from centrale.phones.digest import Credentials
from centrale.phones.phone import RegistrationRefused
from centrale.phones.wire import WirePhone
from tests.e2e.exchange.conftest import OpenOffice
from tests.e2e.exchange.office import Office
from tests.e2e.exchange.running import RunningExchange

GUESSES = 300
SCANNED = 300
MUTATIONS = 3000
SEED = 20261122


async def two_people_can_talk(office: Office) -> None:
    """A whole call on real phones, with sound both ways."""
    await office.user("201", "Jansen")
    await office.user("202", "Bakker")
    jansen, bakker = await office.phone("201"), await office.phone("202")
    jansens = await jansen.dials("202")
    bakkers = await bakker.rings()
    await bakkers.answer()
    await asyncio.gather(jansens.hears_tone(bakker.tone), bakkers.hears_tone(jansen.tone))
    await jansens.hang_up()
    await bakkers.ended()


async def test_broken_and_huge_packets_harm_nobody(exchange: RunningExchange, office: Office) -> None:
    asterisk, lines = exchange.process_of("Asterisk"), len(exchange.lines)
    async with WirePhone("hostile", exchange.server) as sender:
        me = (sender.host, sender.port)
        packets = [
            *(packet for _, packet in hostile.malformed(exchange.server, me)),
            *(packet for _, packet in hostile.huge(exchange.server, me)),
            *hostile.mutations(SEED, MUTATIONS, exchange.server, me),
        ]
        for number, packet in enumerate(packets):
            sender.throws(packet)
            if number % 50 == 0:
                await asyncio.sleep(0)
        good = hostile.request("OPTIONS", "201", exchange.server, me, 10**6)
        answer = await sender.transactions.ask(good, exchange.server, timeout=30)
        assert answer.status == 401, "it still answers, and lets nobody in"
    await two_people_can_talk(office)
    assert exchange.process_of("Asterisk") == asterisk
    assert not [line for line in exchange.lines[lines:] if "died" in line or "Traceback" in line]


async def test_what_a_phone_with_a_good_password_makes_up_harms_nobody(
    exchange: RunningExchange, office: Office
) -> None:
    """Numbers and headers of any kind behind a good password. Some are refused, some not even understood."""
    asterisk, lines = exchange.process_of("Asterisk"), len(exchange.lines)
    numbers = ("%00", "%0d%0aX", "${SHELL(id)}", "9" * 2000, "+", "*", "é", "a" * 300, "201,phone,x", "s", "h", "201;x")
    headers = (
        ("P-Asserted-Identity", "<" * 500),
        ("X-" + "y" * 900, "z" * 2000),
        ("Diversion", "<sip:\x00@x>;reason="),
    )
    await office.user("203", "De Jong")
    async with WirePhone("odd", exchange.server, credentials=await office.channel("203")) as odd:
        await odd.register()
        calls = [await odd.dials(number, *headers[n % 4 : n % 4 + 1]) for n, number in enumerate(numbers)]
        await two_people_can_talk(office)
        assert not [call for call in calls if call.dialog.answered]
        assert sum(call.is_over or call.dialog.theirs.get("Call-ID") != "" for call in calls) >= 6, "most were answered"
    assert exchange.process_of("Asterisk") == asterisk
    assert not [line for line in exchange.lines[lines:] if "died" in line or "Traceback" in line]


async def test_guessing_passwords_opens_nothing_and_calls_go_on_meanwhile(open_office: OpenOffice) -> None:
    office, neighbours = await open_office(), await open_office()
    right = await office.channel()

    async def guesses(n: int) -> None:
        async with WirePhone(f"guesser{n}", office.exchange.server) as guesser:
            for guess in range(GUESSES // 5):
                guesser.credentials = Credentials(right.username, f"guess-{n}-{guess}")
                guesser.username = right.username
                with pytest.raises(RegistrationRefused, match=r"401|403"):
                    await guesser.register()

    await asyncio.gather(*(guesses(n) for n in range(5)), two_people_can_talk(neighbours))
    async with WirePhone("owner", office.exchange.server, credentials=right) as owner:
        await owner.register()
    assert (await office.exchange.api.health())[0] == 200


async def test_scanners_without_a_password_get_nowhere_and_leave_no_call(open_office: OpenOffice) -> None:
    office, neighbours = await open_office(), await open_office()
    await office.user("201", "Jansen")
    jansen = await office.phone("201")
    server = office.exchange.server

    async def scans() -> None:
        async with WirePhone("scanner", server, user_agent="friendly-scanner") as scanner:
            me = (scanner.host, scanner.port)
            last = None
            for n in range(SCANNED):
                last = hostile.request("INVITE", ("201", "0612345678", f"{100 + n}")[n % 3], server, me, n)
                scanner.throws(last.encode())
                if n % 20 == 0:
                    await asyncio.sleep(0.01)
            assert last is not None
            await scanner.transactions.ask(last, server, timeout=30)
            answers = {message.status for message in scanner.received if message.status}
            assert answers == {401}, "nobody is told which numbers exist"

    await asyncio.gather(scans(), two_people_can_talk(neighbours))
    assert await office.records() == []
    assert (await office.exchange.api.get(f"{office.path}/calls"))["items"] == []
    assert not jansen._calls, "no phone rang"
