"""``GET /openapi.json``: what this server serves, described for tools."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from meld_desktop.locations import resource
from meld_desktop.mock.world import World

PATH = "/openapi.json"


def routes(world: World) -> list[BaseRoute]:
    """Return the route of the description. Reads its file; raises ``FileNotFoundError``."""
    del world  # the same for every world
    document = resource("demo", "openapi.json").read_bytes()

    async def describe(request: Request) -> Response:
        del request
        return Response(document, media_type="application/json")

    return [Route(PATH, describe, methods=["GET"])]
