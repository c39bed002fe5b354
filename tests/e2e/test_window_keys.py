"""Keys on a real desktop: a gnome-keyring that is open, locked, absent or deaf."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.e2e.command import REPOSITORY
from tests.e2e.conftest import Launcher, launcher_on
from tests.e2e.controls import Window
from tests.e2e.desktop import desktop
from tests.e2e.driver import Driver, wait_for
from tests.e2e.form import create, fill
from tests.e2e.program import activate
from tests.support import answers
from tests.support.secrets_scan import PLANTED_KEY, in_bytes, in_processes, in_tree
from tests.support.strict_meld import StrictMeld


@pytest.fixture
def open_keyring(request: pytest.FixtureRequest, desktop_parts: None) -> Iterator[Launcher]:
    with desktop("unlocked") as desk, Driver(desk.env) as driver:
        yield from launcher_on(request, desk, driver)


@pytest.fixture
def locked_keyring(request: pytest.FixtureRequest, desktop_parts: None) -> Iterator[Launcher]:
    with desktop("locked") as desk, Driver(desk.env) as driver:
        yield from launcher_on(request, desk, driver)


@pytest.fixture
def no_keyring(request: pytest.FixtureRequest, desktop_parts: None) -> Iterator[Launcher]:
    with desktop("absent") as desk, Driver(desk.env) as driver:
        yield from launcher_on(request, desk, driver)


def open_dialog(window: Window) -> None:
    """Open the key dialog."""
    window.button("API key…").press()
    window.control("password", "API key").wait()


def enter_key(window: Window, key: str, button: str) -> None:
    """Put a key into the dialog and press a button of it."""
    open_dialog(window)
    window.control("password", "API key").set_text(key)
    window.button(button).press()


def closed(window: Window) -> None:
    """Wait until the dialog is gone."""
    window.control("password", "API key").wait_gone()


def in_dialog(window: Window) -> str:
    """Return all words on the screen."""
    return " ".join(each["name"] for each in window.all("label"))


def sent_key(window: Window, meld: StrictMeld) -> list[str]:
    """Make a link that Meld refuses, and return the key it was asked with."""
    meld.script(answers.CONFLICT)
    count = len(meld.requests)
    create(window)
    return meld.wait_for_requests(count + 1)[-1].header("Authorization")


def test_a_saved_key_is_found_after_a_restart_and_nowhere_else(open_keyring: Launcher, meld: StrictMeld) -> None:
    first = open_keyring("--base-url", meld.url)
    window = first.window
    enter_key(window, f"  {PLANTED_KEY}\n", "Save")
    closed(window)
    assert "saved" in window.wait_message("saved")
    fill(window, customer="c-1", required=["Owners"])
    assert sent_key(window, meld) == [f"BASIC {PLANTED_KEY}"]
    open_dialog(window)
    assert window.control("password", "API key").text == "", "a saved key is never shown again"
    window.button("Cancel").press()
    closed(window)
    activate(first)
    first.quit()

    second = open_keyring("--base-url", meld.url)
    window = second.window
    fill(window, customer="c-1", required=["Owners"])
    assert sent_key(window, meld) == [f"BASIC {PLANTED_KEY}"]
    assert not in_processes(second.pid, [PLANTED_KEY])
    assert not in_bytes(window.dump().encode(), [PLANTED_KEY], "the screen")
    activate(second)
    second.quit()
    assert not in_tree(second.desk.home, [PLANTED_KEY])


def test_a_key_belongs_to_its_host_alone(open_keyring: Launcher, meld: StrictMeld) -> None:
    first = open_keyring("--base-url", meld.url)
    enter_key(first.window, PLANTED_KEY, "Save")
    closed(first.window)
    activate(first)
    first.quit()
    with StrictMeld() as other:
        window = open_keyring("--base-url", other.url).window
        fill(window, customer="c-1", required=["Owners"])
        create(window)
        window.wait_message("No API key")
        assert not other.requests


def test_a_forgotten_key_is_gone(open_keyring: Launcher, meld: StrictMeld) -> None:
    program = open_keyring("--base-url", meld.url)
    window = program.window
    enter_key(window, PLANTED_KEY, "Save")
    closed(window)
    open_dialog(window)
    window.button("Forget key").press()
    closed(window)
    fill(window, customer="c-1", required=["Owners"])
    create(window)
    window.wait_message("No API key")
    assert not meld.requests


def test_the_command_line_finds_the_key_the_window_saved(open_keyring: Launcher, meld: StrictMeld) -> None:
    program = open_keyring("--base-url", meld.url)
    enter_key(program.window, PLANTED_KEY, "Save")
    closed(program.window)
    ended = subprocess.run(
        [
            sys.executable,
            "-m",
            "meld_desktop.cli",
            "create",
            "--base-url",
            meld.url,
            "--customer",
            "c",
            "--product",
            "owners",
        ],
        env={**program.desk.env, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr
    assert meld.requests[0].header("Authorization") == [f"BASIC {PLANTED_KEY}"]


@pytest.mark.parametrize("key", ["schlüssel", "a\u200bb", "a\tb"])
def test_a_key_that_cannot_travel_is_refused_at_the_field(key: str, launch: Launcher, meld: StrictMeld) -> None:
    window = launch("--base-url", meld.url).window
    before = in_labels = in_dialog(window)
    enter_key(window, key, "Save")
    in_labels = wait_for(lambda: said if (said := in_dialog(window)) != before else "", "a word at the field")
    assert key not in in_labels
    assert window.control("password", "API key").exists(), "the dialog stays"


def test_the_variable_wins_and_is_shown(launch: Launcher, meld: StrictMeld) -> None:
    window = launch("--base-url", meld.url, env={"MELD_API_KEY": PLANTED_KEY}).window
    wait_for(lambda: "MELD_API_KEY" in in_dialog(window), "where the key comes from")
    fill(window, customer="c-1", required=["Owners"])
    assert sent_key(window, meld) == [f"BASIC {PLANTED_KEY}"]


def keep_until_quit(launcher: Launcher, meld: StrictMeld, trouble: str, patience: float = 2.0) -> None:
    """Where the keyring cannot help: it is said by name, nothing freezes, and the key is kept until the end."""
    program = launcher("--base-url", meld.url)
    window = program.window
    with program.driver.latency(program.pid) as waits:
        enter_key(window, PLANTED_KEY, "Save")
        wait_for(lambda: trouble in in_dialog(window), f"“{trouble}”", patience + 10)
        window.button("Keep until I quit").press()
        closed(window)
        fill(window, customer="c-1", required=["Owners"])
        assert sent_key(window, meld) == [f"BASIC {PLANTED_KEY}"]
    assert max(waits) < 0.5, f"the window was deaf for {max(waits):.2f} s"
    activate(program)
    assert program.quit() < 2.0
    assert not in_tree(program.desk.home, [PLANTED_KEY])
    window = launcher("--base-url", meld.url).window
    fill(window, customer="c-1", required=["Owners"])
    create(window)
    wait_for(
        lambda: "key" in window.message().lower() and "Asking" not in window.message(), "no key after the restart", 20
    )
    assert len(meld.requests) == 1


def test_locked_keyring(locked_keyring: Launcher, meld: StrictMeld) -> None:
    keep_until_quit(locked_keyring, meld, "keyring is locked")


def test_absent_keyring(no_keyring: Launcher, meld: StrictMeld) -> None:
    keep_until_quit(no_keyring, meld, "No keyring")


def test_deaf_keyring(open_keyring: Launcher, meld: StrictMeld) -> None:
    open_keyring.desk.freeze_keyring(frozen=True)
    try:
        keep_until_quit(open_keyring, meld, "keyring does not answer", patience=10)
    finally:
        open_keyring.desk.freeze_keyring(frozen=False)
