"""Which banks are shown, against a filter written separately over the raw data."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meld_desktop.locations import resource
from meld_desktop.mock.banks import Bank, BankProvider, Banks
from meld_desktop.mock.contract import PRODUCTS, SERVICE_PROVIDERS
from meld_desktop.mock.ids import is_id
from meld_desktop.mock.picker import matches, pick, serves, usable_providers

PATH = resource("demo", "institutions.json")
BANKS = Banks(PATH)
RAW: list[dict[str, Any]] = json.loads(PATH.read_text("utf-8"))
COUNTRIES = {"US", "CA", "GB", "DE", "ES", "FR", "BR", "MX"}
TAGS = sorted({region for bank in RAW for way in bank["providers"].values() for region in way["regions"]})
PLACES = [*TAGS, "US-AK", "IT", "CA-YT"]


def expected(products: set[str], regions: set[str], redirect: bool) -> set[str]:
    names = set()
    for bank in RAW:
        for way in bank["providers"].values():
            if not products.issubset(way["products"]) or (way["oauth"] and not redirect):
                continue
            reach = False
            for region in regions:
                for tag in way["regions"]:
                    same_place = region == tag
                    whole_country_asked = "-" not in region and tag[:2] == region
                    whole_country_served = "-" not in tag and region[:2] == tag
                    reach = reach or same_place or whole_country_asked or whole_country_served
            if reach or not regions:
                names.add(bank["name"])
    return names


@settings(max_examples=500, deadline=None)
@given(st.sets(st.sampled_from(PRODUCTS)), st.sets(st.sampled_from(PLACES), max_size=4), st.booleans())
def test_the_picker_shows_what_the_rules_say(products: set[str], regions: set[str], redirect: bool) -> None:
    shown = {bank.name for bank in pick(BANKS, products, regions, allow_redirect=redirect)}
    assert shown == expected(products, regions, redirect)


def bank(*providers: BankProvider, name: str = "Bank") -> Bank:
    return Bank("1" * 22, name, "", "", (), 1, False, providers, name.lower(), {})


def way(regions: str, products: str, oauth: bool = False) -> BankProvider:
    return BankProvider("MX", oauth, frozenset(regions.split()), frozenset(products.split()))


def test_one_provider_must_do_everything_together() -> None:
    split = bank(way("US", "BALANCES OWNERS", oauth=True), way("CA", "BALANCES"))
    assert usable_providers(split, ["BALANCES"], ["CA"], allow_redirect=False) == (split.providers[1],)
    assert not usable_providers(split, ["OWNERS"], ["CA"], allow_redirect=True)
    assert not usable_providers(split, ["OWNERS"], ["US"], allow_redirect=False)
    assert usable_providers(split, ["OWNERS"], ["US"], allow_redirect=True) == (split.providers[0],)


@pytest.mark.parametrize(
    ("tags", "region", "served"),
    [
        ("US", "US", True),
        ("US", "US-TN", True),
        ("US-TN", "US", True),
        ("US-TN", "US-TN", True),
        ("US-TN", "US-KY", False),
        ("US", "CA", False),
        ("US-CA", "CA", False),
        ("CA", "US-CA", False),
    ],
)
def test_countries_and_subdivisions(tags: str, region: str, served: bool) -> None:
    assert serves(frozenset(tags.split()), region) is served


def test_any_of_several_regions_is_enough_and_none_means_all() -> None:
    local = bank(way("US-TN", "BALANCES"))
    assert pick([local], [], ["DE", "US-TN"], allow_redirect=True) == [local]
    assert pick([local], [], [], allow_redirect=True) == [local]


def test_the_most_popular_bank_comes_first() -> None:
    ranks = [bank.rank for bank in pick(BANKS, [], [], allow_redirect=True)]
    assert ranks == sorted(ranks)
    assert len(ranks) == len(RAW)


@pytest.mark.parametrize("query", ["MTB", "maple TEST", "  Maple ", "mapletest.example", "bank maple", ""])
def test_search_finds_names_aliases_and_domains(query: str) -> None:
    assert "Maple Test Bank" in {bank.name for bank in BANKS if matches(bank, query)}


def test_search_does_not_mind_accents() -> None:
    assert [bank.name for bank in BANKS if matches(bank, "caisse erable")] == ["Caisse Érable"]
    assert [bank.name for bank in BANKS if matches(bank, "AHRENFELD")] == ["Ährenfeld Kasse"]
    assert not [bank for bank in BANKS if matches(bank, "maple zzz")]


def test_the_data_has_the_documented_shape() -> None:
    assert len(RAW) >= 60
    fields = {"id", "name", "subName", "type", "domain", "aliases", "rank", "isTest", "images", "providers"}
    for raw in RAW:
        assert set(raw) == fields, raw["name"]
        assert is_id(raw["id"])
        assert set(raw["images"]) == {"icon", "tile", "wide"}
        assert raw["isTest"] or raw["domain"].endswith(".example"), "only test institutions carry real names"
        for name, provider in raw["providers"].items():
            assert set(provider) == {"id", "oauth", "regions", "products"}
            assert name.upper() in SERVICE_PROVIDERS
            assert set(provider["products"]) <= {*PRODUCTS, "HISTORICAL_TRANSACTIONS"}
            assert "HISTORICAL_TRANSACTIONS" not in provider["products"] or name == "mx"
            abroad = any(region[:2] not in {"US", "CA"} for region in provider["regions"])
            assert name.startswith("saltedge") is abroad, "outside US and CA there is only Salt Edge"
            invests = {"INVESTMENT_HOLDINGS", "INVESTMENT_TRANSACTIONS"} & set(provider["products"])
            assert not (invests and name.startswith("saltedge")), "Salt Edge has no investments"
    for key in ("id", "name", "rank"):
        assert len({raw[key] for raw in RAW}) == len(RAW)


def test_the_data_covers_every_kind_of_bank() -> None:
    tags = [provider["regions"] for raw in RAW for provider in raw["providers"].values()]
    assert {region[:2] for regions in tags for region in regions} == COUNTRIES
    for country in COUNTRIES:
        own = [regions for regions in tags if regions[0][:2] == country]
        assert any("-" in regions[0] for regions in own), f"{country} has no local bank"
        assert any("-" not in regions[0] for regions in own), f"{country} has no national bank"
    tests = {raw["name"] for raw in RAW if raw["isTest"]}
    assert {"FinBank Profiles -A", "FinBank Profiles - B", "FinBank OAuth", "MX Bank", "MX Bank (OAuth)"} <= tests
    assert {"MXCU (OAuth)", "Platypus Bank", "Fake Bank with Client Keys"} <= tests
    providers = {name for raw in RAW for name in raw["providers"]}
    assert providers == {"plaid", "mx", "finicity", "saltedge", "saltedgepartners"}
    assert any(len({way["oauth"] for way in raw["providers"].values()}) == 2 for raw in RAW)
