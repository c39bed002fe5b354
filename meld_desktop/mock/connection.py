"""One connection and its life: every change of status, and the moments at which its data arrives."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from meld_desktop.mock.accounts import Account
from meld_desktop.mock.banks import Bank, BankProvider
from meld_desktop.mock.clock import iso
from meld_desktop.mock.contract import (
    AGGREGATION_SECONDS,
    ARRIVAL_SECONDS,
    ENDED,
    HISTORY_SECONDS,
    TOKEN_SECONDS,
)
from meld_desktop.mock.ids import id_from, new_id
from meld_desktop.mock.scenario_kinds import Scenario, Twist
from meld_desktop.mock.start_request import StartRequest
from meld_desktop.mock.visits import Session, Visit

ACCOUNT_ID = id_from("account", "demo")
"""The Meld account (the customer of Meld, not a bank account) that the Demo belongs to."""

_KEPT_SESSIONS = 8
_SLOWLY = 60
_TURN_SECONDS = 10
"""When a scenario's status comes: some seconds after the first data."""


@dataclass(frozen=True)
class Change:
    """A change of status that time brings."""

    at: float
    status: str
    reason: str | None = None


@dataclass(eq=False)
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
    provider: BankProvider | None = None
    login: str = ""
    accounts: tuple[Account, ...] = ()
    added_products: tuple[str, ...] = ()
    completed_at: float | None = None
    arrivals: dict[str, float] = field(default_factory=dict)
    """From when on the data of each product is there."""
    history_at: float | None = None
    """From when on older transactions are there; None when they never come."""
    aggregations: list[float] = field(default_factory=list)
    due: list[Change] = field(default_factory=list)
    sessions: OrderedDict[str, Session] = field(default_factory=OrderedDict)
    visits: OrderedDict[str, Visit] = field(default_factory=OrderedDict)
    refreshed_at: float | None = None
    duplicates: tuple[str, ...] = ()
    """Ids of the other connections made with the same login, newest first."""
    active_duplicate: str | None = None

    def __post_init__(self) -> None:
        self.due.append(Change(self.expires_at, "EXPIRED"))

    @cached_property
    def customer_id(self) -> str:
        """Meld's id of the customer: always the same for the same external customer id."""
        return id_from("customer", self.request.external_customer_id)

    @property
    def expires_at(self) -> float:
        """When a connection that nobody finishes ends, with its token."""
        return float(int(self.created_at) + TOKEN_SECONDS)

    @property
    def place(self) -> tuple[int, ...]:
        """Where it stands in lists: the newest first."""
        return (-self.sequence,)

    @property
    def service_provider(self) -> str | None:
        """The provider that serves it, once a customer has finished."""
        return self.provider.name if self.provider else None

    @property
    def products(self) -> tuple[str, ...]:
        """Everything that was asked for, required or optional, at the start or later."""
        request = self.request
        return tuple(dict.fromkeys((*request.products, *request.optional_products, *self.added_products)))

    @property
    def is_inactive_duplicate(self) -> bool:
        """Another connection with the same login is maintained instead of this one."""
        return self.status_reason == "INACTIVE_DUPLICATE"

    def settle(self, now: float) -> list[Change]:
        """Let the time that has passed have its effect; return what has changed, the oldest first."""
        happened: list[Change] = []
        while self.due and self.due[0].at <= now:
            change = self.due.pop(0)
            self._turn(change.status, change.reason)
            happened.append(change)
        return happened

    def issue(self, token: str, session: Session) -> None:
        """Remember what ``token`` opens. Two tokens of the same second have the same bytes and open the same."""
        known = self.sessions.get(token)
        if known is not None and not known.is_used:
            return
        self.sessions[token] = session
        while len(self.sessions) > _KEPT_SESSIONS:
            self.sessions.popitem(last=False)

    def expire(self) -> None:
        """End a connection that nobody finished."""
        self._turn("EXPIRED")

    def delete(self) -> None:
        """End it for good: its data is gone."""
        self._turn("DELETED")
        self.accounts, self.arrivals, self.history_at = (), {}, None
        self.duplicates, self.active_duplicate = (), None

    def complete(self, visit: Visit, accounts: tuple[Account, ...], now: float) -> None:
        """Note that the customer has finished the widget: ACTIVE, while the data is still on its way (ST).

        After a repair, which never was IN_PROGRESS again (ST), what had arrived before stays.
        """
        is_repair = visit.session.is_repair
        self.bank, self.provider, self.login, self.accounts = visit.bank, visit.provider, visit.login, accounts
        self.completed_at = self.completed_at if is_repair and self.completed_at is not None else now
        self._turn("ACTIVE")
        self.due = []
        for session in self.sessions.values():
            session.is_used = True
        self._expect(self.products, now, is_whole=is_repair or self.scenario.twist is not Twist.PARTIAL_DATA)
        if not is_repair:
            self._plan(now)

    def refresh(self, products: Iterable[str], now: float) -> None:
        """Have the data fetched again; most troubles end when it is there."""
        self.refreshed_at = now
        self._expect(tuple(products), now, is_whole=True)
        if self.status in {"PARTIALLY_ACTIVE", "UNDETERMINED"} or (
            self.status == "DEGRADED" and self.status_reason != "INSTITUTION_ACTION_REQUIRED"
        ):
            self.due = [Change(now + self._pace * AGGREGATION_SECONDS, "ACTIVE")]

    def add_products(self, products: Iterable[str], now: float) -> None:
        """Ask for more than at the start; it lands among the optional products (UPD)."""
        added = tuple(products)
        self.added_products = tuple(dict.fromkeys((*self.added_products, *added)))
        self._expect(added, now, is_whole=True)

    def take_status_of(self, other: "Connection") -> None:
        """Become the maintained one of two duplicates; ``other`` becomes the inactive one (OAS)."""
        self.status, self.status_reason, self.due = other.status, other.status_reason, other.due
        other.step_back()

    def step_back(self) -> None:
        """Become an inactive duplicate (DUP)."""
        self.status, self.status_reason, self.due = "PARTIALLY_ACTIVE", "INACTIVE_DUPLICATE", []

    def successfully_aggregated_at(self, now: float) -> float | None:
        """Return when data was fetched last; None before the first time."""
        return max((moment for moment in self.aggregations if moment <= now), default=None)

    def has(self, product: str, now: float) -> bool:
        """Tell whether the data of a product is there."""
        arrival = self.arrivals.get(product)
        return arrival is not None and arrival <= now

    def has_history(self, now: float) -> bool:
        """Tell whether older transactions are there."""
        return self.history_at is not None and self.history_at <= now

    def to_json(self, now: float) -> dict[str, object]:
        """Return the connection as the API shows it (OAS), without its ``key``."""
        aggregated = self.successfully_aggregated_at(now)
        shown: dict[str, object] = {
            "id": self.id,
            "accountId": ACCOUNT_ID,
            "customerId": self.customer_id,
            "externalCustomerId": self.request.external_customer_id,
            "institutionId": self.bank.id if self.bank else None,
            "institutionName": self.bank.name if self.bank else None,
            "products": list(self.request.products),
            "optionalProducts": [*self.request.optional_products, *self.added_products],
            "regions": list(self.request.regions or ()),
            "status": self.status,
            "statusReason": self.status_reason,
            "serviceProviderDetails": {"serviceProvider": self.service_provider} if self.provider else None,
            "createdAt": iso(self.created_at),
            "successfullyAggregatedAt": None if aggregated is None else iso(aggregated),
        }
        if self.duplicates:
            shown["duplicateConnectionIds"] = list(self.duplicates)
            shown["activeDuplicateConnectionId"] = self.active_duplicate
        return shown

    @property
    def _pace(self) -> int:
        return _SLOWLY if self.scenario.twist is Twist.SLOW_DATA else 1

    def _turn(self, status: str, reason: str | None = None) -> None:
        self.status, self.status_reason, self.due = status, reason, self.due if status not in ENDED else []

    def _expect(self, products: tuple[str, ...], now: float, *, is_whole: bool) -> None:
        """Note when data will be there: of what the provider has at this bank, best effort for optional products."""
        supported = self.provider.products if self.provider else frozenset[str]()
        coming = [name for name in ARRIVAL_SECONDS if name in products and name in supported]
        if not is_whole:
            coming = coming[: (len(coming) + 1) // 2] if len(coming) > 1 else []
        for name in coming:
            if not self.has(name, now):
                self.arrivals[name] = now + self._pace * ARRIVAL_SECONDS[name]
        if "TRANSACTIONS" in coming and not self.has_history(now):
            self.history_at = now + self._pace * HISTORY_SECONDS
        latest = self.successfully_aggregated_at(now)
        self.aggregations = [*([] if latest is None else [latest]), now + self._pace * AGGREGATION_SECONDS]

    def _plan(self, now: float) -> None:
        aggregated = now + self._pace * AGGREGATION_SECONDS
        if self.scenario.twist is Twist.PARTIAL_DATA:
            self.due = [Change(aggregated, "PARTIALLY_ACTIVE", "PARTIAL_AGGREGATION_SUCCESS")]
        elif self.scenario.turns is not None:
            self.due = [Change(aggregated + _TURN_SECONDS, *self.scenario.turns)]
