"""The witness from outside: what it says of a flow, and the evidence that it leaves."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.e2e.command import REPOSITORY
from tests.e2e.conftest import Launcher
from tests.e2e.driver import wait_for
from tests.e2e.form import create_and_get_url, fill
from tests.e2e.program import Program, activate
from tests.support.strict_meld import StrictMeld


def save_evidence(program: Program, path: Path) -> None:
    """Save the evidence by keyboard and by name."""
    window = program.window
    activate(program)
    program.driver.keys("ctrl+l", "ctrl+e")  # from a text field, which would go to the end of its line
    window.field("Note").wait().set_text("Seen by QA")
    window.field("Ticket ID").set_text("T-4711")
    window.field("File").set_text(str(path))
    window.button("Save").press()
    wait_for(path.exists, "the evidence pack")


def verify(path: Path) -> "subprocess.CompletedProcess[str]":
    """Check a pack with the command line."""
    return subprocess.run(
        [sys.executable, "-m", "meld_desktop.cli", "verify", str(path)],
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        timeout=60,
    )


def test_a_flow_ends_in_one_sentence_and_in_evidence_that_verifies(
    launch: Launcher, meld: StrictMeld, tmp_path: Path
) -> None:
    program = launch("--base-url", meld.url, env={"MELD_API_KEY": "a-key-of-the-tests"})
    window = program.window
    fill(window, customer="anna@customers.example", required=["Owners"])
    create_and_get_url(window)
    window.control("heading", "Strict widget").wait()
    window.control("button", "Complete", hidden=True).press()
    window.wait_message("Strict Savings")
    pack = tmp_path / "evidence.zip"
    save_evidence(program, pack)
    window.wait_message("saved")
    done = verify(pack)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(pack) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    timeline = json.loads(contents["timeline.json"])
    assert "Strict Savings" in json.dumps(timeline)
    assert {"timeline.html", "requests.har", "redirects.csv", "versions.json", "redaction.json", "SHA256SUMS"} <= set(
        contents
    )
    for name, content in contents.items():
        for secret in (meld.tokens[0].encode(), b"a-key-of-the-tests", b"anna@customers.example"):
            assert secret not in content, f"{secret!r} in {name}"
    with zipfile.ZipFile(pack, "a") as archive:
        archive.writestr("more.txt", "not ours")
    assert verify(pack).returncode == 2


def test_the_timeline_says_what_happened(launch: Launcher, meld: StrictMeld) -> None:
    program = launch("--base-url", meld.url, env={"MELD_API_KEY": "a-key"})
    window = program.window
    fill(window, customer="customer-7", required=["Owners"])
    create_and_get_url(window)
    window.control("heading", "Strict widget").wait()
    activate(program)
    program.driver.keys("ctrl+4")
    window.field("Search timeline").wait()
    window.control("list item", "Request", prefix=True).wait()
    program.driver.keys("ctrl+1")
    window.control("button", "Leave widget", hidden=True).press()
    window.wait_message("Cancelled")
    program.driver.keys("ctrl+4")
    window.control("label", "The customer left", prefix=True).wait()
