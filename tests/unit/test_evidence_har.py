"""requests.har: valid HAR 1.2, whole where the program knows, honest where the web engine does not tell."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from meld_desktop.domain.link import Timing
from meld_desktop.domain.witness.observation import ResourceRequest
from meld_desktop.domain.witness.seen import SeenRequest
from meld_desktop.evidence.har import NOT_TOLD
from tests.support.evidence import TOKEN, at, exchange, session, unpacked, write

NUMBER = (int, float)


def written(tmp_path: Path, **changed: Any) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(unpacked(write(tmp_path / "pack.zip", session(**changed)))["requests.har"])["log"]
    check(log)
    return log


def check(log: dict[str, Any]) -> None:
    """Hold ``log`` against what HAR 1.2 demands: names, types, and what must add up."""
    assert log["version"] == "1.2"
    need(log, creator=dict, entries=list, pages=list)
    need(log["creator"], name=str, version=str)
    if "browser" in log:
        need(log["browser"], name=str, version=str)
    for page in log["pages"]:
        need(page, startedDateTime=str, id=str, title=str, pageTimings=dict)
        iso(page["startedDateTime"])
    pages = {page["id"] for page in log["pages"]}
    for entry in log["entries"]:
        need(entry, startedDateTime=str, time=NUMBER, request=dict, response=dict, cache=dict, timings=dict)
        iso(entry["startedDateTime"])
        assert entry["time"] >= 0
        assert entry.get("pageref", "page_1") in pages
        request, response, timings = entry["request"], entry["response"], entry["timings"]
        need(request, method=str, url=str, httpVersion=str, cookies=list, headers=list, queryString=list)
        need(request, headersSize=int, bodySize=int)
        need(response, status=int, statusText=str, httpVersion=str, cookies=list, headers=list, content=dict)
        need(response, redirectURL=str, headersSize=int, bodySize=int)
        need(response["content"], size=int, mimeType=str)
        if "postData" in request:
            need(request["postData"], mimeType=str, text=str)
        for pair in (*request["headers"], *response["headers"], *request["queryString"]):
            need(pair, name=str, value=str)
        need(timings, send=NUMBER, wait=NUMBER, receive=NUMBER)
        phases = [timings[name] for name in ("blocked", "dns", "connect", "send", "wait", "receive") if name in timings]
        assert all(phase >= -1 for phase in phases)
        if any(phase >= 0 for phase in phases):
            assert entry["time"] == pytest.approx(sum(phase for phase in phases if phase >= 0))
            assert timings["ssl"] <= timings["connect"]
        allowed = {"pageref", "startedDateTime", "time", "request", "response", "cache", "timings", "serverIPAddress"}
        assert all(name.startswith("_") for name in entry.keys() - allowed - {"connection", "comment"})


def need(plain: dict[str, Any], **types: Any) -> None:
    for name, kind in types.items():
        assert isinstance(plain[name], kind), name
        assert not isinstance(plain[name], bool)


def iso(stamp: str) -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", stamp)
    datetime.fromisoformat(stamp)


def test_the_own_exchange_is_whole_but_for_secrets(tmp_path: Path) -> None:
    entry = written(tmp_path)["entries"][0]
    request, response = entry["request"], entry["response"]
    assert (request["method"], request["url"]) == ("POST", "https://api-sb.meld.io/bank-linking/connect/start")
    assert {"name": "Authorization", "value": "BASIC •••"} in request["headers"]
    assert json.loads(request["postData"]["text"]) == {"externalCustomerId": "customer-20481", "products": ["BALANCES"]}
    assert request["bodySize"] == len('{"externalCustomerId":"customer-20481","products":["BALANCES"]}')
    assert (response["status"], response["statusText"]) == (201, "Created")
    assert {"name": "X-Request-ID", "value": "f3d0c5a2b7"} in response["headers"]
    assert {"name": "Content-Length", "value": "51234"} in response["headers"]
    answer = json.loads(response["content"]["text"])
    assert answer["id"] == session().link.connection_id
    assert answer["connectToken"] == "•••"
    assert answer["widgetUrl"] == "https://institution-connect-sb.meld.io/?connectToken=•••"
    assert response["content"]["size"] == len(session().link.exchange.response_body)
    assert entry["timings"]["connect"] == 85.0  # HAR counts TLS as a part of it
    assert entry["timings"]["ssl"] == 54.0
    assert (entry["timings"]["send"], entry["timings"]["wait"], entry["timings"]["receive"]) == (1.0, 310.0, 4.0)
    assert entry["startedDateTime"] == "2026-07-29T09:41:06.750Z"
    assert "pageref" not in entry


def test_phases_that_did_not_happen_are_not_made_up(tmp_path: Path) -> None:
    reused = written(tmp_path, api=exchange(timing=Timing(None, None, 0.001, 0.2, None)))["entries"][0]
    assert (reused["timings"]["connect"], reused["timings"]["ssl"], reused["timings"]["receive"]) == (-1, -1, -1)
    assert reused["time"] == 201.0
    unknown = written(tmp_path, api=exchange(timing=None))["entries"][0]
    assert {unknown["timings"][name] for name in ("connect", "ssl", "send", "wait", "receive")} == {-1}
    assert unknown["time"] == 412.0


def test_no_answer_is_told_as_none(tmp_path: Path) -> None:
    api = exchange(status=None, reason="", response_headers=(), response_body="", timing=Timing(0.1))
    entry = written(tmp_path, api=api)["entries"][0]
    assert (entry["response"]["status"], entry["response"]["content"]["size"]) == (0, -1)
    assert "no answer came" in entry["response"]["comment"]


def test_a_pages_request_has_honest_gaps(tmp_path: Path) -> None:
    asked = ResourceRequest(
        "POST", "https://api.bank.example:8443/v1/login?session=•••&page=•••", "xhr", "https://bank.example"
    )
    entry = written(tmp_path, requests=[SeenRequest(at(3), 3.0, asked)])["entries"][-1]
    request, response = entry["request"], entry["response"]
    assert request["url"] == "https://api.bank.example:8443/v1/login?session=•••&page=•••"
    assert request["queryString"] == [{"name": "session", "value": "•••"}, {"name": "page", "value": "•••"}]
    assert (entry["_resourceType"], entry["_initiator"]) == ("xhr", "https://bank.example")
    assert entry["startedDateTime"] == "2026-07-29T09:41:10.250Z"
    gaps = {request["bodySize"], request["headersSize"], response["bodySize"], response["content"]["size"]}
    assert gaps == {-1}
    assert {value for name, value in entry["timings"].items() if name != "comment"} == {-1}
    assert (response["status"], request["headers"], response["headers"], request["cookies"]) == (0, [], [], [])
    assert "text" not in response["content"]
    assert "postData" not in request
    for told in (response, response["content"], entry["timings"], entry["cache"]):
        assert told["comment"] == NOT_TOLD
    assert NOT_TOLD in request["comment"]
    assert NOT_TOLD in entry["comment"]


def test_what_answers_is_not_trusted(tmp_path: Path) -> None:
    api = exchange(
        reason="\ud800",
        response_headers=(
            ("Set-Cookie", "a=b"),
            ("Location", "https://h.example/?token=x"),
            ("Content-Type", "a@b.example"),
        ),
        response_body="<html>" + "\x00" * 10,
    )
    response = written(tmp_path, api=api)["entries"][0]["response"]
    assert {"name": "Set-Cookie", "value": "•••"} in response["headers"]
    assert response["redirectURL"] == "https://h.example/?token=•••"
    assert response["content"]["mimeType"] == "•••"


def test_what_was_too_much_is_counted(tmp_path: Path) -> None:
    from dataclasses import replace

    path = write(tmp_path / "pack.zip", replace(session(), requests_left_out=12))
    assert "12 requests" in json.loads(unpacked(path)["requests.har"])["log"]["comment"]


def test_the_engine_is_named(tmp_path: Path) -> None:
    log = written(tmp_path)
    assert log["browser"] == {"name": "Chromium", "version": "140.0.7339.207"}
    assert log["creator"] == {"name": "Meld Desktop", "version": "0.3.0"}
    assert TOKEN not in json.dumps(log)
