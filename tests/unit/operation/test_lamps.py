"""Message-waiting lamps follow messages, logons and links (VM-4)."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from centrale.accounts import accounts, channels, extensions, logons, messages
from centrale.accounts.accounts import AccountIn
from centrale.accounts.channels import ChannelIn
from centrale.accounts.database import Database
from centrale.accounts.directory import Directory
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.messages import Message
from centrale.accounts.messages_changes import MessageChanges
from centrale.accounts.migrate import upgrade
from centrale.accounts.vault import Vault
from centrale.operation import lamps as lamps_module
from centrale.operation.lamp_notes import LampNotes
from centrale.operation.lamps import Lamps
from centrale.routing.snapshot import AccountId, ChannelName, ExtensionNumber, Facility
from centrale.telephony.simulated import SimulatedSwitch
from centrale.telephony.switch import Lamp, SwitchError

ANNA, BEN = ExtensionNumber("201"), ExtensionNumber("202")
KEY = Fernet.generate_key()
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PATIENCE = 10


class Board(SimulatedSwitch):
    """A switch on which the phones' lamps are watched. `told`: each lamp that it was told, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[Lamp] = []
        self.refuses = False
        self._happened = asyncio.Event()

    async def light(self, lamps: Sequence[Lamp]) -> None:
        self._happened.set()
        if self.refuses:
            raise SwitchError("not now")
        await super().light(lamps)
        self.told += lamps

    async def asked(self) -> None:
        """Wait until it is told of lamps."""
        self._happened.clear()
        async with asyncio.timeout(PATIENCE):
            await self._happened.wait()

    async def show(self, **lit: tuple[int, int]) -> None:
        """Wait until exactly these channels show so many (new, old) messages."""
        async with asyncio.timeout(PATIENCE):
            while self.lit() != lit:
                self._happened.clear()
                await self._happened.wait()
                await asyncio.sleep(0)

    def lit(self) -> dict[str, tuple[int, int]]:
        return {name: (lamp.new, lamp.old) for name, lamp in self.lamps.items() if lamp.new or lamp.old}


class House:
    """An account with users 201 and 202, channels `desk`, `mobile` and `hall`, and mailbox 300 linked to 201."""

    def __init__(self, database: Database, directory: Directory, board: Board, folder: Path) -> None:
        self.database = database
        self.directory = directory
        self.board = board
        self.notes = folder / "lamps"
        self.account = AccountId(1)

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[Lamps]:
        """The switch is up and its lamps are kept."""
        lamps = Lamps(self.database, self.directory, MessageChanges(self.database), self.board, self.notes)
        task = asyncio.create_task(lamps.keep())
        lamps.relight()
        yield lamps
        task.cancel()
        await asyncio.wait([task])

    async def leave(self, box: str, id: str) -> None:
        message = Message(
            id=id, mailbox=box, left_at=NOON, seconds=3, caller="", caller_name="", call_id="c", heard_at=None
        )
        async with self.database.change("caller") as unit:
            assert await messages.add(unit, self.account, message)

    async def hear(self, id: str) -> None:
        async with self.database.change("anna") as unit:
            await messages.set_heard(unit, self.account, id, NOON)

    async def delete(self, id: str) -> None:
        async with self.database.change("anna") as unit:
            await messages.delete(unit, self.account, id)

    async def log_on(self, user: ExtensionNumber, channel: str, *, exclusive: bool = True) -> None:
        async with self.database.change(user) as unit:
            await logons.log_on(unit, self.account, user, ChannelName(channel), exclusive=exclusive)

    async def log_off(self, user: ExtensionNumber) -> None:
        async with self.database.change(user) as unit:
            await logons.log_off(unit, self.account, user, None)

    async def link_mailbox(self, user: str | None) -> None:
        async with self.database.change("root") as unit:
            stored = await extensions.get(unit, self.account, "300")
            data = ExtensionIn(
                number="300", kind="mailbox", name="Sales", settings={**stored.settings, "linked_user": user}
            )
            await extensions.change(unit, self.account, "300", data)


async def _furnish(file: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{file}", Vault(KEY))
    await upgrade(database)
    async with database.change("root") as unit:
        account = AccountId(
            (await accounts.create(unit, AccountIn(number="1000", name="Acme", facilities={Facility.TWINNING}))).id
        )
        for number in (ANNA, BEN):
            data = ExtensionIn(number=number, kind="user", name=number, settings={"rights": {"twinning": True}})
            await extensions.create(unit, account, data)
        box = ExtensionIn(number="300", kind="mailbox", name="Sales", settings={"linked_user": ANNA})
        await extensions.create(unit, account, box)
        for name in ("desk", "mobile", "hall"):
            await channels.create(unit, account, ChannelIn(name=name))
    await database.close()


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("lamps") / "centrale.db"
    asyncio.run(_furnish(file))
    return file


@pytest.fixture
async def house(furnished: Path, tmp_path: Path) -> AsyncIterator[House]:
    shutil.copy(furnished, tmp_path / "centrale.db")
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/centrale.db", Vault(KEY))
    directory = Directory(database)
    await directory.load()
    yield House(database, directory, Board(), tmp_path)
    await database.close()


async def test_a_message_lights_the_lamp_where_its_owner_is_logged_on_and_hearing_it_puts_it_out(
    house: House,
) -> None:
    await house.log_on(ANNA, "desk")
    await house.log_on(BEN, "hall")
    async with house.kept():
        await house.leave(ANNA, "m1")
        await house.board.show(desk=(1, 0))
        await house.leave(ANNA, "m2")
        await house.board.show(desk=(2, 0))
        await house.hear("m1")
        await house.board.show(desk=(1, 1))
        await house.delete("m2")
        await house.board.show(desk=(0, 1))
        await house.delete("m1")
        await house.board.show()


async def test_messages_of_linked_mailboxes_count_too(house: House) -> None:
    await house.log_on(ANNA, "desk")
    async with house.kept():
        await house.leave("300", "m1")
        await house.leave(ANNA, "m2")
        await house.board.show(desk=(2, 0))


async def test_the_lamp_follows_its_owner_from_phone_to_phone(house: House) -> None:
    await house.leave(ANNA, "m1")
    async with house.kept():
        await house.log_on(ANNA, "desk")
        await house.board.show(desk=(1, 0))
        await house.log_on(ANNA, "hall")
        await house.board.show(hall=(1, 0))
        await house.log_on(BEN, "hall")
        await house.board.show()
        await house.log_on(ANNA, "desk")
        await house.board.show(desk=(1, 0))
        await house.log_off(ANNA)
        await house.board.show()


async def test_both_phones_of_a_twin_show_it(house: House) -> None:
    await house.log_on(ANNA, "desk")
    await house.log_on(ANNA, "mobile", exclusive=False)
    async with house.kept():
        await house.leave(ANNA, "m1")
        await house.board.show(desk=(1, 0), mobile=(1, 0))


async def test_a_mailbox_that_is_linked_to_somebody_else_lights_their_lamp(house: House) -> None:
    await house.log_on(ANNA, "desk")
    await house.log_on(BEN, "hall")
    await house.leave("300", "m1")
    async with house.kept():
        await house.board.show(desk=(1, 0))
        await house.link_mailbox(BEN)
        await house.board.show(hall=(1, 0))
        await house.link_mailbox(None)
        await house.board.show()


async def test_a_box_that_is_deleted_takes_its_messages_out_of_the_lamp(house: House) -> None:
    await house.log_on(ANNA, "desk")
    await house.leave("300", "m1")
    async with house.kept():
        await house.board.show(desk=(1, 0))
        async with house.database.change("root") as unit:
            await extensions.delete(unit, house.account, "300")
        await house.board.show()


async def test_who_gets_the_number_of_somebody_who_left_has_none_of_their_messages(house: House) -> None:
    async with house.kept():
        await house.leave(ANNA, "a")
        await house.leave(BEN, "b")
        await house.log_on(ANNA, "desk")
        await house.log_on(BEN, "hall")
        await house.board.show(desk=(1, 0), hall=(1, 0))
        async with house.database.change("root") as unit:
            await extensions.delete(unit, house.account, BEN)
        await house.board.show(desk=(1, 0))
        async with house.database.change("root") as unit:
            await extensions.create(unit, house.account, ExtensionIn(number=BEN, kind="user", name="Another"))
        await house.log_on(BEN, "hall")
        await house.log_on(ANNA, "mobile")
        await house.board.show(mobile=(1, 0))


async def test_a_channel_that_another_account_takes_over_keeps_no_lamp_of_the_old_one(house: House) -> None:
    await house.log_on(ANNA, "desk")
    await house.leave(ANNA, "m1")
    async with house.kept():
        await house.board.show(desk=(1, 0))
        async with house.database.change("root") as unit:
            await channels.delete(unit, house.account, "desk")
            rival = AccountId((await accounts.create(unit, AccountIn(number="2000", name="Rival"))).id)
            await channels.create(unit, rival, ChannelIn(name="desk"))
        await house.board.show()


async def test_only_what_differs_is_told(house: House) -> None:
    await house.log_on(ANNA, "desk")
    await house.log_on(BEN, "hall")
    await house.leave(ANNA, "m1")
    async with house.kept():
        await house.board.show(desk=(1, 0))
        await house.leave(BEN, "m2")
        await house.board.show(desk=(1, 0), hall=(1, 0))
    assert house.board.told == [Lamp("desk", 1), Lamp("hall", 1)]


async def test_a_switch_that_has_forgotten_everything_is_told_all_again(house: House) -> None:
    await house.log_on(ANNA, "desk")
    await house.log_on(BEN, "hall")
    await house.leave(ANNA, "m1")
    await house.leave(BEN, "m3")
    async with house.kept() as lamps:
        await house.board.show(desk=(1, 0), hall=(1, 0))
        house.board.lose_connection()
        house.board.lamps.clear()
        await house.leave(ANNA, "m2")
        house.board.regain_connection()
        lamps.relight()
        await house.board.show(desk=(2, 0), hall=(1, 0))


async def test_a_lamp_that_an_earlier_process_lit_is_put_out_by_the_next_one(house: House) -> None:
    """The switch went on without us, and cannot be asked what it shows."""
    await house.log_on(ANNA, "desk")
    await house.leave(ANNA, "m1")
    async with house.kept():
        await house.board.show(desk=(1, 0))
    await house.delete("m1")
    async with house.kept():
        await house.board.show()
    assert LampNotes(house.notes).read() == {}


async def test_what_the_switch_refuses_is_tried_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lamps_module, "TRY_AGAIN_AFTER", 0.01)
    await house.log_on(ANNA, "desk")
    async with house.kept():
        house.board.refuses = True
        await house.leave(ANNA, "m1")
        await house.board.asked()
        house.board.refuses = False
        await house.board.show(desk=(1, 0))


async def test_many_lamps_are_lit_little_by_little_and_news_do_not_wait_for_them(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asterisk would refuse calls while it writes to thousands of phones."""
    monkeypatch.setattr(lamps_module, "AT_ONCE", 1)
    monkeypatch.setattr(lamps_module, "EVERY", 0.05)
    await house.log_on(ANNA, "desk")
    await house.log_on(BEN, "hall")
    house.notes.write_text("".join(f"left{n} 1 0\n" for n in range(10)))
    async with house.kept():
        await house.board.asked()
        await house.leave(ANNA, "m1")
        await house.board.show(desk=(1, 0))
        assert len(house.board.told) < 10
        async with asyncio.timeout(PATIENCE):
            while len(house.board.told) < 11:
                await house.board.asked()
                await asyncio.sleep(0)
    assert LampNotes(house.notes).read() == {"desk": Lamp("desk", 1)}


def test_notes_pass_over_what_a_power_cut_left_of_a_line_and_do_not_grow_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from centrale.operation import lamp_notes

    notes = LampNotes(tmp_path / "lamps")
    notes.add([Lamp("desk", 1), Lamp("hall", 2, 3)])
    notes.add([Lamp("desk")])
    with (tmp_path / "lamps").open("a") as file:
        file.write("mobi")
    assert notes.read() == {"hall": Lamp("hall", 2, 3)}
    monkeypatch.setattr(lamp_notes, "LONGEST", 100)
    for new in range(100):
        notes.add([Lamp("hall", new)])
    assert (tmp_path / "lamps").stat().st_size <= 120
    assert notes.read() == {"hall": Lamp("hall", 99)}
