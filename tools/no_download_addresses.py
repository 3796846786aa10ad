"""Fails when a file of the repository names a package registry or mirror: those come from the machine at run time."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

# Written in pieces, so that this file does not name them either.
_HOSTS = ["pypi" + r"\.org", "pythonhosted" + r"\.org", r"(deb|ftp|snapshot|security)\." + "debian" + r"\.org"]
_HOSTS += ["npm" + r"js\.(org|com)", "archive" + r"\.ubuntu\.com", "proxy" + r"\.golang\.org", "crates" + r"\.io"]
_OPTIONS = [r"--(extra-)?index-url[ =]\s*http", r"--find-links[ =]\s*http", r'"resolved":\s*"http']
FORBIDDEN = re.compile("|".join([*_HOSTS, *_OPTIONS]), re.IGNORECASE)


def main() -> int:
    """Exit code 1, and the places, when there are any."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], capture_output=True, check=True
    )
    found = 0
    for name in filter(None, listing.stdout.decode().split("\0")):
        path = Path(name)
        if not path.is_file():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="ignore").splitlines(), start=1):
            if FORBIDDEN.search(line):
                print(f"{name}:{number}: names a download address: {line.strip()[:100]}")
                found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
