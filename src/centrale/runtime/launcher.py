"""Starts a program of a fetched set on this machine's own C library.

A browser starts itself again, by its own file, for each page. Under a loader of ours that file would be the loader.
So such a set is of the machine's own release, leaves the C library out, and has a script that says where its other
libraries and its fonts are: nothing of the kind has to be installed on the machine. The script finds its folder
itself, because a fetched tree is moved into place.
"""

from __future__ import annotations

from pathlib import Path

from centrale.runtime.model import Tree

# Only the fetched fonts, so that pages look and measure the same on every machine.
_FONTS = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir prefix="relative">usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
"""
_SCRIPT = """\
#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
export LD_LIBRARY_PATH="{libraries}" FONTCONFIG_FILE="$here/fonts.conf"
exec "$here/{program}" "$@"
"""


def launcher_of(tree: Tree, name: str) -> Path:
    """Where the script for a program lies, if the set has one."""
    return tree.root / f"start-{name}"


def write_launcher(tree: Tree, name: str) -> None:
    """Write the script that starts `name`, and its settings of fonts."""
    found = sorted(path for path in tree.root.glob(f"usr/lib/*/{name}") if path.is_file())
    program = found[0] if found else tree.root / "usr" / "bin" / name
    main = [tree.libraries, tree.root / "lib" / tree.platform.triplet]
    below = sorted({path.parent for path in tree.libraries.glob("*/*.so*") if not path.is_symlink()})
    libraries = ":".join(f"$here/{folder.relative_to(tree.root)}" for folder in (*main, *below) if folder.is_dir())
    (tree.root / "fonts.conf").write_text(_FONTS, encoding="utf-8")
    script = launcher_of(tree, name)
    script.write_text(_SCRIPT.format(libraries=libraries, program=program.relative_to(tree.root)), encoding="utf-8")
    script.chmod(0o755)
