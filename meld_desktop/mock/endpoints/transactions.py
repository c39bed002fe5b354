"""``GET /bank-linking/transactions`` and ``/{transactionId}``: newest first per account (OAS)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from meld_desktop.mock.account_data import TRANSACTION_PART, PartQuery, find_part, read_part_query
from meld_desktop.mock.clock import iso
from meld_desktop.mock.connection import ACCOUNT_ID
from meld_desktop.mock.contract import CATEGORIES, TRANSACTION_STATUSES
from meld_desktop.mock.ids import part_id
from meld_desktop.mock.ledger import HeldAccount
from meld_desktop.mock.movements import Movement, day_of, movement, movements
from meld_desktop.mock.paging import PageRules, Place, cut, key_of
from meld_desktop.mock.problems import bad_query, not_found
from meld_desktop.mock.query import listed, single_values
from meld_desktop.mock.replies import Json
from meld_desktop.mock.world import World

_PAGES = PageRules("transaction", 100, 1000)
_TELLS_RECURRING = frozenset({"PLAID", "MX"})
"""The only providers that say what comes back regularly (OAS)."""
_LONGEST = timedelta(days=3 * 365)
"""No more than this is ever shown, however far the Demo's clock has run."""

_Line = tuple[HeldAccount, Movement]


def routes(world: World) -> list[BaseRoute]:
    """Return the routes of these endpoints."""

    async def search(request: Request) -> Response:
        values = single_values(request.query_params.multi_items())
        errors: list[str] = []
        query = read_part_query(values, _PAGES, errors)
        status = _one_of(values, "status", TRANSACTION_STATUSES, errors)
        category = _one_of(values, "category", CATEGORIES, errors)
        if errors:
            raise bad_query(*errors)
        now = world.clock.now()
        today = day_of(now)
        found = [
            (held, line)
            for held in query.accounts(world.ledger)
            for line in _visible(held, now, query)
            if category in {None, line.category} and (status is None or line.is_pending(today) is (status == "PENDING"))
        ]
        page, remaining = cut(found, _place, query.page)
        shown = [{"key": key_of(_PAGES.kind, _place(line))} | _json(*line, today) for line in page]
        return Json({"financialAccountTransactions": shown, "count": len(page), "remaining": remaining})

    async def get(request: Request) -> Response:
        transaction_id: str = request.path_params["transaction_id"]
        now = world.clock.now()
        found = find_part(world.ledger, transaction_id, TRANSACTION_PART)
        line = movement(found[0].facts, found[1]) if found else None
        span = _span(found[0], now) if found else None
        if found is None or line is None or span is None or not span[0] <= line.day <= span[1]:
            raise not_found(f"Transaction {transaction_id}")
        return Json(_json(found[0], line, day_of(now)))

    return [
        Route("/bank-linking/transactions", search, methods=["GET"]),
        Route("/bank-linking/transactions/{transaction_id}", get, methods=["GET"]),
    ]


def _one_of(values: dict[str, str], name: str, allowed: tuple[str, ...], errors: list[str]) -> str | None:
    if name not in values:
        return None
    if not listed({name: values[name]}, name, errors, allowed) or "," in values[name]:
        errors.append(f"[{name}] must be one of {', '.join(allowed)}")
    return values[name].strip()


def _span(held: HeldAccount, now: float) -> tuple[date, date] | None:
    known = held.transaction_days(now)
    if known is None:
        return None
    today = day_of(now)
    return max(day_of(known[0]) - timedelta(days=known[1]), today - _LONGEST), today


def _visible(held: HeldAccount, now: float, query: PartQuery) -> Iterator[Movement]:
    span = _span(held, now)
    return iter(()) if span is None else movements(held.facts, *query.span(*span))


def _place(line: _Line) -> Place:
    held, one = line
    return (*held.place, -one.number)


def _json(held: HeldAccount, one: Movement, today: date) -> dict[str, object]:
    provider = held.connections[0].service_provider or ""
    is_pending = one.is_pending(today)
    recurring = "RECURRING" if one.is_recurring else "NOT_RECURRING"
    return {
        "id": part_id(held.facts.id, TRANSACTION_PART, one.number),
        "accountId": ACCOUNT_ID,
        "customerId": held.customer_id,
        "externalCustomerId": held.external_customer_id,
        "financialAccountId": held.facts.id,
        "connectionIds": held.connection_ids,
        "amount": one.cents / 100,
        "currency": held.facts.currency,
        "description": one.description,
        "status": "PENDING" if is_pending else "POSTED",
        "category": one.category,
        "recurringStatus": recurring if provider in _TELLS_RECURRING else "UNKNOWN",
        "transactionDate": _noon(one.day),
        "postedDate": None if is_pending else _noon(one.day + timedelta(days=1)),
        "serviceProviderDetails": [{"serviceProvider": provider, "updatedAt": _noon(one.day)}],
    }


def _noon(day: date) -> str:
    return iso(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp())
