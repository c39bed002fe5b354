"""``meld-link doctor``: every check in full, each with its exact remedy."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from meld_desktop.doctor import display, fonts, libraries, probe
from meld_desktop.doctor.elf import needed_outside
from meld_desktop.doctor.packages import FONT, KEYRING, remedy
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text

_WINDOW_SECONDS = 20.0
_KEYRING_SECONDS = 3.0
_NO_KEYRING = ("keyring.backends.fail", "keyring.backends.null", "keyrings.alt")

Ask = Callable[[str, float, Mapping[str, str]], probe.Answer]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. ``missing`` are the libraries and the like that one install command can bring."""

    name: Text
    ok: bool
    text: Text
    remedy: Text | None = None
    missing: tuple[str, ...] = ()


def run(environ: Mapping[str, str] | None = None, ask: Ask = probe.ask) -> Iterator[Finding]:
    """Yield a finding for each check, as each is done. Takes some seconds; ``ask`` runs a script in another process."""
    environ = os.environ if environ is None else environ
    folder = _pyside()
    if folder is None:
        yield _no_qt()
    else:
        linux = sys.platform.startswith("linux")
        screen = _display(environ) if linux else None
        if screen is not None:
            yield screen
        system = _qt_libraries(environ, folder) if linux else None
        if system is not None:
            yield system
        if all(finding is None or finding.ok for finding in (screen, system)):
            yield _window(environ, ask)
        web = _web_libraries(folder) if linux else None
        if web is not None:
            yield web
        if web is None or web.ok:
            yield _web_view(environ, ask)
        yield from _sandbox(environ)
    yield _keyring(environ, ask)
    if sys.platform.startswith("linux"):
        yield _fonts()


def one_remedy(findings: Sequence[Finding]) -> Text | None:
    """Return the one command that brings everything the findings miss, or None when nothing is missing."""
    missing = [name for finding in findings for name in finding.missing]
    return remedy(missing) if missing else None


def _pyside() -> Path | None:
    try:
        spec = find_spec("PySide6")
    except ImportError:  # something in this Python refuses it
        return None
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0]) if places else None


def _no_qt() -> Finding:
    return Finding(
        Text(QT_TRANSLATE_NOOP("doctor", "Qt")),
        ok=False,
        text=Text(QT_TRANSLATE_NOOP("doctor", "Qt for Python is not installed; only the command line works.")),
        remedy=Text(
            QT_TRANSLATE_NOOP("doctor", "Run this in a terminal:\n    {command}"),
            command=f"{sys.executable} -m pip install 'PySide6>=6.12,<6.13'",
        ),
    )


def _display(environ: Mapping[str, str]) -> Finding:
    name = Text(QT_TRANSLATE_NOOP("doctor", "Display"))
    choices = display.displays(environ)
    if not choices:
        return Finding(name, ok=False, text=display.no_display())
    found = next((choice for choice in choices if display.answers(choice, environ)), None)
    if found is None:
        return Finding(name, ok=False, text=display.silent(choices[0]))
    if not found.address:
        text = QT_TRANSLATE_NOOP("doctor", "QT_QPA_PLATFORM is {platform}: no display is needed, and none is shown.")
        return Finding(name, ok=True, text=Text(text, platform=found.platform))
    text = QT_TRANSLATE_NOOP("doctor", "{platform} at {address}")
    return Finding(name, ok=True, text=Text(text, platform=found.platform, address=found.address))


def _libraries(name: Text, roots: Sequence[Path], folder: Path, known: Sequence[str]) -> Finding:
    """Compare what the installed files ask for, and what is known to be needed, with what the system has."""
    bundled = (folder / "Qt" / "lib", folder, folder.parent / "shiboken6")
    asked = needed_outside(roots, bundled).keys() - libraries.EVERYWHERE
    wanted = sorted(asked | set(known))
    missing = libraries.missing(wanted)
    if not missing:
        text = QT_TRANSLATE_NOOP("doctor", "all {count} system libraries are there")
        return Finding(name, ok=True, text=Text(text, count=len(wanted)))
    text = QT_TRANSLATE_NOOP("doctor", "missing: {libraries}")
    return Finding(name, False, Text(text, libraries=", ".join(missing)), remedy(missing), missing)


def _qt_libraries(environ: Mapping[str, str], folder: Path) -> Finding:
    choices = display.displays(environ) or [display.Display("xcb", "")]
    reachable = [choice for choice in choices if display.answers(choice, environ)] or choices
    modules = [folder / f"{module}.abi3.so" for module in ("QtCore", "QtGui", "QtWidgets", "QtSvg")]
    found = [
        _libraries(
            Text(QT_TRANSLATE_NOOP("doctor", "Qt libraries")),
            [*modules, folder / "Qt" / "plugins" / "platforms" / f"libq{choice.platform}.so"],
            folder,
            choice.libraries,
        )
        for choice in reachable
    ]
    return next((finding for finding in found if finding.ok), found[0])


def _web_libraries(folder: Path) -> Finding:
    roots = [folder / "QtWebEngineCore.abi3.so", folder / "Qt" / "libexec" / "QtWebEngineProcess"]
    return _libraries(Text(QT_TRANSLATE_NOOP("doctor", "Web view libraries")), roots, folder, libraries.WEB)


def _window(environ: Mapping[str, str], ask: Ask) -> Finding:
    name = Text(QT_TRANSLATE_NOOP("doctor", "Qt starts"))
    answer = ask(probe.WINDOW, _WINDOW_SECONDS, environ)
    if answer.ok:
        return Finding(
            name, ok=True, text=Text(QT_TRANSLATE_NOOP("doctor", "yes, on {platform}"), platform=answer.said)
        )
    text = QT_TRANSLATE_NOOP("doctor", "no: {said}")
    return Finding(name, False, Text(text, said=_why(answer)), _reinstall("PySide6>=6.12,<6.13"))


def _web_view(environ: Mapping[str, str], ask: Ask) -> Finding:
    name = Text(QT_TRANSLATE_NOOP("doctor", "Web view loads"))
    answer = ask(probe.WEB, _WINDOW_SECONDS, environ)
    if answer.ok:
        qt, _, chromium = answer.said.partition(" ")
        text = QT_TRANSLATE_NOOP("doctor", "yes, Qt WebEngine {qt} with Chromium {chromium}")
        return Finding(name, ok=True, text=Text(text, qt=qt, chromium=chromium))
    text = QT_TRANSLATE_NOOP("doctor", "no: {said}. Links still work, in the system's browser.")
    return Finding(name, False, Text(text, said=_why(answer)), _reinstall("PySide6>=6.12,<6.13"))


def _why(answer: probe.Answer) -> str:
    return "no answer in time" if answer.timed_out else answer.said


def _reinstall(requirement: str) -> Text:
    return Text(
        QT_TRANSLATE_NOOP("doctor", "Run this in a terminal:\n    {command}"),
        command=f"{sys.executable} -m pip install --force-reinstall '{requirement}'",
    )


def _sandbox(environ: Mapping[str, str]) -> Iterator[Finding]:
    if not sys.platform.startswith("linux") or os.geteuid() != 0 or environ.get("QTWEBENGINE_DISABLE_SANDBOX"):
        return
    yield Finding(
        Text(QT_TRANSLATE_NOOP("doctor", "Web view sandbox")),
        ok=True,
        text=Text(
            QT_TRANSLATE_NOOP(
                "doctor",
                "none, because this is the root account: only Demo is shown inside the window, "
                "other links open in the system's browser. Use an ordinary account to have both.",
            )
        ),
    )


def _keyring(environ: Mapping[str, str], ask: Ask) -> Finding:
    name = Text(QT_TRANSLATE_NOOP("doctor", "Keyring"))
    answer = ask(probe.KEYRING, _KEYRING_SECONDS, environ)
    module, _, rest = answer.said.partition("\t")
    state, _, title = rest.partition("\t")
    if answer.ok and not module.startswith(_NO_KEYRING):
        if state == "locked":
            text = QT_TRANSLATE_NOOP("doctor", "{backend}, locked now; it will ask for its password")
        else:
            text = QT_TRANSLATE_NOOP("doctor", "{backend}")
        return Finding(name, ok=True, text=Text(text, backend=title or module))
    instead = Text(
        QT_TRANSLATE_NOOP("doctor", "Keys can still be given by MELD_API_KEY, --key-stdin or “Keep until I quit”.")
    )
    if answer.timed_out:
        text = QT_TRANSLATE_NOOP("doctor", "does not answer within {seconds} seconds. {instead}")
        hint = Text(QT_TRANSLATE_NOOP("doctor", "Unlock the keyring, or sign out and in again."))
        return Finding(name, False, Text(text, seconds=f"{_KEYRING_SECONDS:g}", instead=instead), hint)
    missing = (KEYRING,) if sys.platform.startswith("linux") else ()
    text = QT_TRANSLATE_NOOP("doctor", "none found. {instead}")
    return Finding(name, False, Text(text, instead=instead), remedy(missing) if missing else None, missing)


def _fonts() -> Finding:
    name = Text(QT_TRANSLATE_NOOP("doctor", "Fonts"))
    if fonts.has_scalable_font():
        return Finding(name, ok=True, text=Text(QT_TRANSLATE_NOOP("doctor", "there is one to write with")))
    text = Text(QT_TRANSLATE_NOOP("doctor", "none found: the window would show boxes instead of letters"))
    return Finding(name, False, text, remedy((FONT,)), (FONT,))
