"""The local Meld as a running server: an API origin and a widget origin on this machine, in a thread of their own."""

import asyncio
import socket
import threading
from dataclasses import dataclass

from meld_desktop.mock.api import api_app
from meld_desktop.mock.origin import Origin
from meld_desktop.mock.scenarios import find_scenario
from meld_desktop.mock.start_request import Strictness
from meld_desktop.mock.widget.site import widget_app
from meld_desktop.mock.world import World

_HOST = "127.0.0.1"
_HIGHEST_PORT = 65_535


@dataclass(frozen=True)
class MockAddresses:
    """Where the local Meld answers: ``http://127.0.0.1:PORT`` without a slash at the end."""

    api: str
    widget: str


class MockServer:
    """A local Meld. All methods may be called from any thread; one thread at a time starts and stops it."""

    def __init__(
        self,
        *,
        port: int = 0,
        scenario: str = "success",
        speed: float = 1.0,
        strict_optional_only: bool = False,
        strict_balances_alone: bool = False,
        strict_unknown_fields: bool = False,
    ) -> None:
        """Prepare a server; nothing listens yet. ``port`` is the API's; 0 takes a free one.

        Raises ``ValueError`` for an unknown scenario or an impossible speed, ``FileNotFoundError`` when the program's
        files are incomplete.
        """
        self._port = port
        self._world = World(
            scenario=scenario,
            speed=speed,
            strictness=Strictness(strict_optional_only, strict_balances_alone, strict_unknown_fields),
        )
        self._apps = (api_app(self._world), widget_app(self._world))
        self._thread: threading.Thread | None = None
        self._failure: BaseException | None = None
        self._addresses: MockAddresses | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._leave = asyncio.Event()
        self._ready = threading.Event()

    def start(self) -> MockAddresses:
        """Listen, and return the addresses once both origins answer. A running server just returns them again.

        Raises ``OSError`` when the port is taken or the system refuses to listen.
        """
        if self._addresses is not None:
            return self._addresses
        api, widget = self._open_sockets()
        addresses = MockAddresses(_address(api), _address(widget))
        self._world.widget_origin = addresses.widget
        self._leave, self._ready, self._failure = asyncio.Event(), threading.Event(), None
        self._thread = threading.Thread(target=self._serve, args=(api, widget), name="local Meld", daemon=True)
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            self.stop()
            raise self._failure
        self._addresses = addresses
        return addresses

    def stop(self) -> None:
        """Break off every request, close the sockets and end the thread. Does nothing when the server does not run."""
        if self._thread is None:
            return
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._leave.set)
        self._thread.join()
        self._thread = self._addresses = None

    def set_scenario(self, name: str) -> None:
        """Answer by another scenario from now on; links made before keep theirs. Raises ``ValueError``."""
        self._world.scenario = find_scenario(name)

    def set_speed(self, speed: float) -> None:
        """Let time pass faster or slower from now on. Raises ``ValueError`` unless ``speed`` is above 0."""
        self._world.clock.set_speed(speed)

    def now(self) -> float:
        """Return the present moment of this server's world, in seconds since the epoch."""
        return self._world.clock.now()

    def _serve(self, api: socket.socket, widget: socket.socket) -> None:
        try:
            asyncio.run(self._serve_both(api, widget))
        except BaseException as failure:  # noqa: BLE001 - start() raises it
            self._failure = failure
        finally:
            self._loop = None
            self._ready.set()

    async def _serve_both(self, api: socket.socket, widget: socket.socket) -> None:
        self._loop = asyncio.get_running_loop()
        origins = [Origin(app) for app in self._apps]
        try:
            for origin, listener in zip(origins, (api, widget), strict=True):
                await origin.open(listener)
            self._ready.set()
            await self._leave.wait()
        finally:
            for origin in origins:
                await origin.close()
            api.close()
            widget.close()

    def _open_sockets(self) -> tuple[socket.socket, socket.socket]:
        api = _listener(self._port)
        try:
            return api, self._widget_listener(api)
        except OSError:
            api.close()
            raise

    def _widget_listener(self, api: socket.socket) -> socket.socket:
        """The port after the API's when that one was asked for and is free, or any."""
        wished: int = api.getsockname()[1] + 1
        if self._port and wished <= _HIGHEST_PORT:
            try:
                return _listener(wished)
            except OSError:
                pass
        return _listener(0)


def _listener(port: int) -> socket.socket:
    # asyncio switches Nagle's delay off only where the socket says that it speaks TCP; with it every call takes 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if exclusive := getattr(socket, "SO_EXCLUSIVEADDRUSE", None):
            listener.setsockopt(socket.SOL_SOCKET, exclusive, 1)  # Windows: nobody else may bind to it as well
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # Unix: bind again soon after a restart
        listener.bind((_HOST, port))
        listener.listen(128)
    except BaseException:
        listener.close()
        raise
    return listener


def _address(listener: socket.socket) -> str:
    return f"http://{_HOST}:{listener.getsockname()[1]}"
