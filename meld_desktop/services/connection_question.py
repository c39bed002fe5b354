"""Asks Meld how a connection stands, after a while: what both watches over connections do."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from meld_desktop.domain.connection_status import ConnectionState
from meld_desktop.domain.environments import Environment
from meld_desktop.services.demo import Demo
from meld_desktop.services.keys import Keys

if TYPE_CHECKING:
    from meld_desktop.api.client import MeldClient

FIRST_SECONDS = 2.0
"""Before a question when something has changed, or may have."""
LONGEST_SECONDS = 60.0
"""Between two questions while nothing changes: each pause is twice the one before, up to this."""

Sleep = Callable[[float], Awaitable[object]]


class ConnectionQuestion:
    """Asks the Meld of one environment; its key is looked up once. Made on any thread, used on the worker's loop."""

    def __init__(self, keys: Keys, demo: Demo, environment: Environment, sleep: Sleep | None = None) -> None:
        self._keys = keys
        self._demo = demo
        self._environment = environment
        self._sleep = sleep
        self._client: MeldClient | None = None

    async def ask(self, connection_id: str, seconds: float) -> ConnectionState:
        """Return the state of ``connection_id`` as it is ``seconds`` from now. Raises MeldError."""
        if self._sleep is None:
            import asyncio

            self._sleep = asyncio.sleep
        await self._sleep(seconds)
        from meld_desktop.api.client import MeldClient
        from meld_desktop.api.connection import get_connection

        if self._client is None:
            key = await self._keys.key_for(self._environment)
            is_demo = self._environment.is_demo
            base_url = await self._demo.base_url() if is_demo else self._environment.base_url
            self._client = MeldClient(base_url, key)
        return await get_connection(self._client, connection_id)
