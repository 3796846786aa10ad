"""Two companies on one platform, for the routing stories: Janssen & Co in Amsterdam, and a stranger."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

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

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

MAIN_NUMBER = E164("+31201234500")
SUPPORT_NUMBER = E164("+31201234501")
ORDERED_NUMBER = E164("+31201234502")
UNPLANNED_NUMBER = E164("+31201234503")
JANSENS_NUMBER = E164("+31201234601")
STRANGERS_NUMBER = E164("+31107654321")
CUSTOMER = E164("+31612345678")

CARRIER = Trunk("carrier", "trunk-carrier")
GENEROUS = Trunk("generous", "trunk-generous", keeps_foreign_caller_id=True)

JANSEN = Extension(ExtensionNumber("201"), "user", "Jansen", None)
BAKKER = Extension(ExtensionNumber("202"), "user", "Bakker", None)
SALES = Extension(ExtensionNumber("300"), "group", "Sales", None)
HALL = ChannelName("1001-hall")
"""A phone where nobody is logged on."""
DESK = ChannelName("1001-1")
"""Jansen's phone."""


DAY = NumberPlan(1, "Day", {MAIN_NUMBER: PlanEntry(SALES.number, "Sales"), ORDERED_NUMBER: PlanEntry(SALES.number)})
NIGHT = NumberPlan(2, "Night", {MAIN_NUMBER: PlanEntry(BAKKER.number)})


def company(**changes: Any) -> AccountSnapshot:
    """Janssen & Co: Jansen 201 and Bakker 202, a group 300, a desk phone and one in the hall."""
    extensions = {extension.number: extension for extension in (JANSEN, BAKKER, SALES)}
    numbers = [
        TelephoneNumber(MAIN_NUMBER),
        TelephoneNumber(SUPPORT_NUMBER),
        TelephoneNumber(ORDERED_NUMBER, active=False),
        TelephoneNumber(UNPLANNED_NUMBER),
        TelephoneNumber(JANSENS_NUMBER, NumberUse.PERSONAL, user=JANSEN.number),
    ]
    logons = {DESK: JANSEN.number}
    given: dict[str, Any] = {
        "id": AccountId(1),
        "number": "1001",
        "name": "Janssen & Co",
        "area_code": "020",
        "default_caller_id": MAIN_NUMBER,
        "extensions": extensions,
        "channels": {name: Channel(name) for name in (HALL, DESK)},
        "numbers": {number.e164: number for number in numbers},
        "schemas": (PlanSchema(1, "Janssen & Co", {1: DAY, 2: NIGHT}, standing=1),),
        "trunks": (CARRIER,),
        "logons": logons,
        "devices": devices_by_user(logons),
    }
    return AccountSnapshot(**{**given, **changes})


def stranger() -> AccountSnapshot:
    """Another company, with an extension 201 of its own."""
    other = Extension(ExtensionNumber("201"), "user", "Stranger", None)
    hers = NumberPlan(1, "Day", {STRANGERS_NUMBER: PlanEntry(other.number)})
    return AccountSnapshot(
        id=AccountId(2),
        number="1002",
        name="Stranger Ltd",
        extensions={
            other.number: other,
            ExtensionNumber("299"): Extension(ExtensionNumber("299"), "user", "Other", None),
        },
        channels={ChannelName("1002-1"): Channel(ChannelName("1002-1"))},
        numbers={STRANGERS_NUMBER: TelephoneNumber(STRANGERS_NUMBER)},
        schemas=(PlanSchema(1, "Stranger Ltd", {1: hers}, standing=1),),
        trunks=(CARRIER,),
        logons={ChannelName("1002-1"): other.number},
    )


def platform(*accounts: AccountSnapshot) -> PlatformSnapshot:
    return PlatformSnapshot(
        accounts={account.id: account for account in accounts},
        account_of_channel={channel: account.id for account in accounts for channel in account.channels},
        account_of_number={number: account.id for account in accounts for number in account.numbers},
        trunks={CARRIER.endpoint: CARRIER, GENEROUS.endpoint: GENEROUS},
    )
