"""``POST /bank-linking/connect/start``: begin a connection and hand out its connect token (OAS)."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from meld_desktop.mock.endpoints.shared import note_request
from meld_desktop.mock.problems import bad_request, not_found
from meld_desktop.mock.replies import SLOW_SECONDS, Json, broken
from meld_desktop.mock.scenarios import Fault, Scenario, scenario_of_customer
from meld_desktop.mock.start_request import StartRequest, json_object, read_start_request
from meld_desktop.mock.world import World


def routes(world: World) -> list[BaseRoute]:
    """Return the routes of this endpoint."""

    async def start(request: Request) -> Response:
        body = await request.body()
        wanted = read_start_request(body, world.strictness)
        if wanted.institution_id is not None and world.banks.get(wanted.institution_id) is None:
            raise not_found(f"Institution {wanted.institution_id}")
        scenario: Scenario = request.state.scenario
        if (own := _own_scenario(wanted)) is not None and not request.state.scenario_is_explicit:
            scenario = own
            if own.fault is Fault.SLOW_ANSWER:
                await world.wait(SLOW_SECONDS)
            elif own.fault is not None:
                return broken(own.fault, request, world.clock)
        connection = world.connections.add(wanted, scenario)
        token = world.connect_token(connection)
        request_id = request.state.request_id
        world.log.add(connection.created_at, "INSTITUTION_CONNECTION_CREATED", connection, request_id=request_id)
        note_request(world, request, connection, json_object(body), 201)
        return Json(
            {
                "id": connection.id,
                "connectToken": token,
                "customerId": connection.customer_id,
                "externalCustomerId": wanted.external_customer_id,
                "widgetUrl": f"{world.widget_origin}?connectToken={token}",
            },
            201,
        )

    return [Route("/bank-linking/connect/start", start, methods=["POST"])]


def _own_scenario(wanted: StartRequest) -> Scenario | None:
    try:
        return scenario_of_customer(wanted.external_customer_id)
    except ValueError as problem:
        raise bad_request(f"[externalCustomerId] {problem}") from None
