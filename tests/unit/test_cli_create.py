"""``meld-link create``: what it sends, what it prints, and how it ends."""

import itertools
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from meld_desktop.cli import main
from meld_desktop.cli.request_arguments import flag_of
from meld_desktop.domain.fields import FIELDS
from tests.support import answers
from tests.support.answers import Answer
from tests.support.command_line import COMMAND, KEY, environment, run, run_reading, start
from tests.support.strict_meld import StrictMeld, closed_port


@pytest.fixture
def meld() -> Iterator[StrictMeld]:
    with StrictMeld() as server:
        yield server


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("MELD_API_KEY", KEY)
    return KEY


def create(meld: StrictMeld, *words: str) -> int:
    return main(["create", "--base-url", meld.url, *words])


SMALLEST = ("--customer", "c", "--product", "owners")


# --- what is sent

PICKER = [
    ("--appearance", "selectionStyle=tile"),
    ("--appearance", "institutionSelectionText=Pick = choose"),
    ("--appearance", "accountLogoUrl=https://example.com/logo.png"),
    ("--appearance", "font=Inter"),
    ("--appearance", "showBorder=yes"),
    ("--appearance", "BORDERCOLOR=#0B6E6E"),
    ("--appearance", "borderTextColor=teal"),
    ("--appearance", "routingRetry=false"),
    ("--appearance", "routingRetryBankButtonColor=#fff"),
    ("--appearance", "routingRetryProviderButtonColor=#000000"),
]


@pytest.mark.parametrize(
    ("words", "body"),
    [
        ((), {"products": ["OWNERS"]}),
        (("--product", "Balances", "--product", "OWNERS"), {"products": ["OWNERS", "BALANCES"]}),
        (("--product", "balances,investment-holdings"), {"products": ["OWNERS", "BALANCES", "INVESTMENT_HOLDINGS"]}),
        (("--optional", "transactions", "--optional", "Transactions"), {"optionalProducts": ["TRANSACTIONS"]}),
        (("--region", "us", "--region", "CA-on", "--region", "US"), {"regions": ["US", "CA-ON"]}),
        (("--region", "de, gb-eng"), {"regions": ["DE", "GB-ENG"]}),
        (("--institution", "bank_chase"), {"institutionId": "bank_chase"}),
        (("--search", "Crédit “Agricole”"), {"institutionSearchString": "Crédit “Agricole”"}),
        (("--redirect-url", "https://example.com/done?a=b&c=d"), {"redirectUrl": "https://example.com/done?a=b&c=d"}),
        (("--no-redirect",), {"allowRedirect": False}),
        (("--search", "", "--institution", "", "--redirect-url", ""), {}),
        (("--appearance", "showBorder=", "--appearance", "font="), {}),
        (("--appearance", "showBorder=0"), {"accountPreferenceOverride": {"showBorder": False}}),
        (
            tuple(itertools.chain.from_iterable(PICKER)),
            {
                "accountPreferenceOverride": {
                    "selectionStyle": "TILE",
                    "institutionSelectionText": "Pick = choose",
                    "accountLogoUrl": "https://example.com/logo.png",
                    "font": "Inter",
                    "showBorder": True,
                    "borderColor": "#0B6E6E",
                    "borderTextColor": "teal",
                    "routingRetry": False,
                    "routingRetryBankButtonColor": "#fff",
                    "routingRetryProviderButtonColor": "#000000",
                }
            },
        ),
    ],
)
def test_the_body(
    meld: StrictMeld, key: str, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], body: dict[str, object]
) -> None:
    assert create(meld, *SMALLEST, *words) == 0
    assert meld.bodies == [{"externalCustomerId": "c", "products": ["OWNERS"], **body}]
    assert meld.violations == []
    assert meld.requests[0].header("Authorization") == [f"BASIC {key}"]
    assert capsys.readouterr().out == f"{meld.widget.url}?connectToken={meld.tokens[0]}\n"


def test_every_field_has_a_flag_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["create", "--help"]) == 0
    said = capsys.readouterr().out
    spelled = [flag_of(spec.id) for spec in FIELDS]
    assert len(set(spelled)) == len(FIELDS)
    assert [flag for flag in spelled if flag.removeprefix("--appearance ").rstrip("=") not in said] == []


def test_json_is_the_whole_answer_as_it_came(meld: StrictMeld, key: str, capsys: pytest.CaptureFixture[str]) -> None:
    answer = f'{{"widgetUrl": "{meld.widget.url}/?connectToken=x",\n  "new": {{"π": 1.50}}}}'
    meld.script(Answer(201, answer.encode()))
    assert create(meld, *SMALLEST, "--json") == 0
    assert capsys.readouterr().out == f"{answer}\n"


def test_json_is_json_wherever_stdout_goes(meld: StrictMeld) -> None:
    meld.script(Answer(201, f'{{"widgetUrl": "{meld.widget.url}/", "name": "Zürich é"}}'.encode()))
    extra = {"MELD_API_KEY": KEY, "PYTHONIOENCODING": "ascii"}
    done = run("create", "--base-url", meld.url, *SMALLEST, "--json", **extra)
    assert done.returncode == 0
    assert json.loads(done.stdout)["name"] == "Zürich é"


def test_the_demo_needs_nothing() -> None:
    done = run("create", "--customer", "testUser", "--product", "balances", "--product", "owners")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("http://127.0.0.1:")
    assert done.stdout.count("\n") == 1
    assert "connectToken=" in done.stdout
    assert "meld-link mock" in done.stderr


# --- wrong input


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ((), ["--customer", "--product"]),
        (("--customer", "  ", "--product", "owners"), ["--customer"]),
        (("--customer", "c"), ["--product"]),
        (("--customer", "c", "--product", "cash"), ["--product: “cash”"]),
        (("--customer", "c", "--product", ""), ["--product: “”"]),
        (("--customer", "c", "--product", "historical_transactions"), ["Ask for TRANSACTIONS"]),
        ((*SMALLEST, "--optional", "Owners"), ["--product"]),
        ((*SMALLEST, "--region", "XX", "--region", "US-ZZ"), ["--region: “XX”", "--region: “US-ZZ”"]),
        ((*SMALLEST, "--region", ""), ["--region"]),
        ((*SMALLEST, "--region", "UK"), ["Did you mean GB (United Kingdom)?"]),
        ((*SMALLEST, "--region", "Germany"), ["Did you mean DE (Germany)?"]),
        ((*SMALLEST, "--region", "USA"), ["Did you mean US (United States)?"]),
        ((*SMALLEST, "--redirect-url", "example.com"), ["--redirect-url"]),
        ((*SMALLEST, "--redirect-url", "javascript:alert(1)"), ["--redirect-url"]),
        ((*SMALLEST, "--appearance", "borderColor=nice"), ["--appearance borderColor="]),
        ((*SMALLEST, "--appearance", "colour=#fff"), ["--appearance: “colour”"]),
        ((*SMALLEST, "--appearance", "showBorder"), ["KEY=VALUE"]),
        ((*SMALLEST, "--appearance", "showBorder=maybe"), ["--appearance showBorder="]),
        ((*SMALLEST, "--appearance", "selectionStyle=GRID"), ["--appearance selectionStyle="]),
        ((*SMALLEST, "--colour", "red"), ["--colour"]),
        ((*SMALLEST, "--prod", "owners"), ["--prod"]),
        ((*SMALLEST, "surplus"), ["surplus"]),
        ((*SMALLEST, "--environment", "sandbox"), ["--environment"]),
        (
            ("--product", "cash", "--region", "XX", "--redirect-url", "x", "--appearance", "font"),
            ["--customer", "--product: “cash”", "--region: “XX”", "--redirect-url", "--appearance"],
        ),
    ],
)
def test_wrong_input_is_named_at_once_and_nothing_is_sent(
    meld: StrictMeld, key: str, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], named: list[str]
) -> None:
    assert create(meld, *words) == 2
    said = capsys.readouterr()
    assert [name for name in named if name not in said.err] == []
    assert said.out == ""
    assert meld.requests == []


def test_a_product_that_cannot_be_read_is_not_also_called_missing(
    meld: StrictMeld, capsys: pytest.CaptureFixture[str]
) -> None:
    assert create(meld, "--customer", "c", "--product", "cash") == 2
    assert capsys.readouterr().err.count("--product") == 1


@pytest.mark.parametrize(
    ("where", "named"),
    [
        (("--base-url", "http://api.example.com"), "--base-url"),
        (("--base-url", "example"), "--base-url"),
        (("--base-url", "https://me:secret@example.com"), "--base-url"),
        (("--environment", "staging"), "“staging” is not one of demo, sandbox, production"),
    ],
)
def test_an_unusable_address_is_wrong_input(
    key: str, capsys: pytest.CaptureFixture[str], where: tuple[str, str], named: str
) -> None:
    assert main(["create", *where, *SMALLEST]) == 2
    assert named in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "about"),
    [
        (("--customer", "c", "--optional", "owners"), "--product"),
        (("--customer", "c", "--product", "balances"), "--product"),
        (("--customer", "c", "--product", "investment_holdings", "--product", "owners"), "--product"),
        ((*SMALLEST, "--institution", "i", "--search", "s"), "--search"),
        ((*SMALLEST, "--redirect-url", "http://example.com/"), "--redirect-url"),
        ((*SMALLEST, "--redirect-url", "myapp://done"), "--redirect-url"),
    ],
)
def test_what_is_doubtful_is_said_and_sent(
    meld: StrictMeld, key: str, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], about: str
) -> None:
    assert create(meld, *words) == 0
    said = capsys.readouterr()
    assert f"meld-link: warning: {about}: " in said.err
    assert said.out.startswith("http://127.0.0.1:")
    assert len(meld.requests) == 1


# --- the key


@pytest.mark.parametrize("given", [f"{KEY}", f"  {KEY}\r\n", f"\ufeff{KEY}\n\n"])
def test_the_key_from_standard_input_wins(meld: StrictMeld, given: str) -> None:
    extra = {"MELD_API_KEY": "another"}
    done = run_reading(given.encode(), "create", "--base-url", meld.url, *SMALLEST, "--key-stdin", **extra)
    assert done.returncode == 0, done.stderr
    assert meld.requests[0].header("Authorization") == [f"BASIC {KEY}"]


@pytest.mark.parametrize("given", [b"", b" \n", b"two\nlines", "schlüssel".encode(), b"\xff\xfe\x00"])
def test_a_key_that_cannot_be_sent_is_not_sent_nor_shown(meld: StrictMeld, given: bytes) -> None:
    done = run_reading(given, "create", "--base-url", meld.url, *SMALLEST, "--key-stdin", MELD_API_KEY=KEY)
    assert done.returncode == 3
    assert "--key-stdin" in done.stderr
    assert "schl" not in done.stderr
    assert "Traceback" not in done.stderr
    assert meld.requests == []


def test_wrong_input_is_said_before_the_key_is_missed(meld: StrictMeld) -> None:
    assert run("create", "--base-url", meld.url, "--customer", "c").returncode == 2


BACKEND = """
import time
from keyring.backend import KeyringBackend

class Keyring(KeyringBackend):
    priority = 9

    def get_password(self, service, username):
        {action}

    def set_password(self, service, username, password):
        raise NotImplementedError

    def delete_password(self, service, username):
        raise NotImplementedError
"""


def backend(folder: Path, action: str) -> dict[str, str]:
    """Return the variables that make the keyring library use a backend that does ``action``."""
    (folder / "backend_under_test.py").write_text(BACKEND.replace("{action}", action), encoding="utf-8")
    path = environment()["PYTHONPATH"]
    return {"PYTHON_KEYRING_BACKEND": "backend_under_test.Keyring", "PYTHONPATH": f"{path}:{folder}"}


def test_the_key_from_the_keyring_is_the_one_of_the_host(meld: StrictMeld, tmp_path: Path) -> None:
    host = meld.url.removeprefix("http://")
    action = f"return {KEY!r} if (service, username) == ('meld-desktop', {host!r}) else None"
    done = run("create", "--base-url", meld.url, *SMALLEST, **backend(tmp_path, action))
    assert done.returncode == 0, done.stderr
    assert meld.requests[0].header("Authorization") == [f"BASIC {KEY}"]
    with StrictMeld() as other:
        done = run("create", "--base-url", other.url, *SMALLEST, **backend(tmp_path, action))
        assert (done.returncode, other.requests) == (3, [])
        assert done.stderr.startswith("meld-link: No API key. ")


@pytest.mark.parametrize(
    ("action", "title"),
    [
        ("time.sleep(60)", "The keyring does not answer"),
        ("raise RuntimeError('locked away')", "The keyring failed"),
    ],
)
def test_a_keyring_that_does_not_help_is_told_in_time(
    meld: StrictMeld, tmp_path: Path, action: str, title: str
) -> None:
    started = time.monotonic()
    done = run("create", "--base-url", meld.url, *SMALLEST, **backend(tmp_path, action))
    assert time.monotonic() - started < 15
    assert done.returncode == 3
    assert done.stderr.startswith(f"meld-link: {title}. Set MELD_API_KEY")
    assert meld.requests == []


def test_without_a_keyring_there_is_no_key(meld: StrictMeld) -> None:
    done = run("create", "--base-url", meld.url, *SMALLEST)
    assert done.returncode == 3
    assert "MELD_API_KEY" in done.stderr
    assert meld.requests == []


# --- how it ends


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (answers.BAD_FIELDS, 4),
        (answers.NO_AUTHORITY, 3),
        (answers.FORBIDDEN_EMPTY, 3),
        (answers.UNKNOWN_BANK, 4),
        (answers.CONFLICT, 4),
        (answers.UNPROCESSABLE, 4),
        (answers.TOO_MANY, 4),
        (answers.SERVER_HTML, 5),
        (answers.UNAVAILABLE_HTML, 5),
        (answers.NOT_JSON, 5),
        (answers.JSON_LIST, 5),
        (answers.NO_WIDGET_URL, 5),
        (answers.ok(widgetUrl="https://evil.example/?connectToken=x"), 5),
        (answers.HUGE, 5),
        (answers.RESET, 5),
        (answers.CUT_OFF, 5),
        (answers.redirect("http://127.0.0.1:9/"), 5),
    ],
)
def test_the_exit_code(
    meld: StrictMeld, key: str, capsys: pytest.CaptureFixture[str], answer: Answer, code: int
) -> None:
    meld.script(answer)
    assert create(meld, *SMALLEST, "--institution", "i") == code
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("meld-link: ")
    assert KEY not in said.err
    assert "Traceback" not in said.err
    assert len(meld.requests) == 1


def test_a_refusal_names_flags_and_the_request_id(
    meld: StrictMeld, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    meld.script(answers.BAD_FIELDS)
    create(meld, *SMALLEST)
    said = capsys.readouterr().err
    assert "--customer: Meld says: must not contain spaces" in said
    assert "--redirect-url: Meld says: must be a registered URL" in said
    assert f"Request ID: {answers.REQUEST_ID}" in said
    meld.script(answers.TOO_MANY)
    create(meld, *SMALLEST)
    assert "wait 7 seconds" in capsys.readouterr().err


def test_a_key_that_meld_repeats_is_not_shown(meld: StrictMeld, key: str, capsys: pytest.CaptureFixture[str]) -> None:
    meld.script(answers.refusal(401, KEY, f"No such key {KEY}", errors=[f"[customer] {KEY}"]))
    assert create(meld, *SMALLEST) == 3
    assert "s3cr3t" not in capsys.readouterr().err


def test_nobody_there(key: str, capsys: pytest.CaptureFixture[str]) -> None:
    with closed_port() as url:
        assert main(["create", "--base-url", url, *SMALLEST]) == 5
    assert "No server there." in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("answer", [answers.SLOW, answers.DRIP])
def test_ctrl_c_cancels_the_request(meld: StrictMeld, answer: Answer) -> None:
    meld.script(answer)
    process = start("create", "--base-url", meld.url, *SMALLEST, MELD_API_KEY=KEY)
    request = meld.wait_for_requests()[0]
    told = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert time.monotonic() - told < 2
    assert (process.returncode, out) == (130, b"")
    assert err == b"meld-link: interrupted\n"
    assert request.gone.wait(10)


@pytest.mark.skipif(sys.platform == "win32", reason="pipes")
def test_a_reader_that_has_gone_is_no_reason_to_complain(meld: StrictMeld) -> None:
    process = start("create", "--base-url", meld.url, *SMALLEST, MELD_API_KEY=KEY)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    with process.stderr:
        said = process.stderr.read()
    assert process.wait(20) == 141
    assert said == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_output_that_cannot_be_written_is_told(meld: StrictMeld) -> None:
    words = ["create", "--base-url", meld.url, *SMALLEST]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, *words], stdout=full, stderr=subprocess.PIPE, env=environment(MELD_API_KEY=KEY), timeout=60
        )
    assert done.returncode == 1
    assert done.stderr.startswith(b"meld-link: the result could not be written")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
def test_a_closed_stdout_is_noticed_before_anything_is_sent(meld: StrictMeld) -> None:
    words = ["create", "--base-url", meld.url, *SMALLEST]
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *COMMAND, *words],
        stderr=subprocess.PIPE,
        env=environment(MELD_API_KEY=KEY),
        timeout=60,
    )
    assert done.returncode == 1
    assert b"stdout is closed" in done.stderr
    assert meld.requests == []


# --- what it loads


def loaded_by(*words: str, **extra: str) -> set[str]:
    script = (
        "import sys; from meld_desktop.cli import main; code = main(sys.argv[1:]); "
        "sys.stderr.write('\\n' + ' '.join(sys.modules)); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *words], capture_output=True, text=True, env=environment(**extra), timeout=60
    )
    return {name.partition(".")[0] for name in done.stderr.splitlines()[-1].split()} | {
        name for name in done.stderr.splitlines()[-1].split() if name.startswith("meld_desktop.")
    }


def test_only_what_is_needed_is_loaded(meld: StrictMeld) -> None:
    loaded = loaded_by("create", "--base-url", meld.url, *SMALLEST, "--region", "us", MELD_API_KEY=KEY)
    assert "httpx" in loaded
    slow = {"PySide6", "pycountry", "keyring", "starlette", "uvicorn", "truststore", "getpass"}
    assert loaded & {*slow, "meld_desktop.domain.regions", "meld_desktop.mock", "meld_desktop.storage"} == set()
    wrong = loaded_by("create", "--base-url", meld.url, "--customer", "c")
    assert wrong & {*slow, "httpx", "msgspec", "anyio"} == set()
