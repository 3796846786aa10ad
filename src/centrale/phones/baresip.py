"""A real SIP telephone: one baresip program per phone, with real signalling and real audio and no sound card.

Its microphone is a sine tone of its own frequency, its loudspeaker a pipe that we listen to. Written against
baresip 1.1 (Debian's package baresip-core).
"""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self

from centrale.phones.baresip_config import BaresipAccount
from centrale.phones.baresip_control import Event
from centrale.phones.baresip_program import BaresipProgram
from centrale.phones.conversation import Conversation
from centrale.phones.dialog import Dialog
from centrale.phones.happenings import Happenings
from centrale.phones.phone import PATIENCE, PhoneDied, PhoneError, RegistrationRefused
from centrale.phones.sip import SipMessage
from centrale.phones.tools import Toolbox

REGISTRATION_S = 600
KEY_S = 0.26
"""How long baresip takes to send one key by RFC 4733: nine packets of 20 ms, three of its end, and a gap."""

HUNG_UP_HERE = "Connection reset by user"
"""What baresip says of a call that its own user ended."""


class BaresipCall(Conversation):
    """A call at a baresip phone."""

    def __init__(self, phone: str, dialog: Dialog, happenings: Happenings, program: BaresipProgram) -> None:
        super().__init__(phone, dialog, happenings)
        self._program = program

    async def answer(self) -> None:
        await self._program.command("accept", self.dialog.call_id)
        await self._unless_ended(lambda: self.dialog.confirmed, PATIENCE, "being connected")

    async def decline(self, code: int = 486) -> None:
        if code != 486:
            raise PhoneError(f"{self.phone}: baresip refuses calls with 486 only; use a WirePhone for {code}")
        await self.hang_up()

    async def hang_up(self) -> None:
        if self.is_over:
            return
        await self._program.command("hangup", self.dialog.call_id)
        await self.ended()

    async def press(self, digits: str) -> None:
        await self._program.command("callfind", self.dialog.call_id)
        for digit in digits:
            await self._program.command("sndcode", digit)
            await asyncio.sleep(KEY_S)


class BaresipPhone:
    """A `Phone`. Without registration it is a peer that is called at its own `address`: a carrier, say."""

    def __init__(
        self, toolbox: Toolbox, name: str, account: BaresipAccount, *, tone: int = 440, sip_port: int | None = None
    ) -> None:
        """`tone` in Hz, 100 to 3400; `sip_port` fixes the port on which the phone listens (UDP and TCP)."""
        self.name = name
        self.tone = tone
        self.account = account
        self.registered = False
        self._happenings = Happenings()
        self._calls: dict[str, BaresipCall] = {}
        self._unnoticed: list[BaresipCall] = []
        """Incoming calls that no `rings` has returned yet."""
        self._registration: tuple[int, str] | None = None
        """Status of the latest final answer to a REGISTER; 0 when none came."""
        self._program = BaresipProgram(
            toolbox, name, self, tone=tone, server=(account.server, account.port), sip_port=sip_port
        )

    @property
    def address(self) -> tuple[str, int]:
        """Where the phone listens for SIP."""
        return self._program.address

    @property
    def pid(self) -> int:
        """Process number of the baresip program."""
        return self._program.pid

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Switch the phone on; it can dial and be called, but is registered nowhere."""
        await self._program.start()
        await self._use_account(registration_s=0)

    async def stop(self) -> None:
        """Switch the phone off; calls end, and the exchange is told if it listens."""
        await self._program.stop()

    def kill(self) -> None:
        """Let the phone vanish as if its cable was pulled: it says nothing to anybody."""
        self._program.kill()

    async def register(self) -> None:
        if self.registered:
            await self.unregister()
        self._no_calls("register")
        self._registration = None
        await self._use_account(registration_s=REGISTRATION_S)
        code, text = await self._happenings.until(
            lambda: self._registration, PATIENCE, lambda: f"{self.name}: the exchange did not answer the registration"
        )
        if code != 200:
            await self._use_account(registration_s=0)  # baresip would go on trying.
            raise RegistrationRefused(self.name, code or 408, text)
        self.registered = True

    async def unregister(self) -> None:
        self._no_calls("unregister")
        self._registration = None
        self.registered = False
        await self._program.command("uadelall")
        await self._happenings.until(
            lambda: self._registration, PATIENCE, lambda: f"{self.name}: the exchange did not answer the unregistration"
        )
        await self._use_account(registration_s=0)

    async def dials(self, number: str) -> BaresipCall:
        """Start a call to a number at the account's server, or to a whole SIP URI (`sip:…`)."""
        uri = number if number.startswith("sip:") else self.account.uri(number)
        call_id = (await self._program.command("dial", f"{uri} 0")).rpartition("call id: ")[2].strip()
        return await self._happenings.until(
            lambda: self._calls.get(call_id), PATIENCE, lambda: f"{self.name}: the call to {number} could not be sent"
        )

    async def rings(self, timeout: float = PATIENCE) -> BaresipCall:
        return await self._happenings.until(
            lambda: self._unnoticed.pop(0) if self._unnoticed else None,
            timeout,
            lambda: f"{self.name} did not ring",
        )

    # What the program reports -----------------------------------------------------------------------------------

    def on_message(self, message: SipMessage, *, sent: bool) -> None:
        """The program sent or received a SIP message."""
        if message.method == "REGISTER":
            self._registered(message)
        elif message.call_id in self._calls:
            dialog = self._calls[message.call_id].dialog
            if sent:
                dialog.sent(message)
            else:
                dialog.received(message)
        elif message.method == "INVITE" and not message.status:
            self._new_call(Dialog(message, outgoing=sent))
        self._happenings.happened()

    def on_event(self, event: Event) -> None:
        """The program reports an event over its control connection."""
        kind, parameter = str(event.get("type")), str(event.get("param", ""))
        call = self._calls.get(str(event.get("id")))
        if kind == "REGISTER_FAIL" and self._registration is None:
            code, _, text = parameter.partition(" ")
            self._registration = (int(code), text) if code.isdigit() else (0, parameter)
        elif call is not None and kind == "CALL_CLOSED":
            call.dialog.closed(parameter, by_us=parameter == HUNG_UP_HERE)
        elif call is not None and kind == "CALL_DTMF_START":
            call.digits += parameter
        elif call is not None and kind != "CALL_RTCP":
            self._program.loudspeaker_for(call.hear)
        self._happenings.happened()

    def on_loudspeaker(self) -> None:
        """The program opened its loudspeaker: for the only call there is, or for the one of the next event."""
        talking = [call for call in self._calls.values() if not call.is_over]
        if len(talking) == 1:
            self._program.loudspeaker_for(talking[0].hear)

    def on_death(self, error: PhoneDied) -> None:
        """The program ended without having been told to."""
        self._happenings.stop(error)

    def _registered(self, message: SipMessage) -> None:
        # 401 asks for the password; whether the password was wrong, baresip tells by REGISTER_FAIL.
        if message.status >= 200 and message.status not in (401, 407):
            self._registration = (message.status, message.reason)

    def _new_call(self, dialog: Dialog) -> None:
        call = BaresipCall(self.name, dialog, self._happenings, self._program)
        self._calls[dialog.call_id] = call
        if not dialog.outgoing:
            self._unnoticed.append(call)

    async def _use_account(self, *, registration_s: int) -> None:
        await self._program.command("uadelall")
        await self._program.command("uanew", self.account.line(registration_s=registration_s))

    def _no_calls(self, wish: str) -> None:
        if any(not call.is_over for call in self._calls.values()):
            raise PhoneError(f"{self.name} cannot {wish} during a call: baresip would drop it")
