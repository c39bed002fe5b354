"""The search for secrets finds them: a search that cannot find proves nothing."""

import base64
import html
import json
import subprocess
import sys
import urllib.parse
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.secrets_scan import PLANTED_KEY, family, in_bytes, in_processes, in_tree

DISGUISES: dict[str, Callable[[str], str]] = {
    "raw": str,
    "header": lambda key: f"Authorization: BASIC {key}",
    "quote": lambda key: urllib.parse.quote(key, safe=""),
    "quote keeping slashes": urllib.parse.quote,
    "query string": lambda key: urllib.parse.urlencode({"a": "b", "key": key}),
    "json": lambda key: json.dumps({"key": key}),
    "json in json": lambda key: json.dumps(json.dumps({"key": key})),
    "html": lambda key: f"<p>{html.escape(key)}</p>",
    "repr": lambda key: repr({"key": key}),
    "base64 for URLs": lambda key: base64.urlsafe_b64encode(f"{key}???".encode()).decode(),
}


@pytest.mark.parametrize("before", ["", "x", "xy", "BASIC "])
@pytest.mark.parametrize("after", ["", "z", "zz"])
def test_finds_it_in_base64_whatever_stands_around_it(before: str, after: str) -> None:
    assert in_bytes(base64.b64encode(f"{before}{PLANTED_KEY}{after}".encode()), [PLANTED_KEY], "here")


@pytest.mark.parametrize("disguise", DISGUISES)
def test_finds_every_disguise(disguise: str, tmp_path: Path) -> None:
    (tmp_path / "log.txt").write_text(f"before {DISGUISES[disguise](PLANTED_KEY)} after")
    assert in_tree(tmp_path, [PLANTED_KEY])


def test_finds_a_secret_stored_as_qt_stores_strings(tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(b"\0\1" + PLANTED_KEY.encode("utf-16-be") + b"\1\0")
    assert [finding.form for finding in in_tree(tmp_path, [PLANTED_KEY])] == ["UTF-16, big endian"]


def test_finds_a_secret_in_a_file_name(tmp_path: Path) -> None:
    (tmp_path / "token-abc123").touch()
    assert in_tree(tmp_path, ["token-abc123"])


def test_another_secret_is_no_finding() -> None:
    assert not in_bytes(json.dumps({"key": PLANTED_KEY[::-1]}).encode(), [PLANTED_KEY], "here")


def test_tells_an_expected_variable_from_an_inherited_one() -> None:
    child = "import sys; sys.stdin.read()"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    given = {"MELD_API_KEY": PLANTED_KEY}
    with subprocess.Popen([sys.executable, "-c", parent], stdin=subprocess.PIPE, env=given) as process:
        while len(family(process.pid)) < 2 or b"sys.stdin" not in family(process.pid)[-1].arguments:
            assert process.poll() is None
        found = in_processes(process.pid, [PLANTED_KEY], given=given)
        process.communicate(b"")
    assert {finding.form for finding in found} >= {"plain text"}
    assert all(finding.where.startswith("environment") for finding in found)
