"""How many routing decisions one core makes per second: `python -m bench.routing`.

An account of 5,000 users, every user on a phone; calls from phones and from a trunk in equal parts, with the numbers
that a working day brings: colleagues, a few services, and outside numbers of which few are called often and many once.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from time import perf_counter

from centrale.routing import e164
from centrale.routing.entrance import from_channel, from_trunk
from centrale.routing.person import Person
from centrale.routing.snapshot import (
    E164,
    AccountId,
    AccountSnapshot,
    Channel,
    ChannelName,
    Extension,
    ExtensionNumber,
    NumberPlan,
    NumberUse,
    PlanEntry,
    PlanSchema,
    PlatformSnapshot,
    TelephoneNumber,
    Trunk,
    devices_by_user,
)

USERS = 5_000
BUSINESS_NUMBERS = 2_000
OUTSIDE_NUMBERS = 20_000
CALLS = 40_000
ROUNDS = 7
MOMENT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TARGET_PER_SECOND = 50_000

Calls = list[Callable[[], object]]


def account_of_5000() -> AccountSnapshot:
    """A large customer: extensions 20000 and up, as many phones, 2,000 numbers in a plan, a personal number each."""
    extensions = {
        number: Extension(number, "user", f"User {number}", None)
        for number in (ExtensionNumber(str(20_000 + n)) for n in range(USERS))
    }
    logons = {ChannelName(f"1001-{number}"): number for number in extensions}
    business = [E164(f"+31207{n:06}") for n in range(BUSINESS_NUMBERS)]
    personal = {E164(f"+31208{n:06}"): number for n, number in enumerate(extensions)}
    everyone = list(extensions)
    entries = {number: PlanEntry(everyone[n], prefix="Sales") for n, number in enumerate(business)}
    return AccountSnapshot(
        id=AccountId(1),
        number="1001",
        name="Large Ltd",
        area_code="020",
        extension_length=5,
        default_caller_id=business[0],
        extensions=extensions,
        channels={name: Channel(name) for name in logons},
        numbers={
            **{number: TelephoneNumber(number) for number in business},
            **{number: TelephoneNumber(number, NumberUse.PERSONAL, user=user) for number, user in personal.items()},
        },
        schemas=(PlanSchema(1, "Large Ltd", {1: NumberPlan(1, "Day", entries)}, standing=1),),
        trunks=(Trunk("carrier", "trunk-carrier"),),
        logons=logons,
        devices=devices_by_user(logons),
    )


def platform_of(account: AccountSnapshot) -> PlatformSnapshot:
    """A platform with that one account."""
    return PlatformSnapshot(
        accounts={account.id: account},
        account_of_channel=dict.fromkeys(account.channels, account.id),
        account_of_number=dict.fromkeys(account.numbers, account.id),
        trunks={trunk.endpoint: trunk for trunk in account.trunks},
    )


def working_day(account: AccountSnapshot) -> Calls:
    """Calls in a fixed random order."""
    dice = random.Random(2026)
    platform = platform_of(account)
    outside = [f"0{dice.choice(['6', '10', '30', '45'])}{dice.randrange(10**6, 10**7)}" for _ in range(OUTSIDE_NUMBERS)]
    outside = [number if number[1] != "6" else f"06{dice.randrange(10**7, 5 * 10**7)}" for number in outside]
    popularity = [1 / rank for rank in range(1, OUTSIDE_NUMBERS + 1)]
    others = iter(dice.choices(outside, popularity, k=2 * CALLS))
    channels, users, numbers = list(account.channels.values()), list(account.extensions), list(account.numbers)
    trunk = account.trunks[0]

    def from_a_phone() -> Callable[[], object]:
        channel = dice.choice(channels)
        user = account.logons[channel.name]
        person = Person(default_caller_id=E164(f"+31208{int(user) - 20_000:06}"))
        dialled = dice.choices([dice.choice(users), next(others), dice.choice(["900", "*8", "1233"])], [50, 45, 5])[0]
        return lambda: from_channel(account, channel, dialled, MOMENT, person)

    def from_the_trunk() -> Callable[[], object]:
        called, caller = dice.choice(numbers).removeprefix("+"), f"31{next(others)[1:]}"
        return lambda: from_trunk(platform, trunk, called, caller, MOMENT)

    return [dice.choice([from_a_phone, from_the_trunk])() for _ in range(CALLS)]


def _per_second(calls: Calls) -> float:
    start = perf_counter()
    for call in calls:
        call()
    return len(calls) / (perf_counter() - start)


def run() -> dict[str, float]:
    """Decisions per second: `routing_first_day_per_second` starts knowing no number, `routing_per_second` is the
    median of the days after it."""
    calls = working_day(account_of_5000())
    e164.forget()
    first = _per_second(calls)
    return {
        "routing_per_second": median(_per_second(calls) for _ in range(ROUNDS)),
        "routing_first_day_per_second": first,
    }


if __name__ == "__main__":
    for name, figure in run().items():
        print(f"{name:32} {figure:>10,.0f}")
    print(f"{'target':32} {TARGET_PER_SECOND:>10,}")
