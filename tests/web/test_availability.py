"""Whether to embed at all. Knows no WebEngine."""

import subprocess
import sys

import pytest

from meld_desktop.web.availability import Verdict, embedding, explain, prepare, problem

OFF = {"QTWEBENGINE_DISABLE_SANDBOX": "1"}
OURS = OFF | {"MELD_DESKTOP_SANDBOX_OFF_FOR_DEMO": "1"}


@pytest.mark.parametrize(
    ("demo", "root", "environ", "verdict"),
    [
        (True, False, {}, Verdict.ALLOWED),
        (False, False, {}, Verdict.ALLOWED),
        (True, True, {}, Verdict.ALLOWED_UNSANDBOXED),
        (False, True, {}, Verdict.REFUSED),
        (False, True, OFF, Verdict.ALLOWED_UNSANDBOXED),
        (True, True, OFF, Verdict.ALLOWED_UNSANDBOXED),
        (False, False, OFF, Verdict.ALLOWED_UNSANDBOXED),
        (False, True, {"QTWEBENGINE_DISABLE_SANDBOX": "0"}, Verdict.ALLOWED_UNSANDBOXED),  # Qt does not look at it
        (False, True, {"QTWEBENGINE_CHROMIUM_FLAGS": "--x --no-sandbox"}, Verdict.ALLOWED_UNSANDBOXED),
        (False, True, {"QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandboxes"}, Verdict.REFUSED),
        (False, True, OURS, Verdict.REFUSED),
        (True, True, OURS, Verdict.ALLOWED_UNSANDBOXED),
    ],
)
def test_who_is_embedded(demo: bool, root: bool, environ: dict[str, str], verdict: Verdict) -> None:
    answer = embedding(demo, root, environ)
    assert answer.verdict is verdict
    assert bool(answer.text) == (verdict is not Verdict.ALLOWED)
    assert answer.is_allowed == (verdict is not Verdict.REFUSED)


def test_demo_as_root_switches_the_sandbox_off_for_itself_only() -> None:
    environ: dict[str, str] = {}
    assert prepare(False, is_root=True, environ=environ).verdict is Verdict.REFUSED
    assert environ == {}
    assert prepare(True, is_root=True, environ=environ).verdict is Verdict.ALLOWED_UNSANDBOXED
    assert environ["QTWEBENGINE_DISABLE_SANDBOX"] == "1"
    assert prepare(False, is_root=True, environ=environ).verdict is Verdict.REFUSED
    assert prepare(True, is_root=True, environ=environ).verdict is Verdict.ALLOWED_UNSANDBOXED


def test_users_and_their_own_choice_are_left_alone() -> None:
    environ: dict[str, str] = {}
    prepare(True, is_root=False, environ=environ)
    assert environ == {}
    environ = dict(OFF)
    assert prepare(False, is_root=True, environ=environ).is_allowed
    assert environ == OFF


def test_nothing_is_wrong_here() -> None:
    assert problem() is None


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            ImportError("libnss3.so: cannot open shared object file: No such file or directory"),
            ["system library libnss3.so", "apt install libnss3."],
        ),
        (
            ImportError("libXcomposite.so.1: cannot open shared object file: No such file or directory"),
            ["libXcomposite.so.1", "apt install libxcomposite1."],
        ),
        (ImportError("libodd.so.5: cannot open shared object file"), ["libodd.so.5", "apt install libodd."]),
        (ModuleNotFoundError("No module named 'PySide6.QtWebEngineCore'"), ["pip install PySide6_WebEngine"]),
        (ImportError("undefined symbol: _ZN3Foo"), ["different versions", "--force-reinstall"]),
    ],
)
def test_what_is_missing_is_said_with_the_remedy(error: ImportError, words: list[str]) -> None:
    text = str(explain(error))
    for word in words:
        assert word in text
    assert "Open in browser" in text


def test_a_missing_wheel_is_a_sentence_and_no_crash() -> None:
    script = """
import sys
sys.modules["PySide6.QtWebEngineCore"] = None
from meld_desktop.web import availability
print(availability.problem())
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert "pip install PySide6_WebEngine" in done.stdout


def test_asking_about_the_rule_imports_no_webengine() -> None:
    script = """
import sys
from meld_desktop.web import availability, policy
availability.prepare(True, is_root=True, environ={})
assert not [name for name in sys.modules if name.startswith("PySide6")]
"""
    subprocess.run([sys.executable, "-c", script], timeout=60, check=True)
