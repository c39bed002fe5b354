"""``meld-link`` itself, and its smaller commands: ``mock``, ``regions`` and ``doctor``."""

import json
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from meld_desktop.cli import COMMANDS, exits, main
from meld_desktop.mock.scenarios import SCENARIOS
from tests.support.command_line import COMMAND, environment, run, start

# --- the program


def test_help_names_the_commands_and_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    said = capsys.readouterr().out
    for name, summary in COMMANDS.items():
        assert name in said
        assert summary in said
    for code in (exits.DONE, exits.WRONG_INPUT, exits.NO_KEY, exits.REFUSED, exits.NO_ANSWER, exits.INTERRUPTED):
        assert f"\n  {code} " in said


@pytest.mark.parametrize("words", [[], ["make"], ["--environment", "demo"], ["create2"], ["creat"]])
def test_a_command_that_is_none_is_wrong_input(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    assert main(words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "meld-link" in said.err


@pytest.mark.parametrize("command", list(COMMANDS))
def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert main([command, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"usage: meld-link {command}")
    assert main([command, "--no-such-flag"]) == 2


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    from meld_desktop import __version__

    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"meld-link {__version__}\n"


def test_it_runs_where_qt_is_not(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("without") / "PySide6"
    folder.mkdir()
    (folder / "__init__.py").write_text("raise ImportError('no Qt here')\n", encoding="utf-8")
    path = f"{folder.parent}:{environment()['PYTHONPATH']}"
    done = run("create", "--customer", "c", "--product", "owners", PYTHONPATH=path)
    assert done.returncode == 0, done.stderr
    assert run("regions", "zurich", PYTHONPATH=path).stdout == "CH-ZH\tZürich\n"


# --- regions


def test_regions_prints_codes_and_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["regions", "CA"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["CA\tCanada", "US-CA\tCalifornia"]
    assert len(lines) == 50
    assert main(["regions", "new", "york", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found == [{"code": "US-NY", "name": "New York", "country": "US", "type": "State"}]
    assert main(["regions", "a", "--limit", "3"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3


@pytest.mark.parametrize("words", [["qqqq"], ["  "], ["us", "--limit", "0"], ["us", "--limit", "x"], []])
def test_a_query_that_finds_nothing_is_wrong_input(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    assert main(["regions", *words]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err


def test_nothing_found_is_still_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["regions", "qqqq", "--json"]) == 2
    assert json.loads(capsys.readouterr().out) == []


def test_regions_can_be_cut_off_by_a_pager() -> None:
    process = start("regions", "a")
    assert process.stdout is not None
    process.stdout.close()
    _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (exits.READER_GONE, b"")


def test_names_come_out_on_any_terminal() -> None:
    done = subprocess.run(
        [*COMMAND, "regions", "zurich"], capture_output=True, env=environment(PYTHONIOENCODING="ascii"), timeout=60
    )
    assert (done.returncode, done.stdout) == (0, b"CH-ZH\tZ\\xfcrich\n")


# --- mock


@contextmanager
def serving(*words: str) -> Iterator[tuple[subprocess.Popen[bytes], dict[str, str]]]:
    process = start("mock", *words)
    assert process.stdout is not None
    try:
        yield process, json.loads(process.stdout.readline())
    finally:
        process.kill()
        process.communicate(timeout=20)


def post(api: str, **headers: str) -> int:
    body = json.dumps({"externalCustomerId": "c", "products": ["OWNERS", "BALANCES"]}).encode()
    request = urllib.request.Request(
        f"{api}/bank-linking/connect/start", body, {"Content-Type": "application/json", **headers}
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_mock_says_where_it_is_and_answers_there() -> None:
    with serving("--speed", "10") as (process, addresses):
        assert addresses.keys() == {"api", "widget"}
        assert post(addresses["api"], Authorization="BASIC any") == 201
        assert post(addresses["api"], Authorization="BASIC wrong") == 401
        assert post(addresses["api"]) == 401
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=20)
        assert (process.returncode, out, err) == (0, b"", b"")


def test_a_link_made_from_the_command_line_leads_to_the_mock() -> None:
    with serving() as (_, addresses):
        made = run(
            "create", "--base-url", addresses["api"], "--customer", "c", "--product", "owners", MELD_API_KEY="any"
        )
        assert made.returncode == 0, made.stderr
        assert made.stdout.startswith(addresses["widget"])
        with urllib.request.urlopen(made.stdout.strip(), timeout=20) as page:
            assert page.status == 200
        refused = run(
            "create", "--base-url", addresses["api"], "--customer", "c", "--product", "owners", MELD_API_KEY="wrong"
        )
        assert refused.returncode == 3


def test_mock_ends_with_130_on_ctrl_c() -> None:
    with serving() as (process, _):
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
        assert (process.returncode, out, err) == (130, b"", b"meld-link: interrupted\n")


def test_mock_rehearses_a_scenario() -> None:
    with serving("--scenario", "rate-limited") as (_, addresses):
        assert post(addresses["api"], Authorization="BASIC any") == 429


def test_mock_takes_the_port_it_is_given_or_says_that_it_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("mock", "--port", str(port))
        assert done.returncode == 2
        assert f"port {port}" in done.stderr
        assert done.stdout == ""
    with serving("--port", str(port)) as (_, addresses):
        assert addresses["api"] == f"http://127.0.0.1:{port}"


@pytest.mark.parametrize(
    "words",
    [
        ["--port", "x"],
        ["--port", "70000"],
        ["--scenario", "flood"],
        ["--speed", "0"],
        ["--speed", "nan"],
        ["--speed", "inf"],
    ],
)
def test_mock_refuses_what_it_cannot_do(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    assert main(["mock", *words]) == 2
    assert words[0] in capsys.readouterr().err


def test_mock_help_tells_what_each_scenario_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mock", "--help"]) == 0
    said = capsys.readouterr().out
    for scenario in SCENARIOS:
        assert scenario.name in said
        assert str(scenario.lesson) in said


# --- doctor


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at Linux")
def test_doctor_says_what_is_missing_and_the_remedy() -> None:
    done = run("doctor", PYTHON_KEYRING_BACKEND="keyring.backends.null.Keyring")
    assert done.returncode == exits.FAILED
    lines = done.stdout.splitlines()
    assert any(line.startswith("FAIL  Display: There is no graphical session") for line in lines)
    assert any(line.startswith("FAIL  Keyring: none found") for line in lines)
    assert any(line.startswith(("ok    Fonts", "FAIL  Fonts")) for line in lines)
    assert done.stderr == ""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at Linux")
def test_doctor_is_content_where_nothing_is_missing(tmp_path_factory: pytest.TempPathFactory) -> None:
    from meld_desktop.doctor.fonts import has_scalable_font
    from meld_desktop.doctor.preflight import preflight, web_remedy

    if preflight({"QT_QPA_PLATFORM": "offscreen"}) or web_remedy() or not has_scalable_font():
        pytest.skip("something is missing on this machine")
    folder = tmp_path_factory.mktemp("backend")
    (folder / "some_backend.py").write_text(
        "from keyring.backend import KeyringBackend\n"
        "class Keyring(KeyringBackend):\n"
        "    priority = 9\n"
        "    get_password = set_password = delete_password = None\n",
        encoding="utf-8",
    )
    done = run(
        "doctor",
        QT_QPA_PLATFORM="offscreen",
        PYTHON_KEYRING_BACKEND="some_backend.Keyring",
        PYTHONPATH=f"{environment()['PYTHONPATH']}:{folder}",
    )
    assert done.returncode == 0, done.stdout
    assert all(line.startswith("ok    ") for line in done.stdout.splitlines())
