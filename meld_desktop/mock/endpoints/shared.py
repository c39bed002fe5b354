"""What the endpoints have in common: finding a connection by the id in the path."""

from starlette.requests import Request

from meld_desktop.mock.connection import Connection
from meld_desktop.mock.ids import is_id
from meld_desktop.mock.problems import Problem, bad_id, not_found
from meld_desktop.mock.start_request import json_object
from meld_desktop.mock.world import World

_KEPT_BODY = 2_000
_KEPT_HEADERS = ("content-type", "meld-version")


def connection_at(world: World, request: Request) -> Connection:
    """Return the connection the path names. Raises ``Problem``: 400 when it cannot be an id, 404 when it is unknown."""
    return connection_of(world, request.path_params["connection_id"])


def connection_of(world: World, connection_id: str) -> Connection:
    """Return a connection. Raises ``Problem``: 400 when it cannot be an id, 404 when it is unknown."""
    if not is_id(connection_id):
        raise bad_id(connection_id)
    connection = world.connections.get(connection_id)
    if connection is None:
        raise not_found(f"Connection {connection_id}")
    return connection


async def optional_body(request: Request) -> dict[str, object]:
    """Return the JSON object in the body, or an empty one when there is no body. Raises ``Problem`` (400)."""
    body = await request.body()
    return json_object(body) if body.strip() else {}


def conflict(message: str) -> Problem:
    """Return the 409 for something the state of a connection does not allow."""
    return Problem(409, "CONFLICT", message)


def note_request(
    world: World, request: Request, connection: Connection, body: object = None, status: int = 200
) -> None:
    """Keep a request that changed something for the activity log. Neither key nor token is part of it."""
    if len(str(body)) > _KEPT_BODY:
        body = "too long to be kept"
    details = {
        "method": request.method,
        "path": request.url.path,
        "headers": {
            name: request.headers[name] for name in ("content-type", "meld-version") if name in request.headers
        },
        "requestBody": body,
        "responseStatus": status,
    }
    world.log.add(
        world.clock.now(), "INBOUND_REQUEST", connection, request_id=request.state.request_id, details=details
    )
