"""``GET /bank-linking/connections`` and ``/{connectionId}``: what became of the links (OAS)."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from meld_desktop.mock.connection_query import page_of, read_connection_query
from meld_desktop.mock.ids import is_id
from meld_desktop.mock.problems import bad_id, not_found
from meld_desktop.mock.replies import Json
from meld_desktop.mock.world import World


def routes(world: World) -> list[BaseRoute]:
    """Return the routes of these endpoints."""

    async def search(request: Request) -> Response:
        query = read_connection_query(request.query_params.multi_items())
        page, remaining = page_of(world.connections, query)
        now = world.clock.now()
        return Json(
            {
                "connections": [{"key": found.key} | found.to_json(now) for found in page],
                "count": len(page),
                "remaining": remaining,
            }
        )

    async def get(request: Request) -> Response:
        connection_id: str = request.path_params["connection_id"]
        if not is_id(connection_id):
            raise bad_id(connection_id)
        connection = world.connections.get(connection_id)
        if connection is None:
            raise not_found(f"Connection {connection_id}")
        return Json(connection.to_json(world.clock.now()))

    return [
        Route("/bank-linking/connections", search, methods=["GET"]),
        Route("/bank-linking/connections/{connection_id}", get, methods=["GET"]),
    ]
