"""What ``meld-link create`` sends: the flags on one side, the exact JSON body on the other."""

from typing import Any

import pytest

from tests.e2e.command import CUSTOMER, ENOUGH, ENOUGH_BODY, CommandLine
from tests.support.secrets_scan import PLANTED_KEY
from tests.support.strict_meld import StrictMeld

BODIES: dict[str, tuple[list[str], dict[str, Any]]] = {
    "one product": (
        ["--customer", "c-1", "--product", "OWNERS"],
        {"externalCustomerId": "c-1", "products": ["OWNERS"]},
    ),
    "lower case product": (
        ["--customer", "c-1", "--product", "identifiers"],
        {"externalCustomerId": "c-1", "products": ["IDENTIFIERS"]},
    ),
    "mixed case product": (
        ["--customer", "c-1", "--product", "Investment_Holdings"],
        {"externalCustomerId": "c-1", "products": ["INVESTMENT_HOLDINGS"]},
    ),
    "repeated product": (
        ["--customer", "c-1", "--product", "OWNERS", "--product", "owners", "--product", "OWNERS"],
        {"externalCustomerId": "c-1", "products": ["OWNERS"]},
    ),
    "all required": (
        [
            *("--customer", "c-1", "--product", "BALANCES", "--product", "IDENTIFIERS", "--product", "OWNERS"),
            *("--product", "INVESTMENT_HOLDINGS", "--product", "INVESTMENT_TRANSACTIONS", "--product", "TRANSACTIONS"),
        ],
        {
            "externalCustomerId": "c-1",
            "products": [
                *("BALANCES", "IDENTIFIERS", "OWNERS"),
                *("INVESTMENT_HOLDINGS", "INVESTMENT_TRANSACTIONS", "TRANSACTIONS"),
            ],
        },
    ),
    "optional only": (
        ["--customer", "c-1", "--optional", "TRANSACTIONS"],
        {"externalCustomerId": "c-1", "optionalProducts": ["TRANSACTIONS"]},
    ),
    "balances alone": (
        ["--customer", "c-1", "--product", "BALANCES"],
        {"externalCustomerId": "c-1", "products": ["BALANCES"]},
    ),
    "both lists": (
        ["--customer", "c-1", "--product", "BALANCES", "--optional", "owners", "--optional", "IDENTIFIERS"],
        {"externalCustomerId": "c-1", "products": ["BALANCES"], "optionalProducts": ["OWNERS", "IDENTIFIERS"]},
    ),
    "repeated optional": (
        ["--customer", "c-1", "--product", "BALANCES", "--optional", "owners", "--optional", "OWNERS"],
        {"externalCustomerId": "c-1", "products": ["BALANCES"], "optionalProducts": ["OWNERS"]},
    ),
    "country": ([*ENOUGH, "--region", "US"], {**ENOUGH_BODY, "regions": ["US"]}),
    "lower case country": ([*ENOUGH, "--region", "de"], {**ENOUGH_BODY, "regions": ["DE"]}),
    "subdivision": ([*ENOUGH, "--region", "CA-ON"], {**ENOUGH_BODY, "regions": ["CA-ON"]}),
    "lower case subdivision": ([*ENOUGH, "--region", "gb-eng"], {**ENOUGH_BODY, "regions": ["GB-ENG"]}),
    "several regions in their order": (
        [*ENOUGH, "--region", "US", "--region", "CA-ON", "--region", "GB", "--region", "US-CA"],
        {**ENOUGH_BODY, "regions": ["US", "CA-ON", "GB", "US-CA"]},
    ),
    "repeated region": ([*ENOUGH, "--region", "US", "--region", "us"], {**ENOUGH_BODY, "regions": ["US"]}),
    "subdivision with a digit": ([*ENOUGH, "--region", "FR-75C"], {**ENOUGH_BODY, "regions": ["FR-75C"]}),
    "bank": (
        [*ENOUGH, "--institution", "Ntj3AwgdridJc2rtfeheku"],
        {**ENOUGH_BODY, "institutionId": "Ntj3AwgdridJc2rtfeheku"},
    ),
    "search": ([*ENOUGH, "--search", "Chase"], {**ENOUGH_BODY, "institutionSearchString": "Chase"}),
    "search beyond ASCII": (
        [*ENOUGH, "--search", "Bänk «Zürich» 東京 🏦"],
        {**ENOUGH_BODY, "institutionSearchString": "Bänk «Zürich» 東京 🏦"},
    ),
    "search with quotes": ([*ENOUGH, "--search", 'a"b\\c'], {**ENOUGH_BODY, "institutionSearchString": 'a"b\\c'}),
    "bank and search": (
        [*ENOUGH, "--institution", "Ntj3AwgdridJc2rtfeheku", "--search", "Chase"],
        {**ENOUGH_BODY, "institutionId": "Ntj3AwgdridJc2rtfeheku", "institutionSearchString": "Chase"},
    ),
    "redirect": (
        [*ENOUGH, "--redirect-url", "https://example.com/done?a=1&b=2#c"],
        {**ENOUGH_BODY, "redirectUrl": "https://example.com/done?a=1&b=2#c"},
    ),
    "plain redirect": (
        [*ENOUGH, "--redirect-url", "http://example.com/x"],
        {**ENOUGH_BODY, "redirectUrl": "http://example.com/x"},
    ),
    "redirect to an app": (
        [*ENOUGH, "--redirect-url", "myapp://done/now"],
        {**ENOUGH_BODY, "redirectUrl": "myapp://done/now"},
    ),
    "no redirect": ([*ENOUGH, "--no-redirect"], {**ENOUGH_BODY, "allowRedirect": False}),
    "customer with signs": (
        ["--customer", "user+1@example.com / ü", "--product", "OWNERS"],
        {"externalCustomerId": "user+1@example.com / ü", "products": ["OWNERS"]},
    ),
    "tiles": (
        [*ENOUGH, "--appearance", "selectionStyle=TILE"],
        {**ENOUGH_BODY, "accountPreferenceOverride": {"selectionStyle": "TILE"}},
    ),
    "text with an equals sign": (
        [*ENOUGH, "--appearance", "institutionSelectionText=Your bank = ?"],
        {**ENOUGH_BODY, "accountPreferenceOverride": {"institutionSelectionText": "Your bank = ?"}},
    ),
    "false is sent": (
        [*ENOUGH, "--appearance", "showBorder=false", "--appearance", "routingRetry=false"],
        {**ENOUGH_BODY, "accountPreferenceOverride": {"showBorder": False, "routingRetry": False}},
    ),
    "whole appearance": (
        [
            *ENOUGH,
            *("--appearance", "accountLogoUrl=https://example.com/logo.png?v=2"),
            *("--appearance", "borderColor=#003366"),
            *("--appearance", "borderTextColor=white"),
            *("--appearance", "font=Inter"),
            *("--appearance", "institutionSelectionText=Choose"),
            *("--appearance", "routingRetry=true"),
            *("--appearance", "routingRetryBankButtonColor=#abc"),
            *("--appearance", "routingRetryProviderButtonColor=teal"),
            *("--appearance", "selectionStyle=LIST"),
            *("--appearance", "showBorder=true"),
        ],
        {
            **ENOUGH_BODY,
            "accountPreferenceOverride": {
                "accountLogoUrl": "https://example.com/logo.png?v=2",
                "borderColor": "#003366",
                "borderTextColor": "white",
                "font": "Inter",
                "institutionSelectionText": "Choose",
                "routingRetry": True,
                "routingRetryBankButtonColor": "#abc",
                "routingRetryProviderButtonColor": "teal",
                "selectionStyle": "LIST",
                "showBorder": True,
            },
        },
    ),
    "everything": (
        [
            *("--customer", "support-4711", "--product", "balances", "--optional", "investment_holdings"),
            *("--region", "us", "--region", "ca", "--search", "Chase", "--redirect-url", "https://example.com/linked"),
            *("--no-redirect", "--appearance", "selectionStyle=TILE", "--appearance", "borderColor=#003366"),
        ],
        {
            "externalCustomerId": "support-4711",
            "products": ["BALANCES"],
            "optionalProducts": ["INVESTMENT_HOLDINGS"],
            "regions": ["US", "CA"],
            "institutionSearchString": "Chase",
            "redirectUrl": "https://example.com/linked",
            "allowRedirect": False,
            "accountPreferenceOverride": {"selectionStyle": "TILE", "borderColor": "#003366"},
        },
    ),
}


@pytest.mark.parametrize("combination", BODIES)
def test_flags_become_exactly_this_body(combination: str, meld_link: CommandLine, meld: StrictMeld) -> None:
    words, body = BODIES[combination]
    result = meld_link.create(meld.url, *words)
    assert (result.code, meld.violations) == (0, []), result.err
    assert meld.bodies == [body]
    assert result.out == f"{meld.widget.url}?connectToken={meld.tokens[0]}\n"


def test_one_request_with_exactly_the_documented_headers(meld_link: CommandLine, meld: StrictMeld) -> None:
    assert meld_link.create(meld.url, *ENOUGH, key=PLANTED_KEY).code == 0
    (request,) = meld.requests
    assert (request.method, request.path) == ("POST", "/bank-linking/connect/start")
    assert request.header("Authorization") == [f"BASIC {PLANTED_KEY}"]
    assert request.header("Meld-Version") == ["2026-02-03"]
    assert request.header("Content-Type")[0].split(";")[0] == "application/json"
    assert not meld.widget.requests


def test_json_prints_the_whole_answer_and_nothing_else(meld_link: CommandLine, meld: StrictMeld) -> None:
    result = meld_link.create(meld.url, *ENOUGH, "--json")
    assert result.code == 0
    assert result.json() == {
        "id": "WQ5CwCxDxXhYuA4fVHGk3o",
        "connectToken": meld.tokens[0],
        "customerId": "WQ5CwFZAT79JWX27hk8ARS",
        "externalCustomerId": "c-1",
        "widgetUrl": f"{meld.widget.url}?connectToken={meld.tokens[0]}",
    }


@pytest.mark.parametrize(
    "words",
    [
        ["--customer", "c-1", "--optional", "OWNERS"],
        ["--customer", "c-1", "--product", "BALANCES"],
        [*ENOUGH, "--institution", "Ntj3AwgdridJc2rtfeheku", "--search", "x"],
        [*CUSTOMER, "--product", "INVESTMENT_HOLDINGS", "--product", "OWNERS"],
        [*ENOUGH, "--redirect-url", "http://example.com/"],
        [*ENOUGH, "--redirect-url", "myapp://done/"],
    ],
    ids=["optional only", "balances alone", "bank and search", "investments", "plain http", "app scheme"],
)
def test_what_is_doubtful_is_said_and_sent(words: list[str], meld_link: CommandLine, meld: StrictMeld) -> None:
    doubtful, plain = meld_link.create(meld.url, *words), meld_link.create(meld.url, *ENOUGH)
    assert (doubtful.code, plain.code, len(meld.requests)) == (0, 0, 2)
    assert len(doubtful.out.splitlines()) == 1
    assert len(doubtful.err.split()) > len(plain.err.split())
