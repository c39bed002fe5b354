"""The search over the activity log: its filters (ACT)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from meld_desktop.mock.activity import KIND, Activity
from meld_desktop.mock.contract import ACTIONS
from meld_desktop.mock.ids import is_id
from meld_desktop.mock.ledger import Ledger
from meld_desktop.mock.paging import PageRules, PageWish, read_page_wish
from meld_desktop.mock.problems import bad_id, bad_query
from meld_desktop.mock.query import check_ids, listed, single_values

_PAGES = PageRules(KIND, 10, 100)
_ALSO_CALLED = (("connectionId", "connectionIds"), ("eventTypes", "eventType"))
"""The guide and the schema disagree about two names, so both are taken (WERR, ACT)."""


@dataclass(frozen=True)
class ActivityQuery:
    """A search, checked. What is None or empty does not filter."""

    page: PageWish
    start: float
    end: float
    actions: frozenset[str]
    events: frozenset[str]
    connections: frozenset[str]
    accounts: frozenset[str]
    request_id: str | None
    customer_id: str | None
    external_customer_id: str | None

    def among(self, log: Iterable[Activity], ledger: Ledger) -> list[Activity]:
        """Return what is searched for, newest first."""
        held = [ledger.get(account_id) for account_id in self.accounts]
        of_accounts = {name for account in held if account is not None for name in account.connection_ids}
        return [
            entry for entry in log if self._admits(entry) and (not self.accounts or entry.connection_id in of_accounts)
        ]

    def _admits(self, entry: Activity) -> bool:
        return (
            self.start <= entry.at <= self.end
            and (not self.actions or entry.action in self.actions)
            and (not self.events or entry.event_type in self.events)
            and (not self.connections or entry.connection_id in self.connections)
            and self.request_id in {None, entry.request_id}
            and self.customer_id in {None, entry.customer_id}
            and self.external_customer_id in {None, entry.external_customer_id}
        )


def read_activity_query(items: Iterable[tuple[str, str]]) -> ActivityQuery:
    """Return the search in a query string. Raises ``Problem`` (400)."""
    values = single_values(items)
    for guide, schema in _ALSO_CALLED:
        if guide in values:
            values.setdefault(schema, values[guide])
    check_ids(values, "customerId")
    errors: list[str] = []
    page = read_page_wish(values, _PAGES, errors)
    start, end = _moment(values, "start", errors), _moment(values, "end", errors)
    if start and end and start.utcoffset() != end.utcoffset():
        errors.append("[start] and [end] must be in the same time zone")
    if "customerId" in values and "externalCustomerId" in values:
        errors.append("[customerId] and [externalCustomerId] cannot be used together")
    actions = listed(values, "actions", errors, ACTIONS)
    if errors or start is None or end is None:
        raise bad_query(*errors)
    return ActivityQuery(
        page=page,
        start=start.timestamp(),
        end=end.timestamp(),
        actions=actions,
        events=listed(values, "eventType", errors, None),
        connections=_ids(values, "connectionIds"),
        accounts=_ids(values, "financialAccountIds"),
        request_id=values.get("requestId"),
        customer_id=values.get("customerId"),
        external_customer_id=values.get("externalCustomerId"),
    )


def _moment(values: dict[str, str], name: str, errors: list[str]) -> datetime | None:
    text = values.get(name, "").strip().replace(" ", "+")  # a plus that was not escaped arrives as a blank
    try:
        moment = datetime.fromisoformat(text if "T" in text.upper() else "")
        moment.timestamp()
    except (ValueError, OverflowError):
        moment = None
    if moment is None or moment.tzinfo is None:
        errors.append(f"[{name}] must be a date and time with its zone, like 2026-01-31T10:30:00.000-08:00")
        return None
    return moment


def _ids(values: dict[str, str], name: str) -> frozenset[str]:
    ids = listed(values, name, [], None)
    for text in sorted(ids):
        if not is_id(text):
            raise bad_id(text)
    return ids
