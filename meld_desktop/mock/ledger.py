"""The financial accounts of all connections. One account may belong to several of them (OAS)."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

from meld_desktop.mock.accounts import Account
from meld_desktop.mock.banks import Bank
from meld_desktop.mock.connection import Connection
from meld_desktop.mock.contract import FIRST_DAYS, HISTORY_DAYS
from meld_desktop.mock.ids import handle_of

_FIRST_DAYS_ELSEWHERE = 30


@dataclass(eq=False)
class HeldAccount:
    """A financial account as Meld holds it."""

    sequence: int
    facts: Account
    bank: Bank
    customer_id: str
    external_customer_id: str
    connections: list[Connection] = field(default_factory=list)
    """Those it belongs to, newest first."""

    @property
    def place(self) -> tuple[int, ...]:
        """Where it stands in lists: the newest first."""
        return (-self.sequence,)

    @property
    def connection_ids(self) -> list[str]:
        """The ids of the connections it belongs to, newest first."""
        return [connection.id for connection in self.connections]

    def arrival(self, product: str, now: float) -> float | None:
        """Return when the data of a product came; None as long as it is not there, or was not asked for."""
        return min((one.arrivals[product] for one in self.connections if one.has(product, now)), default=None)

    def transaction_days(self, now: float) -> tuple[float, int] | None:
        """Return from which moment on transactions count, and how many days before it; None without transactions."""
        there = [one for one in self.connections if one.has("TRANSACTIONS", now) and one.completed_at is not None]
        if not there:
            return None
        days = max(
            HISTORY_DAYS if one.has_history(now) else FIRST_DAYS.get(one.service_provider or "", _FIRST_DAYS_ELSEWHERE)
            for one in there
        )
        return min(one.completed_at or now for one in there), days


class Ledger:
    """All financial accounts, the newest first."""

    def __init__(self) -> None:
        self._sequence = itertools.count(1)
        self._by_id: dict[str, HeldAccount] = {}
        self._by_handle: dict[int, HeldAccount] = {}
        self._of_connection: dict[str, list[HeldAccount]] = {}

    def __iter__(self) -> Iterator[HeldAccount]:
        return iter(sorted(self._by_id.values(), key=lambda held: held.place))

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, account_id: str) -> HeldAccount | None:
        """Return the account with this id, if there is one."""
        return self._by_id.get(account_id)

    def by_handle(self, handle: int) -> HeldAccount | None:
        """Return the account that the ids of its parts name by this number."""
        return self._by_handle.get(handle)

    def of_connection(self, connection_id: str) -> list[HeldAccount]:
        """Return the accounts of one connection."""
        return list(self._of_connection.get(connection_id, ()))

    def hold(self, connection: Connection) -> None:
        """Take over the accounts of a connection that was completed, first or again."""
        self.release(connection)
        # From the last to the first, so that a list with the newest first has them in the bank's own order.
        held = [self._held(account, connection) for account in reversed(connection.accounts)][::-1]
        for account in held:
            account.connections.insert(0, connection)
        self._of_connection[connection.id] = held

    def release(self, connection: Connection) -> None:
        """Take the accounts from a connection that is gone; those of no other connection go as well (OAS)."""
        for account in self._of_connection.pop(connection.id, ()):
            account.connections.remove(connection)
            if not account.connections:
                del self._by_id[account.facts.id]
                del self._by_handle[handle_of(account.facts.id)]

    def _held(self, account: Account, connection: Connection) -> HeldAccount:
        held = self._by_id.get(account.id)
        if held is None:
            if connection.bank is None:
                raise ValueError("a connection without a bank has no accounts")
            customer = connection.request.external_customer_id
            held = HeldAccount(next(self._sequence), account, connection.bank, connection.customer_id, customer)
            self._by_id[account.id] = held
            self._by_handle[handle_of(account.id)] = held
        return held
