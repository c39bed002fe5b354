"""Where a key comes from, what the window may say of it, and a keyring that does everything but answer."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from meld_desktop.domain.environments import DEMO, PRODUCTION, SANDBOX, Environment, custom_environment
from meld_desktop.domain.errors import Kind, MeldError
from meld_desktop.services import keys as module
from meld_desktop.services.keys import Keys, KeySource, KeyState
from meld_desktop.services.worker import Worker
from meld_desktop.storage.keys import KeyStore
from tests.services.conftest import Heard


class Keyring(KeyStore):
    """A keyring in memory that can be told to fail or to hang."""

    def __init__(self) -> None:
        self.entries: dict[str, str] = {}
        self.problem: MeldError | None = None
        self.asked: list[str] = []
        self.free = threading.Event()
        self.free.set()

    def _answer(self, what: str) -> None:
        assert threading.current_thread() is not threading.main_thread()
        self.asked.append(what)
        self.free.wait(20)
        if self.problem is not None:
            raise self.problem

    def read(self, host: str) -> str | None:
        self._answer(f"read {host}")
        return self.entries.get(host)

    def write(self, host: str, key: str) -> None:
        self._answer(f"write {host}")
        self.entries[host] = key

    def delete(self, host: str) -> None:
        self._answer(f"delete {host}")
        self.entries.pop(host, None)


@pytest.fixture
def keyring() -> Iterator[Keyring]:
    made = Keyring()
    yield made
    made.free.set()


@pytest.fixture
def keys(worker: Worker, keyring: Keyring, parent: QObject) -> Keys:
    return Keys(worker, keyring, {}, parent)


def listen(keys: Keys) -> Heard:
    return Heard().listen(state=keys.state_changed, saved=keys.saved, forgotten=keys.forgotten, failed=keys.failed)


def key_for(keys: Keys, worker: Worker, qtbot: QtBot, environment: Environment) -> str | MeldError:
    job = worker.submit(keys.key_for(environment))
    heard = Heard().listen(succeeded=job.succeeded, failed=job.failed)
    with qtbot.waitSignal(job.finished):
        pass
    answer: str | MeldError = heard.said[0][1]
    return answer


def kind(answer: str | MeldError) -> Kind:
    assert isinstance(answer, MeldError)
    return answer.kind


def sources(heard: Heard) -> list[str]:
    return [state.source.name for name, state in heard.said if name == "state"]


# --- which key goes out


def test_demo_gets_no_real_key(worker: Worker, keyring: Keyring, parent: QObject, qtbot: QtBot) -> None:
    keys = Keys(worker, keyring, {"MELD_API_KEY": "real:key"}, parent)
    assert key_for(keys, worker, qtbot, DEMO) == "demo"
    assert keyring.asked == []


def test_the_order(worker: Worker, keyring: Keyring, parent: QObject, qtbot: QtBot) -> None:
    keyring.entries["api-sb.meld.io"] = "from:keyring"
    keys = Keys(worker, keyring, {}, parent)
    assert key_for(keys, worker, qtbot, SANDBOX) == "from:keyring"
    keys.keep(SANDBOX, "for:now")
    assert key_for(keys, worker, qtbot, SANDBOX) == "for:now"
    keys = Keys(worker, keyring, {"MELD_API_KEY": " from:variable\n"}, parent)
    keys.keep(SANDBOX, "for:now")
    assert key_for(keys, worker, qtbot, SANDBOX) == "from:variable"
    assert set(keys.secrets()) == {"from:variable", "for:now"}


def test_a_key_never_goes_to_another_host(keys: Keys, keyring: Keyring, worker: Worker, qtbot: QtBot) -> None:
    keyring.entries["api-sb.meld.io"] = "sandbox:key"
    keys.keep(PRODUCTION, "production:key")
    keys.keep(custom_environment("https://api.meld.io.example"), "other:key")
    assert key_for(keys, worker, qtbot, SANDBOX) == "sandbox:key"
    assert key_for(keys, worker, qtbot, PRODUCTION) == "production:key"
    assert kind(key_for(keys, worker, qtbot, custom_environment("https://api.meld.io:8443"))) is Kind.NO_KEY
    assert kind(key_for(keys, worker, qtbot, custom_environment("https://meld.io"))) is Kind.NO_KEY
    assert key_for(keys, worker, qtbot, custom_environment("https://api.meld.io.example/v2")) == "other:key"


def test_a_variable_that_is_no_key(worker: Worker, keyring: Keyring, parent: QObject, qtbot: QtBot) -> None:
    keyring.entries["api-sb.meld.io"] = "from:keyring"
    answer = key_for(Keys(worker, keyring, {"MELD_API_KEY": "geheim\nnis"}, parent), worker, qtbot, SANDBOX)
    assert kind(answer) is Kind.KEY_UNUSABLE
    assert "geheim" not in str(answer) + repr(vars(answer))
    keys = Keys(worker, keyring, {"MELD_API_KEY": "  "}, parent)
    assert key_for(keys, worker, qtbot, SANDBOX) == "from:keyring"


@pytest.mark.parametrize("what", ["KEYRING_MISSING", "KEYRING_LOCKED", "KEYRING_DENIED", "KEYRING_FAILED"])
def test_a_keyring_that_says_no(keys: Keys, keyring: Keyring, worker: Worker, qtbot: QtBot, what: str) -> None:
    keyring.problem = MeldError(Kind[what])
    assert key_for(keys, worker, qtbot, SANDBOX) is keyring.problem
    keys.keep(SANDBOX, "for:now")
    assert key_for(keys, worker, qtbot, SANDBOX) == "for:now"


# --- what may be said


def test_states_that_need_no_asking(worker: Worker, keyring: Keyring, parent: QObject) -> None:
    keys = Keys(worker, keyring, {}, parent)
    heard = listen(keys)
    keys.check(DEMO)
    keys.keep(SANDBOX, "for:now")
    assert [state for _, state in heard.said] == [
        KeyState(DEMO, KeySource.NOT_NEEDED),
        KeyState(SANDBOX, KeySource.SESSION),
    ]
    keys = Keys(worker, keyring, {"MELD_API_KEY": "from:variable"}, parent)
    heard = listen(keys)
    keys.check(SANDBOX)
    keys.check(DEMO)
    assert sources(heard) == ["VARIABLE", "NOT_NEEDED"]
    assert keyring.asked == []


@pytest.mark.parametrize(("entry", "last"), [("a:key", "KEYRING"), (None, "MISSING"), ("", "MISSING")])
def test_asking_the_keyring(keys: Keys, keyring: Keyring, qtbot: QtBot, entry: str | None, last: str) -> None:
    if entry is not None:
        keyring.entries["api-sb.meld.io"] = entry
    heard = listen(keys)
    keys.check(SANDBOX)
    assert sources(heard) == ["UNKNOWN"]
    qtbot.waitUntil(lambda: len(heard.said) == 2)
    assert sources(heard) == ["UNKNOWN", last]
    assert "a:key" not in repr(heard.said)


def test_a_problem_is_told_with_the_state(keys: Keys, keyring: Keyring, qtbot: QtBot) -> None:
    keyring.problem = MeldError(Kind.KEYRING_LOCKED)
    heard = listen(keys)
    keys.check(SANDBOX)
    qtbot.waitUntil(lambda: len(heard.said) == 2)
    assert heard.said[1][1] == KeyState(SANDBOX, KeySource.UNKNOWN, keyring.problem)


def test_an_answer_about_another_environment_is_not_told(
    keys: Keys, keyring: Keyring, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    keyring.entries["api-sb.meld.io"] = "a:key"
    keyring.free.clear()
    heard = listen(keys)
    keys.check(SANDBOX)
    qtbot.waitUntil(lambda: keyring.asked == ["read api-sb.meld.io"])
    keys.check(DEMO)
    keyring.free.set()
    settle()
    settle()
    assert sources(heard) == ["UNKNOWN", "NOT_NEEDED"]


def test_a_late_answer_does_not_hide_a_key_that_was_kept_meanwhile(
    keys: Keys, keyring: Keyring, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    keyring.free.clear()
    heard = listen(keys)
    keys.check(SANDBOX)
    qtbot.waitUntil(lambda: keyring.asked == ["read api-sb.meld.io"])
    keys.keep(SANDBOX, "for:now")
    assert sources(heard) == ["UNKNOWN", "SESSION"]
    keyring.free.set()
    settle()
    settle()
    assert sources(heard) == ["UNKNOWN", "SESSION"]


# --- saving and forgetting


def test_saving_and_forgetting(keys: Keys, keyring: Keyring, worker: Worker, qtbot: QtBot) -> None:
    keys.keep(SANDBOX, "for:now")
    heard = listen(keys)
    with qtbot.waitSignal(keys.saved):
        keys.save(SANDBOX, "for:good")
    assert keyring.entries == {"api-sb.meld.io": "for:good"}
    assert [name for name, _ in heard.said] == ["saved", "state"]
    assert heard.said[0][1] is SANDBOX
    assert sources(heard) == ["KEYRING"]
    assert keys.secrets() == []
    assert key_for(keys, worker, qtbot, SANDBOX) == "for:good"
    with qtbot.waitSignal(keys.forgotten):
        keys.forget(SANDBOX)
    qtbot.waitUntil(lambda: sources(heard)[-1] == "MISSING")
    assert keyring.entries == {}
    assert kind(key_for(keys, worker, qtbot, SANDBOX)) is Kind.NO_KEY


def test_forgetting_a_key_that_was_only_kept(keys: Keys, worker: Worker, qtbot: QtBot) -> None:
    keys.keep(SANDBOX, "for:now")
    with qtbot.waitSignal(keys.forgotten):
        keys.forget(SANDBOX)
    assert keys.secrets() == []
    assert kind(key_for(keys, worker, qtbot, SANDBOX)) is Kind.NO_KEY


def test_a_save_that_fails_keeps_what_there_was(keys: Keys, keyring: Keyring, worker: Worker, qtbot: QtBot) -> None:
    keys.keep(SANDBOX, "for:now")
    keyring.problem = MeldError(Kind.KEYRING_DENIED)
    heard = listen(keys)
    with qtbot.waitSignal(keys.failed):
        keys.save(SANDBOX, "for:good")
    assert heard.said == [("failed", keyring.problem)]
    assert key_for(keys, worker, qtbot, SANDBOX) == "for:now"


def test_what_is_shown_after_a_forget_that_failed(keys: Keys, keyring: Keyring, worker: Worker, qtbot: QtBot) -> None:
    keys.keep(SANDBOX, "for:now")
    keyring.problem = MeldError(Kind.KEYRING_DENIED)
    heard = listen(keys)
    with qtbot.waitSignal(keys.failed):
        keys.forget(SANDBOX)
    assert keys.secrets() == []
    qtbot.waitUntil(lambda: ("state", KeyState(SANDBOX, KeySource.UNKNOWN, keyring.problem)) in heard.said)


def test_forgetting_one_environment_while_another_is_shown(keys: Keys, keyring: Keyring, qtbot: QtBot) -> None:
    keyring.entries["api.meld.io"] = "a:key"
    keys.check(DEMO)
    heard = listen(keys)
    keyring.free.clear()
    keys.forget(SANDBOX)
    keys.check(PRODUCTION)
    keyring.free.set()
    qtbot.waitUntil(lambda: ("state", KeyState(PRODUCTION, KeySource.KEYRING)) in heard.said)
    assert {state.environment for name, state in heard.said if name == "state"} == {PRODUCTION}


# --- a keyring that hangs


def test_the_time_a_keyring_gets() -> None:
    assert module.KEYRING_SECONDS == 3


def test_a_keyring_that_hangs(
    keyring: Keyring, parent: QObject, qtbot: QtBot, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEYRING_SECONDS", 0.3)
    keys = Keys(worker, keyring, {}, parent)
    heard = listen(keys)
    keyring.free.clear()
    before = time.monotonic()
    keys.check(SANDBOX)
    assert time.monotonic() - before < 0.1
    qtbot.waitUntil(lambda: len(heard.said) == 2)
    assert 0.3 <= time.monotonic() - before < 0.6
    state = heard.said[1][1]
    assert (state.source, kind(state.problem)) == (KeySource.UNKNOWN, Kind.KEYRING_SILENT)
    with qtbot.waitSignal(keys.failed) as failed:
        keys.save(SANDBOX, "for:good")
    assert failed.args is not None
    assert failed.args[0].kind is Kind.KEYRING_SILENT
    assert kind(key_for(keys, worker, qtbot, SANDBOX)) is Kind.KEYRING_SILENT
    keys.keep(SANDBOX, "for:now")
    assert key_for(keys, worker, qtbot, SANDBOX) == "for:now"


def test_a_keyring_that_hangs_does_not_hold_up_the_end(keyring: Keyring, parent: QObject, qtbot: QtBot) -> None:
    worker = Worker(parent)
    keys = Keys(worker, keyring, {}, parent)
    keyring.free.clear()
    keys.check(SANDBOX)
    keys.check(PRODUCTION)
    qtbot.waitUntil(lambda: len(keyring.asked) > 0)
    before = time.monotonic()
    worker.close()
    assert time.monotonic() - before < 0.5
