"""Opening the widget, and searching for a bank in it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from meld_desktop.mock.connection import Connection
from meld_desktop.mock.picker import pick
from meld_desktop.mock.problems import bad_request
from meld_desktop.mock.replies import Json
from meld_desktop.mock.scenario_kinds import Twist
from meld_desktop.mock.widget.calls import Call, opened, shown, widget_call
from meld_desktop.mock.widget.troubles import Trouble
from meld_desktop.mock.world import World

_SHOWN_AT_ONCE = 40


def routes(world: World) -> list[BaseRoute]:
    """Return the routes of these calls."""

    async def open_session(request: Request) -> Response:
        connection, session = opened(world, request)
        wanted = connection.request
        bank = connection.bank or (world.banks.get(wanted.institution_id) if wanted.institution_id else None)
        note_event(world, connection, "init", request.state.request_id)
        return Json(
            {
                "visit": world.connections.open_visit(connection, session).id,
                "connectionId": connection.id,
                "isRepair": session.is_repair,
                "products": [*wanted.products, *wanted.optional_products],
                "accountPreference": dict(wanted.appearance or {}),
                "institution": shown(connection, bank) if bank else None,
                "institutionSearchString": wanted.institution_search_string or "",
                "redirectUrl": wanted.redirect_url or "",
                "filtered": {
                    "products": len(wanted.products),
                    "regions": len(wanted.regions or ()),
                    "redirects": not wanted.allow_redirect,
                },
                "customerLeaves": connection.scenario.twist is Twist.CUSTOMER_LEAVES and not session.is_repair,
                "pace": world.clock.speed,
            }
        )

    return [
        Route("/widget/session", open_session, methods=["POST"]),
        widget_call(world, "/widget/institutions", _institutions),
        widget_call(world, "/widget/event", _event),
    ]


_REPORTED = {
    "cancel": None,
    "POPUP_BLOCKED": Trouble("INTERNAL_FAILURE", "POPUP_BLOCKED", "The institution's window could not be opened"),
}
"""What only the page knows: how the customer left, and what went wrong in the browser."""


async def _event(call: Call) -> object:
    name = call.text("name")
    if name not in _REPORTED:
        raise bad_request("There is no such event")
    trouble = _REPORTED[name]
    if trouble is None:
        note_event(call.world, call.connection, name, call.request_id)
    else:
        call.log_error(trouble)
    return {}


def note_event(world: World, connection: Connection, name: str, request_id: str) -> None:
    """Keep an event of the widget for the activity log."""
    action, told = "INSTITUTION_CONNECTION_WIDGET_EVENT", {"eventName": name}
    world.log.add(world.clock.now(), action, connection, request_id=request_id, event_type=name, details=told)


async def _institutions(call: Call) -> object:
    wanted = call.connection.request
    found = pick(
        call.world.banks,
        wanted.products,
        wanted.regions or (),
        allow_redirect=wanted.allow_redirect,
        query=call.text("query"),
    )
    return {
        "institutions": [shown(call.connection, bank) for bank in found[:_SHOWN_AT_ONCE]],
        "count": min(len(found), _SHOWN_AT_ONCE),
        "remaining": max(0, len(found) - _SHOWN_AT_ONCE),
    }
