"""The window on a real desktop: a fresh start, the form, and what it sends."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Launcher
from tests.e2e.driver import wait_for
from tests.e2e.form import PRODUCTS, add_regions, chosen_regions, create, create_and_get_url, fill, open_appearance
from tests.e2e.program import activate
from tests.support import answers
from tests.support.strict_meld import StrictMeld

NAMED_CONTROLS = [
    ("combo box", "Environment"),
    ("text", "Customer ID"),
    *(("check box", f"{product} {column}") for product in PRODUCTS for column in ("required", "optional")),
    ("text", "Add region"),
    ("button", "Browse regions…"),
    ("text", "Institution ID"),
    ("text", "Institution search"),
    ("text", "Redirect URL"),
    ("check box", "Allow redirect"),
    ("button", "Create link"),
    ("text", "Widget URL"),
    ("button", "Copy link"),
    ("button", "Open in browser"),
    ("any", "Message"),
]
APPEARANCE_CONTROLS = [
    ("combo box", "Selection style"),
    ("text", "Picker heading"),
    ("text", "Logo URL"),
    ("text", "Font"),
    ("any", "Show border"),
    ("text", "Border colour"),
    ("text", "Border text colour"),
    ("any", "Routing retry"),
    ("text", "Retry bank button colour"),
    ("text", "Retry provider button colour"),
]


def test_a_fresh_start_is_demo_and_every_control_has_its_name(launch: Launcher) -> None:
    window = launch().window
    assert window.titles()[0].startswith("Meld Desktop - Demo")
    window.button("Create link").wait()
    open_appearance(window)
    missing = [
        (role, name) for role, name in NAMED_CONTROLS + APPEARANCE_CONTROLS if not window.control(role, name).exists()
    ]
    assert not missing
    assert window.field("Customer ID").text == "testUser"
    assert window.box("Allow redirect").checked
    assert not window.button("Create link").enabled, "no product is ticked yet"
    assert not window.button("Cancel").exists()


def test_a_product_is_required_or_optional_never_both(launch: Launcher) -> None:
    window = launch().window
    for product in PRODUCTS:
        required, optional = window.box(f"{product} required"), window.box(f"{product} optional")
        required.tick()
        optional.tick()
        assert not required.checked
        required.tick()
        assert not optional.checked
    assert window.button("Create link").enabled


def test_pasted_regions_become_chips_and_junk_is_named(launch: Launcher) -> None:
    window = launch().window
    add_regions(window, "US, CA-ON; Germany")
    wait_for(lambda: len(chosen_regions(window)) == 3, "three chips")
    names = chosen_regions(window)
    assert "United States" in names[0]
    assert "Ontario" in names[1]
    assert "Germany" in names[2]
    add_regions(window, "GB, Atlantis")
    wait_for(lambda: len(chosen_regions(window)) == 4, "the good one kept")

    def named() -> list[object]:
        return [each for each in window.all("any") if "“Atlantis”" in f"{each['name']} {each['text'] or ''}"]

    wait_for(named, "the junk called by its name")


BODIES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "one required": (
        {"customer": "support-4711", "required": ["Owners"]},
        {"externalCustomerId": "support-4711", "products": ["OWNERS"]},
    ),
    "optional only": (
        {"customer": "c-1", "optional": ["Transactions", "Balances"]},
        {"externalCustomerId": "c-1", "optionalProducts": ["BALANCES", "TRANSACTIONS"]},
    ),
    "all twelve columns used": (
        {"customer": "c-1", "required": PRODUCTS[:3], "optional": PRODUCTS[3:]},
        {
            "externalCustomerId": "c-1",
            "products": ["BALANCES", "IDENTIFIERS", "INVESTMENT_HOLDINGS"],
            "optionalProducts": ["INVESTMENT_TRANSACTIONS", "OWNERS", "TRANSACTIONS"],
        },
    ),
    "regions": (
        {"customer": "c-1", "required": ["Balances", "Owners"], "regions": "US, CA-ON; Germany"},
        {"externalCustomerId": "c-1", "products": ["BALANCES", "OWNERS"], "regions": ["US", "CA-ON", "DE"]},
    ),
    "bank and search": (
        {
            "customer": "c-1",
            "required": ["Owners"],
            "texts": {"Institution ID": "Ntj3AwgdridJc2rtfeheku", "Institution search": "Bänk «Zürich» 東京"},
        },
        {
            "externalCustomerId": "c-1",
            "products": ["OWNERS"],
            "institutionId": "Ntj3AwgdridJc2rtfeheku",
            "institutionSearchString": "Bänk «Zürich» 東京",
        },
    ),
    "redirect": (
        {
            "customer": "user+1@example.com",
            "required": ["Owners"],
            "texts": {"Redirect URL": "https://example.com/done?a=1&b=2"},
            "allow_redirect": False,
        },
        {
            "externalCustomerId": "user+1@example.com",
            "products": ["OWNERS"],
            "redirectUrl": "https://example.com/done?a=1&b=2",
            "allowRedirect": False,
        },
    ),
    "some appearance": (
        {
            "customer": "c-1",
            "required": ["Owners"],
            "appearance": {"Selection style": "Tiles", "Border colour": "#003366", "Show border": True},
        },
        {
            "externalCustomerId": "c-1",
            "products": ["OWNERS"],
            "accountPreferenceOverride": {"selectionStyle": "TILE", "borderColor": "#003366", "showBorder": True},
        },
    ),
    "whole appearance": (
        {
            "customer": "c-1",
            "required": ["Owners"],
            "appearance": {
                "Selection style": "List",
                "Picker heading": "Your bank?",
                "Logo URL": "https://example.com/logo.png",
                "Font": "Inter",
                "Show border": True,
                "Border colour": "teal",
                "Border text colour": "#fff",
                "Routing retry": True,
                "Retry bank button colour": "#112233",
                "Retry provider button colour": "red",
            },
        },
        {
            "externalCustomerId": "c-1",
            "products": ["OWNERS"],
            "accountPreferenceOverride": {
                "selectionStyle": "LIST",
                "institutionSelectionText": "Your bank?",
                "accountLogoUrl": "https://example.com/logo.png",
                "font": "Inter",
                "showBorder": True,
                "borderColor": "teal",
                "borderTextColor": "#fff",
                "routingRetry": True,
                "routingRetryBankButtonColor": "#112233",
                "routingRetryProviderButtonColor": "red",
            },
        },
    ),
}


@pytest.mark.parametrize("combination", BODIES)
def test_the_form_becomes_exactly_this_body(combination: str, launch: Launcher, meld: StrictMeld) -> None:
    form, body = BODIES[combination]
    meld.script(answers.CONFLICT)  # what comes of a link is another test's; here it would only take time
    window = launch("--base-url", meld.url, env={"MELD_API_KEY": "a-key"}).window
    fill(window, **form)
    create(window)
    meld.wait_for_requests(1)
    assert meld.bodies == [body]


def test_a_link_shows_and_the_request_had_the_documented_headers(launch: Launcher, meld: StrictMeld) -> None:
    window = launch("--base-url", meld.url, env={"MELD_API_KEY": " a-key \n"}).window
    fill(window, customer="c-1", required=["Owners"])
    assert create_and_get_url(window) == f"{meld.widget.url}?connectToken={meld.tokens[0]}"
    window.wait_message("Link ready")
    (request,) = meld.requests
    assert request.header("Authorization") == ["BASIC a-key"]
    assert request.header("Meld-Version") == ["2026-02-03"]
    for name in ("Copy link", "Open in browser"):
        assert window.button(name).enabled


def test_what_cannot_be_sent_is_said_at_the_fields_and_nothing_goes_out(launch: Launcher, meld: StrictMeld) -> None:
    window = launch("--base-url", meld.url, env={"MELD_API_KEY": "a-key"}).window
    fill(
        window,
        customer="c-1",
        texts={"Redirect URL": "javascript:alert(1)"},
        appearance={"Border colour": "very blue"},
    )
    assert not window.button("Create link").enabled
    window.driver.keys("ctrl+Return")
    said = wait_for(lambda: window.message() if "Not sent" in window.message() else "", "what is wrong")
    assert "product" in said.lower()
    labels = " ".join(each["name"] for each in window.all("any"))
    for piece in ("javascript:", "very blue"):
        assert piece in labels
    window.field("Customer ID").type("")
    wait_for(lambda: [each for each in window.all("any") if "customer's ID" in each["name"]], "the empty customer")
    assert not meld.requests


def test_everything_by_keyboard(launch: Launcher, meld: StrictMeld) -> None:
    program = launch("--base-url", meld.url, env={"MELD_API_KEY": "a-key"})
    window, keys = program.window, program.driver.keys
    activate(program)
    keys("ctrl+l")
    wait_for(lambda: "focused" in window.field("Customer ID").states, "the customer by its shortcut")
    program.driver.type("by-hand")
    keys("Tab", "space")
    wait_for(lambda: window.box("Balances required").checked, "the first product, next in the tab order")
    keys("Tab", "Tab", "Tab", "space")
    wait_for(lambda: window.box("Identifiers optional").checked, "an optional product")
    keys("ctrl+Return")
    window.field("Widget URL").wait_text("connectToken=")
    assert meld.bodies == [
        {"externalCustomerId": "by-hand", "products": ["BALANCES"], "optionalProducts": ["IDENTIFIERS"]}
    ]


def test_the_preview_is_the_body_that_is_sent(launch: Launcher, meld: StrictMeld) -> None:
    program = launch("--base-url", meld.url, env={"MELD_API_KEY": "a-key"})
    window = program.window
    fill(window, customer="c-1", required=["Owners"], texts={"Institution search": 'a "b" \\ é'})
    activate(program)
    program.driver.keys("ctrl+2")
    preview = json.loads(window.control("text", "Request body").wait_text("externalCustomerId"))
    program.driver.keys("ctrl+Return")
    meld.wait_for_requests(1)
    assert meld.bodies == [preview]


def test_the_environment_can_be_changed_and_is_remembered(launch: Launcher) -> None:
    program = launch()
    window = program.window
    window.control("combo box", "Environment").choose("Sandbox")
    wait_for(lambda: window.titles() == ["Meld Desktop - Sandbox"], "the title")
    assert window.field("Customer ID").text == "", "the documented test customer belongs to Demo"
    assert window.button("API key…").enabled
    activate(program)
    program.quit()
    assert launch().window.titles() == ["Meld Desktop - Sandbox"]


def test_a_link_of_another_environment_leaves_the_window(launch: Launcher) -> None:
    window = launch().window
    fill(window, required=["Balances", "Owners"])
    create_and_get_url(window)
    window.control("combo box", "Environment").choose("Sandbox")
    wait_for(lambda: window.field("Widget URL").text == "", "no link of Demo in Sandbox")
    fill(window, customer="c-1")
    create(window)
    window.wait_message("No API key")


def test_the_tour_does_the_main_job_without_a_screen(launch: Launcher, tmp_path: Path) -> None:
    tour = tmp_path / "tour"
    program = launch("--tour", str(tour), env={"DISPLAY": "", "QT_QPA_PLATFORM": "offscreen"})
    assert program.process.wait(90) == 0, program.words()
    result = json.loads((tour / "result.json").read_text())
    pictures = sorted(path.name for path in tour.glob("*.png"))
    assert len(pictures) >= 3
    assert isinstance(result, dict)


def test_without_a_display_there_is_one_message_with_the_remedy(launch: Launcher) -> None:
    program = launch(env={"DISPLAY": ""})
    assert program.process.wait(30) != 0
    words = program.words()
    assert "display" in words.lower()
    assert "Traceback" not in words
    assert len(words.split()) < 80
