"""What the API needs of the rest of the exchange; `bootstrap` fills it in."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from prometheus_client import CollectorRegistry

from centrale.accounts.contacts_import import Imports
from centrale.accounts.database import Database
from centrale.accounts.directory import Directory
from centrale.accounts.invitations import Invitations
from centrale.accounts.stored import StoredListeners
from centrale.accounts.unit import Unit
from centrale.calls.live import LiveCalls
from centrale.calls.ports import Prompts
from centrale.clock import Clock
from centrale.explain import Explainer
from centrale.explain.expecting import Verdict
from centrale.queueing.happenings import Listeners
from centrale.queueing.queues import Queues
from centrale.routing.snapshot import AccountId, ChannelName
from centrale.settings import Settings
from centrale.telephony.asterisk.registrations import Device
from centrale.voice.conversion import Converter

Health = Callable[[], Awaitable[Sequence[str]]]
"""Says, in sentences, why calls cannot be made now; nothing when they can."""

Notes = Callable[[], Sequence[str]]
"""Says, in sentences, what else those who operate the exchange should know."""

Registered = Callable[[Collection[ChannelName]], Collection[ChannelName] | None]
"""Those of the channels on which a phone is registered; None when the switch cannot tell now. Called in a thread: it
may wait for the switch, which writes."""

DeviceOn = Callable[[ChannelName], Device | None]
"""The phone that is registered on the channel, with its addresses. Called in a thread, too."""

Judge = Callable[[Unit, AccountId], Awaitable[Sequence[Verdict]]]
"""Tries all saved expectations on an account as it is in the unit (NP-10)."""


@dataclass(frozen=True, slots=True)
class ApiServices:
    """Made once, before `create_app`.

    `registered`, `device_on`, `explain`, `judge`, `prompts`: None when there is nothing that knows. `metrics`: what
    `/metrics` shows; others may add to it. `hosts`: further names under which this exchange is reached (see
    `own_names`).
    """

    database: Database
    directory: Directory
    live: LiveCalls
    queues: Queues
    clock: Clock
    settings: Settings
    health: Health
    notes: Notes = tuple
    registered: Registered | None = None
    device_on: DeviceOn | None = None
    explain: Explainer | None = None
    judge: Judge | None = None
    prompts: Prompts | None = None
    converter: Converter = field(default_factory=Converter)
    metrics: CollectorRegistry = field(default_factory=CollectorRegistry)
    hosts: frozenset[str] = frozenset()
    happenings: Listeners = field(default_factory=Listeners)
    """Is told what happens in queues."""
    queue_figures_stored: StoredListeners = field(default_factory=StoredListeners)
    records_stored: StoredListeners = field(default_factory=StoredListeners)
    imports: Imports = field(default_factory=Imports)
    """Of contacts, those that run."""

    @property
    def sounds(self) -> Path:
        """The folder of all accounts' sounds."""
        return self.settings.home / "sounds"

    @property
    def music(self) -> Path:
        """The folder of all accounts' music on hold."""
        return self.settings.home / "music"

    @property
    def invitations(self) -> Invitations:
        """Links to choose a password with, by e-mail."""
        return Invitations(self.database, self.settings.portal)


def own_names(services: ApiServices) -> frozenset[str]:
    """Names that a request may call us by, apart from bare IP addresses, which no foreign DNS can forge."""
    names = {"localhost", *services.hosts}
    if services.settings.open_to_network:
        names |= {socket.gethostname(), socket.getfqdn()}
        if services.settings.external_address is not None:
            names.add(services.settings.external_address)
    if services.settings.public_url is not None and services.settings.public_url.host:
        names.add(services.settings.public_url.host)
    return frozenset(name.lower() for name in names)
