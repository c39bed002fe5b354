"""Keys in a real keyring, and the name of everything a keyring can do instead of answering."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest

from meld_desktop.domain.errors import Kind, MeldError
from meld_desktop.storage.keys import KeyStore
from tests.storage.secret_service import Session, missing, session

KEY = "WQ5CwCxDxXhYuA4fVHGk3o:s3cr3t+/Key=="
ROOT = Path(__file__).resolve().parents[2]

ASK = """
import json, sys, traceback
from meld_desktop.domain.errors import MeldError
from meld_desktop.storage.keys import KeyStore
{backend}
store = KeyStore()
for name, *words in json.loads(sys.stdin.read()):
    try:
        answer = {{"value": getattr(store, name)(*words)}}
    except MeldError as error:
        answer = {{"kind": error.kind.name, "said": traceback.format_exc() + repr(vars(error))}}
    print(json.dumps(answer), flush=True)
"""


def ask(*questions: tuple[str, ...], env: Mapping[str, str], backend: str = "") -> list[dict[str, str | None]]:
    """Put questions to the store in a process of its own and return the answers."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-W", "ignore::ResourceWarning", "-c", ASK.format(backend=backend)],
        input=json.dumps(questions),
        capture_output=True,
        text=True,
        env={**env, "PYTHONPATH": str(ROOT)},
        timeout=30,
    )
    assert not done.stderr, done.stderr
    answers: list[dict[str, str | None]] = [json.loads(line) for line in done.stdout.splitlines()]
    assert not [answer for answer in answers if KEY in str(answer.get("said"))]
    return answers


def only(*questions: tuple[str, ...], env: Mapping[str, str], backend: str = "") -> list[str | None]:
    return [
        answer["kind"] if "kind" in answer else answer["value"] for answer in ask(*questions, env=env, backend=backend)
    ]


ALL: list[tuple[str, ...]] = [("read", "api.meld.io"), ("write", "api.meld.io", KEY), ("delete", "api.meld.io")]


# --- a real keyring


@pytest.fixture
def bus() -> Iterator[Session]:
    if lacking := missing():
        if os.environ.get("CI"):
            pytest.fail(f"not installed: {lacking}")
        pytest.skip(f"not installed: {lacking}")
    with tempfile.TemporaryDirectory(prefix="meld-keys-") as root, session(Path(root)) as running:
        yield running


def test_one_entry_a_host(bus: Session) -> None:
    bus.keyring(unlocked=True)
    assert only(
        ("read", "api.meld.io"),
        ("write", "api.meld.io", KEY),
        ("write", "api-sb.meld.io", "sandbox:key"),
        ("read", "api.meld.io"),
        ("read", "api-sb.meld.io"),
        ("read", "meld.io"),
        ("write", "api.meld.io", "another:key"),
        env=bus.env,
    ) == [None, None, None, KEY, "sandbox:key", None, None]
    assert only(
        ("read", "api.meld.io"),
        ("delete", "api.meld.io"),
        ("read", "api.meld.io"),
        ("delete", "api.meld.io"),
        ("read", "api-sb.meld.io"),
        env=bus.env,
    ) == ["another:key", None, None, None, "sandbox:key"]
    files = [path for path in Path(bus.env["HOME"]).rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if b"another:key" in path.read_bytes() or b"sandbox:key" in path.read_bytes()]


def test_a_locked_keyring_that_cannot_ask(bus: Session) -> None:
    bus.keyring(unlocked=True)
    assert only(("write", "api.meld.io", KEY), env=bus.env) == [None]
    bus.keyring(unlocked=False)
    assert only(*ALL, env=bus.env) == ["KEYRING_LOCKED"] * 3
    bus.keyring(unlocked=True)
    assert only(("read", "api.meld.io"), env=bus.env) == [KEY]


def test_a_bus_without_a_keyring(bus: Session) -> None:
    assert only(*ALL, env=bus.env) == ["KEYRING_MISSING"] * 3


def test_a_keyring_that_comes_later_counts(bus: Session) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", LATER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**bus.env, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "KEYRING_MISSING\n"
        bus.keyring(unlocked=True)
        process.stdin.write("\n")
        process.stdin.flush()
        assert process.stdout.readline() == "None\n"


LATER = """
import sys
from meld_desktop.domain.errors import MeldError
from meld_desktop.storage.keys import KeyStore
store = KeyStore()
try:
    store.read("h")
except MeldError as error:
    print(error.kind.name, flush=True)
sys.stdin.readline()
print(store.read("h"), flush=True)
"""


# --- no keyring


@pytest.fixture
def nowhere(tmp_path: Path) -> dict[str, str]:
    """The environment of a machine without a session."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
    }


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a keyring")
def test_no_session(nowhere: dict[str, str]) -> None:
    assert only(*ALL, env=nowhere) == ["KEYRING_MISSING"] * 3


@pytest.mark.parametrize("backend", ["null", "fail"])
def test_what_keeps_nothing_counts_as_none(backend: str, nowhere: dict[str, str]) -> None:
    env = {**nowhere, "PYTHON_KEYRING_BACKEND": f"keyring.backends.{backend}.Keyring"}
    assert only(*ALL, env=env) == ["KEYRING_MISSING"] * 3


# --- keyrings that misbehave

MISBEHAVING = """
import keyring, keyring.errors, time
from keyring.backend import KeyringBackend

class Cause(Exception):
    pass

class Backend(KeyringBackend):
    priority = 1
    def get_password(self, service, username):
        {behave}
    def set_password(self, service, username, password):
        {behave}
    def delete_password(self, service, username):
        {behave}

{after}
keyring.set_keyring(Backend())
"""


def misbehaving(behave: str, after: str = "") -> str:
    return MISBEHAVING.format(behave=behave, after=after)


KINDS = {
    "raise keyring.errors.KeyringLocked('Failed to unlock the collection!')": "KEYRING_LOCKED",
    "time.sleep(0.4); raise keyring.errors.KeyringLocked('Failed to unlock the item!')": "KEYRING_DENIED",
    "raise keyring.errors.KeyringLocked('x') from type('KeychainDenied', (Exception,), {})()": "KEYRING_DENIED",
    "raise type('PromptDismissedException', (Exception,), {})('Prompt dismissed.')": "KEYRING_DENIED",
    "raise keyring.errors.NoKeyringError('none')": "KEYRING_MISSING",
    "raise type('SecretServiceNotAvailableException', (Exception,), {})()": "KEYRING_MISSING",
    "raise keyring.errors.InitError('Failed to create the collection')": "KEYRING_FAILED",
    "raise keyring.errors.PasswordSetError(locals().get('password', '" + KEY + "'))": "KEYRING_FAILED",
    "raise OSError(5, 'Input/output error: ' + repr(locals()) + '" + KEY + "')": "KEYRING_FAILED",
    "1/0": "KEYRING_FAILED",
}


@pytest.mark.parametrize("behave", KINDS)
def test_the_name_of_what_a_keyring_does(behave: str, nowhere: dict[str, str]) -> None:
    assert only(*ALL, env=nowhere, backend=misbehaving(behave)) == [KINDS[behave]] * 3


@pytest.mark.parametrize("module", ["keyrings.alt.file", "keyrings.alt.Gnome"])
def test_a_keyring_in_plain_text_is_refused(module: str, nowhere: dict[str, str], tmp_path: Path) -> None:
    told = tmp_path / "told"
    backend = misbehaving(f"open({str(told)!r}, 'a').write('told')", f"Backend.__module__ = {module!r}")
    assert only(*ALL, env=nowhere, backend=backend) == ["KEYRING_MISSING"] * 3
    assert not told.exists()


def test_what_windows_cannot_hold_is_refused_before_it_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("meld_desktop.storage.keys.sys", SimpleNamespace(platform="win32"))
    with pytest.raises(MeldError) as caught:
        KeyStore().write("api.meld.io", "k" * 1281)
    assert caught.value.kind is Kind.KEY_UNUSABLE
    assert "1280" in str(caught.value.detail)
    assert "kkk" not in repr(vars(caught.value))


def test_the_library_is_not_loaded_before_it_is_asked() -> None:
    program = "import sys, meld_desktop.storage.keys as keys; keys.KeyStore(); print('keyring' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, timeout=30)
    assert done.stdout == "False\n"
