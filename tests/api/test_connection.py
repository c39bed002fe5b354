"""The state of a connection from a real server: what is asked, what is read, and what every refusal becomes."""

import json
from datetime import UTC, datetime

import pytest

from meld_desktop.api.client import MeldClient
from meld_desktop.api.connection import get_connection
from meld_desktop.domain.connection_status import ConnectionState
from meld_desktop.domain.errors import Kind, MeldError
from tests.api.calls import everything_in
from tests.api.conftest import KEY
from tests.api.servers import RawServer, reply, says
from tests.support.secrets_scan import in_bytes

pytestmark = pytest.mark.anyio

ACTIVE = {
    "id": "WQ5CwCxDxXhYuA4fVHGk3o",
    "accountId": "a",
    "institutionName": "Chase",
    "products": ["BALANCES"],
    "optionalProducts": [],
    "regions": [],
    "status": "ACTIVE",
    "statusReason": "NEW_ACCOUNTS_AVAILABLE",
    "serviceProviderDetails": {"serviceProvider": "PLAID", "raw": [1, {"x": None}]},
    "createdAt": "2026-11-24T10:00:00.123456Z",
    "successfullyAggregatedAt": "2026-11-24T10:00:08.5Z",
}


def answer(body: object, *headers: str, status: str = "200 OK") -> bytes:
    return reply(body if isinstance(body, bytes) else json.dumps(body).encode(), *headers, status=status)


async def ask(server: RawServer, connection_id: str = "WQ5CwCxDxXhYuA4fVHGk3o") -> ConnectionState:
    return await get_connection(MeldClient(server.url, KEY), connection_id)


async def test_one_documented_question_is_asked() -> None:
    with RawServer(says(answer(ACTIVE))) as server:
        await ask(server)
        server.called.wait(5)
    (heard,) = server.heard
    head, _, body = heard.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    assert first == "GET /bank-linking/connections/WQ5CwCxDxXhYuA4fVHGk3o HTTP/1.1"
    assert headers["authorization"] == f"BASIC {KEY}"
    assert headers["meld-version"] == "2026-02-03"
    assert headers["accept"] == "application/json"
    assert not {"content-type", "content-length", "transfer-encoding", "cookie"} & set(headers)
    assert body == b""


async def test_an_id_cannot_lead_elsewhere() -> None:
    with RawServer(says(answer(ACTIVE))) as server:
        await ask(server, "../accounts?x=1#é\r\nX: y")
        server.called.wait(5)
    first, *rest = server.heard[0].split(b"\r\n")
    assert first == b"GET /bank-linking/connections/..%2Faccounts%3Fx%3D1%23%C3%A9%0D%0AX%3A%20y HTTP/1.1"
    assert b"X: y" not in rest


async def test_what_is_read() -> None:
    with RawServer(says(answer(ACTIVE))) as server:
        assert await ask(server) == ConnectionState(
            "ACTIVE", "NEW_ACCOUNTS_AVAILABLE", "Chase", datetime(2026, 11, 24, 10, 0, 8, 500_000, tzinfo=UTC)
        )


@pytest.mark.parametrize(
    ("body", "state"),
    [
        ({"status": "IN_PROGRESS"}, ConnectionState("IN_PROGRESS", "", "", None)),
        (
            {"status": "IN_PROGRESS", "statusReason": None, "institutionName": None, "successfullyAggregatedAt": None},
            ConnectionState("IN_PROGRESS", "", "", None),
        ),
        (
            {"status": "BRAND_NEW", "successfullyAggregatedAt": "soon"},
            ConnectionState("BRAND_NEW", "", "", None),
        ),
        (
            {"status": "ACTIVE", "successfullyAggregatedAt": "2026-11-24T10:00:08"},
            ConnectionState("ACTIVE", "", "", datetime(2026, 11, 24, 10, 0, 8, tzinfo=UTC)),
        ),
        (
            {"status": "S" * 5000, "statusReason": "R" * 5000, "institutionName": "N" * 5000},
            ConnectionState("S" * 100, "R" * 100, "N" * 200, None),
        ),
    ],
)
async def test_what_is_missing_or_odd_is_lived_with(body: object, state: ConnectionState) -> None:
    with RawServer(says(answer(body))) as server:
        assert await ask(server) == state


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (answer({"id": "x"}), Kind.WRONG_SHAPE),
        (answer({"status": ""}), Kind.WRONG_SHAPE),
        (answer({"status": 7}), Kind.WRONG_SHAPE),
        (answer([ACTIVE]), Kind.WRONG_SHAPE),
        (answer(b"<html>"), Kind.NOT_JSON),
        (answer(b'{"more":' + b"[" * 100_000), Kind.NOT_JSON),
        (answer(b"", status="204 No Content"), Kind.NOT_JSON),
        (answer({"code": "UNAUTHORIZED"}, status="401 No"), Kind.UNAUTHORIZED),
        (answer(b"", status="403 No"), Kind.FORBIDDEN),
        (answer({"code": "NOT_FOUND"}, status="404 No"), Kind.NOT_FOUND),
        (answer({}, "Retry-After: 33", status="429 No"), Kind.RATE_LIMITED),
        (answer(b"<html>", status="503 No"), Kind.SERVER),
        (answer(b"", "Location: https://evil.example/", status="302 Found"), Kind.REDIRECTED),
    ],
)
async def test_what_cannot_be_used(said: bytes, kind: Kind) -> None:
    with RawServer(says(said)) as server, pytest.raises(MeldError) as caught:
        await ask(server)
    error = caught.value
    assert error.kind is kind
    assert (error.retry_after == 33) == (kind is Kind.RATE_LIMITED)
    assert not in_bytes(everything_in(error).encode("utf-8", "replace"), [KEY], "the error")
