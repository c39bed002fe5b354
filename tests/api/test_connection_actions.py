"""Refreshing, repairing and deleting a connection: one documented request each, and every refusal as what it is."""

import json
from collections.abc import Awaitable, Callable

import pytest

from meld_desktop.api.client import MeldClient
from meld_desktop.api.connection_delete import delete_connection
from meld_desktop.api.connection_refresh import refresh_connection
from meld_desktop.api.connection_repair import repair_connection
from meld_desktop.domain.environments import Environment, custom_environment
from meld_desktop.domain.errors import Kind, MeldError
from meld_desktop.domain.products import Product
from meld_desktop.domain.request import ConnectStartRequest
from tests.api.calls import everything_in
from tests.api.conftest import KEY
from tests.api.servers import RawServer, reply, says
from tests.support.secrets_scan import in_bytes

pytestmark = pytest.mark.anyio

ID = "WQ5CwCxDxXhYuA4fVHGk3o"
REQUEST = ConnectStartRequest("support-4711", (Product.BALANCES,), regions=("US",))
Call = Callable[[str, str], Awaitable[object]]


async def refresh(url: str, connection_id: str = ID) -> object:
    return await refresh_connection(MeldClient(url, KEY), connection_id)


async def repair(url: str, connection_id: str = ID, environment: Environment | None = None) -> object:
    where = environment or custom_environment(url)
    return await repair_connection(MeldClient(url, KEY), where, connection_id, REQUEST, "customer-1")


async def delete(url: str, connection_id: str = ID) -> object:
    await delete_connection(MeldClient(url, KEY), connection_id)
    return None


GOOD = {
    refresh: reply(b'{"requestId": "r1"}', status="202 Accepted"),
    repair: reply(b'{"id": "other", "connectToken": "x", "widgetUrl": "http://127.0.0.1:1/?connectToken=x"}'),
    delete: reply(b"", status="204 No Content", length=False),
}
CALLS = pytest.mark.parametrize("call", GOOD, ids=lambda call: call.__name__)
AWKWARD = "../accounts?x=1#é\r\nX: y"
QUOTED = "..%2Faccounts%3Fx%3D1%23%C3%A9%0D%0AX%3A%20y"


@pytest.mark.parametrize(
    ("call", "first", "body"),
    [
        (refresh, f"POST /bank-linking/connections/{ID}/refresh HTTP/1.1", {}),
        (repair, "POST /bank-linking/connect/repair HTTP/1.1", {"connectionId": ID}),
        (delete, f"DELETE /bank-linking/connections/{ID} HTTP/1.1", None),
    ],
)
async def test_one_documented_request_is_sent(call: Call, first: str, body: object) -> None:
    with RawServer(says(GOOD[call])) as server:  # type: ignore[index]
        await call(server.url, ID)
        server.called.wait(5)
    (heard,) = server.heard
    head, _, sent = heard.partition(b"\r\n\r\n")
    line, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (each.partition(": ") for each in lines)}
    assert line == first
    assert headers["authorization"] == f"BASIC {KEY}"
    assert headers["meld-version"] == "2026-02-03"
    assert (json.loads(sent) if sent else None) == body
    assert ("content-type" in headers) == (body is not None)


@pytest.mark.parametrize(
    ("call", "target"),
    [
        (refresh, f"/bank-linking/connections/{QUOTED}/refresh"),
        (repair, "/bank-linking/connect/repair"),
        (delete, f"/bank-linking/connections/{QUOTED}"),
    ],
)
async def test_an_id_cannot_lead_elsewhere(call: Call, target: str) -> None:
    with RawServer(says(GOOD[call])) as server:  # type: ignore[index]
        await call(server.url, AWKWARD)
        server.called.wait(5)
    assert server.heard[0].split()[1].decode() == target
    assert b"\r\nX: y" not in server.heard[0]


async def test_a_refresh_of_some_products() -> None:
    with RawServer(says(GOOD[refresh])) as server:
        taken = await refresh_connection(MeldClient(server.url, KEY), ID, ["BALANCES", "OWNERS"])
        server.called.wait(5)
    assert json.loads(server.heard[0].partition(b"\r\n\r\n")[2]) == {"products": ["BALANCES", "OWNERS"]}
    assert taken.request_id == "r1"


async def test_a_refresh_that_is_taken_without_a_word() -> None:
    said = reply(b"", "X-Request-ID: from-the-head", status="202 Accepted")
    with RawServer(says(said)) as server:
        assert (await refresh_connection(MeldClient(server.url, KEY), ID)).request_id == "from-the-head"


async def test_the_link_of_a_repair() -> None:
    with RawServer(says(GOOD[repair])) as server:
        environment = custom_environment(server.url)
        link = await repair_connection(MeldClient(server.url, KEY), environment, ID, REQUEST, "customer-1")
    assert (link.connection_id, link.customer_id, link.external_customer_id) == ("other", "customer-1", "support-4711")
    assert (link.request, link.environment) == (REQUEST, environment)
    assert json.loads(link.exchange.request_body) == {"connectionId": ID}
    assert (link.exchange.status, link.exchange.url) == (201, f"{server.url}/bank-linking/connect/repair")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"id": ID}, Kind.NO_WIDGET_URL),
        ({"id": ID, "widgetUrl": ""}, Kind.NO_WIDGET_URL),
        ({"widgetUrl": "https://evil.example/?connectToken=x"}, Kind.UNSAFE_WIDGET_URL),
        ({"widgetUrl": "javascript:alert(1)"}, Kind.UNSAFE_WIDGET_URL),
        ({"widgetUrl": "http://user@127.0.0.1:1/"}, Kind.UNSAFE_WIDGET_URL),
        ({"widgetUrl": 7}, Kind.WRONG_SHAPE),
        ([], Kind.WRONG_SHAPE),
    ],
)
async def test_a_repair_without_a_safe_link_is_none(body: object, kind: Kind) -> None:
    with RawServer(says(reply(json.dumps(body).encode()))) as server, pytest.raises(MeldError) as caught:
        await repair(server.url)
    assert caught.value.kind is kind


async def test_a_deletion_that_a_sign_in_page_confirms_is_none() -> None:
    with RawServer(says(reply(b"<html>Welcome", status="200 OK"))) as server, pytest.raises(MeldError) as caught:
        await delete(server.url)
    assert caught.value.kind is Kind.NOT_JSON


@CALLS
@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (reply(b"{}", status="400 No"), Kind.BAD_REQUEST),
        (reply(b"", status="401 No"), Kind.UNAUTHORIZED),
        (reply(b"", status="403 No"), Kind.FORBIDDEN),
        (reply(b'{"code": "NOT_FOUND"}', status="404 No"), Kind.NOT_FOUND),
        (reply(b'{"code": "CONFLICT"}', status="409 No"), Kind.CONFLICT),
        (reply(b"{}", "Retry-After: 10800", status="429 No"), Kind.RATE_LIMITED),
        (reply(b"<html>", status="503 No"), Kind.SERVER),
        (reply(b"", "Location: https://evil.example/", status="302 Found"), Kind.REDIRECTED),
        (reply(b"<html>", status="200 OK"), Kind.NOT_JSON),
        (b"", Kind.CONNECTION_LOST),
    ],
    ids=lambda value: value.name if isinstance(value, Kind) else "",
)
async def test_what_cannot_be_used(call: Call, said: bytes, kind: Kind) -> None:
    with RawServer(says(said)) as server, pytest.raises(MeldError) as caught:
        await call(server.url, ID)
    error = caught.value
    assert error.kind is kind
    assert error.retry_after == (10800 if kind is Kind.RATE_LIMITED else None)
    assert len(server.heard) == 1, "nothing is sent twice by itself"
    assert not in_bytes(everything_in(error).encode("utf-8", "replace"), [KEY], "the error")
