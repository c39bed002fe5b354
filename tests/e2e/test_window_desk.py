"""Links and Banks from outside: what was made is there after a crash, and a missing bank is explained."""

import json
import subprocess
import sys
from pathlib import Path

from tests.e2e.command import REPOSITORY
from tests.e2e.conftest import Launcher
from tests.e2e.driver import wait_for
from tests.e2e.form import create, create_and_get_url, fill
from tests.e2e.program import Program, activate


def kept(data: Path) -> list[dict[str, object]]:
    """Return the links that the command line finds."""
    done = subprocess.run(
        [sys.executable, "-m", "meld_desktop.cli", "links", "--json", "--data-dir", str(data)],
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        timeout=60,
        check=True,
    )
    found: list[dict[str, object]] = json.loads(done.stdout)
    return found


def open_links(program: Program) -> None:
    """Bring the list to the front."""
    program.window.control("check box", "Links").press()
    program.window.field("Search links").wait()


def test_a_link_survives_a_crash_and_is_made_again(launch: Launcher) -> None:
    program = launch()
    window = program.window
    fill(window, customer="support-4711", required=["Balances", "Owners"])
    url = create_and_get_url(window)
    wait_for(lambda: len(kept(program.data)) == 1, "the link on the disk")
    program.kill()
    token = url.partition("connectToken=")[2].encode()
    for file in program.data.rglob("*"):
        assert not file.is_file() or token not in file.read_bytes(), file
    again = launch()
    open_links(again)
    again.window.control("list item", "Customer: support-4711").wait()
    activate(again)
    again.driver.keys("Down", "ctrl+r")
    wait_for(lambda: len(kept(program.data)) == 2, "the second link")
    first, second = kept(program.data)
    assert first["request"] == second["request"]


def test_the_form_says_which_banks_match_and_the_panel_why_not(launch: Launcher) -> None:
    program = launch()
    window = program.window
    fill(window, customer="support-4711", required=["Investment holdings"])
    window.control("any", "Matching banks").wait()
    activate(program)
    program.driver.keys("ctrl+b")
    window.field("Search banks").wait().type("maple test")
    window.control("list item", "Maple Test Bank", prefix=True).wait()
    window.button("Use this bank").wait_enabled().press()
    wait_for(lambda: window.field("Institution ID").text, "the bank's id in the form")
    create(window)
    window.wait_message("Link ready")
