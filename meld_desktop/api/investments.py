"""``GET /bank-linking/investments/holdings`` and ``/transactions``: what accounts hold, buy and sell (OAS)."""

import msgspec

from meld_desktop.api.client import MeldClient
from meld_desktop.api.pages import Keyed, ListResponse, Page, get_page
from meld_desktop.api.transactions import TransactionResponse
from meld_desktop.domain.account_facts import Line

HOLDINGS_PATH = "/bank-linking/investments/holdings"
TRANSACTIONS_PATH = "/bank-linking/investments/transactions"
PAGE = 1000
"""The largest page the API gives (OAS)."""

_LONGEST_WORD = 100


class HoldingResponse(Keyed, rename="camel", kw_only=True):
    """The part of the documented holding that is counted: neither security nor value is read."""

    financial_account_id: str | None = None


class HoldingsResponse(ListResponse[HoldingResponse]):
    """One page of holdings."""

    items: list[HoldingResponse] = msgspec.field(name="investmentHoldings")


class InvestmentTransactionsResponse(ListResponse[TransactionResponse]):
    """One page of investment transactions; what is counted of each is what is counted of a transaction."""

    items: list[TransactionResponse] = msgspec.field(name="investmentTransactions")


async def list_holdings(client: MeldClient, connection_id: str, *, after: str = "") -> Page[Line]:
    """Return the page of holdings that follows the key ``after``. Raises MeldError."""
    query = {"connectionId": connection_id}
    page = await get_page(client, HOLDINGS_PATH, query, HoldingsResponse, limit=PAGE, after=after)
    lines = tuple(Line((item.financial_account_id or "")[:_LONGEST_WORD]) for item in page.items)
    return Page(lines, page.after, page.remaining)


async def list_investment_transactions(client: MeldClient, connection_id: str, *, after: str = "") -> Page[Line]:
    """Return the page of investment transactions that follows the key ``after``. Raises MeldError."""
    query = {"connectionId": connection_id}
    page = await get_page(client, TRANSACTIONS_PATH, query, InvestmentTransactionsResponse, limit=PAGE, after=after)
    return Page(tuple(item.line() for item in page.items), page.after, page.remaining)
