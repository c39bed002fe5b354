"""A link that was made, and the exchange that made it. Lives in memory only."""

from dataclasses import dataclass
from datetime import datetime

from meld_desktop.domain.environments import Environment
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.domain.token import TokenFacts


@dataclass(frozen=True, slots=True)
class Timing:
    """How many seconds each phase of an exchange took; None where a phase did not happen or nobody could tell.

    A phase that failed counts until it did. ``connect`` holds finding the host and, where there is one, the proxy.
    """

    connect: float | None = None
    tls: float | None = None
    sending: float | None = None
    waiting: float | None = None
    reading: float | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, for the Request and Response tabs.

    ``request_headers`` never hold the key (it is masked before it gets here). ``seconds`` is the time from
    connecting to the last byte, or until it failed. ``status`` is None when no answer came.
    """

    method: str
    url: str
    request_headers: tuple[tuple[str, str], ...]
    request_body: str
    status: int | None = None
    reason: str = ""
    response_headers: tuple[tuple[str, str], ...] = ()
    response_body: str = ""
    seconds: float = 0.0
    at: datetime | None = None
    timing: Timing | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A connect token's widget URL with what Meld said about it (OAS: ``ConnectStartResponse``).

    ``widget_url`` is a bearer secret until ``token.expires``: it is never written anywhere.
    """

    environment: Environment
    request: ConnectStartRequest
    connection_id: str
    customer_id: str
    external_customer_id: str
    widget_url: str
    token: TokenFacts
    exchange: Exchange
