"""From transport faults and refusals to the kinds of ``MeldError``."""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from meld_desktop.api.error_body import ErrorBody, problems_in, read_error_body
from meld_desktop.domain.errors import Kind, MeldError
from meld_desktop.domain.link import Exchange
from meld_desktop.domain.redaction import Redactor
from meld_desktop.domain.text import NOTHING, QT_TRANSLATE_NOOP, Text
from meld_desktop.domain.validation import Problem, Severity

_LONGEST_WAIT = 24 * 60 * 60
_LONGEST_DETAIL = 400


class TooLargeError(Exception):
    """The answer is larger than the client reads."""


class ProxySettingError(Exception):
    """The system's proxy settings name a proxy of a kind that cannot be used, or none that makes sense."""


_STATUSES = {
    400: Kind.BAD_REQUEST,
    401: Kind.UNAUTHORIZED,
    403: Kind.FORBIDDEN,
    404: Kind.NOT_FOUND,
    407: Kind.PROXY,
    409: Kind.CONFLICT,
    422: Kind.UNPROCESSABLE,
    429: Kind.RATE_LIMITED,
}

_TRANSPORT: tuple[tuple[type[BaseException], Kind], ...] = (
    (TooLargeError, Kind.TOO_LARGE),
    (httpx.ConnectTimeout, Kind.CONNECT_TIMEOUT),
    (httpx.PoolTimeout, Kind.CONNECT_TIMEOUT),
    (httpx.TimeoutException, Kind.READ_TIMEOUT),
    (TimeoutError, Kind.READ_TIMEOUT),
    (httpx.ProxyError, Kind.PROXY),
    (ProxySettingError, Kind.PROXY),
    (socket.gaierror, Kind.NAME_NOT_FOUND),
    (ssl.SSLCertVerificationError, Kind.TLS),
    (ssl.SSLEOFError, Kind.CONNECTION_LOST),
    (ssl.SSLZeroReturnError, Kind.CONNECTION_LOST),
    (ssl.SSLError, Kind.TLS),
    (ConnectionRefusedError, Kind.CONNECTION_REFUSED),
    (ConnectionError, Kind.CONNECTION_LOST),
    (httpx.ReadError, Kind.CONNECTION_LOST),
    (httpx.WriteError, Kind.CONNECTION_LOST),
    (httpx.DecodingError, Kind.NOT_JSON),
)


def kind_of(fault: BaseException) -> Kind:
    """Return the kind of a transport fault, judged by the whole chain of its causes."""
    chain = list(_chain(fault))
    for kind_class, kind in _TRANSPORT:
        if any(isinstance(link, kind_class) for link in chain):
            return kind
    if isinstance(fault, httpx.RemoteProtocolError):
        said = str(fault)
        if "without sending a response" in said:
            return Kind.CONNECTION_LOST
        return Kind.CUT_OFF if "complete message body" in said or "incomplete chunked" in said else Kind.NOT_JSON
    return Kind.NETWORK


def _chain(fault: BaseException | None) -> Iterator[BaseException]:
    seen = 0
    while fault is not None and seen < 20:
        yield fault
        if isinstance(fault, BaseExceptionGroup):
            for member in fault.exceptions:
                yield from _chain(member)
        fault = fault.__cause__ or fault.__context__
        seen += 1


def refusal(
    status: int,
    headers: httpx.Headers,
    content: bytes,
    *,
    exchange: Exchange,
    redact: Redactor,
    names_institution: bool,
) -> MeldError:
    """Return what a status outside 2xx means, with everything the server said redacted and kept short.

    A 404 while the request names an institution is about that institution (TOK).
    """
    if 300 <= status < 400:
        kind = Kind.REDIRECTED
    elif status >= 500:
        kind = Kind.SERVER
    else:
        kind = _STATUSES.get(status, Kind.REFUSED_OTHERWISE)
    body = read_error_body(content)
    problems = problems_in(body, redact)
    if kind is Kind.NOT_FOUND and names_institution:
        kind = Kind.INSTITUTION_UNKNOWN
        said = Text(QT_TRANSLATE_NOOP("domain", "Meld has no bank with this ID."))
        problems = (*problems, Problem("institution_id", Severity.ERROR, said))
    return MeldError(
        kind,
        detail=_detail(body, redact),
        code=redact(body.code)[:100],
        request_id=redact(body.request_id or headers.get("X-Request-ID", ""))[:100],
        status=status,
        retry_after=_seconds(headers.get("Retry-After", "")) if kind in {Kind.RATE_LIMITED, Kind.SERVER} else None,
        problems=problems,
        exchange=exchange,
    )


def _detail(body: ErrorBody, redact: Redactor) -> Text:
    said = " ".join(redact(body.display_message or body.message).split())
    if not said:
        return NOTHING
    if len(said) > _LONGEST_DETAIL:
        said = said[: _LONGEST_DETAIL - 1] + "…"
    return Text(QT_TRANSLATE_NOOP("domain", "Meld says: {said}"), said=said)


def _seconds(retry_after: str) -> int | None:
    """Return a Retry-After in seconds, given as a number or as a date (RFC 9110, 10.2.3)."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:9]), _LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0, min(round((until - datetime.now(UTC)).total_seconds()), _LONGEST_WAIT))
