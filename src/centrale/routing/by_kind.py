"""The extensions of one kind: who looks at an account's queues does not look at its 5,000 users each time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from centrale.routing.snapshot import Extension, ExtensionNumber


class ByKind:
    """Of `extensions`, which never change. A kind is looked for when somebody first asks for it."""

    __slots__ = ("_extensions", "_found")

    def __init__(self, extensions: Mapping[ExtensionNumber, Extension]) -> None:
        self._extensions = extensions
        self._found: dict[str, Mapping[ExtensionNumber, Extension]] = {}

    def is_of(self, extensions: Mapping[ExtensionNumber, Extension]) -> bool:
        """Are these the very extensions that it knows?"""
        return self._extensions is extensions

    def __getitem__(self, kind: str) -> Mapping[ExtensionNumber, Extension]:
        """Those of `kind`, in their order; there may be none."""
        found = self._found.get(kind)
        if found is None:
            these = {number: it for number, it in self._extensions.items() if it.kind == kind}
            found = self._found[kind] = MappingProxyType(these)
        return found

    def patched(self, extensions: Mapping[ExtensionNumber, Extension], numbers: Iterable[ExtensionNumber]) -> ByKind:
        """Of `extensions`, which differ from those known in `numbers` at most. A kind of which none differs is the very
        same mapping as before."""
        both = [known[number] for number in numbers for known in (self._extensions, extensions) if number in known]
        kinds = {it.kind for it in both}
        made = ByKind(extensions)
        made._found = {kind: found for kind, found in self._found.items() if kind not in kinds}
        return made
