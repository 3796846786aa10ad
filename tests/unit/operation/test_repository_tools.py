"""The tools that watch the repository itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TOOL = ROOT / "tools" / "no_download_addresses.py"

# In pieces, because this file is looked at too.
REGISTRY = "pypi" + ".org"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text("build/\n")
    return tmp_path


def look(repository: Path) -> tuple[int, str]:
    done = subprocess.run([sys.executable, str(TOOL)], cwd=repository, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_a_repository_without_addresses_is_fine(repository: Path) -> None:
    (repository / "README.md").write_text("Packages come from the registries that the machine knows.\n")
    assert look(repository) == (0, "")


@pytest.mark.parametrize(
    "line",
    [
        f"see https://{REGISTRY}/simple",
        "HTTP://" + "DEB.DEBIAN" + ".ORG/debian",
        "registry=https://registry." + "npmjs" + ".org/",
        "--index" + "-url https://packages.example/simple",
        '  "reso' + 'lved": "https://packages.example/a.t' + 'gz",',
    ],
)
def test_an_address_is_found_wherever_it_stands(repository: Path, line: str) -> None:
    (repository / "deep").mkdir()
    (repository / "deep" / "file.txt").write_text(f"first\n{line}\n")
    code, said = look(repository)
    assert code == 1
    assert said.startswith("deep/file.txt:2: names a download address")


def test_what_is_not_part_of_the_repository_may_say_what_it_likes(repository: Path) -> None:
    (repository / "build").mkdir()
    (repository / "build" / "pip.log").write_text(f"from https://{REGISTRY}/simple\n")
    assert look(repository) == (0, "")


def test_pictures_do_not_disturb_it(repository: Path) -> None:
    (repository / "picture.png").write_bytes(bytes(range(256)))
    assert look(repository) == (0, "")


def test_this_repository_is_looked_at_by_make_check() -> None:
    recipe = subprocess.run(
        ["make", "--dry-run", "check"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert any(line.endswith("tools/no_download_addresses.py") for line in recipe)
