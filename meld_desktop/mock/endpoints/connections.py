"""``/bank-linking/connections`` and ``/{connectionId}``: what became of the links, and ending one (OAS, DEL)."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from meld_desktop.mock.connection_query import PAGES, read_connection_query
from meld_desktop.mock.endpoints.shared import conflict, connection_at, note_request
from meld_desktop.mock.paging import cut, key_of
from meld_desktop.mock.replies import Json
from meld_desktop.mock.world import World


def routes(world: World) -> list[BaseRoute]:
    """Return the routes of these endpoints."""

    async def search(request: Request) -> Response:
        query = read_connection_query(request.query_params.multi_items())
        found = [connection for connection in world.connections if query.admits(connection)]
        page, remaining = cut(found, lambda connection: connection.place, query.page)
        now = world.clock.now()
        return Json(
            {
                "connections": [{"key": key_of(PAGES.kind, one.place)} | one.to_json(now) for one in page],
                "count": len(page),
                "remaining": remaining,
            }
        )

    async def one(request: Request) -> Response:
        connection = connection_at(world, request)
        if request.method != "DELETE":
            return Json(connection.to_json(world.clock.now()))
        if connection.status == "DELETED":
            raise conflict("The connection is deleted already")
        world.delete(connection)
        note_request(world, request, connection, None, 204)
        return Response(status_code=204)

    return [
        Route("/bank-linking/connections", search, methods=["GET"]),
        Route("/bank-linking/connections/{connection_id}", one, methods=["GET", "DELETE"]),
    ]
