"""The two switches under the same contract, each with phones of its own sort."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Protocol

from centrale.phones import lamp
from centrale.phones.audio import hears, pcm_of
from centrale.phones.baresip import BaresipPhone
from centrale.phones.baresip_config import BaresipAccount
from centrale.phones.digest import Credentials
from centrale.phones.phone import Phone, PhoneCall
from centrale.phones.tools import free_port
from centrale.phones.wire import WirePhone
from centrale.runtime import Runtime
from centrale.settings import Settings
from centrale.telephony.asterisk.configuration import (
    ARI_USER,
    MusicStore,
    Places,
    Playlist,
    RealtimeStore,
    SipChannel,
    SipTrunk,
    ari_password,
)
from centrale.telephony.asterisk.switch import AsteriskSwitch
from centrale.telephony.simulated import SimulatedCarrier, SimulatedPhone, SimulatedSwitch
from centrale.telephony.switch import Lamp, Switch, ToPhone, ToTrunk
from centrale.voice.pcm import read_wav, write_wav
from centrale.voice.tones import tone
from tests.contract.cable import Cable, cable_to

PASSWORD = "a-long-enough-secret"
TONES = {"anna": 700, "ben": 1000, "carrier": 1300}


class CarrierCall(PhoneCall, Protocol):
    """A call at a carrier, or at a phone that says nothing by itself."""

    def ring(self) -> None:
        """Say that it rings here."""

    async def early(self) -> None:
        """Send sound before answering."""


class Carrier(Phone, Protocol):
    """The far side of a trunk."""

    async def rings(self, timeout: float = 5) -> CarrierCall: ...

    async def calls(
        self, number: str, *, caller: str = "", name: str = "", withheld: bool = False, diverted_from: str | None = None
    ) -> PhoneCall: ...


class Lights(Protocol):
    """A phone's message-waiting lamp."""

    async def shows(self, new: int, old: int) -> None:
        """Wait until so many messages are shown."""


class SwitchWorld(Protocol):
    """A switch, the phones anna and ben on channels of their names, and a carrier on the trunk `carrier`."""

    switch: Switch
    sound: str
    missing_sound: str

    async def phone(self, name: str) -> Phone: ...

    async def quiet_phone(self, name: str) -> Carrier:
        """A phone on the channel `name` that says nothing of ringing when it is called."""

    async def carrier(self) -> Carrier: ...

    async def lamp(self, name: str) -> Lights:
        """The message-waiting lamp of the phone of anna or ben, which registers with this."""

    async def has_music(self, **playlists: float) -> None:
        """From now on there are these playlists, each of one tone."""

    def holds_tone(self, file: Path, name: str, *, at_least: float) -> None:
        """The file is a recording of so many seconds of the tone of anna, ben or the carrier."""

    async def connection_breaks(self) -> None:
        """The connection between us and the switch is cut, and we know it."""

    async def connection_returns(self) -> None:
        """It is there again, and what was missed has been told."""

    async def exchange_is_killed(self) -> Switch:
        """Our process dies with all that it knew; the switch of the next one."""


TO_BEN = ToPhone("ben")
TO_CARRIER = ToTrunk("trunk-carrier", "+31201234567")


class SimulatedLamp:
    def __init__(self, switch: SimulatedSwitch, name: str) -> None:
        self._switch, self._name = switch, name

    async def shows(self, new: int, old: int) -> None:
        lamp = self._switch.lamps.get(self._name, Lamp(self._name))
        assert (lamp.new, lamp.old) == (new, old)


class WirePhoneLamp:
    def __init__(self, phone: WirePhone) -> None:
        self.phone = phone

    async def shows(self, new: int, old: int) -> None:
        await lamp.shows(self.phone, new, old)


class SimulatedSwitchWorld:
    def __init__(self) -> None:
        self.switch = SimulatedSwitch(duration=lambda sound: None if sound == self.missing_sound else 1.0)
        self.sound = "/silent/hello"
        self.missing_sound = "/silent/missing"

    async def phone(self, name: str) -> SimulatedPhone:
        phone = SimulatedPhone(self.switch, name, name, TONES[name])
        await phone.register()
        return phone

    async def lamp(self, name: str) -> SimulatedLamp:
        return SimulatedLamp(self.switch, name)

    async def quiet_phone(self, name: str) -> SimulatedCarrier:
        phone = SimulatedCarrier(self.switch, name, name, TONES[name])
        phone.says_ringing = False
        self.switch.phones[name] = phone
        return phone

    async def has_music(self, **playlists: float) -> None:
        self.switch.music = playlists

    def holds_tone(self, file: Path, name: str, *, at_least: float) -> None:
        assert file.suffix == ".wav"  # the simulated switch records no sound

    async def carrier(self) -> SimulatedCarrier:
        carrier = SimulatedCarrier(self.switch, "carrier", "trunk-carrier", TONES["carrier"])
        await carrier.register()
        return carrier

    async def connection_breaks(self) -> None:
        self.switch.lose_connection()

    async def connection_returns(self) -> None:
        self.switch.regain_connection()

    async def exchange_is_killed(self) -> SimulatedSwitch:
        self.switch.lose_owner()
        return self.switch


class AsteriskSwitchWorld:
    def __init__(self, runtime: Runtime, settings: Settings, cable: Cable) -> None:
        places = Places(settings.home.resolve())
        self.runtime = runtime
        self.settings = settings
        self.store = RealtimeStore(places.realtime)
        self.sound = str(settings.home / "hello")
        self.missing_sound = str(settings.home / "missing")
        self.recordings = places.recordings
        self.cable = cable
        self.stack = AsyncExitStack()
        self.password = ari_password(places)
        self.switch: AsteriskSwitch

    async def phone(self, name: str) -> BaresipPhone:
        self.store.put_channel(SipChannel(name, PASSWORD))
        account = BaresipAccount(name, PASSWORD, port=self.settings.sip_port, display_name=f"I am {name}, believe me")
        phone = await self.stack.enter_async_context(BaresipPhone(self.runtime, name, account, tone=TONES[name]))
        await phone.register()
        return phone

    async def lamp(self, name: str) -> WirePhoneLamp:
        self.store.put_channel(SipChannel(name, PASSWORD))
        server = ("127.0.0.1", self.settings.sip_port)
        phone = WirePhone(name, server, credentials=Credentials(name, PASSWORD))
        await self.stack.enter_async_context(phone)
        await phone.register()
        return WirePhoneLamp(phone)

    async def quiet_phone(self, name: str) -> WirePhone:
        self.store.put_channel(SipChannel(name, PASSWORD))
        server = ("127.0.0.1", self.settings.sip_port)
        phone = WirePhone(name, server, credentials=Credentials(name, PASSWORD), tone=TONES[name], says_ringing=False)
        await self.stack.enter_async_context(phone)
        await phone.register()
        return phone

    async def has_music(self, **playlists: float) -> None:
        found = {}
        for name, frequency in playlists.items():
            file = self.settings.home / f"tone-{frequency:g}.wav"
            await asyncio.to_thread(write_wav, file, tone(frequency, seconds=2.0))
            found[name] = Playlist((file,))
        await asyncio.to_thread(MusicStore(Places(self.settings.home.resolve()).realtime).sync, found)

    def holds_tone(self, file: Path, name: str, *, at_least: float) -> None:
        sound = read_wav(file)
        assert sound.rate == 8000
        assert at_least <= len(sound.samples) / sound.rate < at_least + 3
        assert hears(pcm_of(sound.samples), sound.rate, TONES[name])

    async def carrier(self) -> WirePhone:
        server = ("127.0.0.1", self.settings.sip_port)
        carrier = await self.stack.enter_async_context(WirePhone("carrier", server, tone=TONES["carrier"]))
        self.store.put_trunk(SipTrunk("carrier", "127.0.0.1", carrier.port, sources=(f"127.0.0.1:{carrier.port}",)))
        return carrier

    async def connection_breaks(self) -> None:
        self.cable.pull()
        async with asyncio.timeout(5):
            while self.switch.up():  # noqa: ASYNC110 - nobody but this test waits for a loss
                await asyncio.sleep(0.005)

    async def connection_returns(self) -> None:
        self.cable.plug()
        async with asyncio.timeout(10):
            await self.switch.wait_up()

    async def exchange_is_killed(self) -> AsteriskSwitch:
        await self.connection_breaks()
        await self.switch.__aexit__(None, None, None)
        self.cable.plug()
        return await self.exchange_starts()

    async def exchange_starts(self) -> AsteriskSwitch:
        self.switch = AsteriskSwitch(f"http://127.0.0.1:{self.cable.here}", ARI_USER, self.password, self.recordings)
        await self.switch.__aenter__()
        async with asyncio.timeout(10):
            await self.switch.wait_up()
        return self.switch


def private_settings(home: Path) -> Settings:
    """Ports that nobody uses now, and a home of its own."""
    rtp = free_port() // 2 * 2
    rtp = min(rtp, 64000)
    return Settings(
        home=home, sip_port=free_port(), http_port=free_port(), ari_port=free_port(), rtp_from=rtp, rtp_to=rtp + 200
    )


@asynccontextmanager
async def asterisk_world(runtime: Runtime, settings: Settings) -> AsyncIterator[AsteriskSwitchWorld]:
    """A switch on the running Asterisk of `settings`, without phones or trunks yet."""
    RealtimeStore(Places(settings.home.resolve()).realtime).sync([], [])
    async with cable_to(settings.ari_port) as cable:
        world = AsteriskSwitchWorld(runtime, settings, cable)
        await world.exchange_starts()
        try:
            async with world.stack:
                yield world
        finally:
            await world.switch.__aexit__(None, None, None)
