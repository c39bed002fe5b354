"""``GET /bank-linking/transactions``: the transactions of a connection, newest first for each account (OAS)."""

import msgspec

from meld_desktop.api.answers import moment
from meld_desktop.api.client import MeldClient
from meld_desktop.api.pages import Keyed, ListResponse, Page, get_page
from meld_desktop.domain.account_facts import Line

PATH = "/bank-linking/transactions"
PAGE = 1000
"""The largest page the API gives (OAS)."""

_LONGEST_WORD = 100


class TransactionResponse(Keyed, rename="camel", kw_only=True):
    """The part of the documented transaction that is counted: neither its amount nor its description is read."""

    financial_account_id: str | None = None
    status: str | None = None
    transaction_date: object = None
    posted_date: object = None

    def line(self) -> Line:
        """Return what is counted."""
        when = moment(self.transaction_date) or moment(self.posted_date)
        account = (self.financial_account_id or "")[:_LONGEST_WORD]
        return Line(account, when.date() if when else None, self.status == "PENDING")


class TransactionsResponse(ListResponse[TransactionResponse]):
    """One page of transactions."""

    items: list[TransactionResponse] = msgspec.field(name="financialAccountTransactions")


async def list_transactions(client: MeldClient, connection_id: str, *, after: str = "") -> Page[Line]:
    """Return the page of transactions that follows the key ``after``. Raises MeldError."""
    page = await get_page(client, PATH, {"connectionId": connection_id}, TransactionsResponse, limit=PAGE, after=after)
    return Page(tuple(item.line() for item in page.items), page.after, page.remaining)
