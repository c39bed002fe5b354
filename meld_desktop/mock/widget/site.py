"""The widget origin as one ASGI application."""

from collections.abc import Callable

from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from meld_desktop.mock.api import routed
from meld_desktop.mock.guard import Guard
from meld_desktop.mock.widget import bank_login, finish, pages, popup, session
from meld_desktop.mock.world import World

_PARTS: tuple[Callable[[World], list[BaseRoute]], ...] = (
    pages.routes,
    session.routes,
    bank_login.routes,
    finish.routes,
    popup.routes,
)
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def widget_app(world: World) -> ASGIApp:
    """Return the ASGI application of the widget origin. It may be framed by anyone, as Meld's may."""
    return Guard(routed([route for part in _PARTS for route in part(world)], world), world, _HEADERS)
