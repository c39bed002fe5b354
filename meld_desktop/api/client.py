"""One HTTP exchange with Meld: bounded in time and size, no redirects, no retries.

Runs on an asyncio loop; cancelling the task closes the socket at once. Every failure leaves as ``MeldError``.
"""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, Self
from urllib.parse import urlencode

import httpx

from meld_desktop.api import faults
from meld_desktop.api.timing import PhaseClock
from meld_desktop.domain.addresses import is_loopback, split
from meld_desktop.domain.api_call import sent_headers
from meld_desktop.domain.errors import Kind, MeldError
from meld_desktop.domain.keys import DEMO_KEY
from meld_desktop.domain.link import Exchange
from meld_desktop.domain.redaction import MASK, Redactor

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0
TOTAL_SECONDS = 60.0
"""No server that drips its answer keeps a request longer than this."""
REPLY_LIMIT = 1024 * 1024
LIST_LIMIT = 32 * 1024 * 1024
"""A page of 1,000 items is longer than an ordinary answer."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of any status, whole and within the limits."""

    status: int
    headers: httpx.Headers
    content: bytes
    exchange: Exchange

    @property
    def request_id(self) -> str:
        """Meld's id of this request, for its support; empty when it gave none (VCR)."""
        return str(self.headers.get("X-Request-ID", ""))


class MeldClient:
    """Talks to one API host with one key.

    ``key`` is sent as ``Authorization: BASIC <key>`` to ``base_url`` and nowhere else (OAS ``ApiKeyAuth``, KEY).
    """

    def __init__(self, base_url: str, key: str) -> None:
        self._base_url = base_url
        self._key = key
        self._redact = Redactor([key] if key != DEMO_KEY else [])

    async def post(self, path: str, body: str) -> Reply:
        """Send ``body`` (JSON text) and return the answer, whatever its status. Raises MeldError."""
        return await self._exchange("POST", path, body)

    async def get(self, path: str, query: Mapping[str, str] | None = None, *, limit: int = REPLY_LIMIT) -> Reply:
        """Ask for ``path`` with ``query`` and return the answer, whatever its status. Raises MeldError.

        ``limit`` is the most bytes that are read; lists need more than other answers.
        """
        return await self._exchange("GET", f"{path}?{urlencode(query)}" if query else path, "", limit=limit)

    async def delete(self, path: str) -> Reply:
        """Ask for the end of what ``path`` names and return the answer, whatever its status. Raises MeldError."""
        return await self._exchange("DELETE", path, "")

    async def _exchange(self, method: str, path: str, body: str, *, limit: int = REPLY_LIMIT) -> Reply:
        url = self._base_url + path
        headers = sent_headers(self._key, body)
        sent = Exchange(method, url, sent_headers(MASK, body), body, at=datetime.now(UTC))
        phases = PhaseClock()
        try:
            async with asyncio.timeout(TOTAL_SECONDS), _client(url) as client, _Sockets(phases) as sockets:
                watch = {"trace": sockets.note}
                request = client.build_request(
                    method, url, content=body.encode() or None, headers=headers, extensions=watch
                )
                response = await client.send(request, stream=True)
                try:
                    content = await _read(response, limit)
                finally:
                    await response.aclose()
        except (httpx.HTTPError, httpx.InvalidURL, OSError, faults.TooLargeError, faults.ProxySettingError) as fault:
            lost = replace(sent, seconds=phases.seconds(), timing=phases.timing())
            raise MeldError(faults.kind_of(fault), exchange=lost) from None
        received = replace(
            sent,
            status=response.status_code,
            reason=self._redact.known(response.reason_phrase),
            response_headers=tuple((name, self._redact.known(value)) for name, value in response.headers.multi_items()),
            response_body=self._redact.known(content.decode("utf-8", "replace")),
            seconds=phases.seconds(),
            timing=phases.timing(),
        )
        return Reply(response.status_code, response.headers, content, received)

    def refusal(self, reply: Reply, *, names_institution: bool = False) -> MeldError:
        """Return the error an answer outside 2xx means, with what Meld said freed of the key."""
        return faults.refusal(
            reply.status,
            reply.headers,
            reply.content,
            exchange=reply.exchange,
            redact=self._redact,
            names_institution=names_institution,
        )

    def unusable(self, kind: Kind, reply: Reply) -> MeldError:
        """Return the error for a 2xx answer that does not hold what was asked for."""
        return MeldError(kind, status=reply.status, request_id=self._redact(reply.request_id), exchange=reply.exchange)


async def _read(response: httpx.Response, limit: int) -> bytes:
    declared = response.headers.get("Content-Length", "")
    if declared.isascii() and declared.isdigit() and int(declared) > limit:
        raise faults.TooLargeError
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > limit:
            raise faults.TooLargeError
    return bytes(content)


class _Sockets:
    """The connections of one exchange. A context manager that leaves none of them open.

    The library closes its own, but not one on which it was cancelled in the middle of the TLS handshake: the event loop
    holds on to that, and the server would wait for it until the program ends.
    """

    def __init__(self, phases: PhaseClock) -> None:
        self._phases = phases
        self._open: list[Any] = []

    async def note(self, event: str, info: Mapping[str, Any]) -> None:
        """Take down each new connection and phase: what httpcore calls for its ``trace`` extension."""
        self._phases.note(event)
        if event == "connection.connect_tcp.complete":
            self._open.append(info["return_value"])

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_reason: object) -> None:
        for stream in self._open:
            await stream.aclose()


def _client(url: str) -> httpx.AsyncClient:
    address = split(url)
    local = address is not None and is_loopback(address.host)
    trust = _trust() if url.startswith("https:") else _nothing_trusted()
    try:
        return httpx.AsyncClient(
            timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
            follow_redirects=False,
            trust_env=not local,  # a proxy has no business between a program and its own machine
            verify=trust,
        )
    except (ImportError, ValueError, httpx.InvalidURL):  # of all this only the system's proxy settings can be wrong
        raise faults.ProxySettingError from None


@cache
def _trust() -> ssl.SSLContext:
    """Trust what the operating system trusts, so that company proxies with their own certificates work."""
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@cache
def _nothing_trusted() -> ssl.SSLContext:
    """Trust no one: for plain http to this machine, where loading certificates would only cost time."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
