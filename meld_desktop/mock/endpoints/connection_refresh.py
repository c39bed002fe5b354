"""``POST /bank-linking/connections/{connectionId}/refresh``: have the data fetched again (REFR)."""

import math

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from meld_desktop.mock.connection import Connection
from meld_desktop.mock.contract import FORCED_REFRESH_SECONDS, PRODUCTS, REFRESHABLE
from meld_desktop.mock.endpoints.shared import conflict, connection_at, note_request, optional_body
from meld_desktop.mock.problems import Problem, bad_request
from meld_desktop.mock.replies import Json
from meld_desktop.mock.start_request import wrong_names
from meld_desktop.mock.world import World


def routes(world: World) -> list[BaseRoute]:
    """Return the routes of this endpoint."""

    async def refresh(request: Request) -> Response:
        connection = connection_at(world, request)
        values = await optional_body(request)
        products = _wanted(connection, values)
        if connection.status not in REFRESHABLE:
            raise conflict(f"A connection that is {connection.status} cannot be refreshed")
        _check_provider_limit(connection, world.clock.now())
        world.connections.refresh(connection, products)
        note_request(world, request, connection, values, 202)
        details = {"serviceProvider": connection.service_provider}
        return Json({"requestId": request.state.request_id, "serviceProviderDetails": details}, 202)

    return [Route("/bank-linking/connections/{connection_id}/refresh", refresh, methods=["POST"])]


def _wanted(connection: Connection, values: dict[str, object]) -> tuple[str, ...]:
    """Return the products to fetch: those named, or all; only granted ones may be named (OAS)."""
    if errors := wrong_names(values, "products", PRODUCTS):
        raise bad_request(*errors)
    named = values.get("products")
    if not isinstance(named, list) or not named:
        return connection.products
    if foreign := [name for name in named if name not in connection.products]:
        raise bad_request(*(f"[products] {name} was not granted to this connection" for name in foreign))
    return tuple(named)


def _check_provider_limit(connection: Connection, now: float) -> None:
    pause = FORCED_REFRESH_SECONDS.get(connection.service_provider or "", 0)
    if connection.refreshed_at is not None and now < connection.refreshed_at + pause:
        left = math.ceil(connection.refreshed_at + pause - now)
        message = f"{connection.service_provider} takes one forced refresh of a connection every {pause // 3600} hours"
        raise Problem(429, "TOO_MANY_REQUESTS", message, (), (("Retry-After", str(left)),))
