"""Which mirror this machine uses, in both notations of its package tools."""

from __future__ import annotations

from pathlib import Path

import pytest

from centrale.runtime.sources import Source, machine_sources, main_source


@pytest.fixture
def etc_apt(tmp_path: Path) -> Path:
    (tmp_path / "sources.list.d").mkdir()
    return tmp_path


def test_the_one_line_notation_with_and_without_options(etc_apt: Path) -> None:
    (etc_apt / "sources.list").write_text(
        "# deb http://commented.test/ bookworm main\n"
        "deb http://mirror.test/debian bookworm main contrib # all of it\n"
        "deb-src http://mirror.test/debian bookworm main\n"
        "deb [arch=amd64 signed-by=/a.gpg,/b.gpg trusted=yes] https://other.test/debian trixie main\n"
    )
    assert machine_sources(etc_apt) == [
        Source("http://mirror.test/debian", ("bookworm",), ("main", "contrib")),
        Source("https://other.test/debian", ("trixie",), ("main",), {"Signed-By": "/a.gpg /b.gpg", "Trusted": "yes"}),
    ]


def test_the_notation_in_paragraphs_with_a_key_inside(etc_apt: Path) -> None:
    (etc_apt / "sources.list.d" / "debian.sources").write_text(
        "# The distribution\n"
        "Types: deb deb-src\n"
        "URIs: http://one.test/debian http://two.test/debian\n"
        "Suites: bookworm bookworm-updates\n"
        "Components: main\n"
        "Signed-By:\n"
        " -----BEGIN PGP PUBLIC KEY BLOCK-----\n"
        " .\n"
        " mQENBF\n"
        "\n"
        "Types: deb\n"
        "URIs: http://off.test/debian\n"
        "Suites: bookworm\n"
        "Components: main\n"
        "Enabled: no\n"
        "\n"
        "Types: deb-src\n"
        "URIs: http://sources.test/debian\n"
        "Suites: bookworm\n"
        "Components: main\n"
    )
    one, two = machine_sources(etc_apt)
    assert (one.uri, two.uri) == ("http://one.test/debian", "http://two.test/debian")
    assert one.suites == ("bookworm", "bookworm-updates")
    assert one.options["Signed-By"].endswith("\n .\n mQENBF")
    assert "Signed-By: \n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQENBF" in one.stanza("forky")


def test_files_of_another_sort_are_passed_over(etc_apt: Path) -> None:
    (etc_apt / "sources.list.d" / "old.list.save").write_text("deb http://old.test/debian bookworm main\n")
    (etc_apt / "sources.list.d" / "folder.list").mkdir()
    assert machine_sources(etc_apt) == []


def test_without_any_source_there_is_none(tmp_path: Path) -> None:
    assert machine_sources(tmp_path / "nowhere") == []


SECURITY = Source("http://security.test", ("bookworm-security",), ("main",))
VENDOR = Source("http://vendor.test", ("stable",), ("main",))
FLAT = Source("http://flat.test", ("./",), ("main",))
DEBIAN = Source("http://debian.test", ("bookworm", "bookworm-updates"), ("main",))
CONTRIB = Source("http://contrib.test", ("bookworm",), ("contrib",))


def test_the_whole_distribution_is_meant_and_not_a_part_or_a_vendors_shelf() -> None:
    assert main_source([SECURITY, FLAT, CONTRIB, VENDOR, DEBIAN], "bookworm") == DEBIAN


def test_without_this_release_the_first_whole_one_is_tried() -> None:
    assert main_source([SECURITY, VENDOR, DEBIAN], "trixie") == VENDOR
    assert main_source([SECURITY, FLAT, CONTRIB], "bookworm") is None


def test_another_suite_is_asked_with_the_same_key() -> None:
    source = Source("http://debian.test", ("bookworm",), ("main", "contrib"), {"Signed-By": "/keys.gpg"})
    assert source.stanza("forky").splitlines() == [
        "Types: deb",
        "URIs: http://debian.test",
        "Suites: forky",
        "Components: main",
        "Signed-By: /keys.gpg",
    ]
