"""HTTP connections: uvicorn's, with bounds for what comes before a body (issue 5, bad input).

Whoever connects may send that without signing in, and it is all kept until it ends. A body is bounded by
`guards.LimitedBody`.
"""

from __future__ import annotations

import asyncio

import structlog
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

log = structlog.get_logger(__name__)

LARGEST_HEAD = 64 * 1024
"""Bytes of address and headers, to which one piece from the network is added; browsers send two thousand."""

HEAD_WITHIN = 30.0
"""Seconds from the connection, or the first byte of a later request, until they have to be there."""


class Connection(HttpToolsProtocol):
    """One connection. Who sends a head without end, or none, is cut off."""

    _in_head = True
    _head = 0
    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._be_patient()

    def connection_lost(self, exc: Exception | None) -> None:
        self._be_calm()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        before = self._in_head
        super().data_received(data)
        if not self._in_head or self.transport.is_closing():
            return
        if before:  # else it began within this piece
            self._head += len(data)
        if self._head > LARGEST_HEAD:
            self._cut_off("The headers of this request are too large.")
        elif self._patience is None:
            self._be_patient()

    def on_message_begin(self) -> None:
        self._in_head, self._head = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._be_calm()
        super().on_headers_complete()

    def _be_patient(self) -> None:
        self._patience = self.loop.call_later(HEAD_WITHIN, self._cut_off, "The headers of this request did not come.")

    def _be_calm(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _cut_off(self, why: str) -> None:
        self._be_calm()
        if not self.transport.is_closing():
            log.warning("api.cut_off", client=self.client and self.client[0], why=why)
            self.send_400_response(why)
