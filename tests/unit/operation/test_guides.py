"""What the guides promise is what there is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from centrale.accounts import demo
from centrale.cli import COMMANDS
from centrale.settings import Settings

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")
RUNNING = (ROOT / "docs" / "guides" / "running.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PAGES = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    ROOT / "bench" / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_in_the_guide_with_its_default(name: str) -> None:
    (line,) = [line for line in RUNNING.splitlines() if line.startswith(f"| `CENTRALE_{name.upper()}` |")]
    told = line.split("|")[2].strip().strip("`")
    default = Settings.model_fields[name].get_default(call_default_factory=True)
    if isinstance(default, Path):
        default = Path("~") / default.relative_to(Path.home())
    if isinstance(default, dict):
        default = json.dumps(default)
    assert told == ("(not set)" if default is None else str(default).lower() if name == "demo" else str(default))


def test_the_guide_knows_no_setting_that_does_not_exist() -> None:
    told = {name.removeprefix("CENTRALE_").lower() for name in re.findall(r"CENTRALE_[A-Z_]+", RUNNING + README)}
    assert told <= set(Settings.model_fields)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_guide(command: str) -> None:
    table = RUNNING[: RUNNING.index("## Settings")]
    assert re.search(rf"`(\.venv/bin/centrale )?{command}`", table)


def test_ci_runs_what_the_readme_says() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    runs = [line for line in script.splitlines() if line.startswith("make ")]
    assert runs == ["make check", "make test"]
    assert re.search(r"^make test ", README, re.MULTILINE)
    assert "`make check`" in README


def test_the_softphone_of_the_readme_is_one_of_the_demo() -> None:
    known = demo._known()
    first, second = demo.channel_names()[:2]
    for word in (f"`{first}`", f"`{known.passwords[first]}`", f"`{second}`", f"`{known.passwords[second]}`"):
        assert word in README
    for user in ("201", "202"):
        assert f"`{user}#`" in README
        assert f"`{known.pins[user]}#`" in README


HOUSE = ROOT / "src" / "centrale"
FOLDERS = sorted(path.parent.name for path in HOUSE.glob("*/__init__.py"))
PORTAL_FOLDERS = sorted(path.name for path in (ROOT / "portal" / "src").iterdir() if path.is_dir())


def section(page: str, heading: str) -> str:
    """What stands below a heading, up to the next one of its rank."""
    return re.split(r"^## ", page.split(f"## {heading}\n")[1], maxsplit=1, flags=re.MULTILINE)[0]


def rooms(table: str) -> list[str]:
    """The folders that its first column names."""
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return [name.removeprefix("src/centrale/") for cell in cells for name in re.findall(r"`(\S+)/`", cell)]


def test_every_folder_of_the_house_is_once_on_the_readmes_map() -> None:
    named = rooms(section(README, "Map of the house"))
    assert sorted(set(named) - {"portal", "tests", "bench", "tools"}) == FOLDERS
    assert len(named) == len(set(named))


def test_every_folder_of_the_house_is_once_on_the_map_of_the_architecture() -> None:
    named = re.findall(r"^  (\w+)/ ", section(ARCHITECTURE, "The house"), re.MULTILINE)
    assert sorted(named) == FOLDERS


def test_every_folder_of_the_portal_is_once_on_its_map() -> None:
    assert sorted(rooms(section(ARCHITECTURE, "The portal"))) == PORTAL_FOLDERS


def test_every_decision_is_in_their_index() -> None:
    folder = ROOT / "docs" / "decisions"
    titles = {path.name: path.read_text(encoding="utf-8").splitlines()[0] for path in folder.glob("0*.md")}
    index = (folder / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[(\d{4})\]\((\S+)\) \| (.+) \|$", index, re.MULTILINE)
    assert {file: f"# {number}: {title}" for number, file, title in rows} == titles


def test_every_file_that_the_architecture_names_exists() -> None:
    roots = [ROOT, ROOT / "src" / "centrale", ROOT / "src" / "centrale" / "telephony" / "asterisk"]
    roots += [ROOT / "src" / "centrale" / "routing"]
    named = set(re.findall(r"`([a-z_/]+\.(?:py|toml|md))`", ARCHITECTURE))
    assert len(named) > 20
    assert [name for name in sorted(named) if not any((root / name).exists() for root in roots)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)", text):
        there = (page.parent / target).resolve() if target else page
        assert there.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", there.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}
