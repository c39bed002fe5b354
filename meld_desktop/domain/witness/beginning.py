"""The first lines of every timeline: what was asked, what Meld answered, and what the connect token says."""

from collections.abc import Iterator

from meld_desktop.domain.addresses import masked
from meld_desktop.domain.link import Link
from meld_desktop.domain.text import NOTHING, QT_TRANSLATE_NOOP, Text
from meld_desktop.domain.token import read_claims
from meld_desktop.domain.widget_events import shorten
from meld_desktop.domain.witness.entry import EntryKind
from meld_desktop.domain.witness.words import Line, as_is


def lines_of(link: Link, token: str) -> Iterator[Line]:
    """Yield the lines for the request, the answer and the token, of which only its claims are read."""
    exchange = link.exchange
    url = masked(exchange.url)
    sent = {"method": exchange.method, "url": url, "body": link.request.body()}
    yield Line(
        EntryKind.REQUEST,
        Text(QT_TRANSLATE_NOOP("domain", "Request sent")),
        as_is(f"{exchange.method} {url}"),
        data=sent,
    )
    yield _answer(link)
    yield _token(link, token)


def _answer(link: Link) -> Line:
    exchange = link.exchange
    headers = {name.lower(): value for name, value in exchange.response_headers}
    request_id = headers.get("x-request-id", "")
    milliseconds = round(exchange.seconds * 1000)
    title = Text(
        QT_TRANSLATE_NOOP("domain", "Meld answered {status} in {milliseconds} ms"),
        status=exchange.status or "–",
        milliseconds=milliseconds,
    )
    detail = Text(QT_TRANSLATE_NOOP("domain", "Request ID {id}"), id=request_id) if request_id else NOTHING
    data = {
        "status": exchange.status,
        "milliseconds": milliseconds,
        "requestId": request_id,
        "connectionId": link.connection_id,
        "customerId": link.customer_id,
        "widgetUrl": masked(link.widget_url),
    }
    return Line(EntryKind.ANSWER, title, detail, data=data)


_SHOWN_CLAIMS = ("products", "regions", "routingProfile", "redirect", "connection", "customer")
_TOLD_CLAIMS = ("products", "regions", "routingProfile")


def _token(link: Link, token: str) -> Line:
    claims = read_claims(token)
    issued, expires = link.token.issued, link.token.expires
    facts: dict[str, object] = {}
    if issued is not None:
        facts["issued"] = issued.isoformat()
    if expires is not None:
        facts["expires"] = expires.isoformat()
    facts |= {name: claims[name] for name in _SHOWN_CLAIMS if name in claims}
    if expires is None:
        title = Text(QT_TRANSLATE_NOOP("domain", "The connect token does not say how long it works"))
    else:
        source = QT_TRANSLATE_NOOP("domain", "The connect token works until {time} UTC")
        title = Text(source, time=f"{expires:%Y-%m-%d %H:%M:%S}")
    detail = "; ".join(f"{name}: {_listed(claims[name])}" for name in _TOLD_CLAIMS if name in claims)
    return Line(EntryKind.TOKEN, title, as_is(detail), data=facts)


def _listed(value: object) -> str:
    return shorten(", ".join(map(str, value)) if isinstance(value, list) else str(value))
