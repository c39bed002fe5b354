"""Opening the widget, and searching for a bank in it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from meld_desktop.mock.picker import pick
from meld_desktop.mock.replies import Json
from meld_desktop.mock.scenarios import Twist
from meld_desktop.mock.widget.calls import Call, opened, shown, widget_call
from meld_desktop.mock.world import World

_SHOWN_AT_ONCE = 40


def routes(world: World) -> list[BaseRoute]:
    """Return the routes of these calls."""

    async def session(request: Request) -> Response:
        connection = opened(world, request)
        wanted = connection.request
        bank = world.banks.get(wanted.institution_id) if wanted.institution_id else None
        return Json(
            {
                "visit": connection.open_visit().id,
                "connectionId": connection.id,
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
                "customerLeaves": connection.scenario.twist is Twist.CUSTOMER_LEAVES,
                "pace": world.clock.speed,
            }
        )

    return [
        Route("/widget/session", session, methods=["POST"]),
        widget_call(world, "/widget/institutions", _institutions),
    ]


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
