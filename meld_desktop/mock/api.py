"""The API origin: who may call, which fault stands in the way, and every endpoint behind it."""

import base64
import binascii
from collections.abc import Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from meld_desktop.mock.contract import VERSION
from meld_desktop.mock.endpoints import (
    accounts,
    activity_log,
    connect_repair,
    connect_start,
    connection_refresh,
    connection_update,
    connections,
    countries,
    institutions,
    investment_holdings,
    investment_transactions,
    openapi,
    transactions,
)
from meld_desktop.mock.guard import Guard
from meld_desktop.mock.problems import Problem, bad_request, not_found
from meld_desktop.mock.replies import SLOW_SECONDS, UNAUTHORIZED, broken, refusal
from meld_desktop.mock.scenarios import HEADER, Fault, find_scenario
from meld_desktop.mock.world import World

ENDPOINTS: tuple[Callable[[World], list[BaseRoute]], ...] = (
    connect_start.routes,
    connect_repair.routes,
    connections.routes,
    connection_refresh.routes,
    connection_update.routes,
    accounts.routes,
    transactions.routes,
    investment_holdings.routes,
    investment_transactions.routes,
    institutions.routes,
    countries.routes,
    activity_log.routes,
    openapi.routes,
)
"""Every endpoint module's ``routes``."""

_WRONG_KEY = "wrong"
_HEADERS = {
    "Meld-Version": VERSION,  # every answer carries it (VER); an endpoint with another version says so itself
    "Cache-Control": "no-cache, no-store, max-age=0, must-revalidate",
    "Pragma": "no-cache",
    "Expires": "0",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'self';",
}


def api_app(world: World) -> ASGIApp:
    """Return the ASGI application of the API origin."""

    async def check(request: Request) -> Response | None:
        if request.url.path == openapi.PATH:
            return None  # a description, which tools fetch without a key
        _check_key(request)
        name = request.headers.get(HEADER)
        try:
            scenario = world.scenario if name is None else find_scenario(name)
        except ValueError as problem:
            raise bad_request(f"[X-Demo-Scenario] {problem}") from None
        request.state.scenario, request.state.scenario_is_explicit = scenario, name is not None
        if scenario.fault is Fault.SLOW_ANSWER:
            await world.wait(SLOW_SECONDS)
        elif scenario.fault is not None:
            return broken(scenario.fault, request, world.clock)
        return None

    return Guard(routed([route for routes in ENDPOINTS for route in routes(world)], world), world, _HEADERS, check)


def routed(routes: list[BaseRoute], world: World) -> Starlette:
    """Return an application whose refusals, unknown paths and wrong methods all have the documented error body."""

    async def refuse(request: Request, problem: Exception) -> Response:
        if isinstance(problem, HTTPException):
            problem = _translated(problem, request)
        if not isinstance(problem, Problem):
            problem = Problem(500, "UNKNOWN", "Something went wrong in the Demo")
        return refusal(problem, request.state.request_id, world.clock)

    app = Starlette(routes=routes, exception_handlers={Problem: refuse, HTTPException: refuse, Exception: refuse})
    app.router.redirect_slashes = False
    return app


def _translated(problem: HTTPException, request: Request) -> Problem:
    if problem.status_code == 405:
        allow = (("Allow", (problem.headers or {}).get("Allow", "")),)
        return Problem(405, "METHOD_NOT_ALLOWED", f"Request method {request.method} is not supported", (), allow)
    return (
        not_found("Path") if problem.status_code == 404 else Problem(problem.status_code, "BAD_REQUEST", problem.detail)
    )


def _check_key(request: Request) -> None:
    """Any key opens the Demo except ``wrong``, as it is or in base64 (``id:secret`` is sent either way in the wild)."""
    scheme, _, key = request.headers.get("authorization", "").strip().partition(" ")
    key = key.strip()
    if scheme.lower() != "basic" or not key or _WRONG_KEY in {key, _decoded(key)}:
        raise UNAUTHORIZED


def _decoded(key: str) -> str:
    try:
        return base64.b64decode(key, validate=True).decode("latin-1").rstrip(":")
    except (ValueError, binascii.Error):
        return ""
