"""Two clients at once do anything in any order: the world stays in order, and lists give every item once."""

import asyncio
from collections import Counter
from itertools import pairwise
from typing import Any

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from meld_desktop.mock.api import api_app
from meld_desktop.mock.contract import PRODUCTS, REASONS
from meld_desktop.mock.scenarios import SCENARIOS
from meld_desktop.mock.widget.site import widget_app
from meld_desktop.mock.world import World
from tests.unit.mock.harness import ACCOUNTS, ACTIVITY, ALWAYS, CONNECTIONS, KEY, REPAIR, START, Hands, Local

NAMES = [scenario.name for scenario in SCENARIOS if not scenario.fault]
BANKS = ("Maple Test Bank", "MX Bank", "Lindenhof Bank", "Harborlight National Bank")

NUMBER = st.integers(0, 8)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("start"), st.sampled_from(NAMES), st.integers(0, 1)),
        st.tuples(st.just("finish"), NUMBER, st.sampled_from(BANKS)),
        st.tuples(st.just("finish"), NUMBER, st.just(BANKS[0])),
        st.tuples(st.just("repair"), NUMBER, st.none()),
        st.tuples(st.just("refresh"), NUMBER, st.none()),
        st.tuples(st.just("update"), NUMBER, st.sampled_from(PRODUCTS)),
        st.tuples(st.just("delete"), NUMBER, st.none()),
        st.tuples(st.just("wait"), st.sampled_from([1, 7, 30, 5_000, 15_000]), st.none()),
    ),
    min_size=4,
    max_size=14,
)


class Client:
    """Somebody with connections of their own, for customers that both clients share."""

    def __init__(self, local: Local) -> None:
        self.local = local
        self.links: list[dict[str, Any]] = []

    async def run(self, steps: list[tuple[str, Any, Any]]) -> None:
        for verb, first, second in steps:
            await self.step(verb, first, second)
            await asyncio.sleep(0)

    async def step(self, verb: str, first: Any, second: Any) -> None:
        if verb == "wait":
            self.local.hands.moment += first
        elif verb == "start":
            self.links.append(await self.local.start(scenario=first, externalCustomerId=f"shared-{second}"))
        elif self.links:
            link = self.links[first % len(self.links)]
            path = f"{CONNECTIONS}/{link['id']}"
            match verb:
                case "finish":
                    await self.finish(link["connectToken"], second)
                case "repair":
                    answer = await self.call("POST", REPAIR, json={"connectionId": link["id"]})
                    if answer.status_code == 201:
                        bank = (await self.call("GET", path)).json()["institutionName"]
                        await self.finish(answer.json()["connectToken"], bank)
                case "refresh":
                    await self.call("POST", f"{path}/refresh", json={})
                case "update":
                    await self.call("POST", f"{path}/update", json={"products": [second]})
                case "delete":
                    await self.call("DELETE", path)

    async def call(self, method: str, path: str, **fields: Any) -> httpx.Response:
        answer = await self.local.api.request(method, path, **fields)
        assert answer.status_code < 500, answer.text
        return answer

    async def finish(self, token: str, bank: str) -> None:
        """Go as far through the widget as the scenario, the token and the other client let us."""

        async def page(call: str, **values: object) -> dict[str, Any]:
            answer = await self.local.widget.post(f"/widget/{call}", headers={"X-Connect-Token": token}, json=values)
            assert answer.status_code < 500, answer.text
            return dict(answer.json())

        visit = (await page("session")).get("visit")
        if visit is None:
            return
        choice = await page("provider", visit=visit, institutionId=self.local.bank(bank))
        hint = choice.get("hint", {})
        for _ in range(2):  # the first login is refused under one of the scenarios
            login = {"username": hint.get("username"), "password": hint.get("password")}
            if choice.get("url"):
                await self.local.widget.post("/oauth/answer", json={"state": visit, "allow": True, **login})
                await self.local.widget.post(
                    "/oauth/answer", json={"state": visit, "allow": True, "code": hint["code"]}
                )
                told = await page("popup", visit=visit)
            else:
                told = await page("login", visit=visit, **login)
            if told.get("outcome") == "code":
                told = await page("code", visit=visit, code=hint["code"])
            if accounts := told.get("accounts"):
                await page("complete", visit=visit, accountIds=[account["id"] for account in accounts])
                return


async def walk(local: Local, path: str, key: str, step: int, **query: str) -> list[dict[str, Any]]:
    """Forwards to the end and backwards to the beginning: the same items, each once."""
    forwards: list[dict[str, Any]] = []
    page = await local.get(path, limit=str(step), **query)
    while page[key]:
        forwards += page[key]
        assert len(forwards) < 10_000, "the list does not end"
        page = await local.get(path, limit=str(step), after=forwards[-1]["key"], **query)
    backwards = list(forwards[-1:])
    while backwards:
        page = await local.get(path, limit=str(step), before=backwards[0]["key"], **query)
        if not page[key]:
            break
        backwards = page[key] + backwards
        assert len(backwards) <= len(forwards), "the list does not begin"
    assert backwards == forwards
    assert max(Counter(item["key"] for item in forwards).values(), default=1) == 1
    return forwards


async def check(local: Local) -> None:
    """What must hold in any world, seen from outside and inside."""
    shown = {one["id"]: one for one in await walk(local, CONNECTIONS, "connections", 3)}
    assert len(shown) == len(local.world.connections)
    created = [one["createdAt"] for one in shown.values()]
    assert created == sorted(created, reverse=True)
    for one in shown.values():
        assert one["statusReason"] in REASONS[one["status"]]
        assert (one["institutionId"] is None) is (one["serviceProviderDetails"] is None)
        others = one.get("duplicateConnectionIds", [])
        if others:
            main = one["activeDuplicateConnectionId"]
            assert main in {one["id"], *others}
            assert (one["statusReason"] == "INACTIVE_DUPLICATE") is (main != one["id"])
            assert all(set(shown[name]["duplicateConnectionIds"]) == {*others, one["id"]} - {name} for name in others)
        else:
            assert one["statusReason"] != "INACTIVE_DUPLICATE"
    accounts = await walk(local, ACCOUNTS, "financialAccounts", 2)
    held = Counter(name for account in accounts for name in account["connectionIds"])
    for account in accounts:
        assert account["connectionIds"]
        for name in account["connectionIds"]:
            assert shown[name]["customerId"] == account["customerId"]
            assert shown[name]["status"] not in {"IN_PROGRESS", "EXPIRED", "DELETED"}
    finished = {one["id"] for one in shown.values() if one["institutionId"] and one["status"] != "DELETED"}
    assert set(held) == finished
    moments = [entry["occurredAt"] for entry in await walk(local, ACTIVITY, "activities", 50, **ALWAYS)]
    assert all(newer >= older for newer, older in pairwise(moments))
    visits = local.world.connections._visits
    assert set(visits) == {name for one in local.world.connections for name in one.visits}


async def live(first: list[tuple[str, Any, Any]], second: list[tuple[str, Any, Any]]) -> None:
    hands = Hands()
    world = World(real_time=hands)
    world.widget_origin = "http://127.0.0.1:2"
    async with (
        httpx.AsyncClient(
            transport=httpx.ASGITransport(api_app(world)), base_url="http://127.0.0.1:1", headers=KEY
        ) as api,
        httpx.AsyncClient(transport=httpx.ASGITransport(widget_app(world)), base_url=world.widget_origin) as widget,
    ):
        local = Local(world, hands, api, widget)
        one, two = Client(local), Client(local)
        await asyncio.gather(one.run(first), two.run(second))
        await check(local)
        for client in (one, two):
            for link in client.links:
                assert (await local.connection(link["id"]))["customerId"] == link["customerId"]


@settings(max_examples=60, deadline=None)
@given(STEPS, STEPS)
def test_two_clients_never_corrupt_the_world(
    first: list[tuple[str, Any, Any]], second: list[tuple[str, Any, Any]]
) -> None:
    asyncio.run(live([("start", "success", 0), *first], [("start", "success", 0), *second]))


def test_the_machine_reaches_every_kind_of_state() -> None:
    """Guards the test above: its steps really lead to duplicates, deletions, repairs and expiry."""
    steps: list[tuple[str, Any, Any]] = [
        ("start", "success", 0),
        ("finish", 0, BANKS[0]),
        ("start", "needs-repair", 0),
        ("finish", 1, BANKS[0]),
        ("wait", 30, None),
        ("repair", 0, None),
        ("start", "success", 1),
        ("wait", 15_000, None),
        ("start", "oauth-popup", 1),
        ("finish", 3, BANKS[1]),
        ("delete", 3, None),
    ]

    async def told() -> set[tuple[str, str | None]]:
        hands = Hands()
        world = World(real_time=hands)
        async with (
            httpx.AsyncClient(
                transport=httpx.ASGITransport(api_app(world)), base_url="http://127.0.0.1:1", headers=KEY
            ) as api,
            httpx.AsyncClient(transport=httpx.ASGITransport(widget_app(world)), base_url="http://127.0.0.1:2") as page,
        ):
            local = Local(world, hands, api, page)
            await Client(local).run(steps)
            await check(local)
            assert (await api.post(START, json={"externalCustomerId": "c", "products": ["OWNERS"]})).status_code == 201
            return {(one.status, one.status_reason) for one in world.connections}

    assert asyncio.run(told()) == {
        ("IN_PROGRESS", None),
        ("ACTIVE", None),
        ("PARTIALLY_ACTIVE", "INACTIVE_DUPLICATE"),
        ("EXPIRED", None),
        ("DELETED", None),
    }
