"""A local Meld in process, and the widget's page as its server sees it."""

import base64
import json
from dataclasses import dataclass, field
from typing import Any

import httpx

from meld_desktop.mock.world import World

START = "/bank-linking/connect/start"
REPAIR = "/bank-linking/connect/repair"
CONNECTIONS = "/bank-linking/connections"
ACCOUNTS = "/bank-linking/accounts"
TRANSACTIONS = "/bank-linking/transactions"
HOLDINGS = "/bank-linking/investments/holdings"
TRADES = "/bank-linking/investments/transactions"
ACTIVITY = "/activity-log"
ALWAYS = {"start": "2020-01-01T00:00:00Z", "end": "2100-01-01T00:00:00Z"}
KEY = {"Authorization": "BASIC AbCdEfGhIjKlMnOpQrStUv:secret"}


class Hands:
    """The hands on the real clock: nothing moves by itself."""

    def __init__(self) -> None:
        self.moment = 1_795_000_000.25

    def __call__(self) -> float:
        return self.moment


@dataclass
class Local:
    """One local Meld in process, with a client for each of its origins."""

    world: World
    hands: Hands
    api: httpx.AsyncClient
    widget: httpx.AsyncClient

    async def start(self, **fields: object) -> dict[str, Any]:
        headers = {"X-Demo-Scenario": str(fields.pop("scenario"))} if "scenario" in fields else {}
        body = {"externalCustomerId": "customer-1", "products": ["BALANCES", "TRANSACTIONS"]} | fields
        answer = await self.api.post(START, json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def connection(self, connection_id: str) -> dict[str, Any]:
        answer = await self.api.get(f"{CONNECTIONS}/{connection_id}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def open(self, token: str) -> "OpenWidget":
        answer = await self.widget.post("/widget/session", headers={"X-Connect-Token": token}, json={})
        assert answer.status_code == 200, answer.text
        return OpenWidget(self, token, answer.json())

    async def get(self, path: str, **query: str) -> dict[str, Any]:
        answer = await self.api.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def refused(self, method: str, path: str, **fields: Any) -> int:
        """The status of a refusal, which must carry the documented error body."""
        answer = await self.api.request(method, path, **fields)
        assert answer.status_code >= 400, answer.text
        body = answer.json()
        assert body["code"]
        assert body["message"]
        assert body["requestId"] == answer.headers["x-request-id"]
        return answer.status_code

    async def connected(self, bank: str = "Maple Test Bank", **fields: object) -> dict[str, Any]:
        """A link whose customer has finished with every account."""
        link = await self.start(**fields)
        await (await self.open(link["connectToken"])).go_through(bank)
        return link

    async def repaired(self, connection_id: str) -> "OpenWidget":
        answer = await self.api.post(REPAIR, json={"connectionId": connection_id})
        assert answer.status_code == 201, answer.text
        return await self.open(answer.json()["connectToken"])

    def bank(self, name: str) -> str:
        return next(bank.id for bank in self.world.banks if bank.name == name)


@dataclass
class OpenWidget:
    """The widget's page as the server sees it."""

    local: Local
    token: str
    session: dict[str, Any]
    choice: dict[str, Any] = field(default_factory=dict)

    async def raw(self, call: str, **values: object) -> httpx.Response:
        body = {"visit": self.session["visit"]} | values
        return await self.local.widget.post(f"/widget/{call}", headers={"X-Connect-Token": self.token}, json=body)

    async def call(self, call: str, **values: object) -> dict[str, Any]:
        answer = await self.raw(call, **values)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def choose(self, bank: str, provider: str = "") -> dict[str, Any]:
        self.choice = await self.call("provider", institutionId=self.local.bank(bank), serviceProvider=provider)
        return self.choice

    async def log_in(self) -> dict[str, Any]:
        hint = self.choice["hint"]
        return await self.call("login", username=hint["username"], password=hint["password"])

    async def go_through(self, bank: str, provider: str = "", password: str = "") -> dict[str, Any]:
        """Choose a bank, log in, give the code and agree to every account."""
        await self.choose(bank, provider)
        hint = self.choice["hint"]
        username, password = hint["username"], password or hint["password"]
        if self.choice["redirects"]:
            answer = await self.bank_window("answer", allow=True, username=username, password=password)
            if answer["outcome"] == "code":
                await self.bank_window("answer", allow=True, code=hint["code"])
            told = await self.call("popup")
        else:
            told = await self.call("login", username=username, password=password)
            if told["outcome"] == "code":
                told = await self.call("code", code=hint["code"])
        return await self.call("complete", accountIds=[account["id"] for account in told["accounts"]])

    async def bank_window(self, path: str, **values: object) -> dict[str, Any]:
        state = self.choice["url"].partition("state=")[2]
        answer = await self.local.widget.post(f"/oauth/{path}", json={"state": state} | values)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


def claims_of(token: str) -> dict[str, Any]:
    """Read a token's claims without the server's code."""
    body = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))))
