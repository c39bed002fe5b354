"""One origin of the local Meld, served by uvicorn.

uvicorn's own loop wakes ten times a second and waits for open connections when it leaves; inside a desktop program
the server sleeps until it is asked something and leaves at once.
"""

import asyncio
import socket

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from meld_desktop.mock.listening import stop_listening


class Origin:
    """Serves ``app`` on a listening socket. Lives on one event loop."""

    def __init__(self, app: ASGIApp) -> None:
        self._config = Config(
            app,
            http=_Protocol,
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            log_level="critical",  # nothing of a request is written anywhere
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=60,
        )
        self._config.load()
        self._state = ServerState()
        self._server: asyncio.Server | None = None

    async def open(self, listener: socket.socket) -> None:
        """Begin to answer on ``listener``, which is closed with the origin."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Protocol(self._config, self._state, {}), sock=listener)

    async def close(self) -> None:
        """Close the listening socket, break every connection and every request under way."""
        if self._server is not None:
            await stop_listening(self._server)
        for connection in list(self._state.connections):
            connection.transport.abort()
        tasks = list(self._state.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Protocol(H11Protocol):
    """HTTP/1.1 that can drop its connection on purpose and is not upset by bytes that are not HTTP."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type]
        self.app = _with_drop(self.app, self.transport)

    def data_received(self, data: bytes) -> None:
        try:
            super().data_received(data)
        except Exception:  # noqa: BLE001 - whatever was sent, only this connection ends
            self.transport.abort()


def _with_drop(app: ASGIApp, transport: asyncio.Transport) -> ASGIApp:
    """Let ``app`` break the connection a request came over: ``scope["extensions"]["demo.drop"]()``."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("extensions", {})["demo.drop"] = transport.abort
        await app(scope, receive, send)

    return serve
