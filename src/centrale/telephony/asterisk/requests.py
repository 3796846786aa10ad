"""Requests to Asterisk in the switch's words: what ARI refuses becomes `LegGone`, `SwitchDown` or `SwitchError`."""

from __future__ import annotations

from typing import Any

from centrale.telephony.asterisk.ari_errors import AriError, AriUnavailable, Conflict, NotFound
from centrale.telephony.asterisk.client import AriClient, Params
from centrale.telephony.asterisk.configuration.dialplan import APPLICATION
from centrale.telephony.switch import LegGone, LegId, SwitchDown, SwitchError


class Requests:
    """What verbs ask for, on one client."""

    def __init__(self, client: AriClient) -> None:
        self._client = client

    async def act(self, leg: LegId, method: str, path: str, params: Params | None = None) -> Any:
        """Ask for something that needs `leg`. Raises LegGone when it, or what is asked for of it, is not there."""
        try:
            return await self._client.request(method, path, params)
        except (NotFound, Conflict) as problem:
            raise LegGone(f"{leg}: {problem}") from problem
        except AriUnavailable as problem:
            raise SwitchDown(str(problem)) from problem
        except AriError as problem:
            raise SwitchError(str(problem)) from problem

    async def take_away(self, path: str, method: str = "DELETE") -> None:
        """Remove a bridge or a playback, or stop a recording; one that is gone already is fine. Raises SwitchDown."""
        try:
            await self._client.request(method, path)
        except NotFound:
            return
        except AriUnavailable as problem:
            raise SwitchDown(str(problem)) from problem
        except AriError as problem:
            raise SwitchError(str(problem)) from problem

    def send(self, method: str, path: str, params: Params | None = None) -> None:
        """Ask without waiting for the outcome; requests are carried out in the order in which they were made."""
        try:
            self._client.send(method, path, params)
        except AriUnavailable as problem:
            raise SwitchDown(str(problem)) from problem

    async def subscribe(self, leg: LegId) -> None:
        """Have Asterisk send us this leg's events. Raises LegGone."""
        await self.act(leg, "POST", f"applications/{APPLICATION}/subscription", {"eventSource": f"channel:{leg}"})

    async def everything(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """All channels and all bridges."""
        try:
            return await self._client.request("GET", "channels"), await self._client.request("GET", "bridges")
        except AriUnavailable as problem:
            raise SwitchDown(str(problem)) from problem
