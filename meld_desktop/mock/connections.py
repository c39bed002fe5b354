"""The connections of one local Meld, with their duplicates and open visits."""

import itertools
from bisect import insort
from collections.abc import Callable, Iterable, Iterator

from meld_desktop.mock.accounts import Account
from meld_desktop.mock.connection import Change, Connection
from meld_desktop.mock.contract import ENDED
from meld_desktop.mock.scenario_kinds import Scenario, Twist
from meld_desktop.mock.start_request import StartRequest
from meld_desktop.mock.visits import Session, Visit

_KEPT = 4_000
_SPARE = 400
"""So many beyond the limit are let in before the oldest go: looking for them each time would slow every start."""
_KEPT_VISITS = 8

Listener = Callable[[Connection, Change], None]
"""Told of every change of status that time brings."""


class Connections:
    """All connections, the newest first; when there are very many the oldest ended ones are forgotten."""

    def __init__(self, now: Callable[[], float], on_change: Listener, on_gone: Callable[[Connection], None]) -> None:
        """``on_gone`` is told of connections that are deleted or forgotten."""
        self._now = now
        self._on_change = on_change
        self._on_gone = on_gone
        self._sequence = itertools.count(1)
        self._by_id: dict[str, Connection] = {}
        self._in_order: list[Connection] = []
        self._visits: dict[str, Connection] = {}
        self._logins: dict[tuple[str, ...], list[Connection]] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[Connection]:
        """Give the connections, newest first, each as it is at this moment."""
        now = self._now()
        for connection in reversed(self._in_order):
            self._settle(connection, now)
            yield connection

    def settle(self) -> None:
        """Let the time that has passed have its effect on every connection."""
        now = self._now()
        for connection in self._in_order:
            self._settle(connection, now)

    def add(self, request: StartRequest, scenario: Scenario) -> Connection:
        """Begin a connection."""
        if scenario.twist is Twist.DUPLICATE:
            next(self._sequence)  # the place of the older one, see complete()
        connection = Connection(next(self._sequence), request, scenario, self._now())
        self._keep(connection)
        if len(self._in_order) > _KEPT + _SPARE:
            self._forget_the_oldest()
        return connection

    def get(self, connection_id: str) -> Connection | None:
        """Return the connection as it is at this moment, if there is one."""
        connection = self._by_id.get(connection_id)
        if connection is not None:
            self._settle(connection, self._now())
        return connection

    def of_customer(self, customer_id: str) -> list[Connection]:
        """Return what one customer has, newest first."""
        return [connection for connection in self if connection.customer_id == customer_id]

    def open_visit(self, connection: Connection, session: Session) -> Visit:
        """Begin another visit to the widget; the oldest ones of the same connection are forgotten."""
        visit = Visit(session)
        connection.visits[visit.id] = visit
        self._visits[visit.id] = connection
        while len(connection.visits) > _KEPT_VISITS:
            gone, _ = connection.visits.popitem(last=False)
            del self._visits[gone]
        return visit

    def find_visit(self, visit_id: str) -> tuple[Connection, Visit] | None:
        """Return an open visit and its connection, if it is still open."""
        connection = self._visits.get(visit_id)
        if connection is None or self.get(connection.id) is None:
            return None
        visit = connection.visits.get(visit_id)
        return (connection, visit) if visit is not None else None

    def complete(self, connection: Connection, visit: Visit, accounts: tuple[Account, ...]) -> Connection | None:
        """Note that the customer has finished the widget. The new connection becomes the maintained duplicate.

        Returns the older connection that a scenario pretends was there before, if it does.
        """
        now = self._now()
        older = None
        if connection.scenario.twist is Twist.DUPLICATE and not visit.session.is_repair:
            older = Connection(connection.sequence - 1, connection.request, connection.scenario, connection.created_at)
            older.complete(visit, accounts, now)
            self._keep(older)
            self._join(older)
        self._drop_visits(connection)
        self._part(connection)
        connection.complete(visit, accounts, now)
        self._join(connection)
        return older

    def refresh(self, connection: Connection, products: Iterable[str]) -> None:
        """Have data fetched again. A refreshed duplicate becomes the maintained one (OAS)."""
        main = self.get(connection.active_duplicate) if connection.active_duplicate else None
        if main is not None and main is not connection:
            connection.take_status_of(main)
            self._name_main(connection)
        connection.refresh(products, self._now())

    def expire(self, connection: Connection) -> None:
        """End a connection that nobody finished."""
        connection.expire()
        self._drop_visits(connection)

    def delete(self, connection: Connection) -> None:
        """End a connection; when it was the maintained duplicate, the next newest becomes it (OAS)."""
        self._drop_visits(connection)
        self._part(connection)
        connection.delete()
        self._on_gone(connection)

    def _settle(self, connection: Connection, now: float) -> None:
        if connection.due and connection.due[0].at <= now:
            for change in connection.settle(now):
                self._on_change(connection, change)
            if connection.status in ENDED:
                self._drop_visits(connection)

    def _keep(self, connection: Connection) -> None:
        self._by_id[connection.id] = connection
        if self._in_order and connection.sequence < self._in_order[-1].sequence:
            insort(self._in_order, connection, key=lambda one: one.sequence)
        else:
            self._in_order.append(connection)

    def _forget_the_oldest(self) -> None:
        """Back to the limit: the oldest ended ones first, and only then the oldest of all."""
        too_many = len(self._in_order) - _KEPT
        ended = [connection for connection in self._in_order if connection.status in ENDED]
        others = [connection for connection in self._in_order if connection.status not in ENDED]
        for connection in [*ended, *others][:too_many]:
            self.delete(connection)
            del self._by_id[connection.id]
        self._in_order = [connection for connection in self._in_order if connection.id in self._by_id]

    def _drop_visits(self, connection: Connection) -> None:
        for visit_id in connection.visits:
            del self._visits[visit_id]
        connection.visits.clear()

    def _login(self, connection: Connection) -> tuple[str, ...] | None:
        if connection.bank is None or connection.provider is None:
            return None
        return (connection.customer_id, connection.bank.id, connection.provider.name, connection.login)

    def _join(self, connection: Connection) -> None:
        """Count it among the connections with the same login, as the maintained one."""
        login = self._login(connection)
        if login is None:
            return
        same = self._logins.setdefault(login, [])
        for other in same:
            other.step_back()
        same.insert(0, connection)
        self._name_main(connection)

    def _part(self, connection: Connection) -> None:
        """Take it out of the connections with the same login."""
        login = self._login(connection)
        same = self._logins.get(login, []) if login else []
        if login is None or connection not in same:
            return
        same.remove(connection)
        if not same:
            del self._logins[login]
        elif connection.is_inactive_duplicate:
            self._name_main(next(other for other in same if not other.is_inactive_duplicate))
        else:
            same[0].take_status_of(connection)
            self._name_main(same[0])
        connection.duplicates, connection.active_duplicate = (), None

    def _name_main(self, main: Connection) -> None:
        login = self._login(main)
        same = self._logins[login] if login else []
        for connection in same:
            others = tuple(other.id for other in same if other is not connection)
            connection.duplicates, connection.active_duplicate = others, main.id if others else None
