"""``GET /bank-linking/investments/holdings`` and ``/{investmentHoldingId}`` (OAS)."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from meld_desktop.mock.account_data import HOLDING_PART, find_part, read_part_query
from meld_desktop.mock.account_view import provider_details
from meld_desktop.mock.connection import ACCOUNT_ID
from meld_desktop.mock.ids import part_id
from meld_desktop.mock.investments import Holding, holdings_of
from meld_desktop.mock.ledger import HeldAccount
from meld_desktop.mock.paging import PageRules, Place, cut, key_of
from meld_desktop.mock.problems import bad_query, not_found
from meld_desktop.mock.query import single_values
from meld_desktop.mock.replies import Json
from meld_desktop.mock.world import World

_PAGES = PageRules("holding", 100, 1000)

_Line = tuple[HeldAccount, Holding]


def routes(world: World) -> list[BaseRoute]:
    """Return the routes of these endpoints."""

    async def search(request: Request) -> Response:
        errors: list[str] = []
        query = read_part_query(single_values(request.query_params.multi_items()), _PAGES, errors)
        if errors:
            raise bad_query(*errors)
        now = world.clock.now()
        found = [(held, one) for held in query.accounts(world.ledger) for one in _visible(held, now)]
        page, remaining = cut(found, _place, query.page)
        shown = [{"key": key_of(_PAGES.kind, _place(line))} | _json(*line, now) for line in page]
        return Json({"investmentHoldings": shown, "count": len(page), "remaining": remaining})

    async def get(request: Request) -> Response:
        holding_id: str = request.path_params["holding_id"]
        now = world.clock.now()
        found = find_part(world.ledger, holding_id, HOLDING_PART)
        visible = _visible(found[0], now) if found else ()
        if found is None or found[1] >= len(visible):
            raise not_found(f"Investment holding {holding_id}")
        return Json(_json(found[0], visible[found[1]], now))

    return [
        Route("/bank-linking/investments/holdings", search, methods=["GET"]),
        Route("/bank-linking/investments/holdings/{holding_id}", get, methods=["GET"]),
    ]


def _visible(held: HeldAccount, now: float) -> tuple[Holding, ...]:
    """What the account holds, once that was asked for and is there. Finicity's test banks have none (SBX)."""
    is_empty = held.bank.is_test and held.connections[0].service_provider == "FINICITY"
    return () if is_empty or held.arrival("INVESTMENT_HOLDINGS", now) is None else holdings_of(held.facts)


def _place(line: _Line) -> Place:
    return (*line[0].place, line[1].number)


def _json(held: HeldAccount, one: Holding, now: float) -> dict[str, object]:
    return {
        "id": part_id(held.facts.id, HOLDING_PART, one.number),
        "accountId": ACCOUNT_ID,
        "customerId": held.customer_id,
        "externalCustomerId": held.external_customer_id,
        "financialAccountId": held.facts.id,
        "connectionIds": held.connection_ids,
        "symbol": one.symbol,
        "description": one.description,
        "type": one.type,
        "quantity": one.quantity,
        "closePrice": one.close_price,
        "currentValue": one.current_value,
        "costBasis": one.cost_basis,
        "currency": held.facts.currency,
        "cusip": None,
        "isin": None,
        "serviceProviderDetails": provider_details(held, now),
    }
