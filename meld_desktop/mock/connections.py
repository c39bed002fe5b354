"""The connections of one local Meld, and how they live."""

import base64
import binascii
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from meld_desktop.mock.accounts import Account
from meld_desktop.mock.banks import Bank
from meld_desktop.mock.clock import iso
from meld_desktop.mock.contract import AGGREGATION_SECONDS, TOKEN_SECONDS
from meld_desktop.mock.ids import id_from, new_id
from meld_desktop.mock.scenarios import Scenario
from meld_desktop.mock.start_request import StartRequest
from meld_desktop.mock.visits import Visit

ACCOUNT_ID = id_from("account", "demo")
"""The Meld account (the customer of Meld, not a bank account) that the Demo belongs to."""

_KEPT = 10_000
_KEPT_VISITS = 8


@dataclass
class Connection:
    """One connection from its start on. Changed only on the server's own thread."""

    sequence: int
    request: StartRequest
    scenario: Scenario
    created_at: float
    id: str = field(default_factory=new_id)
    status: str = "IN_PROGRESS"
    status_reason: str | None = None
    bank: Bank | None = None
    service_provider: str | None = None
    accounts: tuple[Account, ...] = ()
    completed_at: float | None = None
    visits: OrderedDict[str, Visit] = field(default_factory=OrderedDict)

    @cached_property
    def customer_id(self) -> str:
        """Meld's id of the customer: always the same for the same external customer id."""
        return id_from("customer", self.request.external_customer_id)

    @property
    def expires_at(self) -> float:
        """When the token of this connection ends."""
        return float(int(self.created_at) + TOKEN_SECONDS)

    @property
    def key(self) -> str:
        """The opaque place of this connection in lists."""
        return key_of(self.sequence)

    def settle(self, now: float) -> None:
        """Let the time that has passed have its effect."""
        if self.status == "IN_PROGRESS" and now >= self.expires_at:
            self.expire()

    def expire(self) -> None:
        """End a connection that nobody finished."""
        self.status = "EXPIRED"
        self.visits.clear()

    def complete(self, visit: Visit, accounts: tuple[Account, ...], now: float) -> None:
        """Note that the customer has finished the widget: ACTIVE, while the data is still on its way (ST)."""
        self.bank, self.service_provider = visit.bank, visit.provider.name if visit.provider else None
        self.accounts, self.completed_at, self.status = accounts, now, "ACTIVE"

    def open_visit(self) -> Visit:
        """Begin another visit to the widget; the oldest ones of the same link are forgotten."""
        visit = Visit()
        self.visits[visit.id] = visit
        while len(self.visits) > _KEPT_VISITS:
            self.visits.popitem(last=False)
        return visit

    def to_json(self, now: float) -> dict[str, object]:
        """Return the connection as the API shows it (OAS), without its ``key``."""
        aggregated = None if self.completed_at is None else self.completed_at + AGGREGATION_SECONDS
        return {
            "id": self.id,
            "accountId": ACCOUNT_ID,
            "customerId": self.customer_id,
            "externalCustomerId": self.request.external_customer_id,
            "institutionId": self.bank.id if self.bank else None,
            "institutionName": self.bank.name if self.bank else None,
            "products": list(self.request.products),
            "optionalProducts": list(self.request.optional_products),
            "regions": list(self.request.regions or ()),
            "status": self.status,
            "statusReason": self.status_reason,
            "serviceProviderDetails": {"serviceProvider": self.service_provider} if self.service_provider else None,
            "createdAt": iso(self.created_at),
            "successfullyAggregatedAt": iso(aggregated) if aggregated is not None and now >= aggregated else None,
        }


class Connections:
    """All connections, the newest first; the oldest are forgotten when there are very many."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._sequence = 0
        self._by_id: OrderedDict[str, Connection] = OrderedDict()

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[Connection]:
        """Give the connections, newest first, each as it is at this moment."""
        now = self._now()
        for connection in reversed(self._by_id.values()):
            connection.settle(now)
            yield connection

    def add(self, request: StartRequest, scenario: Scenario) -> Connection:
        """Begin a connection."""
        self._sequence += 1
        connection = Connection(self._sequence, request, scenario, self._now())
        self._by_id[connection.id] = connection
        if len(self._by_id) > _KEPT:
            self._by_id.popitem(last=False)
        return connection

    def get(self, connection_id: str) -> Connection | None:
        """Return the connection as it is at this moment, if there is one."""
        connection = self._by_id.get(connection_id)
        if connection is not None:
            connection.settle(self._now())
        return connection


def sequence_of(key: str) -> int:
    """Return the place that ``key`` stands for. Raises ``ValueError`` when it is no key."""
    try:
        name, _, number = base64.urlsafe_b64decode(key).decode("ascii").partition(":")
        sequence = int(number)
    except (ValueError, binascii.Error):
        raise ValueError("not a key") from None
    if name != "connection" or key_of(sequence) != key:
        raise ValueError("not a key")
    return sequence


def key_of(sequence: int) -> str:
    """Return the opaque key of a place in the list."""
    return base64.urlsafe_b64encode(f"connection:{sequence:013d}".encode()).decode()
