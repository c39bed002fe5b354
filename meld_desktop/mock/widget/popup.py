"""The bank's own login in a window of its own (OAuth). It lives on another origin than the widget, as a bank's does.

The ``state`` in its address names one visit of one connection, cannot be guessed and opens nothing else.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from meld_desktop.mock.bank_steps import Answer, enter_code, log_in
from meld_desktop.mock.connection import Connection
from meld_desktop.mock.logins import login_hint
from meld_desktop.mock.problems import Problem
from meld_desktop.mock.replies import Json
from meld_desktop.mock.visits import Visit
from meld_desktop.mock.widget.calls import body_of
from meld_desktop.mock.world import World


def routes(world: World) -> list[BaseRoute]:
    """Return the routes of these calls."""

    async def bank(request: Request) -> Response:
        _, visit = _find(world, str((await body_of(request)).get("state")))
        if visit.bank is None or visit.provider is None:
            raise _GONE
        hint = login_hint(visit.bank, visit.provider)
        return Json(
            {
                "institution": {"id": visit.bank.id, "name": visit.bank.name, "domain": visit.bank.domain},
                "hint": {"username": hint.username, "password": hint.password, "code": hint.code},
            }
        )

    async def answer(request: Request) -> Response:
        values = await body_of(request)
        connection, visit = _find(world, str(values.get("state")))
        if values.get("allow") is not True:
            visit.denied = True
            return Json({"outcome": Answer.REFUSED.value})
        if "code" in values:
            reply = enter_code(connection, visit, str(values["code"]))
        else:
            reply = log_in(connection, visit, str(values.get("username")), str(values.get("password")))
        return Json({"outcome": reply.value})

    return [Route("/oauth/bank", bank, methods=["POST"]), Route("/oauth/answer", answer, methods=["POST"])]


_GONE = Problem(404, "NOT_FOUND", "This login is over")


def _find(world: World, state: str) -> tuple[Connection, Visit]:
    found = world.connections.find_visit(state)
    if found is None or not found[1].by_popup or found[1].session.is_used:
        raise _GONE
    return found
