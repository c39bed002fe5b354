"""Every snippet run as copied against a strict server: what arrives is what our own client sends, byte for byte.

PowerShell runs where there is one; ``tests/unit/test_snippets.py`` proves its quoting everywhere.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from meld_desktop.domain.api_call import START_PATH
from meld_desktop.domain.products import Product
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.domain.snippets import SNIPPETS, SnippetKind, snippet
from tests.api.calls import start
from tests.support import answers
from tests.support.answers import Answer
from tests.support.strict_meld import Request, StrictMeld

KEY = "WQ5CwCxDxXhYuA4fVHGk3o:s3cr3t+/K%ey$HOME`id`\\n'\"=="
CUSTOMERS = {
    "plain": "user@domain.com",
    "quotes": """it's "quoted" ''twice'' ""too"" '""",
    "shell": "$HOME ${PATH} $(id) `id` !! !$ ~ * ? [a] {a,b} ; | > /tmp/x < & # \\ \\\\ \\' \\\" %s %n %PATH%",
    "blanks": "  two  blanks \t and a tab ",
    "line ends": "one\ntwo\r\nthree\rfour\u2028five\u2029six\u0085seven\x0beight",
    "leading at": "@/etc/passwd",
    "leading dash": "--output=/tmp/x",
    "not ASCII": "José Ünïcøde Ελληνικά 日本語 עברית",
    "smart quotes": "‘one’ ‚two‛ “three” „four‟ «five» `six´",
    "emoji": "👩‍👩‍👧‍👦 🏳️‍🌈 \U0001f4a9",
    "unseen": "a\u200bb\u202ec\ufeffd\x7fe\x80f\x01g\x1b[31m",
    "code": "${process.env.HOME} </script> {0} %(x)s $env:HOME #{x} *//* <!-- \\u0041 \\x41",
}
COMMANDS: Mapping[SnippetKind, tuple[str, str]] = {
    SnippetKind.CURL: ("sh", "curl"),
    SnippetKind.HTTPIE: ("sh", "http"),
    SnippetKind.PYTHON: (sys.executable, ""),
    SnippetKind.JAVASCRIPT: ("node", ""),
    SnippetKind.POWERSHELL: ("pwsh", ""),
}
SUFFIXES = {SnippetKind.PYTHON: ".py", SnippetKind.JAVASCRIPT: ".js", SnippetKind.POWERSHELL: ".ps1"}
HERE = [kind for kind in SNIPPETS if kind is not SnippetKind.POWERSHELL or shutil.which("pwsh")]
each_kind = pytest.mark.parametrize("kind", HERE, ids=lambda kind: kind.name.lower())


class WatchfulMeld(StrictMeld):
    """Looks at the arguments of every process while a request waits for its answer."""

    arguments: bytes = b""

    def answer(self, handler: Any, request: Request) -> None:
        """Answer after a look around."""
        for process in Path("/proc").glob("[0-9]*"):
            try:
                self.arguments += (process / "cmdline").read_bytes() + b"\n"
            except OSError:
                continue  # it has ended
        super().answer(handler, request)


@pytest.fixture
def watchful() -> Iterator[WatchfulMeld]:
    """A strict server that sees the list of processes."""
    with WatchfulMeld() as server:
        yield server


def run(kind: SnippetKind, folder: Path, url: str, body: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the snippet as a file, with a home that configures nothing."""
    program, tool = COMMANDS[kind]
    for name in filter(None, (program, tool)):
        if shutil.which(name) is None:
            pytest.skip(f"{name} is not installed")
    script = folder / f"snippet{SUFFIXES.get(kind, '.sh')}"
    script.write_bytes(snippet(kind, method="POST", url=url + START_PATH, body=body).encode())
    variables = {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8", "MELD_API_KEY": KEY}
    return subprocess.run(
        [program, str(script)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        env=variables | environment,
        cwd=folder,
    )


def body_for(customer: str) -> ConnectStartRequest:
    """Return a request of ``customer`` with something in every kind of field."""
    return ConnectStartRequest(
        external_customer_id=customer,
        products=(Product.BALANCES, Product.OWNERS),
        regions=("US", "CA-ON"),
        institution_search_string=customer,
        redirect_url="https://example.com/back?a=1&b=%20c'd",
        allow_redirect=False,
        show_border=True,
    )


@pytest.mark.anyio
@each_kind
@pytest.mark.parametrize("customer", CUSTOMERS.values(), ids=CUSTOMERS)
async def test_what_arrives_is_what_the_client_sends(
    kind: SnippetKind, customer: str, meld: StrictMeld, tmp_path: Path
) -> None:
    request = body_for(customer)
    await start(meld.url, request, key=KEY)
    done = run(kind, tmp_path, meld.url, request.to_json())
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"widgetUrl" in done.stdout
    ours, theirs = meld.requests
    assert theirs.body == ours.body
    assert theirs.body.decode() == request.to_json()
    assert (theirs.method, theirs.path) == (ours.method, ours.path)
    for name in ("Authorization", "Meld-Version", "Content-Type", "Accept"):
        assert theirs.header(name) == ours.header(name)


@each_kind
def test_no_key_among_the_arguments_of_a_process(kind: SnippetKind, watchful: WatchfulMeld, tmp_path: Path) -> None:
    done = run(kind, tmp_path, watchful.url, body_for("user@domain.com").to_json())
    assert done.returncode == 0
    assert watchful.requests[0].header("Authorization") == [f"BASIC {KEY}"]
    tool = COMMANDS[kind][1] or "snippet"
    assert tool.encode() in watchful.arguments, "the look around saw the process that asked"
    for secret in (KEY, KEY.partition(":")[2]):
        assert secret.encode() not in watchful.arguments


@each_kind
def test_no_redirect_is_followed(kind: SnippetKind, meld: StrictMeld, tmp_path: Path) -> None:
    (tmp_path / ".curlrc").write_text("location\n", encoding="utf-8")
    with StrictMeld() as elsewhere:
        meld.script(Answer(307, b"", {"Location": elsewhere.url + START_PATH}))
        run(kind, tmp_path, meld.url, body_for("user@domain.com").to_json())
        assert len(meld.requests) == 1
        assert elsewhere.requests == []


@each_kind
def test_a_refusal_is_shown(kind: SnippetKind, tmp_path: Path) -> None:
    with StrictMeld() as meld:
        meld.script(answers.NO_AUTHORITY)
        done = run(kind, tmp_path, meld.url, body_for("user@domain.com").to_json())
    assert b"Invalid API key" in done.stdout + done.stderr


@pytest.mark.parametrize("kind", [SnippetKind.CURL, SnippetKind.HTTPIE], ids=["curl", "httpie"])
def test_the_shell_says_which_variable_is_missing(kind: SnippetKind, tmp_path: Path) -> None:
    with StrictMeld() as meld:
        done = run(kind, tmp_path, meld.url, body_for("user@domain.com").to_json(), MELD_API_KEY="")
    assert b"MELD_API_KEY" in done.stderr


@pytest.mark.parametrize("shell", ["bash", "dash"])
def test_other_shells_and_no_file(shell: str, meld: StrictMeld, tmp_path: Path) -> None:
    """As when pasted: the shell reads the lines from its input, and so must none of the commands."""
    if shutil.which(shell) is None or shutil.which("curl") is None:
        pytest.skip(f"{shell} or curl is not installed")
    body = body_for(" ".join(CUSTOMERS.values())).to_json()
    lines = snippet(SnippetKind.CURL, method="POST", url=meld.url + START_PATH, body=body) + "echo the end\n"
    variables = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LC_ALL": "C", "MELD_API_KEY": KEY}
    done = subprocess.run([shell], input=lines.encode(), capture_output=True, timeout=60, env=variables, cwd=tmp_path)
    assert done.stdout.endswith(b"}the end\n")
    assert meld.requests[0].body.decode() == body
