"""``POST /bank-linking/connections/{connectionId}/update``: ask for more products later (UPD)."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from meld_desktop.mock.connection import Connection
from meld_desktop.mock.contract import PRODUCTS, REFRESHABLE
from meld_desktop.mock.endpoints.shared import conflict, connection_at, note_request
from meld_desktop.mock.problems import bad_request
from meld_desktop.mock.replies import Json
from meld_desktop.mock.start_request import json_object, wrong_names
from meld_desktop.mock.world import World

_ADDABLE: dict[str, frozenset[str]] = {
    "PLAID": frozenset(PRODUCTS),
    "FINICITY": frozenset(PRODUCTS),
    "MX": frozenset({"TRANSACTIONS", "INVESTMENT_HOLDINGS", "INVESTMENT_TRANSACTIONS"}),
}
"""What each provider can add to a connection later; the others nothing at all (UPD)."""


def routes(world: World) -> list[BaseRoute]:
    """Return the routes of this endpoint."""

    async def update(request: Request) -> Response:
        connection = connection_at(world, request)
        values = json_object(await request.body())
        products = _wanted(values)
        if connection.status not in REFRESHABLE:
            raise conflict(f"A connection that is {connection.status} cannot be updated")
        _check_addable(connection, products)
        connection.add_products(products, world.clock.now())
        state = {"optionalProducts": connection.to_json(world.clock.now())["optionalProducts"]}
        world.log.add(world.clock.now(), "INSTITUTION_CONNECTION_UPDATED", connection, attributes=state)
        note_request(world, request, connection, values, 202)
        return Json({"requestId": request.state.request_id}, 202)

    return [Route("/bank-linking/connections/{connection_id}/update", update, methods=["POST"])]


def _wanted(values: dict[str, object]) -> tuple[str, ...]:
    if errors := wrong_names(values, "products", PRODUCTS):
        raise bad_request(*errors)
    named = values.get("products")
    if not isinstance(named, list) or not named:
        raise bad_request("[products] at least one product must be specified")
    return tuple(dict.fromkeys(named))


def _check_addable(connection: Connection, products: tuple[str, ...]) -> None:
    if there := [name for name in products if name in connection.products]:
        raise bad_request(*(f"[products] {name} is on this connection already" for name in there))
    provider = connection.provider
    possible = _ADDABLE.get(provider.name, frozenset()) & provider.products if provider else frozenset[str]()
    if missing := [name for name in products if name not in possible]:
        raise bad_request(*(f"[products] {name} cannot be added with this service provider" for name in missing))
