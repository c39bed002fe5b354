"""``POST /bank-linking/connect/repair``: a new token for a connection that needs its customer again (REP)."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from meld_desktop.mock.contract import NOT_REPAIRABLE
from meld_desktop.mock.endpoints.shared import conflict, connection_of, note_request
from meld_desktop.mock.problems import bad_request
from meld_desktop.mock.replies import Json
from meld_desktop.mock.start_request import json_object
from meld_desktop.mock.world import World


def routes(world: World) -> list[BaseRoute]:
    """Return the routes of this endpoint."""

    async def repair(request: Request) -> Response:
        values = json_object(await request.body())
        connection_id = values.get("connectionId")
        if not isinstance(connection_id, str) or not connection_id.strip():
            raise bad_request("[connectionId] must not be blank")
        if world.strictness.unknown_fields and (unknown := [name for name in values if name != "connectionId"]):
            raise bad_request(*(f"[{name[:80]}] is not a known field" for name in unknown))
        connection = connection_of(world, connection_id)
        if connection.status in NOT_REPAIRABLE or connection.bank is None:
            raise conflict(f"A connection that is {connection.status} cannot be repaired")
        token = world.connect_token(connection, repair=True)
        note_request(world, request, connection, {"connectionId": connection_id}, 201)
        return Json(
            {
                "id": connection.id,
                "connectToken": token,
                "institutionId": connection.bank.id,
                "widgetUrl": f"{world.widget_origin}?connectToken={token}",
            },
            201,
        )

    return [Route("/bank-linking/connect/repair", repair, methods=["POST"])]
