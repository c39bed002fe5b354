"""The switches of ``meld-link mock``: what they are for, and that they reach the server."""

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from meld_desktop.cli import main
from tests.support.command_line import start

LEAST: dict[str, Any] = {"externalCustomerId": "c", "products": ["BALANCES", "OWNERS"]}
REQUESTS: dict[str, dict[str, Any]] = {
    "--strict-optional-only": {"externalCustomerId": "c", "optionalProducts": ["OWNERS"]},
    "--strict-balances-alone": LEAST | {"products": ["BALANCES"]},
    "--strict-unknown-fields": LEAST | {"surprise": 1},
}


def statuses(*switches: str) -> list[int]:
    """What each doubtful request is answered by a server with these switches."""
    process = start("mock", *switches)
    assert process.stdout is not None
    try:
        api = json.loads(process.stdout.readline())["api"]
        return [asked(api, body) for body in REQUESTS.values()]
    finally:
        process.kill()
        process.communicate(timeout=20)


def asked(api: str, body: dict[str, Any]) -> int:
    headers = {"Authorization": "BASIC k", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{api}/bank-linking/connect/start", json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


@pytest.mark.parametrize(
    ("switches", "expected"),
    [
        ([], [201, 201, 201]),
        (["--strict-optional-only"], [400, 201, 201]),
        (["--strict-balances-alone"], [201, 400, 201]),
        (["--strict-unknown-fields"], [201, 201, 400]),
        (list(REQUESTS), [400, 400, 400]),
    ],
)
def test_each_switch_refuses_its_request_and_no_other(switches: list[str], expected: list[int]) -> None:
    assert statuses(*switches) == expected


def test_help_explains_every_switch(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mock", "--help"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    for switch, sentence in {
        "--strict-optional-only": "refuse optional products without a required one",
        "--strict-balances-alone": "refuse BALANCES as the only product",
        "--strict-unknown-fields": "refuse fields the API description does not know",
    }.items():
        assert f"{switch} {sentence}" in said


def test_a_speed_beyond_the_clock_is_wrong_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mock", "--speed", "100001"]) == 2
    assert "--speed" in capsys.readouterr().err
