"""Everything one local Meld knows: its banks, clock, connections, scenario and switches."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from meld_desktop.locations import resource
from meld_desktop.mock.banks import Banks
from meld_desktop.mock.clock import Clock
from meld_desktop.mock.connections import ACCOUNT_ID, Connection, Connections
from meld_desktop.mock.ids import id_from
from meld_desktop.mock.scenarios import Scenario, find_scenario
from meld_desktop.mock.start_request import LENIENT, Strictness
from meld_desktop.mock.tokens import BadToken, Signer

_ROUTING_PROFILE = id_from("routing profile", "demo")


@dataclass(frozen=True)
class Opened:
    """What a connect token leads to when the widget is opened with it."""

    connection: Connection | None
    trouble: str = ""
    """Empty, ``INVALID``, ``EXPIRED`` or ``USED``."""


class World:
    """The state behind one pair of origins. Used on the server's own thread; ``scenario`` may be replaced from any."""

    def __init__(
        self,
        *,
        scenario: str = "success",
        speed: float = 1.0,
        strictness: Strictness = LENIENT,
        real_time: Callable[[], float] = time.time,
    ) -> None:
        """Raises ``ValueError`` for an unknown scenario or an impossible speed."""
        self.scenario: Scenario = find_scenario(scenario)
        self.clock = Clock(speed, real_time)
        self.strictness = strictness
        self.banks = Banks(resource("demo", "institutions.json"))
        self.connections = Connections(self.clock.now)
        self.widget_origin = "http://127.0.0.1"
        self._signer = Signer()

    async def wait(self, world_seconds: float) -> None:
        """Let ``world_seconds`` of the Demo's time pass."""
        await asyncio.sleep(self.clock.real_seconds(world_seconds))

    def connect_token(self, connection: Connection) -> str:
        """Return a token for ``connection``, with the claims that Meld's tokens have."""
        request = connection.request
        claims: dict[str, object] = {"redirect": request.allow_redirect}
        if request.regions is not None:
            claims["regions"] = list(request.regions)
        return self._signer.sign(
            claims
            | {
                "iss": "meld.io",
                "connection": connection.id,
                "exp": int(connection.expires_at),
                "iat": int(connection.created_at),
                "account": ACCOUNT_ID,
                "customer": connection.customer_id,
                "products": list(request.products),
                "routingProfile": _ROUTING_PROFILE,
            }
        )

    def open_token(self, token: str) -> Opened:
        """Tell what ``token`` is good for at this moment."""
        try:
            claims = self._signer.read(token)
        except BadToken:
            return Opened(None, "INVALID")
        connection = self.connections.get(str(claims.get("connection")))
        if connection is None or connection.status == "EXPIRED":
            return Opened(connection, "EXPIRED")
        return Opened(connection, "" if connection.status == "IN_PROGRESS" else "USED")
