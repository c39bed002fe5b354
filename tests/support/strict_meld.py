"""A strict Meld on loopback that shares no line with the product: it records everything and answers as it is told.

Only the standard library. What it holds against a request is its own reading of the documented contract; whatever a
request does wrong is listed in ``violations`` besides being refused.
"""

import base64
import contextlib
import json
import re
import socket
import ssl
import struct
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar, Self, cast

from tests.support.answers import OK, Answer, refusal
from tests.support.fake_widget import widget_page

START = "/bank-linking/connect/start"
CONNECTIONS = "/bank-linking/connections"
CONNECTION_ID = "WQ5CwCxDxXhYuA4fVHGk3o"
VERSION = "2026-02-03"
PRODUCTS = frozenset(
    {"BALANCES", "IDENTIFIERS", "INVESTMENT_HOLDINGS", "INVESTMENT_TRANSACTIONS", "OWNERS", "TRANSACTIONS"}
)
FIELDS: Mapping[str, type] = {
    "externalCustomerId": str,
    "products": list,
    "optionalProducts": list,
    "regions": list,
    "allowRedirect": bool,
    "redirectUrl": str,
    "institutionId": str,
    "institutionSearchString": str,
    "accountPreferenceOverride": dict,
}
APPEARANCE: Mapping[str, type] = {
    "accountLogoUrl": str,
    "borderColor": str,
    "borderTextColor": str,
    "font": str,
    "institutionSelectionText": str,
    "routingRetry": bool,
    "routingRetryBankButtonColor": str,
    "routingRetryProviderButtonColor": str,
    "selectionStyle": str,
    "showBorder": bool,
}
LIFETIME = 4 * 3600


@dataclass(frozen=True)
class Request:
    """One request as it arrived."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    arrived: float
    gone: threading.Event = field(default_factory=threading.Event, compare=False)
    """Set when the client closed the connection before it had the answer."""

    def header(self, name: str) -> list[str]:
        """Return every value of a header."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body)


def problems(request: Request) -> list[str]:
    """Return what the documented contract holds against ``request``; empty when nothing."""
    found = []
    if (request.method, request.path) != ("POST", START):
        return [f"{request.method} {request.path} is not the documented call"]
    if not [
        value for value in request.header("Authorization") if re.fullmatch(r"BASIC [\x21-\x7e][\x20-\x7e]*", value)
    ]:
        found.append(f"Authorization is not 'BASIC <key>': {len(request.header('Authorization'))} header(s)")
    if request.header("Meld-Version") != [VERSION]:
        found.append(f"Meld-Version is {request.header('Meld-Version')}")
    if request.header("Content-Type") not in (["application/json"], ["application/json;charset=UTF-8"]):
        found.append(f"Content-Type is {request.header('Content-Type')}")
    try:
        body = request.json()
    except ValueError as error:
        return [*found, f"body is not JSON: {error}"]
    if not isinstance(body, dict):
        return [*found, "body is not an object"]
    return found + _body_problems(body)


def _body_problems(body: dict[str, Any]) -> list[str]:
    found = _typed(body, FIELDS, "")
    if not body.get("externalCustomerId"):
        found.append("[externalCustomerId] must not be blank")
    products, optional = body.get("products") or [], body.get("optionalProducts") or []
    if not products and not optional:
        found.append("no product")
    found += [f"unknown product {name!r}" for name in [*products, *optional] if name not in PRODUCTS]
    found += [f"{name} is in both lists" for name in products if name in optional]
    for name in ("products", "optionalProducts", "regions"):
        values = body.get(name)
        if values is not None and (not values or len(set(values)) != len(values)):
            found.append(f"{name} is empty or repeats itself: {values}")
    found += [
        f"{code!r} is no region"
        for code in body.get("regions", [])
        if not re.fullmatch(r"[A-Z]{2}(-[A-Z0-9]{1,3})?", code)
    ]
    if body.get("allowRedirect") is True:
        found.append("allowRedirect is sent though it is the default")
    look = body.get("accountPreferenceOverride")
    if look is not None:
        found += _typed(look, APPEARANCE, "accountPreferenceOverride.") if look else ["empty accountPreferenceOverride"]
    return found


def _typed(values: Mapping[str, Any], known: Mapping[str, type], where: str) -> list[str]:
    found = [f"unknown field {where}{name}" for name in values if name not in known]
    found += [
        f"{where}{name} is a {type(value).__name__}"
        for name, value in values.items()
        if name in known and (type(value) is not known[name] or value == "")
    ]
    return found


def connect_token(seconds: int = LIFETIME, **claims: object) -> str:
    """Return a token of the documented shape. The signature is the letter x: nobody here may rely on it."""
    now = int(time.time())
    head = {"typ": "JWT", "alg": "HS256"}
    body = {"iss": "meld.io", "iat": now, "exp": now + seconds, "connection": "WQ5CwCxDxXhYuA4fVHGk3o", **claims}
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (head, body)]
    return ".".join([*parts, base64.urlsafe_b64encode(b"x" * 32).rstrip(b"=").decode()])


class _Handler(BaseHTTPRequestHandler):
    """Hands each request to the server object that owns it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60
    methods: ClassVar[tuple[str, ...]] = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_") and name[3:] in self.methods:
            return self._serve
        raise AttributeError(name)

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = Request(self.command, self.path, tuple(self.headers.items()), body, time.monotonic())
        cast(_Server, self.server).owner.serve(self, request)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the standard library
        """Say nothing: requests are recorded, not printed."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    owner: "_Loopback"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away in the middle is what some tests are about."""


class _Loopback:
    """A threaded server on a free loopback port; a context manager."""

    def __init__(self, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> None:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.owner = self
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = int(self._server.server_address[1])
        self.url = f"{'https' if tls else 'http'}://{host}:{self.port}"
        self.requests: list[Request] = []
        self._arrival = threading.Condition()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving; answers that are being delayed are given up."""
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def serve(self, handler: _Handler, request: Request) -> None:
        """Record the request and answer it. Runs on the connection's thread."""
        with self._arrival:
            self.requests.append(request)
            self._arrival.notify_all()
        self.answer(handler, request)

    def answer(self, handler: _Handler, request: Request) -> None:
        """Answer one request."""
        raise NotImplementedError

    def wait_for_requests(self, count: int = 1, timeout: float = 10.0) -> list[Request]:
        """Wait until ``count`` requests have arrived and return them. Raises ``AssertionError``."""
        with self._arrival:
            if not self._arrival.wait_for(lambda: len(self.requests) >= count, timeout):
                raise AssertionError(f"{len(self.requests)} of {count} requests arrived at {self.url}")
            return list(self.requests)


class WidgetHost(_Loopback):
    """A small page that behaves as Meld's widget does, on a port and therefore an origin of its own."""

    def answer(self, handler: _Handler, request: Request) -> None:
        """Serve the widget, its popup, or 404."""
        page = widget_page(request.path.partition("?")[0])
        body = (page or "nothing here").encode()
        handler.send_response(404 if page is None else 200)
        handler.send_header("Content-Type", "text/html; charset=utf-8")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


class StrictMeld(_Loopback):
    """The server that stands for ``api.meld.io``. ``script`` says what it answers; without a script it is content."""

    def __init__(self, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> None:
        super().__init__(tls, host)
        self.widget = WidgetHost()
        self.violations: list[str] = []
        self.tokens: list[str] = []
        self.polls: list[Request] = []
        """Questions about the connection, which come by themselves while a link is on show."""
        self.status = "IN_PROGRESS"
        self._script: deque[Answer] = deque()

    def close(self) -> None:
        """Stop both servers."""
        super().close()
        self.widget.close()

    def script(self, *answers: Answer) -> None:
        """Answer the next requests so, one each; after that with the documented 201."""
        self._script.extend(answers)

    @property
    def bodies(self) -> list[Any]:
        """The JSON bodies that arrived."""
        return [request.json() for request in self.requests]

    def serve(self, handler: _Handler, request: Request) -> None:
        """Tell a question about the connection apart from the calls that a person makes."""
        if (request.method, request.path) != ("GET", f"{CONNECTIONS}/{CONNECTION_ID}"):
            super().serve(handler, request)
            return
        with self._arrival:
            self.polls.append(request)
        authorized = request.header("Authorization") and request.header("Meld-Version") == [VERSION]
        if not authorized or request.body or request.header("Content-Type"):
            self.violations.append(f"{request.method} {request.path} is not asked as documented")
        answer = Answer(200, json.dumps({"id": CONNECTION_ID, "status": self.status}).encode())
        with contextlib.suppress(OSError):
            self._send(handler, request, answer)

    def answer(self, handler: _Handler, request: Request) -> None:
        """Answer by the script, or refuse what the contract does not allow."""
        held = problems(request)
        self.violations += held
        answer = self._script.popleft() if self._script else OK
        if held and answer.body is None:
            answer = refusal(400, "BAD_REQUEST", "Request validation failed", errors=held)
        with contextlib.suppress(OSError):
            self._send(handler, request, answer)

    def _send(self, handler: _Handler, request: Request, answer: Answer) -> None:
        handler.close_connection = True
        if answer.reset:
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            handler.connection.close()
            return
        if answer.delay and not self._pause(handler, request, answer.delay):
            return
        body = self._created(request, answer.changes) if answer.body is None else answer.body
        reply = self._head(answer, len(body) if answer.promise is None else answer.promise) + body
        if not answer.drip:
            handler.connection.sendall(reply)
            return
        for byte in reply:
            handler.connection.sendall(bytes([byte]))
            if not self._pause(handler, request, answer.drip):
                return

    def _head(self, answer: Answer, length: int) -> bytes:
        headers = {
            "Content-Type": answer.content_type,
            "Content-Length": str(length),
            "Connection": "close",
            "Meld-Version": "2022-11-10",
            "X-Request-ID": "0123456789abcdef0123456789abcdef",
            **answer.headers,
        }
        lines = [f"HTTP/1.1 {answer.status} {'Created' if answer.status == 201 else 'Scripted'}"]
        return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items()), "", ""]).encode()

    def _created(self, request: Request, changes: Mapping[str, object]) -> bytes:
        customer = request.json().get("externalCustomerId")
        token = connect_token(customer=customer)
        self.tokens.append(token)
        body: dict[str, object] = {
            "id": CONNECTION_ID,
            "connectToken": token,
            "customerId": "WQ5CwFZAT79JWX27hk8ARS",
            "externalCustomerId": customer,
            "widgetUrl": f"{self.widget.url}?connectToken={token}",
            **changes,
        }
        return json.dumps({name: value for name, value in body.items() if value is not None}).encode()

    def _pause(self, handler: _Handler, request: Request, seconds: float) -> bool:
        """Wait; return False as soon as the client or the server has gone."""
        end = time.monotonic() + seconds
        connection = handler.connection
        connection.settimeout(0.02)
        try:
            while (left := end - time.monotonic()) > 0:
                if self._closing.is_set():
                    return False
                try:
                    connection.settimeout(max(0.001, min(0.02, left)))
                    if not connection.recv(1):
                        request.gone.set()
                        return False
                except TimeoutError:
                    continue
                except OSError:
                    request.gone.set()
                    return False
        finally:
            with contextlib.suppress(OSError):
                connection.settimeout(60)
        return True


@contextmanager
def closed_port() -> Iterator[str]:
    """Give the URL of a loopback port that refuses connections: it is taken, but nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


UNRESOLVABLE = "https://meld-api.invalid"
"""A host that no name server may ever know (RFC 6761)."""
