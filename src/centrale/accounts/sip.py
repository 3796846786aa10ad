"""What the switch has to know of channels and trunks to let phones register and carriers in.

Read by whoever keeps the switch's own table of endpoints in step (`Directory.on_change` says for which accounts).
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from ipaddress import ip_address

from sqlalchemy import select

from centrale.accounts.models import ChannelRow, TrunkRow
from centrale.accounts.trunks import endpoint
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId, DtmfMethod


@dataclass(frozen=True, slots=True)
class SipChannel:
    """A channel as the switch knows it. The password shows in no `repr`."""

    name: str
    account: AccountId
    password: str = field(repr=False)
    dtmf: DtmfMethod
    call_limit: int
    language: str | None


@dataclass(frozen=True, slots=True)
class SipTrunk:
    """A trunk in use, as the switch knows it."""

    name: str
    endpoint: str
    registers: bool
    host: str
    port: int
    transport: str
    username: str | None
    password: str | None = field(repr=False)
    sources: tuple[str, ...]
    """Addresses or networks that it calls from, each with `:port` if that matters; never empty."""
    qualify: int
    """Seconds between checks; 0 for none."""


async def sip_channels(unit: Unit, accounts: Collection[AccountId] | None = None) -> list[SipChannel]:
    """The channels of `accounts`, or all. An account of which none is returned has none (any more)."""
    query = select(
        ChannelRow.name,
        ChannelRow.account_id,
        ChannelRow.secret,
        ChannelRow.dtmf,
        ChannelRow.call_limit,
        ChannelRow.language,
    ).order_by(ChannelRow.name)
    if accounts is not None:
        query = query.where(ChannelRow.account_id.in_(accounts))
    rows = (await unit.session.execute(query)).all()
    # Decrypting 10,000 passwords takes a moment in which calls must go on.
    unseal = unit.vault.unseal
    return await asyncio.to_thread(
        lambda: [
            SipChannel(name, AccountId(account), unseal(secret), DtmfMethod(dtmf), limit, language)
            for name, account, secret, dtmf, limit, language in rows
        ]
    )


async def sip_channel(unit: Unit, name: str) -> SipChannel | None:
    """One channel of any account; None if there is none."""
    row = await unit.session.get(ChannelRow, name)
    if row is None:
        return None
    password = unit.vault.unseal(row.secret)
    return SipChannel(name, AccountId(row.account_id), password, DtmfMethod(row.dtmf), row.call_limit, row.language)


async def sip_trunks(unit: Unit) -> list[SipTrunk]:
    """Every trunk in use."""
    rows = await unit.session.scalars(select(TrunkRow).where(TrunkRow.enabled).order_by(TrunkRow.name))
    return [
        SipTrunk(
            name=row.name,
            endpoint=endpoint(row.name),
            registers=row.mode == "registration",
            host=row.host,
            port=row.port,
            transport=row.transport,
            username=row.username,
            password=None if row.secret is None else unit.vault.unseal(row.secret),
            sources=tuple(row.sources) or (_own_source(row.host, row.port),),
            qualify=row.qualify,
        )
        for row in rows
    ]


def _own_source(host: str, port: int) -> str:
    """Where a trunk calls from that names no sources: its host.

    On this machine's own address only its very port: phones here would all be taken for the trunk otherwise, as the
    switch looks at the address before it looks at the user.
    """
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if not address.is_loopback:
        return host
    return f"[{host}]:{port}" if address.version == 6 else f"{host}:{port}"
