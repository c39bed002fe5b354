"""The running server does what its own OpenAPI document says, for whatever requests are made of it.

schemathesis makes the requests from the document, valid and broken ones, and judges every answer by it.
"""

import itertools
import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import checks
from schemathesis.specs.openapi import checks as openapi_checks

from meld_desktop.locations import resource
from meld_desktop.mock import contract
from meld_desktop.mock.api import api_app
from meld_desktop.mock.server import MockAddresses, MockServer
from meld_desktop.mock.world import World

PATH = resource("demo", "openapi.json")
DOCUMENT: dict[str, Any] = json.loads(PATH.read_text("utf-8"))
KEY = {"Authorization": "BASIC k"}
ALL_PRODUCTS = list(contract.PRODUCTS)
CHECKS = [
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_headers_conformance,
    openapi_checks.response_schema_conformance,
    openapi_checks.negative_data_rejection,
    openapi_checks.unsupported_method,
]

# Every request carries the key, so the security rule would only make broken requests that are none.
schema = schemathesis.openapi.from_dict(DOCUMENT | {"security": []})


@pytest.fixture(scope="module")
def addresses() -> Iterator[MockAddresses]:
    server = MockServer(speed=100)
    yield server.start()
    server.stop()


@pytest.fixture(scope="module")
def real_ids(addresses: MockAddresses) -> dict[str, "itertools.cycle[str]"]:
    """Ids of things that are there, for each path parameter."""
    with httpx.Client(base_url=addresses.api, headers=KEY, trust_env=False) as api:
        connections = [connect(api, addresses, number) for number in range(12)]
        wait_for_data(api)
        named = {
            "financialAccountId": ("/bank-linking/accounts", "financialAccounts"),
            "transactionId": ("/bank-linking/transactions", "financialAccountTransactions"),
            "investmentHoldingId": ("/bank-linking/investments/holdings", "investmentHoldings"),
            "investmentTransactionId": ("/bank-linking/investments/transactions", "investmentTransactions"),
            "institutionId": ("/institutions", "institutions"),
        }
        ids = {name: [item["id"] for item in api.get(path).json()[key]] for name, (path, key) in named.items()}
    assert all(ids.values()), {name: len(found) for name, found in ids.items()}
    return {name: itertools.cycle(found) for name, found in (ids | {"connectionId": connections}).items()}


def wait_for_data(api: httpx.Client) -> None:
    for _ in range(2_000):
        if api.get("/bank-linking/investments/transactions").json()["count"]:
            return
    raise AssertionError("no data")


def connect(api: httpx.Client, addresses: MockAddresses, number: int) -> str:
    """Make a connection and finish its widget, in the United States with everything or in Germany."""
    products = {"products": ["BALANCES"], "optionalProducts": ALL_PRODUCTS[1:]}
    link = api.post("/bank-linking/connect/start", json={"externalCustomerId": f"c{number}", **products}).json()
    with httpx.Client(
        base_url=addresses.widget, headers={"X-Connect-Token": link["connectToken"]}, trust_env=False
    ) as page:
        visit = {"visit": page.post("/widget/session", json={}).json()["visit"]}
        if number % 3 == 0:
            page.post("/widget/provider", json=visit | {"institutionId": bank_id(api, "Lindenhof Bank")})
            page.post("/widget/login", json=visit | {"username": "username", "password": "secret"})
            told = page.post("/widget/code", json=visit | {"code": "12345"}).json()
        else:
            page.post("/widget/provider", json=visit | {"institutionId": bank_id(api, "Maple Test Bank")})
            told = page.post("/widget/login", json=visit | {"username": "user_good", "password": "pass_good"}).json()
        chosen = [account["id"] for account in told["accounts"]]
        assert page.post("/widget/complete", json=visit | {"accountIds": chosen}).status_code == 200
    return str(link["id"])


def bank_id(api: httpx.Client, name: str) -> str:
    return str(api.get("/institutions", params={"name": name}).json()["institutions"][0]["id"])


@schema.parametrize()
@settings(
    max_examples=20,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_as_the_document_says(
    case: "schemathesis.Case[Any]", addresses: MockAddresses, real_ids: dict[str, "itertools.cycle[str]"]
) -> None:
    if case.meta is not None and case.meta.generation.mode.is_positive and len(str(case.path_parameters)) % 2:
        for name in case.path_parameters or {}:
            case.path_parameters[name] = next(real_ids[name])
    case.call_and_validate(base_url=addresses.api, headers=KEY, checks=CHECKS)


def test_each_thing_that_is_there_is_shown_as_documented(
    addresses: MockAddresses, real_ids: dict[str, "itertools.cycle[str]"]
) -> None:
    moments = {"start": "2020-01-01T00:00:00Z", "end": "2100-01-01T00:00:00Z"}
    with httpx.Client(base_url=addresses.api, headers=KEY, trust_env=False) as api:
        for path in DOCUMENT["paths"]:
            if "get" not in DOCUMENT["paths"][path]:
                continue
            query = moments if path == "/activity-log" else {}
            if path == "/activity-log/details":
                found = api.get("/activity-log", params=moments | {"limit": "100"}).json()["activities"]
                query = {"keys": ",".join(entry["key"] for entry in found)}
            for _ in range(5):
                filled = re.sub(r"\{(\w+)\}", lambda name: next(real_ids[name[1]]), path)
                answer = api.get(filled, params=query)
                assert answer.status_code == 200, (filled, answer.text)
                schema[path]["GET"].validate_response(answer)


def test_the_document_describes_every_route_and_no_other() -> None:
    def paths_of(app: Any) -> set[tuple[str, str]]:
        return {
            (re.sub(r"\{\w+\}", "{}", route.path), method.lower())
            for route in app.routes
            for method in route.methods - {"HEAD"}
        }

    described = {
        (re.sub(r"\{\w+\}", "{}", path), method) for path, item in DOCUMENT["paths"].items() for method in item
    }
    served = paths_of(getattr(api_app(World()), "_app", None))
    assert served - {("/openapi.json", "get")} == described


def test_the_document_knows_the_values_the_server_knows() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    assert schemas["Product"]["enum"] == list(contract.PRODUCTS)
    assert schemas["ServiceProvider"]["enum"] == list(contract.SERVICE_PROVIDERS)
    assert schemas["Connection"]["properties"]["status"]["enum"] == list(contract.STATUSES)
    reasons = {reason for known in contract.REASONS.values() for reason in known}
    assert set(schemas["Connection"]["properties"]["statusReason"]["enum"]) == reasons
    assert schemas["Activity"]["properties"]["action"]["enum"] == list(contract.ACTIONS)
    assert schemas["Transaction"]["properties"]["category"]["enum"] == list(contract.CATEGORIES)


def test_it_is_served_without_a_key_and_everything_else_is_not(addresses: MockAddresses) -> None:
    with httpx.Client(base_url=addresses.api, trust_env=False) as anybody:
        answer = anybody.get("/openapi.json")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
        assert answer.content == PATH.read_bytes()
        for path, item in DOCUMENT["paths"].items():
            for method in item:
                refused = anybody.request(method, path.replace("{", "").replace("}", ""))
                assert (refused.status_code, refused.json()["code"]) == (401, "UNAUTHORIZED"), path
