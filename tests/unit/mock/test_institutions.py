"""The search over institutions, against a filter written separately over the raw data, and the countries."""

import json
from typing import Any

import pytest

from meld_desktop.locations import resource
from tests.unit.mock.harness import Local

pytestmark = pytest.mark.anyio

RAW: list[dict[str, Any]] = json.loads(resource("demo", "institutions.json").read_text("utf-8"))
COUNTRIES = "/service-providers/properties/countries"


def reaches(bank: dict[str, Any], regions: set[str], providers: set[str]) -> bool:
    for name, way in bank["providers"].items():
        if providers and name.upper() not in providers:
            continue
        for region in regions or {"anywhere"}:
            for tag in way["regions"]:
                if region in {"anywhere", tag} or region == tag[:2] or ("-" not in tag and tag == region[:2]):
                    return True
    return False


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"name": "maple"},
        {"name": "Érable"},
        {"name": "zzz"},
        {"type": "BANK"},
        {"type": "CREDIT_UNION"},
        {"regions": "US-TN"},
        {"regions": "DE, CA-ON"},
        {"regions": "IT"},
        {"serviceProviders": "SALTEDGE"},
        {"serviceProviders": "MX,PLAID", "regions": "CA"},
        {"name": "bank", "regions": "GB", "serviceProviders": "SALTEDGE", "type": "BANK"},
    ],
)
async def test_the_search_finds_what_the_raw_data_says(local: Local, query: dict[str, str]) -> None:
    def fits(bank: dict[str, Any]) -> bool:
        regions = {region.strip() for region in query.get("regions", "").split(",") if region.strip()}
        providers = {name for name in query.get("serviceProviders", "").split(",") if name}
        wanted = {"érable": "caisse érable"}.get(query.get("name", "").lower(), query.get("name", "").lower())
        return (
            wanted in bank["name"].lower()
            and query.get("type") in {None, bank["type"]}
            and reaches(bank, regions, providers)
        )

    page = await local.get("/institutions", limit="1000", **query)
    expected = sorted((bank for bank in RAW if fits(bank)), key=lambda bank: int(bank["rank"]))
    assert [bank["id"] for bank in page["institutions"]] == [bank["id"] for bank in expected]
    assert (page["count"], page["remaining"]) == (len(expected), 0)
    for shown, raw in zip(page["institutions"], expected, strict=True):
        assert {name: value for name, value in shown.items() if name != "key"} == raw


async def test_institutions_are_paged_both_ways(local: Local) -> None:
    first = await local.get("/institutions")
    assert (first["count"], first["remaining"]) == (10, len(RAW) - 10)
    second = await local.get("/institutions", after=first["institutions"][-1]["key"], limit="7")
    back = await local.get("/institutions", before=second["institutions"][0]["key"], limit="3")
    assert back["institutions"] == first["institutions"][7:]
    assert back["remaining"] == 7


async def test_one_institution(local: Local) -> None:
    bank = local.bank("Maple Test Bank")
    assert await local.get(f"/institutions/{bank}") == next(raw for raw in RAW if raw["id"] == bank)
    assert await local.refused("GET", f"/institutions/{'1' * 22}") == 404
    assert await local.refused("GET", "/institutions/maple") == 400


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "1001"},
        {"limit": "0"},
        {"after": "x"},
        {"regions": "USA"},
        {"regions": "XX"},
        {"regions": "US-"},
        {"serviceProviders": "TINK"},
        {"before": "a", "after": "b"},
    ],
)
async def test_a_bad_search_is_refused(local: Local, query: dict[str, str]) -> None:
    assert await local.refused("GET", "/institutions", params=query) == 400


async def test_the_countries_are_those_of_the_banks(local: Local) -> None:
    async def codes(**query: str) -> list[str]:
        answer = await local.api.get(COUNTRIES, params=query)
        assert answer.status_code == 200
        return [country["countryCode"] for country in answer.json()]

    everywhere = sorted({tag[:2] for bank in RAW for way in bank["providers"].values() for tag in way["regions"]})
    assert await codes() == await codes(categories="BANK_LINKING", accountFilter="true") == everywhere
    assert await codes(serviceProviders="PLAID") == ["CA", "US"]
    assert await codes(categories="CRYPTO_ONRAMP") == []
    assert await codes(countries="DE,IT") == ["DE"]
    for query in ({"categories": "BANKS"}, {"accountFilter": "yes"}, {"serviceProviders": "x"}, {"countries": "XX"}):
        assert await local.refused("GET", COUNTRIES, params=query) == 400
