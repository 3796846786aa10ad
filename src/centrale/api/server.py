"""The web server: uvicorn, in the loop that the calls run in. Importing this reads all code that it needs."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from fastapi import FastAPI

from centrale.api.app import attach, end_streams
from centrale.api.connection import Connection
from centrale.api.services import ApiServices

LAST_ANSWERS_SECONDS = 2
"""How long requests that run may take to end."""


class Server(uvicorn.Server):
    """uvicorn without signal handlers of its own: this process ends things in an order. `listens`: it does."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._api = app
        self.listens = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Event streams are ended first: they have no end of their own to wait for, and come back by themselves."""
        end_streams(self._api)
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def make_server(app: FastAPI, services: ApiServices) -> Server:
    """The API that is `app` over `services`, to be served where the settings say."""
    attach(app, services)
    return Server(
        uvicorn.Config(
            app,
            host=str(services.settings.bind),
            port=services.settings.http_port,
            http=Connection,  # httptools, in C; the other one, in Python, takes four times as long
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=LAST_ANSWERS_SECONDS,
        ),
        app,
    )
