"""The search over connections: filters, and pages by ``before`` or ``after`` a key."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from meld_desktop.mock.banks import plain
from meld_desktop.mock.connections import Connection, sequence_of
from meld_desktop.mock.contract import SERVICE_PROVIDERS, STATUSES
from meld_desktop.mock.ids import is_id
from meld_desktop.mock.problems import bad_id, bad_query

_DEFAULT_LIMIT = 10
_MOST = 100


@dataclass(frozen=True)
class ConnectionQuery:
    """A search, checked. What is None or empty does not filter."""

    customer_id: str | None = None
    external_customer_id: str | None = None
    institution_id: str | None = None
    institution_name: str | None = None
    statuses: frozenset[str] = frozenset()
    service_providers: frozenset[str] = frozenset()
    start_date: date | None = None
    end_date: date | None = None
    before: int | None = None
    after: int | None = None
    limit: int = _DEFAULT_LIMIT

    def admits(self, connection: Connection) -> bool:
        """Tell whether a connection is one of those searched for; its place in the list does not matter."""
        created = datetime.fromtimestamp(connection.created_at, UTC).date()
        return (
            self.customer_id in {None, connection.customer_id}
            and self.external_customer_id in {None, connection.request.external_customer_id}
            and self._admits_bank(connection)
            and (not self.statuses or connection.status in self.statuses)
            and (not self.service_providers or connection.service_provider in self.service_providers)
            and (self.start_date is None or self.start_date <= created)
            and (self.end_date is None or created <= self.end_date)
        )

    def _admits_bank(self, connection: Connection) -> bool:
        if self.institution_id is not None:
            return connection.bank is not None and connection.bank.id == self.institution_id
        if self.institution_name is not None:
            return connection.bank is not None and plain(self.institution_name) in plain(connection.bank.name)
        return True


def read_connection_query(items: Iterable[tuple[str, str]]) -> ConnectionQuery:
    """Return the search in a query string; of a repeated parameter the last one counts. Raises ``Problem`` (400)."""
    values = dict(items)
    for name in ("customerId", "institutionId"):
        if name in values and not is_id(values[name]):
            raise bad_id(values[name])
    errors: list[str] = []
    if "before" in values and "after" in values:
        errors.append("[before] and [after] cannot be used together")
    query = ConnectionQuery(
        customer_id=values.get("customerId"),
        external_customer_id=values.get("externalCustomerId"),
        institution_id=values.get("institutionId"),
        institution_name=values.get("institutionName"),
        statuses=_listed(values, "statuses", STATUSES, errors),
        service_providers=_listed(values, "serviceProviders", SERVICE_PROVIDERS, errors),
        start_date=_day(values, "startDate", errors),
        end_date=_day(values, "endDate", errors),
        before=_place(values, "before", errors),
        after=_place(values, "after", errors),
        limit=_limit(values, errors),
    )
    if errors:
        raise bad_query(*errors)
    return query


def page_of(connections: Iterable[Connection], query: ConnectionQuery) -> tuple[Sequence[Connection], int]:
    """Return one page of the newest-first list, and how many are left beyond it in the direction of travel."""
    found = [connection for connection in connections if query.admits(connection)]
    if query.before is not None:
        earlier = [connection for connection in found if connection.sequence > query.before]
        return earlier[-query.limit :], max(0, len(earlier) - query.limit)
    if query.after is not None:
        found = [connection for connection in found if connection.sequence < query.after]
    return found[: query.limit], max(0, len(found) - query.limit)


def _listed(values: dict[str, str], name: str, allowed: Sequence[str], errors: list[str]) -> frozenset[str]:
    items = [item.strip() for item in values.get(name, "").split(",") if item.strip()]
    errors += [f"[{name}] has no value {item[:80]}" for item in items if item not in allowed]
    return frozenset(items)


def _day(values: dict[str, str], name: str, errors: list[str]) -> date | None:
    if name not in values:
        return None
    try:
        return datetime.strptime(values[name], "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        errors.append(f"[{name}] must be a date like 2026-01-31")
        return None


def _place(values: dict[str, str], name: str, errors: list[str]) -> int | None:
    if name not in values:
        return None
    try:
        return sequence_of(values[name])
    except ValueError:
        errors.append(f"[{name}] is not the key of a connection")
        return None


def _limit(values: dict[str, str], errors: list[str]) -> int:
    text = values.get("limit", str(_DEFAULT_LIMIT))
    if not (text.isascii() and text.isdecimal() and len(text) <= 4 and 1 <= int(text) <= _MOST):
        errors.append(f"[limit] must be a number from 1 to {_MOST}")
        return _DEFAULT_LIMIT
    return int(text)
