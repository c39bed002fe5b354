"""The local Meld answers in the shape of every recorded example.

Two answers have the same shape when they have the same keys in the same places and values of the same kind: an id where
the example has an id, a moment where it has a moment, the very same word where it has a word of the contract.
"""

import base64
import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from meld_desktop.mock.api import api_app
from meld_desktop.mock.start_request import Strictness
from meld_desktop.mock.widget.site import widget_app
from meld_desktop.mock.world import World

EXAMPLES = sorted(Path(__file__).with_name("examples").glob("*.json"))
START = "/bank-linking/connect/start"
ANY_TEXT = "<text>"
"""Stands in an example where each customer has a text of their own."""
KINDS = {
    "id": r"[1-9A-HJ-NP-Za-km-z]{22}",
    "request id": r"[0-9a-f]{32}",
    "token": r"eyJ[\w-]+\.[\w-]+\.[\w-]+",
    "widget url": r"https?://[a-z0-9.:-]+\?connectToken=eyJ[\w.-]+",
    "moment": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z",
    "key": r"[\w-]{24,}",
}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def load(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text("utf-8")))


def shape(value: object) -> object:
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    if isinstance(value, str):
        return next((kind for kind, pattern in KINDS.items() if re.fullmatch(pattern, value)), value)
    return value


def filled(values: dict[str, Any] | None, link: dict[str, Any]) -> dict[str, Any] | None:
    """Put the connection's id where an example names it."""
    if values is None:
        return None
    return {name: link["id"] if value == "{connectionId}" else value for name, value in values.items()}


def veiled(got: Any, expected: Any) -> Any:
    """Write any text where the example has any text."""
    if expected == ANY_TEXT and isinstance(got, str) and got:
        return ANY_TEXT
    if isinstance(got, dict) and isinstance(expected, dict):
        return {name: veiled(value, expected.get(name)) for name, value in got.items()}
    if isinstance(got, list) and isinstance(expected, list) and len(got) == len(expected):
        return [veiled(one, other) for one, other in zip(got, expected, strict=True)]
    return got


def claims(token: str) -> dict[str, Any]:
    body = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))))


async def finish(world: World, token: str) -> None:
    """Do what the widget's page does at FinBank Profiles -A."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(widget_app(world)),
        base_url="http://127.0.0.1:2",
        headers={"X-Connect-Token": token},
    ) as page:
        visit = {"visit": (await page.post("/widget/session", json={})).json()["visit"]}
        await page.post("/widget/provider", json=visit | {"institutionId": "W9kgBBLULSJFSKTwCpb5Gf"})
        login = await page.post("/widget/login", json=visit | {"username": "any", "password": "profile_03"})
        chosen = [account["id"] for account in login.json()["accounts"]]
        assert (await page.post("/widget/complete", json=visit | {"accountIds": chosen})).status_code == 200


@pytest.mark.anyio
@pytest.mark.parametrize("path", [path for path in EXAMPLES if "request" in load(path)], ids=lambda path: path.stem)
async def test_the_server_answers_like_the_example(path: Path) -> None:
    example = load(path)
    moment = [1_795_000_000.25]
    strictness = Strictness(**dict.fromkeys(example.get("strict", ()), True))
    world = World(strictness=strictness, real_time=lambda: moment[0])
    asked, expected = example["request"], example["response"]
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(api_app(world)),
        base_url="http://127.0.0.1:1",
        headers={"Authorization": "BASIC k"},
    ) as client:
        link: dict[str, Any] = {}
        for step in example.get("after", ()):
            if step == "start":
                made = await client.post(
                    START, json=load(Path(__file__).with_name("examples") / "start.json")["request"]["body"]
                )
                link = made.json()
            elif step == "wait":
                moment[0] += 10
            elif step == "delete":
                assert (await client.delete(f"/bank-linking/connections/{link['id']}")).status_code == 204
            else:
                await finish(world, link["connectToken"])
        answer = await client.request(
            asked["method"],
            asked["path"].format(connectionId=link.get("id")),
            json=filled(asked.get("body"), link),
            params=filled(asked.get("query"), link),
        )
    assert answer.status_code == expected["status"]
    got = answer.json() if answer.content else None
    assert shape(veiled(got, expected["body"])) == shape(expected["body"])
    for name, value in expected["headers"].items():
        assert shape(answer.headers[name]) == shape(value), name
    if got and "connectToken" in got:
        ours, theirs = claims(got["connectToken"]), claims(expected["body"]["connectToken"])
        assert list(ours) == list(theirs)
        assert ours["exp"] - ours["iat"] == theirs["exp"] - theirs["iat"]
        assert [shape(ours[name]) for name in ours if name not in {"exp", "iat"}] == [
            shape(theirs[name]) for name in theirs if name not in {"exp", "iat"}
        ]


def test_there_are_examples() -> None:
    assert {"start", "connection-in-progress", "connections", "repair", "accounts", "widget-events"} <= {
        path.stem for path in EXAMPLES
    }
