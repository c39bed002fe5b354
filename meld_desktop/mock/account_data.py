"""The searches over what belongs to financial accounts: transactions, holdings, investment transactions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from meld_desktop.mock.ids import is_id, read_part_id
from meld_desktop.mock.ledger import HeldAccount, Ledger
from meld_desktop.mock.paging import PageRules, PageWish, read_page_wish
from meld_desktop.mock.problems import bad_id
from meld_desktop.mock.query import check_ids, day

TRANSACTION_PART, HOLDING_PART, TRADE_PART = 1, 2, 3
"""What the ids of an account's parts say that they are."""


@dataclass(frozen=True)
class PartQuery:
    """Whose data is searched for, and which page. What is None does not filter."""

    page: PageWish
    customer_id: str | None
    external_customer_id: str | None
    account_id: str | None
    connection_id: str | None
    start_date: date | None
    end_date: date | None

    def accounts(self, ledger: Ledger) -> Iterator[HeldAccount]:
        """Give the accounts whose data is searched for; ``customerId`` wins over ``externalCustomerId`` (OAS)."""
        for held in ledger:
            if (
                self.customer_id in {None, held.customer_id}
                and (self.customer_id is not None or self.external_customer_id in {None, held.external_customer_id})
                and self.account_id in {None, held.facts.id}
                and (self.connection_id is None or self.connection_id in held.connection_ids)
            ):
                yield held

    def span(self, first: date, last: date) -> tuple[date, date]:
        """Return the part of a span of days that is searched."""
        return max(first, self.start_date or first), min(last, self.end_date or last)


def read_part_query(values: Mapping[str, str], rules: PageRules, errors: list[str]) -> PartQuery:
    """Return the search in a query string. Raises ``Problem`` (400) for what cannot be an id."""
    check_ids(values, "customerId", "financialAccountId", "connectionId")
    return PartQuery(
        page=read_page_wish(values, rules, errors),
        customer_id=values.get("customerId"),
        external_customer_id=values.get("externalCustomerId"),
        account_id=values.get("financialAccountId"),
        connection_id=values.get("connectionId"),
        start_date=day(values, "startDate", errors),
        end_date=day(values, "endDate", errors),
    )


def find_part(ledger: Ledger, part_id: str, kind: int) -> tuple[HeldAccount, int] | None:
    """Return the account and the number an id of a part stands for. Raises ``Problem`` (400) when it is no id."""
    if not is_id(part_id):
        raise bad_id(part_id)
    found = read_part_id(part_id)
    if found is None or found[1] != kind:
        return None
    held = ledger.by_handle(found[0])
    return (held, found[2]) if held is not None else None
