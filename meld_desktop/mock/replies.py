"""Answers of the local Meld as ASGI responses, the broken ones included."""

import json
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from meld_desktop.mock.clock import Clock, iso
from meld_desktop.mock.problems import Problem
from meld_desktop.mock.scenario_kinds import Fault

SLOW_SECONDS = 8
_RETRY_AFTER = 30
_GATEWAY_PAGE = (
    b"<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head>\r\n<body>\r\n"
    b"<center><h1>503 Service Temporarily Unavailable</h1></center>\r\n<hr><center>nginx</center>\r\n"
    b"</body>\r\n</html>\r\n"
)
_BROKEN_OFF = b'{"id":"WQ5CwCxDxXhYuA4fVHGk3o","connectToken":"eyJ0eXAiOiJKV1Qi'

UNAUTHORIZED = Problem(401, "UNAUTHORIZED", "Missing or invalid API key")


class Json(Response):
    """A JSON answer. Escapes everything outside ASCII, so any text a caller sent can be sent back."""

    media_type = "application/json"

    def __init__(self, content: object, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(json.dumps(content, separators=(",", ":")).encode("ascii"), status, dict(headers or {}))


class Dropped(Response):
    """No answer at all: the connection breaks."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        """Break the connection; in a test without sockets raise what a client would see."""
        drop = scope.get("extensions", {}).get("demo.drop")
        if drop is None:
            raise ConnectionResetError
        drop()
        while (await receive())["type"] != "http.disconnect":
            pass


def refusal(problem: Problem, request_id: str, clock: Clock) -> Response:
    """Return the documented error body for ``problem``."""
    return Json(problem.body(request_id, iso(clock.now())), problem.status, dict(problem.headers))


def broken(fault: Fault, request: Request, clock: Clock) -> Response:
    """Return what a caller gets when ``fault`` stands between them and the API (a slow answer is not broken)."""
    match fault:
        case Fault.UNAUTHORIZED:
            return refusal(UNAUTHORIZED, request.state.request_id, clock)
        case Fault.FORBIDDEN_EMPTY:
            return Response(status_code=403)
        case Fault.RATE_LIMITED:
            wait = (("Retry-After", str(_RETRY_AFTER)),)
            return refusal(
                Problem(429, "TOO_MANY_REQUESTS", f"Too many requests. Try again in {_RETRY_AFTER} seconds", (), wait),
                request.state.request_id,
                clock,
            )
        case Fault.SERVER_ERROR_HTML:
            return Response(_GATEWAY_PAGE, 503, media_type="text/html")
        case Fault.BAD_JSON:
            return Response(_BROKEN_OFF, 201 if request.method == "POST" else 200, media_type="application/json")
        case Fault.CONNECTION_DROP | Fault.SLOW_ANSWER:
            return Dropped()
