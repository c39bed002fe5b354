"""What the strict server can be told to answer: every reply, and every way not to reply, that a client must survive."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

LOGIN_PAGE = b"<!doctype html><html><body><h1>502 Bad Gateway</h1><p>nginx says no</p></body></html>"
REQUEST_ID = "b23d65f6271fb5bccc069597de7398e6"
MAXIMUM_REPLY = 1024 * 1024
"""The longest reply a client has to read, in bytes."""


@dataclass(frozen=True)
class Answer:
    """One scripted answer. Without ``body`` the server makes the documented 201 for the request it got."""

    status: int = 201
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    delay: float = 0.0
    """Seconds before the first byte."""
    drip: float = 0.0
    """Seconds between single bytes of the whole answer, head included."""
    promise: int | None = None
    """A Content-Length other than the true one."""
    reset: bool = False
    """Send nothing; break the connection with a TCP reset."""
    changes: Mapping[str, object] = field(default_factory=dict)
    """Fields of the documented 201 to set, or to leave out when None."""


OK = Answer()


def ok(**changes: object) -> Answer:
    """Return the documented 201 with some fields changed (None leaves a field out)."""
    return Answer(changes=changes)


def refusal(status: int, code: str, message: str, *, errors: list[str] | None = None, **headers: str) -> Answer:
    """Return a refusal with Meld's documented error body; ``Retry_After=...`` becomes a header."""
    body: dict[str, object] = {
        "code": code,
        "message": message,
        "requestId": REQUEST_ID,
        "timestamp": "2026-02-03T10:20:30.123+00:00",
    }
    if errors is not None:
        body["errors"] = errors
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, json.dumps(body).encode(), named)


def html(status: int) -> Answer:
    """Return an error page as a proxy or a load balancer sends it."""
    return Answer(status, LOGIN_PAGE, content_type="text/html; charset=utf-8")


BAD_FIELDS = refusal(
    400,
    "BAD_REQUEST",
    "Request validation failed",
    errors=["[externalCustomerId] must not contain spaces", "[redirectUrl] must be a registered URL"],
)
"""Two problems, each at a field."""
NO_AUTHORITY = refusal(401, "UNAUTHORIZED", "Invalid API key")
FORBIDDEN_EMPTY = Answer(403, b"")
UNKNOWN_BANK = refusal(404, "NOT_FOUND", "Institution not found")
CONFLICT = refusal(409, "CONFLICT", "A connection is already in progress")
UNPROCESSABLE = refusal(422, "UNPROCESSABLE", "Cannot process the request")
TOO_MANY = refusal(429, "TOO_MANY_REQUESTS", "Slow down", Retry_After="7")
SERVER_HTML = html(500)
UNAVAILABLE_HTML = html(503)
NOT_JSON = Answer(201, b"<html>hello</html>")
JSON_LIST = Answer(201, b'[{"widgetUrl": "http://127.0.0.1:1/"}]')
NO_WIDGET_URL = ok(widgetUrl=None)
HUGE = Answer(201, b'{"widgetUrl": "' + b"x" * (MAXIMUM_REPLY + 1) + b'"}')
RESET = Answer(reset=True)
CUT_OFF = Answer(201, b'{"id": "WQ5CwCxDxXhYuA4fVHGk3o", "connectTo', promise=900)
SLOW = Answer(delay=30.0)
DRIP = Answer(drip=1.0)


def redirect(to: str) -> Answer:
    """Return a 302 to ``to``, where a key must never arrive."""
    return Answer(302, b"", {"Location": to})
