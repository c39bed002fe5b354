"""Every rule of the request: what is refused, what is only said, and at which field."""

from dataclasses import replace
from typing import Any

import pytest

from meld_desktop.domain.products import Product
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.domain.validation import Problem, Severity, check, errors_in

GOOD = ConnectStartRequest(external_customer_id="c-1", products=(Product.BALANCES, Product.OWNERS))
SOME_REGIONS = frozenset({"US", "CA", "US-CA", "CA-ON"})


def changed(**values: Any) -> ConnectStartRequest:
    return replace(GOOD, **values)


def problems(request: ConnectStartRequest) -> list[Problem]:
    return check(request, is_region=SOME_REGIONS.__contains__)


def found(request: ConnectStartRequest) -> list[tuple[str, str]]:
    return [(problem.field, problem.severity.name) for problem in problems(request)]


def only(request: ConnectStartRequest) -> str:
    (problem,) = problems(request)
    return str(problem.text)


def test_a_plain_request_is_sent_without_a_word() -> None:
    assert found(GOOD) == []


@pytest.mark.parametrize("blank", ["", " ", "\t\n", "\u00a0"])
def test_a_customer_is_needed(blank: str) -> None:
    assert found(changed(external_customer_id=blank)) == [("external_customer_id", "ERROR")]


def test_a_product_is_needed_somewhere() -> None:
    assert found(changed(products=())) == [("products", "ERROR")]


def test_optional_products_alone_are_sent_with_a_warning() -> None:
    request = changed(products=(), optional_products=(Product.OWNERS, Product.BALANCES))
    assert found(request) == [("products", "WARNING")]
    assert "optional" in only(request)


@pytest.mark.parametrize("product", list(Product))
def test_a_product_in_both_lists(product: Product) -> None:
    request = changed(products=(Product.OWNERS, Product.BALANCES, product), optional_products=(product,))
    errors = errors_in(problems(request))
    assert [problem.field for problem in errors] == ["products"]
    assert str(errors[0].text).startswith(product.value.replace("_", " ").capitalize())


def test_each_product_in_both_lists_is_named() -> None:
    both = tuple(Product)
    assert len(errors_in(problems(changed(products=both, optional_products=both)))) == 6


@pytest.mark.parametrize("where", ["products", "optional_products"])
def test_balances_alone_are_doubtful(where: str) -> None:
    request = ConnectStartRequest("c-1", **{where: (Product.BALANCES,)})  # type: ignore[arg-type]
    texts = [str(each.text) for each in problems(request)]
    assert any("on its own" in text for text in texts)


def test_balances_with_another_product_are_fine_wherever_it_is() -> None:
    assert found(changed(products=(Product.BALANCES,), optional_products=(Product.OWNERS,))) == []


@pytest.mark.parametrize("product", [Product.INVESTMENT_HOLDINGS, Product.INVESTMENT_TRANSACTIONS])
def test_required_investments_hide_banks(product: Product) -> None:
    assert found(changed(products=(Product.OWNERS, product))) == [("products", "WARNING")]
    assert found(changed(optional_products=(product,))) == []


def test_every_unknown_region_is_named() -> None:
    request = changed(regions=("US", "XX", "CA-ON", "UK"))
    assert found(request) == [("regions", "ERROR")] * 2
    assert [str(problem.text)[:4] for problem in problems(request)] == ["“XX”", "“UK”"]


def test_known_regions_pass_and_none_are_asked_about_without_regions() -> None:
    assert found(changed(regions=("US", "CA-ON"))) == []

    def never(code: str) -> bool:
        raise AssertionError(code)

    assert check(GOOD, is_region=never) == []


def test_search_beside_an_id_is_pointless() -> None:
    request = changed(institution_id="Ntj3AwgdridJc2rtfeheku", institution_search_string="Chase")
    assert found(request) == [("institution_search_string", "WARNING")]


@pytest.mark.parametrize(
    "url", ["https://example.com", "https://example.com/a?b=c#d", "http://localhost:3000/x", "http://127.0.0.1/"]
)
def test_good_redirects(url: str) -> None:
    assert found(changed(redirect_url=url)) == []


@pytest.mark.parametrize("url", ["http://example.com/", "myapp://linked/done", "HTTP://EXAMPLE.COM"])
def test_doubtful_redirects(url: str) -> None:
    assert found(changed(redirect_url=url)) == [("redirect_url", "WARNING")]


ACTIVE = [
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "vbscript:x",
    "about:blank",
    "blob:https://a/b",
]
NO_ADDRESS = [
    "example.com/done",
    "https://",
    "https:///path",
    "//example.com",
    "https:",
    "done",
    "https://exa mple.com",
    "https://example.com/\u00a0",
    'https://example.com/"x',
    "https://example.com/<x>",
    "https://example.com/a\\b",
    "https://example.com:99999/",
    "https://example.com:port/",
    "https://[::1",
    "https://./",
]


@pytest.mark.parametrize("url", [*ACTIVE, *NO_ADDRESS])
@pytest.mark.parametrize("field", ["redirect_url", "account_logo_url"])
def test_refused_addresses(field: str, url: str) -> None:
    assert found(changed(**{field: url})) == [(field, "ERROR")]


@pytest.mark.parametrize("url", ACTIVE)
def test_an_active_address_is_called_unsafe(url: str) -> None:
    assert "not safe" in only(changed(redirect_url=url))


def test_a_logo_is_fetched_over_http() -> None:
    assert found(changed(account_logo_url="https://example.com/l.png")) == []
    assert found(changed(account_logo_url="ftp://example.com/l.png")) == [("account_logo_url", "ERROR")]


@pytest.mark.parametrize(
    "field",
    ["border_color", "border_text_color", "routing_retry_bank_button_color", "routing_retry_provider_button_color"],
)
def test_colours(field: str) -> None:
    assert found(changed(**{field: "#0B6E6E"})) == []
    assert found(changed(**{field: "rebeccapurple"})) == []
    assert found(changed(**{field: "ocean"})) == [(field, "ERROR")]


def test_selection_style() -> None:
    for style in ("LIST", "TILE"):
        assert found(changed(selection_style=style)) == []
    assert found(changed(selection_style="GRID")) == [("selection_style", "ERROR")]
    assert "LIST, TILE" in only(changed(selection_style="GRID"))


@pytest.mark.parametrize(
    "field", ["external_customer_id", "institution_search_string", "institution_selection_text", "font"]
)
def test_what_no_utf8_can_carry(field: str) -> None:
    assert found(changed(**{field: "a\udc80b"})) == [(field, "ERROR")]


def test_everything_at_once_in_the_order_of_the_form_errors_first() -> None:
    request = ConnectStartRequest(
        external_customer_id=" ",
        products=(Product.INVESTMENT_HOLDINGS,),
        optional_products=(Product.INVESTMENT_HOLDINGS,),
        regions=("XX",),
        institution_search_string="Chase",
        institution_id="x",
        redirect_url="javascript:1",
        selection_style="GRID",
        account_logo_url="nowhere",
        border_color="ocean",
    )
    assert found(request) == [
        ("external_customer_id", "ERROR"),
        ("products", "ERROR"),
        ("products", "WARNING"),
        ("regions", "ERROR"),
        ("institution_search_string", "WARNING"),
        ("redirect_url", "ERROR"),
        ("selection_style", "ERROR"),
        ("account_logo_url", "ERROR"),
        ("border_color", "ERROR"),
    ]
    assert {problem.severity for problem in errors_in(problems(request))} == {Severity.ERROR}
    assert len(errors_in(problems(request))) == 7
