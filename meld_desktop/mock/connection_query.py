"""The search over connections: its filters."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from meld_desktop.mock.banks import plain
from meld_desktop.mock.connection import Connection
from meld_desktop.mock.contract import SERVICE_PROVIDERS, STATUSES
from meld_desktop.mock.paging import PageRules, PageWish, read_page_wish
from meld_desktop.mock.problems import bad_query
from meld_desktop.mock.query import check_ids, day, listed, single_values

PAGES = PageRules("connection", 10, 100)


@dataclass(frozen=True)
class ConnectionQuery:
    """A search, checked. What is None or empty does not filter."""

    page: PageWish
    customer_id: str | None = None
    external_customer_id: str | None = None
    institution_id: str | None = None
    institution_name: str | None = None
    statuses: frozenset[str] = frozenset()
    service_providers: frozenset[str] = frozenset()
    start_date: date | None = None
    end_date: date | None = None

    def admits(self, connection: Connection) -> bool:
        """Tell whether a connection is one of those searched for; its place in the list does not matter."""
        return (
            self.customer_id in {None, connection.customer_id}
            and self.external_customer_id in {None, connection.request.external_customer_id}
            and self._admits_bank(connection)
            and (not self.statuses or connection.status in self.statuses)
            and (not self.service_providers or connection.service_provider in self.service_providers)
            and self._admits_day(connection)
        )

    def _admits_day(self, connection: Connection) -> bool:
        if self.start_date is None and self.end_date is None:
            return True
        created = datetime.fromtimestamp(connection.created_at, UTC).date()
        return (self.start_date or created) <= created <= (self.end_date or created)

    def _admits_bank(self, connection: Connection) -> bool:
        if self.institution_id is not None:
            return connection.bank is not None and connection.bank.id == self.institution_id
        if self.institution_name is not None:
            return connection.bank is not None and plain(self.institution_name) in plain(connection.bank.name)
        return True


def read_connection_query(items: Iterable[tuple[str, str]]) -> ConnectionQuery:
    """Return the search in a query string. Raises ``Problem`` (400)."""
    values = single_values(items)
    check_ids(values, "customerId", "institutionId")
    errors: list[str] = []
    query = ConnectionQuery(
        page=read_page_wish(values, PAGES, errors),
        customer_id=values.get("customerId"),
        external_customer_id=values.get("externalCustomerId"),
        institution_id=values.get("institutionId"),
        institution_name=values.get("institutionName"),
        statuses=listed(values, "statuses", errors, STATUSES),
        service_providers=listed(values, "serviceProviders", errors, SERVICE_PROVIDERS),
        start_date=day(values, "startDate", errors),
        end_date=day(values, "endDate", errors),
    )
    if errors:
        raise bad_query(*errors)
    return query
