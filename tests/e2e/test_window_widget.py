"""The widget inside the window, worked as a customer works it: by what a screen reader finds there."""

import pytest

from tests.e2e.conftest import Launcher
from tests.e2e.controls import Window
from tests.e2e.driver import wait_for
from tests.e2e.form import create, create_and_get_url, fill
from tests.e2e.program import Program, activate
from tests.support.answers import ok
from tests.support.strict_meld import StrictMeld


def strict_widget(launch: Launcher, meld: StrictMeld) -> tuple[Program, Window]:
    """Make a link with the strict server and wait for its widget."""
    program = launch("--base-url", meld.url, env={"MELD_API_KEY": "a-key"})
    fill(program.window, customer="customer-7", required=["Owners"])
    create_and_get_url(program.window)
    program.window.control("heading", "Strict widget").wait()
    return program, program.window


def press(window: Window, name: str) -> None:
    """Press a button of the page."""
    window.control("button", name, hidden=True).press()


def activities(window: Window) -> list[str]:
    """Return the lines of the list of what happened."""
    return window.control("list", "Activity").names("list item")


def _opens(window: Window, bank: str) -> bool:
    """Press the bank in the list, which changes under one's hands while the search goes on, until its login shows."""
    if window.control("heading", f"Log in to {bank}").exists():
        return True
    window.control("button", bank, prefix=True).press_now()
    return False


def test_the_whole_journey_in_demo(launch: Launcher) -> None:
    program = launch()
    window = program.window
    fill(window, required=["Balances", "Owners"])
    create_and_get_url(window)
    search = window.control("text", "Search for your bank")
    search.wait()
    search.type("maple")
    wait_for(lambda: _opens(window, "Maple Test Bank"), "the bank's login")
    window.button("Fill in").press()
    window.button("Continue").press()
    accounts = window.button("Agree and connect")
    accounts.wait()
    boxes = [each for each in window.all("check box") if "••••" in each["name"]]
    assert len(boxes) >= 2
    accounts.press()
    said = window.wait_message("Connected")
    assert "testUser" in said, "the message says who connected"
    assert "Maple" in said, "and which bank"
    assert "account" in said, "and how many accounts"
    activate(program)
    program.quit()


@pytest.mark.parametrize("button", ["Complete", "Complete as text", "Complete flat"])
def test_completion_says_who_connected_which_bank(button: str, launch: Launcher, meld: StrictMeld) -> None:
    _, window = strict_widget(launch, meld)
    press(window, button)
    said = window.wait_message("Strict Savings")
    assert "customer-7" in said
    assert "2 accounts" in said


def test_error_cancel_and_forged_events(launch: Launcher, meld: StrictMeld) -> None:
    _, window = strict_widget(launch, meld)
    press(window, "Complete from elsewhere")
    press(window, "Say error")
    said = window.wait_message("having a rest")
    assert "INSTITUTION_DOWN" in said or "problem" in said
    assert not [line for line in activities(window) if "Forged" in line]
    press(window, "Leave widget")
    window.wait_message("Cancelled")


def test_a_popup_keeps_its_opener_and_closes_itself(launch: Launcher, meld: StrictMeld) -> None:
    program, window = strict_widget(launch, meld)
    press(window, "Open bank login")
    window.control("heading", "Strict bank login").wait()
    assert len(window.titles()) == 2
    press(window, "Sign in at the bank")
    wait_for(lambda: len(window.titles()) == 1, "the popup gone")
    window.control("label", "Popup signed in", hidden=True).wait()
    paths = [request.path for request in meld.widget.requests]
    assert "/popup" in paths
    assert not [request for request in meld.widget.requests if request.header("Authorization")]
    activate(program)
    program.quit()


def test_a_popup_nobody_asked_for_is_blocked(launch: Launcher, meld: StrictMeld) -> None:
    meld.script(ok(widgetUrl=f"{meld.widget.url}/?connectToken=x.y.z&unasked=1"))
    program = launch("--base-url", meld.url, env={"MELD_API_KEY": "a-key"})
    window = program.window
    fill(window, customer="customer-7", required=["Owners"])
    create(window)
    window.wait_message("blocked")
    wait_for(lambda: [line for line in activities(window) if "Widget ready" in line], "the page itself goes on")
    assert "/popup" not in [request.path for request in meld.widget.requests]
    assert len(window.titles()) == 1


def test_a_second_link_replaces_the_first_and_the_browser_ends_with_the_window(
    launch: Launcher, meld: StrictMeld
) -> None:
    program, window = strict_widget(launch, meld)
    create(window)
    wait_for(lambda: len(meld.tokens) == 2 and meld.tokens[1] in window.field("Widget URL").text, "the second link")
    wait_for(lambda: len(window.all("heading", name="Strict widget")) >= 1, "its widget")
    assert any(meld.tokens[1] in request.path for request in meld.widget.requests)
    activate(program)
    assert program.quit() < 3.0
