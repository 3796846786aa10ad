"""Why no Asterisk, test tools or browser could be found or fetched, each with what the operator can do about it."""

from __future__ import annotations


class RuntimeUnavailable(Exception):
    """A program cannot be had. `str()` is what went wrong, `remedy` what to do about it."""

    def __init__(self, problem: str, remedy: str, detail: str = "") -> None:
        super().__init__(problem)
        self.remedy = remedy
        self.detail = detail


class UnsupportedSystem(RuntimeUnavailable):
    """No package tools, or a processor, C library or kernel that the private runtime does not run on."""


class NoNetwork(RuntimeUnavailable):
    """The mirror that this machine's package tools use does not answer."""


class NoSpace(RuntimeUnavailable):
    """The file system of the cache is too full."""


class NotTrusted(RuntimeUnavailable):
    """The signature does not fit this machine's keys, or what came does not fit the signature: nothing is used."""


class NotOnMirror(RuntimeUnavailable):
    """The mirror answers, but holds no such program that is new enough."""


INSTALL_YOURSELF = "install Asterisk 22 or newer yourself and set CENTRALE_ASTERISK to its program"
INSTALL_BROWSER = (
    "install Chromium or Chrome yourself (Debian: the package `chromium`) or set CENTRALE_CHROMIUM to its program"
)
