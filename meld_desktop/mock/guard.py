"""What stands before every request on both origins: loopback names only, small bodies, ids and dates on answers."""

import secrets
from collections.abc import Awaitable, Callable
from email.utils import formatdate

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from meld_desktop.mock.contract import BODY_LIMIT, LOOPBACK_NAMES
from meld_desktop.mock.problems import Problem
from meld_desktop.mock.replies import refusal
from meld_desktop.mock.world import World

Check = Callable[[Request], Awaitable[Response | None]]
"""Looks at a request before it is served and may answer it itself."""


class Guard:
    """ASGI middleware. ``common`` headers go onto every answer; ``check`` runs after the guard's own rules."""

    def __init__(self, app: ASGIApp, world: World, common: dict[str, str], check: Check | None = None) -> None:
        self._app = app
        self._world = world
        self._common = common
        self._check = check

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return
        request_id = secrets.token_hex(16)
        scope.setdefault("state", {})["request_id"] = request_id

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                headers["Date"] = formatdate(self._world.clock.now(), usegmt=True)
                for name, value in self._common.items():
                    headers.setdefault(name, value)
            await send(message)

        answer: ASGIApp
        try:
            _check_host(Headers(scope=scope))
            body = await _read_body(Headers(scope=scope), receive)
            answer = (await self._check(Request(scope)) if self._check else None) or self._app
        except Problem as problem:
            answer, body = refusal(problem, request_id, self._world.clock), b""
        await answer(scope, _once(body, receive), dressed)


def _check_host(headers: Headers) -> None:
    """Refuse foreign names: a web page must not reach the Demo by pointing its own name at this machine."""
    name, _, port = headers.get("host", "").lower().rpartition(":")
    if not name or port.endswith("]"):
        name = headers.get("host", "").lower()
    if name not in LOOPBACK_NAMES:
        raise Problem(400, "BAD_REQUEST", "The Host header must name this machine: 127.0.0.1 or localhost")


async def _read_body(headers: Headers, receive: Receive) -> bytes:
    too_large = Problem(413, "PAYLOAD_TOO_LARGE", f"The body must not be larger than {BODY_LIMIT} bytes")
    announced = headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > BODY_LIMIT:
        raise too_large
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return bytes(body)
        body += message.get("body", b"")
        if len(body) > BODY_LIMIT:
            raise too_large
        if not message.get("more_body", False):
            return bytes(body)


def _once(body: bytes, receive: Receive) -> Receive:
    """Give the body that was read already, then whatever comes after it."""
    given = False

    async def next_message() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return next_message
