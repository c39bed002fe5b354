"""Keeps the local Meld of the Demo environment running."""

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from meld_desktop.domain.errors import Kind, MeldError

if TYPE_CHECKING:
    from meld_desktop.mock.scenarios import Scenario
    from meld_desktop.mock.server import MockServer


class Demo:
    """Starts the local Meld when it is first needed, on a thread of its own. Usable from any thread."""

    def __init__(self) -> None:
        self._server: MockServer | None = None
        self._base_url = ""
        self._guard = threading.Lock()
        self._closed = False
        self._scenario = ""
        self._speed = 1.0

    @staticmethod
    def scenarios() -> "tuple[Scenario, ...]":
        """Return what can be rehearsed; the first is what happens when nothing else is chosen."""
        from meld_desktop.mock.scenarios import SCENARIOS

        return SCENARIOS

    def use_scenario(self, name: str) -> None:
        """Rehearse ``name`` with the links made from now on. Raises ValueError when there is no such scenario."""
        self._scenario = name
        if self._server is not None:
            self._server.set_scenario(name)

    def use_speed(self, speed: float) -> None:
        """Let Demo's clock run ``speed`` times as fast from now on. Raises ValueError unless it is above 0."""
        self._speed = speed
        if self._server is not None:
            self._server.set_speed(speed)

    def now(self) -> datetime:
        """Return the present moment of Demo's world, which the links of Demo live by. Aware, in UTC."""
        return datetime.now(UTC) if self._server is None else datetime.fromtimestamp(self._server.now(), UTC)

    @property
    def address(self) -> str:
        """The address of the running local Meld; empty until someone asked for ``base_url``."""
        return self._base_url

    async def base_url(self) -> str:
        """Return the address of the running local Meld, starting it if need be. Raises MeldError."""
        if not self._base_url:
            import asyncio

            await asyncio.get_running_loop().run_in_executor(None, self._start)
        return self._base_url

    def close(self) -> None:
        """End the local Meld. Idempotent; a start that is under way is ended when it is done."""
        self._closed = True
        if self._guard.acquire(blocking=False):
            try:
                if self._server is not None:
                    self._server.stop()
            finally:
                self._guard.release()

    def _start(self) -> None:
        with self._guard:
            if self._base_url or self._closed:
                return
            from meld_desktop.mock.server import MockServer

            server = MockServer(scenario=self._scenario or self.scenarios()[0].name, speed=self._speed)
            try:
                addresses = server.start()
            except (OSError, RuntimeError):
                raise MeldError(Kind.DEMO) from None
            self._server = server
            self._base_url = addresses.api
            if self._closed:
                server.stop()
