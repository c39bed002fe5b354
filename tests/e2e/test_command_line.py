"""The command line against a strict server: what is sent, what is said, how it ends."""

import json
import os
import re
import signal
import ssl
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.e2e.command import CUSTOMER, ENOUGH, ENOUGH_BODY, REPOSITORY, CommandLine, Result
from tests.support import answers
from tests.support.answers import Answer, ok
from tests.support.secrets_scan import PLANTED_KEY, in_bytes, in_processes, in_tree
from tests.support.strict_meld import UNRESOLVABLE, StrictMeld, closed_port

WRONG: dict[str, list[str]] = {
    "no customer": ["--product", "BALANCES"],
    "empty customer": ["--customer", "", "--product", "BALANCES"],
    "blank customer": ["--customer", "  ", "--product", "BALANCES"],
    "no product": [*CUSTOMER],
    "unknown product": [*CUSTOMER, "--product", "MORTGAGES"],
    "historical transactions": [*CUSTOMER, "--product", "HISTORICAL_TRANSACTIONS"],
    "product of an old version": [*CUSTOMER, "--product", "ACCOUNT_DETAILS"],
    "product in both lists": [*CUSTOMER, "--product", "OWNERS", "--optional", "owners"],
    "unknown country": [*ENOUGH, "--region", "XX"],
    "unknown subdivision": [*ENOUGH, "--region", "US-ZZ"],
    "junk region": [*ENOUGH, "--region", "nowhere land"],
    "empty region": [*ENOUGH, "--region", ""],
    "redirect without scheme": [*ENOUGH, "--redirect-url", "example.com/done"],
    "redirect without host": [*ENOUGH, "--redirect-url", "https:///done"],
    "javascript redirect": [*ENOUGH, "--redirect-url", "javascript:alert(1)"],
    "data redirect": [*ENOUGH, "--redirect-url", "data:text/html,x"],
    "file redirect": [*ENOUGH, "--redirect-url", "file:///etc/passwd"],
    "no colour": [*ENOUGH, "--appearance", "borderColor=very blue"],
    "unknown style": [*ENOUGH, "--appearance", "selectionStyle=CIRCLE"],
    "unknown appearance": [*ENOUGH, "--appearance", "cursor=hand"],
    "appearance without value": [*ENOUGH, "--appearance", "font"],
    "border that is neither true nor false": [*ENOUGH, "--appearance", "showBorder=perhaps"],
    "unknown option": [*ENOUGH, "--no-such-option"],
    "stray word": [*ENOUGH, "stray"],
    "key as an option": [*ENOUGH, "--key", "abc"],
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_input_is_refused_and_nothing_sent(case: str, meld_link: CommandLine, meld: StrictMeld) -> None:
    result = meld_link.create(meld.url, *WRONG[case])
    assert (result.code, result.out) == (2, ""), result.err
    assert result.err.strip()
    assert "Traceback" not in result.err
    assert not meld.requests


def test_all_problems_are_told_at_once(meld_link: CommandLine, meld: StrictMeld) -> None:
    words = ["--customer", "", "--region", "XX", "--redirect-url", "nonsense", "--appearance", "borderColor=very blue"]
    result = meld_link.create(meld.url, *words)
    assert result.code == 2
    for piece in ("XX", "very blue"):
        assert piece in result.err
    assert (
        len([line for line in result.err.splitlines() if line.strip()]) >= 5
    )  # customer, product, region, address, colour


@pytest.mark.parametrize(
    "url",
    ["http://example.com", "ftp://127.0.0.1", "127.0.0.1", "https://user:pass@127.0.0.1", "https://127.0.0.1/?a=b", ""],
)
def test_unusable_address_is_wrong_input(url: str, meld_link: CommandLine) -> None:
    result = meld_link.create(url, *ENOUGH)
    assert (result.code, result.out) == (2, ""), result.err


def test_unknown_environment_is_wrong_input(meld_link: CommandLine) -> None:
    assert meld_link.run("create", "--environment", "nirvana", *ENOUGH, env={"MELD_API_KEY": "k"}).code == 2


FAULTS: dict[str, tuple[Answer, int]] = {
    "400": (answers.BAD_FIELDS, 4),
    "401": (answers.NO_AUTHORITY, 3),
    "403 empty": (answers.FORBIDDEN_EMPTY, 3),
    "404": (answers.UNKNOWN_BANK, 4),
    "409": (answers.CONFLICT, 4),
    "422": (answers.UNPROCESSABLE, 4),
    "429": (answers.TOO_MANY, 4),
    "500 HTML": (answers.SERVER_HTML, 5),
    "not JSON": (answers.NOT_JSON, 5),
    "JSON list": (answers.JSON_LIST, 5),
    "no widget URL": (answers.NO_WIDGET_URL, 5),
    "foreign http widget": (ok(widgetUrl="http://evil.example/?connectToken=x"), 5),
    "too large": (answers.HUGE, 5),
    "reset": (answers.RESET, 5),
    "cut off": (answers.CUT_OFF, 5),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_has_its_exit_code(fault: str, meld_link: CommandLine, meld: StrictMeld) -> None:
    answer, code = FAULTS[fault]
    meld.script(answer)
    result = meld_link.create(meld.url, *ENOUGH, "--institution", "Ntj3AwgdridJc2rtfeheku", key=PLANTED_KEY)
    assert (result.code, result.out) == (code, ""), result.err
    assert len(meld.requests) == 1, "a POST is never repeated"
    assert "Traceback" not in result.err
    assert not in_bytes(result.err.encode(), [PLANTED_KEY], "stderr")


def test_each_fault_has_words_of_its_own(meld_link: CommandLine, meld: StrictMeld) -> None:
    said = {}
    for fault, (answer, _) in FAULTS.items():
        meld.script(answer)
        said[fault] = meld_link.create(meld.url, *ENOUGH, "--institution", "Ntj3AwgdridJc2rtfeheku").err
    first_lines = [err.strip().splitlines()[0] for err in said.values()]
    assert len(set(first_lines)) == len(FAULTS), first_lines


def test_what_meld_said_is_passed_on(meld_link: CommandLine, meld: StrictMeld) -> None:
    meld.script(answers.BAD_FIELDS, answers.TOO_MANY)
    bad, many = meld_link.create(meld.url, *ENOUGH), meld_link.create(meld.url, *ENOUGH)
    assert "must not contain spaces" in bad.err
    assert "must be a registered URL" in bad.err
    assert answers.REQUEST_ID in bad.err
    assert re.search(r"\b7\b", many.err), many.err


@pytest.mark.parametrize(
    "url",
    [
        "http://evil.example/?connectToken=x",
        "https://evil.example/?connectToken=x",
        "javascript:alert(1)",
        "data:text/html,hello",
        "file:///etc/passwd",
        "http://someone:secret@127.0.0.1/",
        "//127.0.0.1/x",
        "http://127.0.0.1.evil.example/",
        "http://127.0.0.1\\@evil.example/",
        " ",
        "",
        "not a url",
    ],
)
def test_unsafe_widget_url_is_never_printed(url: str, meld_link: CommandLine, meld: StrictMeld) -> None:
    meld.script(ok(widgetUrl=url))
    result = meld_link.create(meld.url, *ENOUGH, "--json")
    assert (result.code, result.out) == (5, ""), result.err


@pytest.mark.parametrize("value", [7, None, [], {"a": 1}, True])
def test_widget_url_that_is_no_text(value: object, meld_link: CommandLine, meld: StrictMeld) -> None:
    meld.script(ok(widgetUrl=value))
    assert meld_link.create(meld.url, *ENOUGH).code == 5


def test_redirect_is_not_followed_and_the_key_stays(meld_link: CommandLine, meld: StrictMeld) -> None:
    with StrictMeld() as elsewhere:
        for status in (301, 302, 303, 307, 308):
            meld.script(Answer(status, b"", {"Location": f"{elsewhere.url}/bank-linking/connect/start"}))
            result = meld_link.create(meld.url, *ENOUGH)
            assert (result.code, result.out) == (5, ""), result.err
        assert not elsewhere.requests
    assert len(meld.requests) == 5


def test_nobody_there(meld_link: CommandLine) -> None:
    with closed_port() as url:
        result = meld_link.create(url, *ENOUGH)
    assert (result.code, result.out) == (5, ""), result.err


def test_unknown_host(meld_link: CommandLine) -> None:
    result = meld_link.create(UNRESOLVABLE, *ENOUGH)
    assert (result.code, result.out) == (5, ""), result.err


def test_tls_with_a_trusted_certificate(meld_link: CommandLine, tls: ssl.SSLContext, ca_file: Path) -> None:
    with StrictMeld(tls) as meld:
        meld_link.env["SSL_CERT_FILE"] = str(ca_file)
        result = meld_link.create(meld.url, *ENOUGH)
        assert (result.code, meld.violations) == (0, []), result.err
        assert meld.bodies == [ENOUGH_BODY]


def test_tls_with_an_unknown_certificate_sends_nothing(meld_link: CommandLine, tls: ssl.SSLContext) -> None:
    with StrictMeld(tls) as meld:
        result = meld_link.create(meld.url, *ENOUGH)
        assert (result.code, result.out) == (5, ""), result.err
        assert not meld.requests


def _interrupt_once_sent(meld_link: CommandLine, meld: StrictMeld) -> tuple[Result, float]:
    """Send Ctrl+C while the request is under way; return the end of the command and how long it took."""
    process = meld_link.start("create", "--base-url", meld.url, *ENOUGH, env={"MELD_API_KEY": PLANTED_KEY})
    meld.wait_for_requests(1)
    start = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    return Result(process.returncode, out, err), time.monotonic() - start


@pytest.mark.parametrize("answer", [answers.SLOW, answers.DRIP], ids=["silent", "drip"])
@pytest.mark.parametrize("secure", [False, True], ids=["plain", "TLS"])
def test_interrupted_at_once(
    answer: Answer, secure: bool, meld_link: CommandLine, tls: ssl.SSLContext, ca_file: Path
) -> None:
    with StrictMeld(tls if secure else None) as meld:
        meld_link.env["SSL_CERT_FILE"] = str(ca_file)
        meld.script(answer)
        result, seconds = _interrupt_once_sent(meld_link, meld)
        assert (result.code, result.out) == (130, ""), result.err
        assert "Traceback" not in result.err
        assert seconds < 1.0
        assert meld.requests[0].gone.wait(3), "the connection stayed open"


def test_no_key_is_said_and_nothing_sent(meld_link: CommandLine, meld: StrictMeld) -> None:
    result = meld_link.create(meld.url, *ENOUGH, key=None)
    assert (result.code, result.out) == (3, ""), result.err
    assert "MELD_API_KEY" in result.err
    assert not meld.requests


@pytest.mark.parametrize("pasted", ["{}", "  {}\n", "\t{}\r\n\r\n"])
def test_key_from_stdin(pasted: str, meld_link: CommandLine, meld: StrictMeld) -> None:
    result = meld_link.create(meld.url, *ENOUGH, "--key-stdin", key=None, stdin=pasted.format(PLANTED_KEY))
    assert result.code == 0, result.err
    assert meld.requests[0].header("Authorization") == [f"BASIC {PLANTED_KEY}"]


@pytest.mark.parametrize("key", ["schlüssel", "a\x07b", "a\nb", "a\r\nX-Evil: 1"])
def test_key_that_cannot_travel_is_refused(key: str, meld_link: CommandLine, meld: StrictMeld) -> None:
    result = meld_link.create(meld.url, *ENOUGH, key=key)
    assert (result.code, result.out) in {(2, ""), (3, "")}, result.err
    assert "Traceback" not in result.err
    assert key not in result.err
    assert not meld.requests


def test_key_is_in_no_argument_list_and_no_file(meld_link: CommandLine, meld: StrictMeld) -> None:
    given = {"MELD_API_KEY": PLANTED_KEY}
    meld.script(answers.SLOW)
    process = meld_link.start("create", "--base-url", meld.url, *ENOUGH, env=given)
    meld.wait_for_requests(1)
    found = in_processes(process.pid, [PLANTED_KEY], given=given)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert not found
    assert meld_link.create(meld.url, *ENOUGH, key=PLANTED_KEY).code == 0
    assert not in_tree(meld_link.home, [PLANTED_KEY, *meld.tokens])
    assert not in_bytes((out + err).encode(), [PLANTED_KEY], "output")


def test_mock_is_a_meld_one_can_use(meld_link: CommandLine) -> None:
    with meld_link.mock() as ready:
        assert set(ready) == {"api", "widget"}
        result = meld_link.create(ready["api"], *ENOUGH, "--json")
        assert result.code == 0, result.err
        answer = result.json()
        assert answer["externalCustomerId"] == "c-1"
        assert answer["widgetUrl"].startswith(ready["widget"])
        assert answer["widgetUrl"].endswith(f"connectToken={answer['connectToken']}")
        assert meld_link.create(ready["api"], *ENOUGH, key="wrong").code == 3


def test_mock_takes_a_port_and_ends_with_ctrl_c(meld_link: CommandLine) -> None:
    with closed_port() as url:
        port = url.rpartition(":")[2]
    process = meld_link.start("mock", "--port", port)
    try:
        line = process.stdout.readline() if process.stdout else ""
        assert json.loads(line)["api"] == url
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
    finally:
        process.kill()
    assert (process.returncode, out) in {(0, ""), (130, "")}, err
    assert "Traceback" not in err


def test_regions_are_looked_up(meld_link: CommandLine) -> None:
    for query, code in (("germ", "DE"), ("Ontario", "CA-ON"), ("us-ca", "US-CA"), ("califor", "US-CA")):
        result = meld_link.run("regions", query)
        assert result.code == 0, result.err
        assert code in result.out.replace("\t", " ").split(), result.out


def test_no_region_of_that_name(meld_link: CommandLine) -> None:
    result = meld_link.run("regions", "zzzzzz")
    assert result.out == ""
    assert result.err.strip()


def test_doctor_names_what_is_missing_here(meld_link: CommandLine) -> None:
    without_qt = meld_link.run("doctor")
    assert without_qt.code != 0
    said = without_qt.out + without_qt.err
    assert "Traceback" not in said
    assert "PySide6" in said
    assert "keyring" in said.lower()
    with_qt = meld_link.run("doctor", env={"PYTHONPATH": str(REPOSITORY)})
    assert with_qt.code != 0, "there is no display here"
    for word in ("display", "web view", "keyring", "fonts"):
        assert word in (with_qt.out + with_qt.err).lower()


def test_this_machine_really_has_no_qt(meld_link: CommandLine) -> None:
    tried = subprocess.run(
        [sys.executable, "-c", "import PySide6.QtCore"], env=meld_link.env, capture_output=True, text=True, timeout=60
    )
    assert "No module named 'PySide6'" in tried.stderr


def test_help_names_every_command_and_no_display_is_needed(meld_link: CommandLine) -> None:
    assert "DISPLAY" not in meld_link.env
    result = meld_link.run("--help")
    assert result.code == 0
    for command in ("create", "mock", "doctor", "regions"):
        assert command in result.out


def test_closed_stdout_is_no_crash(meld_link: CommandLine, meld: StrictMeld) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as nowhere:
        ended = subprocess.run(
            [sys.executable, "-m", "meld_desktop.cli", "create", "--base-url", meld.url, *ENOUGH],
            env={**meld_link.env, "MELD_API_KEY": "k"},
            stdout=nowhere,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
    assert "Traceback" not in ended.stderr
