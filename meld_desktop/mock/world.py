"""Everything one local Meld knows: its banks, clock, connections, accounts, log, scenario and switches."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from meld_desktop.locations import resource
from meld_desktop.mock.accounts import Account
from meld_desktop.mock.activity import ActivityLog
from meld_desktop.mock.banks import Banks
from meld_desktop.mock.clock import Clock
from meld_desktop.mock.connection import ACCOUNT_ID, Change, Connection
from meld_desktop.mock.connections import Connections
from meld_desktop.mock.contract import TOKEN_SECONDS
from meld_desktop.mock.ids import id_from
from meld_desktop.mock.ledger import Ledger
from meld_desktop.mock.scenarios import Scenario, find_scenario
from meld_desktop.mock.start_request import LENIENT, Strictness
from meld_desktop.mock.tokens import BadToken, Signer
from meld_desktop.mock.visits import Session, Visit

_ROUTING_PROFILE = id_from("routing profile", "demo")


@dataclass(frozen=True)
class Opened:
    """What a connect token leads to when the widget is opened with it."""

    connection: Connection | None = None
    session: Session | None = None
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
        self.log = ActivityLog()
        self.ledger = Ledger()
        self.connections = Connections(self.clock.now, self._time_changed, self.ledger.release)
        self.widget_origin = "http://127.0.0.1"
        self._signer = Signer()

    async def wait(self, world_seconds: float) -> None:
        """Let ``world_seconds`` of the Demo's time pass."""
        await asyncio.sleep(self.clock.real_seconds(world_seconds))

    def connect_token(self, connection: Connection, *, repair: bool = False) -> str:
        """Return a token for ``connection``, with the claims that Meld's tokens have (VCR, REP)."""
        request = connection.request
        began = self.clock.now() if repair else connection.created_at
        session = Session(began, float(int(began) + TOKEN_SECONDS), repair)
        claims: dict[str, object] = {"redirect": request.allow_redirect}
        if request.regions is not None:
            claims["regions"] = list(request.regions)
        token = self._signer.sign(
            claims
            | {
                "iss": "meld.io",
                "connection": connection.id,
                "exp": int(session.expires_at),
                "iat": int(began),
                "account": ACCOUNT_ID,
                "customer": connection.customer_id,
                "products": list(request.products),
                "routingProfile": _ROUTING_PROFILE,
            }
        )
        connection.issue(token.rpartition(".")[2], session)
        return token

    def open_token(self, token: str) -> Opened:
        """Tell what ``token`` is good for at this moment."""
        try:
            claims = self._signer.read(token)
        except BadToken:
            return Opened(trouble="INVALID")
        connection = self.connections.get(str(claims.get("connection")))
        session = connection.sessions.get(token.rpartition(".")[2]) if connection else None
        if connection is None or session is None or connection.status == "DELETED":
            return Opened(connection, session, "EXPIRED")
        if session.is_used:
            return Opened(connection, session, "USED")
        late = connection.status == "EXPIRED" or self.clock.now() >= session.expires_at
        return Opened(connection, session, "EXPIRED" if late else "")

    def complete(self, connection: Connection, visit: Visit, accounts: tuple[Account, ...]) -> None:
        """Note that a customer has finished the widget."""
        older = self.connections.complete(connection, visit, accounts)
        for one in (older, connection):
            if one is not None:
                self.ledger.hold(one)
                self.log.add(self.clock.now(), "INSTITUTION_CONNECTION_COMPLETED", one)

    def delete(self, connection: Connection) -> None:
        """End a connection together with the accounts that belong to no other one."""
        self.connections.delete(connection)
        self.log.add(self.clock.now(), "INSTITUTION_CONNECTION_DELETED", connection)

    def _time_changed(self, connection: Connection, change: Change) -> None:
        action = "EXPIRED" if change.status == "EXPIRED" else "UPDATED"
        state = {"status": change.status, "statusReason": change.reason}
        self.log.add(change.at, f"INSTITUTION_CONNECTION_{action}", connection, attributes=state)
