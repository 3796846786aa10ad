"""`centrale explain`, on a database as an exchange keeps it (issue 2.10)."""

from __future__ import annotations

import asyncio
import hashlib
import re
from pathlib import Path

import orjson
import pytest
from click.testing import Result
from typer.testing import CliRunner

from centrale.accounts import accounts, channels, extensions, logons, numbers, plans, trunks
from centrale.accounts.accounts import AccountIn
from centrale.accounts.channels import ChannelIn
from centrale.accounts.database import Database
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.migrate import upgrade
from centrale.accounts.numbers import NumberIn
from centrale.accounts.plans import PlanEntryIn, PlanIn, SchemaIn
from centrale.accounts.trunks import TrunkIn
from centrale.accounts.vault import Vault
from centrale.cli import COMMANDS, command_line
from centrale.routing.snapshot import AccountId, ChannelName, ExtensionNumber

SALES = "+31201110300"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of an exchange with one company."""
    home = tmp_path_factory.mktemp("home")
    asyncio.run(_furnish(home))
    return home


async def _furnish(home: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{home / 'centrale.db'}", Vault.open(home))
    await upgrade(database)
    async with database.change("test") as unit:
        id = AccountId((await accounts.create(unit, AccountIn(number="ACME", name="Acme [red]& Co"))).id)
        for number, name in (("201", "Jansen"), ("202", "Bakker [bold]"), ("203", "De Jong")):
            await extensions.create(unit, id, ExtensionIn(number=number, kind="user", name=name))
        members = {"members": ["201", "202"]}
        await extensions.create(unit, id, ExtensionIn(number="300", kind="group", name="Sales", settings=members))
        await numbers.create(unit, id, NumberIn(e164=SALES))
        entry = PlanEntryIn(e164=SALES, destination="300", prefix="Sales")
        await plans.create_plan(unit, id, 1, PlanIn(name="Day", entries=[entry]))
        await plans.change_schema(unit, id, 1, SchemaIn(name="Acme", standing=1))
        await trunks.create(unit, TrunkIn(name="carrier", host="192.0.2.1"))
        await trunks.choose(unit, id, ["carrier"])
        await channels.create(unit, id, ChannelIn(name="hall"))
        for channel, user in (("anna", "201"), ("ben", "202")):
            await channels.create(unit, id, ChannelIn(name=channel))
            await logons.log_on(unit, id, ExtensionNumber(user), ChannelName(channel), exclusive=True)
    await database.close()


@pytest.fixture
def centrale(home: Path, monkeypatch: pytest.MonkeyPatch) -> Centrale:
    monkeypatch.setenv("CENTRALE_HOME", str(home))
    monkeypatch.setenv("COLUMNS", "100")
    return Centrale()


class Centrale:
    def explain(self, *words: str) -> Result:
        return CliRunner().invoke(command_line({"explain": COMMANDS["explain"]}), ["explain", *words])

    def read(self, *words: str) -> str:
        """What it prints, as one line of single spaces."""
        result = self.explain(*words)
        assert result.exit_code == 0, result.output
        return " ".join(result.output.split())


def test_a_newcomer_reads_where_a_call_from_outside_goes(centrale: Centrale) -> None:
    text = centrale.read("ACME", "+31612345678", SALES, "--at", "2026-07-01 10:00")
    assert re.sub(r"\d+ ms", "5 ms", text) == (
        f"+31612345678 calls {SALES} (Acme [red]& Co, Wednesday 1 July 2026, 10:00, Europe/Amsterdam) "
        f"{SALES} → 300 Sales → 201 Jansen "
        "0.0 s The caller is +31612345678. "
        f"0.0 s {SALES} leads to extension 300 in plan “Day” of schema “Acme” (standing plan), with “Sales” before the "
        "caller's name. "
        "0.0 s Group 300 Sales: rings 201 and 202. "
        "0.0 s Rings 201 on anna, 202 on ben, for at most 30 s. "
        "3.0 s 201 Jansen answered (201 on anna). "
        "3.0 s Connected with 201 Jansen. "
        "13.0 s 201 on anna hung up. "
        "Answered by 201 Jansen after 3 s. "
        "A dry run of 5 ms: nothing rang and nothing was written."
    )


def test_it_is_told_in_dutch_to_whoever_asks_for_it(centrale: Centrale) -> None:
    text = centrale.read("ACME", "+31612345678", SALES, "--at", "2026-07-01 10:00", "--language", "nl")
    assert re.sub(r"\d+ ms", "5 ms", text) == (
        f"+31612345678 belt {SALES} (Acme [red]& Co, woensdag 1-7-2026, 10:00, Europe/Amsterdam) "
        f"{SALES} → 300 Sales → 201 Jansen "
        "0,0 s De beller is +31612345678. "
        f"0,0 s {SALES} leidt naar extensie 300 in nummerplan “Day” van schema “Acme” (vast nummerplan), met “Sales” "
        "vóór de naam van de beller. "
        "0,0 s Groep 300 Sales: belt 201 en 202. "
        "0,0 s Belt 201 op anna, 202 op ben, ten hoogste 30 s. "
        "3,0 s 201 Jansen nam op (201 op anna). "
        "3,0 s Verbonden met 201 Jansen. "
        "13,0 s 201 op anna hing op. "
        "Aangenomen door 201 Jansen na 3 s. "
        "Een proefgesprek van 5 ms: er ging niets over en er is niets vastgelegd."
    )
    assert "niet: 203 De Jong is op geen enkel toestel aangemeld" in centrale.read(
        "ACME", "201", "203", "--language", "nl"
    )


def test_what_was_passed_over_is_told(centrale: Centrale) -> None:
    text = centrale.read("ACME", "201", "203")
    assert "not: 203 De Jong is not logged on to any phone" in text
    assert "Tells the caller: “The person you are calling cannot be reached at the moment.”" in text
    assert "Unanswered: unreachable." in text


def test_a_name_is_printed_as_it_stands(centrale: Centrale) -> None:
    assert "202 Bakker [bold] answered" in centrale.read("ACME", "201", "202")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--nobody-answers"], "Unanswered: no answer."),
        (["--busy", "201", "--busy", "ben"], "Unanswered: busy."),
        (["--declines", "201", "--declines", "202"], "Unanswered: declined."),
        (["--switched-off", "201", "--switched-off", "202"], "Unanswered: unreachable."),
        (["--answers", "202", "--answer-after", "9"], "Answered by 202 Bakker [bold] after 9 s."),
    ],
)
def test_people_and_phones_behave_as_the_options_say(centrale: Centrale, options: list[str], words: str) -> None:
    assert words in centrale.read("ACME", "+31612345678", SALES, *options)


def test_what_is_pressed_and_said_answers_the_questions_in_order(centrale: Centrale) -> None:
    text = centrale.read("ACME", "hall", "901", "--say", "203", "--press", "2580#")
    assert re.findall(r"presses (203|4 digits|2580)\.", text) == ["203", "4 digits"]
    assert "Says: “You are logged on" in text
    turned = centrale.read("ACME", "hall", "901", "--press", "2580#", "--say", "203")
    assert "The caller presses 258." in turned  # an extension has three digits


def test_where_the_choices_run_out_one_reads_what_to_give(centrale: Centrale) -> None:
    text = centrale.read("ACME", "hall", "901", "--say", "203")
    assert "Is asked for an answer, and none is left: from here on nothing is entered." in text
    assert "The caller now hears: “Toets uw pincode in" in text  # in the caller's language
    assert text.count("Give --press or --say to go on from there.") == 1


def test_a_caller_who_hangs_up(centrale: Centrale) -> None:
    text = centrale.read("ACME", "201", "202", "--nobody-answers", "--hang-up-after", "7.5")
    assert "7.5 s The caller hung up. Abandoned: the caller gave up before anyone answered." in text


def test_as_if_everybody_had_come_to_work(centrale: Centrale) -> None:
    text = centrale.read("ACME", "201", "203", "--everybody")
    assert "Answered by 203 De Jong after 3 s." in text
    assert "not logged on" not in text


def test_the_callers_keys(centrale: Centrale) -> None:
    text = centrale.read("ACME", "anna", "902", "--press", "2580#")
    assert "The caller presses 4 digits. " in text
    assert "Says: “You are logged off from this phone.”" in text
    assert "In a dry run every PIN counts as right." in text


def test_the_record_as_json(centrale: Centrale) -> None:
    result = centrale.explain(
        "ACME", "201", "0612345678", "--trunk-down", "carrier", "--at", "2026-07-01T10:00Z", "--json"
    )
    record = orjson.loads(result.stdout_bytes)
    assert (record["started"], record["caller"]) == ("2026-07-01T10:00:00.000+00:00", "201")
    assert (record["outcome"], record["cause"]) == ("unanswered", "unreachable")
    assert record["trace"][0]["rule"] == "dialled"


def test_a_moment_is_in_the_accounts_time(centrale: Centrale) -> None:
    def started(at: str) -> str:
        record = orjson.loads(centrale.explain("ACME", "201", "202", "--at", at, "--json").stdout_bytes)
        return str(record["started"])

    assert started("2026-07-01 10:00") == "2026-07-01T08:00:00.000+00:00"
    assert started("2026-01-01 10:00") == "2026-01-01T09:00:00.000+00:00"
    assert started("2026-01-01T10:00+05:00") == "2026-01-01T05:00:00.000+00:00"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("NOPE", "201", "202"), "There is no account NOPE"),
        (("ACME", "203", "202"), "203 De Jong is not logged on to any phone; name a channel to call from"),
        (("ACME", "300", "202"), "300 Sales is a group; only a user can call"),
        (("ACME", "nobody", "202"), "Nobody is no channel, no extension and no telephone number of account ACME"),
        (("ACME", "+31612345678", "300"), "300 is no telephone number of account ACME"),
        (("ACME", "201", "202", "--at", "tomorrow"), "'tomorrow' is no moment; write it like '2026-03-02 10:00'"),
        (("ACME", "201", "202", "--busy", "299"), "299 is no channel, no extension and no telephone number"),
        (("ACME", "201", "202", "--trunk-down", "x"), "There is no trunk x"),
    ],
)
def test_what_cannot_be_explained_is_told_in_words(centrale: Centrale, words: tuple[str, ...], told: str) -> None:
    result = centrale.explain(*words)
    assert result.exit_code == 1
    assert told in " ".join(result.output.split())
    assert "Traceback" not in result.output


def test_nothing_is_written(centrale: Centrale, home: Path) -> None:
    def files() -> dict[str, str]:
        found = (path for path in home.rglob("*") if path.is_file())
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}

    before = files()
    centrale.read("ACME", "anna", "902", "--press", "2580#")
    centrale.read("ACME", "+31612345678", SALES)
    assert files() == before


def test_where_no_exchange_is_none_is_made(centrale: Centrale, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CENTRALE_HOME", str(tmp_path / "nowhere"))
    result = centrale.explain("ACME", "201", "202")
    assert result.exit_code == 1
    assert "There is no exchange here yet" in result.output
    assert not (tmp_path / "nowhere").exists()
