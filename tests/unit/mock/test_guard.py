"""What both origins do with any request: names, sizes, keys, methods, unknown paths."""

import re
from datetime import UTC, datetime

import httpx
import pytest

from tests.unit.mock.harness import CONNECTIONS, KEY, START, Local

pytestmark = pytest.mark.anyio


def assert_error(answer: httpx.Response, status: int, code: str) -> None:
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body["code"] == code
    assert set(body) - {"errors"} == {"code", "message", "requestId", "timestamp"}
    assert body["requestId"] == answer.headers["x-request-id"]
    assert re.fullmatch("[0-9a-f]{32}", body["requestId"])


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:9", "localhost", "LocalHost:9", "[::1]", "[::1]:9"])
async def test_names_of_this_machine_are_served(local: Local, host: str) -> None:
    assert (await local.api.get(CONNECTIONS, headers={"Host": host})).status_code == 200
    assert (await local.widget.get("/", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize(
    "host", ["", "evil.example", "127.0.0.1.evil.example", "evil.example:80", "localhost.", "0.0.0.0"]
)
async def test_other_names_are_refused(local: Local, host: str) -> None:
    assert_error(await local.api.get(CONNECTIONS, headers={"Host": host}), 400, "BAD_REQUEST")
    assert_error(await local.widget.get("/", headers={"Host": host}), 400, "BAD_REQUEST")


@pytest.mark.parametrize(
    "key",
    [
        None,
        "",
        "BASIC",
        "BASIC ",
        "Bearer abc",
        "wrong",
        "BASIC wrong",
        "basic  wrong ",
        "BASIC d3Jvbmc=",
        "BASIC d3Jvbmc6",
    ],
)
async def test_no_key_or_the_wrong_one_is_401(local: Local, key: str | None) -> None:
    del local.api.headers["Authorization"]
    headers = {} if key is None else {"Authorization": key}
    for path in (CONNECTIONS, START, "/nowhere"):
        assert_error(await local.api.get(path, headers=headers), 401, "UNAUTHORIZED")


@pytest.mark.parametrize("key", ["BASIC x", "Basic abc:def", "basic YWJjOmRlZg==", "BASIC wronger"])
async def test_any_other_key_opens_the_demo(local: Local, key: str) -> None:
    assert (await local.api.get(CONNECTIONS, headers={"Authorization": key})).status_code == 200


async def test_wrong_methods_and_unknown_paths(local: Local) -> None:
    wrong = await local.api.get(START)
    assert_error(wrong, 405, "METHOD_NOT_ALLOWED")
    assert wrong.headers["allow"] == "POST"
    assert_error(await local.api.delete(CONNECTIONS), 405, "METHOD_NOT_ALLOWED")
    for path in ("/", "/nowhere", f"{CONNECTIONS}/", "/bank-linking/connections/a/b", "/%00"):
        assert_error(await local.api.get(path), 404, "NOT_FOUND")
    assert_error(await local.widget.get("/nowhere"), 404, "NOT_FOUND")


async def test_large_bodies_are_refused_announced_or_not(local: Local) -> None:
    async def endless() -> object:
        for _ in range(100):
            yield b"x" * 1024

    assert_error(await local.api.post(START, content=b"x" * 65_537), 413, "PAYLOAD_TOO_LARGE")
    assert_error(await local.api.post(START, content=endless()), 413, "PAYLOAD_TOO_LARGE")  # type: ignore[arg-type]
    assert_error(await local.widget.post("/widget/session", content=b"x" * 65_537), 413, "PAYLOAD_TOO_LARGE")
    assert_error(await local.api.post(START, content=b"x" * 65_536), 400, "BAD_REQUEST")


async def test_answers_say_the_demos_time(local: Local) -> None:
    local.hands.moment += 3 * 86_400
    answer = await local.api.get(CONNECTIONS)
    now = datetime.fromtimestamp(local.hands.moment, UTC)
    assert answer.headers["date"] == now.strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert "no-store" in answer.headers["cache-control"]
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["meld-version"] == "2022-11-10"
    assert (await local.api.get("/nowhere", headers={"Meld-Version": "2026-02-03"})).headers[
        "meld-version"
    ] == "2022-11-10"


async def test_each_answer_has_an_id_of_its_own(local: Local) -> None:
    ids = {(await local.api.get(CONNECTIONS)).headers["x-request-id"] for _ in range(5)}
    assert len(ids) == 5


async def test_the_key_is_in_no_answer(local: Local) -> None:
    secret = KEY["Authorization"].split()[1]
    for answer in (
        await local.api.get("/nowhere"),
        await local.api.post(START, content=b"{"),
        await local.api.get(START),
    ):
        assert secret not in answer.text + str(answer.headers)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
async def test_numbers_that_are_no_json_are_refused(local: Local, number: str) -> None:
    body = '{"externalCustomerId":"c","products":["OWNERS"],"unknown":%s}'
    assert (await local.api.post(START, content=body % number)).status_code == 400
    assert (await local.api.post(START, content=body % "1.5")).status_code == 201
