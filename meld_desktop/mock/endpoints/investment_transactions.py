"""``GET /bank-linking/investments/transactions`` and ``/{investmentTransactionId}`` (OAS)."""

from datetime import UTC, date, datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from meld_desktop.mock.account_data import TRADE_PART, find_part, read_part_query
from meld_desktop.mock.account_view import provider_details
from meld_desktop.mock.clock import iso
from meld_desktop.mock.connection import ACCOUNT_ID
from meld_desktop.mock.contract import HISTORY_DAYS, TRANSACTION_STATUSES
from meld_desktop.mock.ids import part_id
from meld_desktop.mock.investments import Trade, trade, trades
from meld_desktop.mock.ledger import HeldAccount
from meld_desktop.mock.movements import day_of
from meld_desktop.mock.paging import PageRules, Place, cut, key_of
from meld_desktop.mock.problems import bad_query, not_found
from meld_desktop.mock.query import listed, single_values
from meld_desktop.mock.replies import Json
from meld_desktop.mock.world import World

_PAGES = PageRules("investmenttransaction", 100, 1000)
_PENDING_DAYS = 2
_LONGEST = timedelta(days=3 * 365)
"""No more than this is ever shown, however far the Demo's clock has run."""

_Line = tuple[HeldAccount, Trade]


def routes(world: World) -> list[BaseRoute]:
    """Return the routes of these endpoints."""

    async def search(request: Request) -> Response:
        values = single_values(request.query_params.multi_items())
        errors: list[str] = []
        query = read_part_query(values, _PAGES, errors)
        statuses = listed(values, "statuses", errors, TRANSACTION_STATUSES)
        if errors:
            raise bad_query(*errors)
        now = world.clock.now()
        found = [
            (held, one)
            for held in query.accounts(world.ledger)
            if (span := _span(held, now)) is not None
            for one in trades(held.facts, *query.span(*span))
            if not statuses or _status(one, now) in statuses
        ]
        page, remaining = cut(found, _place, query.page)
        shown = [{"key": key_of(_PAGES.kind, _place(line))} | _json(*line, now) for line in page]
        return Json({"investmentTransactions": shown, "count": len(page), "remaining": remaining})

    async def get(request: Request) -> Response:
        transaction_id: str = request.path_params["transaction_id"]
        now = world.clock.now()
        found = find_part(world.ledger, transaction_id, TRADE_PART)
        one = trade(found[0].facts, found[1]) if found else None
        span = _span(found[0], now) if found else None
        if found is None or one is None or span is None or not span[0] <= one.day <= span[1]:
            raise not_found(f"Investment transaction {transaction_id}")
        return Json(_json(found[0], one, now))

    return [
        Route("/bank-linking/investments/transactions", search, methods=["GET"]),
        Route("/bank-linking/investments/transactions/{transaction_id}", get, methods=["GET"]),
    ]


def _span(held: HeldAccount, now: float) -> tuple[date, date] | None:
    """The days of which something is known. Finicity's test banks have no investment data (SBX)."""
    arrival = held.arrival("INVESTMENT_TRANSACTIONS", now)
    if arrival is None or (held.bank.is_test and held.connections[0].service_provider == "FINICITY"):
        return None
    today = day_of(now)
    return max(day_of(arrival) - timedelta(days=HISTORY_DAYS), today - _LONGEST), today


def _status(one: Trade, now: float) -> str:
    return "PENDING" if day_of(now) - one.day < timedelta(days=_PENDING_DAYS) else "POSTED"


def _place(line: _Line) -> Place:
    return (*line[0].place, -line[1].number)


def _json(held: HeldAccount, one: Trade, now: float) -> dict[str, object]:
    status = _status(one, now)
    return {
        "id": part_id(held.facts.id, TRADE_PART, one.number),
        "accountId": ACCOUNT_ID,
        "customerId": held.customer_id,
        "externalCustomerId": held.external_customer_id,
        "financialAccountId": held.facts.id,
        "connectionIds": held.connection_ids,
        "type": one.type,
        "status": status,
        "symbol": one.symbol,
        "description": one.description,
        "quantity": one.quantity,
        "amount": one.amount,
        "costBasis": abs(one.amount) if one.type == "BUY" else None,
        "currency": held.facts.currency,
        "transactionDate": _noon(one.day),
        "postedDate": None if status == "PENDING" else _noon(one.day + timedelta(days=1)),
        "serviceProviderDetails": provider_details(held, now),
    }


def _noon(day: date) -> str:
    return iso(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp())
