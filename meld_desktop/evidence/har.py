"""``requests.har``: the API's exchange in full and the page's requests as far as the engine tells them (HAR 1.2).

What is not known is -1, empty or absent, with a comment that says so; nothing is made up. Where HAR demands a number
that cannot be -1, it is 0 with a comment.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from meld_desktop.domain.link import Exchange, Timing
from meld_desktop.domain.redaction import MASK
from meld_desktop.domain.witness.seen import SeenRequest
from meld_desktop.evidence.scrub import Scrubber
from meld_desktop.evidence.snapshot import Witnessed
from meld_desktop.evidence.timeline_json import stamp

NOT_TOLD = "not told by the web engine"
_NOT_KEPT = "not kept by the program"
_MASKED = f"secrets and personal data are replaced by {MASK}; sizes are those of what was really sent"
_PAGE = "page_1"


def har(session: Witnessed, *, scrub: Scrubber, quiet: Scrubber, versions: Mapping[str, str]) -> dict[str, Any]:
    """Return the log. ``quiet`` cleans what ``timeline.json`` holds too and has been counted there."""
    left_out = session.requests_left_out
    browser = next((name for name in versions if "chromium" in name.lower() or "webengine" in name.lower()), "")
    log: dict[str, Any] = {
        "version": "1.2",
        "creator": {"name": "Meld Desktop", "version": scrub.trusted(_version_of_program(versions))},
        "pages": [
            {
                "startedDateTime": stamp(session.began),
                "id": _PAGE,
                "title": f"Bank linking for {quiet.text(session.customer)}",
                "pageTimings": {"onContentLoad": -1, "onLoad": -1, "comment": NOT_TOLD},
            }
        ],
        "entries": [
            _exchange(session, scrub),
            *(_page_request(seen, scrub) for seen in session.requests),
        ],
        "comment": f"{_MASKED}."
        + (f" {left_out} requests were too many to keep and are left out." if left_out else ""),
    }
    if browser:
        log["browser"] = {"name": browser, "version": scrub.trusted(str(versions[browser]))}
    return {"log": log}


def _version_of_program(versions: Mapping[str, str]) -> str:
    from meld_desktop import __version__

    return next(
        (str(versions[name]) for name in ("Meld Desktop", "program", "meld-desktop") if name in versions), __version__
    )


def _exchange(session: Witnessed, scrub: Scrubber) -> dict[str, Any]:
    exchange = session.link.exchange
    timings = _timings(exchange.timing)
    url = scrub.url(exchange.url)
    request_headers = _headers(exchange.request_headers, scrub)
    response_headers = _headers(exchange.response_headers, scrub)
    return {
        "startedDateTime": stamp(exchange.at or session.began),
        "time": _total(timings) if exchange.timing is not None else _milliseconds(exchange.seconds),
        "request": {
            "method": exchange.method,
            "url": url,
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": request_headers,
            "queryString": _query(url),
            "headersSize": -1,
            "bodySize": len(exchange.request_body.encode("utf-8", "replace")),
            "postData": {
                "mimeType": scrub.text(_header(exchange.request_headers, "Content-Type")),
                "text": scrub.body(exchange.request_body),
            },
            "comment": _MASKED,
        },
        "response": _answer(exchange, response_headers, scrub),
        "cache": {},
        "timings": timings,
        "comment": "the program's own request to Meld's API",
    }


def _answer(exchange: Exchange, headers: list[dict[str, str]], scrub: Scrubber) -> dict[str, Any]:
    size = len(exchange.response_body.encode("utf-8", "replace")) if exchange.status is not None else -1
    return {
        "status": exchange.status or 0,
        "statusText": scrub.text(exchange.reason),
        "httpVersion": "",
        "cookies": [],
        "headers": headers,
        "content": {
            "size": size,
            "mimeType": scrub.text(_header(exchange.response_headers, "Content-Type")),
            "text": scrub.body(exchange.response_body),
        },
        "redirectURL": next((header["value"] for header in headers if header["name"].lower() == "location"), ""),
        "headersSize": -1,
        "bodySize": size,
        "comment": f"{_MASKED}; the version of HTTP is {_NOT_KEPT}"
        if exchange.status is not None
        else "no answer came; 0 and -1 stand for what is not known",
    }


def _page_request(seen: SeenRequest, scrub: Scrubber) -> dict[str, Any]:
    request = seen.request
    url = scrub.url(request.url)
    entry: dict[str, Any] = {
        "pageref": _PAGE,
        "startedDateTime": stamp(seen.at),
        "time": 0,
        "request": {
            "method": scrub.text(request.method),
            "url": url,
            "httpVersion": "",
            "cookies": [],
            "headers": [],
            "queryString": _query(url),
            "headersSize": -1,
            "bodySize": -1,
            "comment": f"version, cookies, headers and sizes: {NOT_TOLD}",
        },
        "response": {
            "status": 0,
            "statusText": "",
            "httpVersion": "",
            "cookies": [],
            "headers": [],
            "content": {"size": -1, "mimeType": "", "comment": NOT_TOLD},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
            "comment": NOT_TOLD,
        },
        "cache": {"comment": NOT_TOLD},
        "timings": {"blocked": -1, "dns": -1, "connect": -1, "ssl": -1, "send": -1, "wait": -1, "receive": -1}
        | {"comment": NOT_TOLD},
        "_resourceType": scrub.text(request.resource),
        "comment": f"the duration is {NOT_TOLD}; 0 stands for it because HAR demands a number",
    }
    if request.initiator:
        entry["_initiator"] = scrub.url(request.initiator)
    return entry


def _timings(timing: Timing | None) -> dict[str, Any]:
    """Return HAR's phases. Its ``connect`` holds ``ssl``; ours are apart. Finding the host is in ``connect``, too."""
    if timing is None:
        unknown: dict[str, Any] = dict.fromkeys(("blocked", "dns", "connect", "ssl", "send", "wait", "receive"), -1)
        return unknown | {"comment": f"phases are {_NOT_KEPT}"}
    both = [phase for phase in (timing.connect, timing.tls) if phase is not None]
    return {
        "blocked": -1,
        "dns": -1,
        "connect": _milliseconds(sum(both)) if both else -1,
        "ssl": _milliseconds(timing.tls),
        "send": _milliseconds(timing.sending),
        "wait": _milliseconds(timing.waiting),
        "receive": _milliseconds(timing.reading),
        "comment": "finding the host is part of connect; -1: the phase did not happen or nobody could tell",
    }


def _milliseconds(seconds: float | None) -> float:
    return -1 if seconds is None else round(seconds * 1000, 3)


def _total(timings: Mapping[str, Any]) -> float:
    phases = ("blocked", "dns", "connect", "send", "wait", "receive")
    known: list[float] = [timings[phase] for phase in phases if timings[phase] >= 0]
    return round(sum(known), 3)


def _headers(headers: Iterable[tuple[str, str]], scrub: Scrubber) -> list[dict[str, str]]:
    return [{"name": scrub.text(name), "value": scrub.header(name, value)} for name, value in headers]


def _header(headers: Iterable[tuple[str, str]], wanted: str) -> str:
    return next((value for name, value in headers if name.lower() == wanted.lower()), "")


def _query(url: str) -> list[dict[str, str]]:
    """Return the parameters of an address that has been cleaned."""
    try:
        pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return []
    return [{"name": name, "value": value} for name, value in pairs]
