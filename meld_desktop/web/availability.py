"""Whether a widget can be embedded here at all, and whether it should be. Imports no WebEngine by itself.

As root, Chromium has no sandbox: a bank's page would run with every right on the machine. Then only Demo, whose pages
are our own, is embedded.
"""

import importlib
import os
import re
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from enum import Enum, auto

from meld_desktop.domain.text import NOTHING, QT_TRANSLATE_NOOP, Text

SANDBOX_VARIABLE = "QTWEBENGINE_DISABLE_SANDBOX"
FLAGS_VARIABLE = "QTWEBENGINE_CHROMIUM_FLAGS"
OURS_VARIABLE = "MELD_DESKTOP_SANDBOX_OFF_FOR_DEMO"
"""Set beside SANDBOX_VARIABLE when this program set that one, so that it is not taken for the user's own choice."""
_ACCESSIBILITY_FLAG = "--force-renderer-accessibility"
_SOFTWARE_FLAG = "--disable-gpu"

_MODULES = ("PySide6.QtWebChannel", "PySide6.QtWebEngineCore", "PySide6.QtWebEngineWidgets")
_LIBRARY = re.compile(r"(lib[\w+.-]+?\.so[.\d]*)")
_DEBIAN_PACKAGES = {
    "libnss3.so": "libnss3",
    "libnssutil3.so": "libnss3",
    "libsmime3.so": "libnss3",
    "libnspr4.so": "libnspr4",
    "libasound.so.2": "libasound2",
    "libXcomposite.so.1": "libxcomposite1",
    "libXdamage.so.1": "libxdamage1",
    "libXrandr.so.2": "libxrandr2",
    "libXtst.so.6": "libxtst6",
    "libxkbfile.so.1": "libxkbfile1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libOpenGL.so.0": "libopengl0",
    "libgbm.so.1": "libgbm1",
    "libdrm.so.2": "libdrm2",
}


class Verdict(Enum):
    """Whether widgets are shown inside the window."""

    ALLOWED = auto()
    ALLOWED_UNSANDBOXED = auto()
    REFUSED = auto()


@dataclass(frozen=True, slots=True)
class Embedding:
    """The verdict, with a note to show unless it is ALLOWED."""

    verdict: Verdict
    text: Text = NOTHING

    @property
    def is_allowed(self) -> bool:
        """Whether the widget may be embedded, sandboxed or not."""
        return self.verdict is not Verdict.REFUSED


def problem() -> Text | None:
    """Return why WebEngine cannot be used, with the remedy, or None when it can. Imports it; never raises."""
    for module in _MODULES:
        try:
            importlib.import_module(module)
        except ImportError as error:
            return explain(error)
    return None


def explain(error: ImportError) -> Text:
    """Say in plain words what a failed import of WebEngine means and what to install."""
    found = _LIBRARY.search(str(error))
    if found is not None:
        library = found[1]
        return Text(
            QT_TRANSLATE_NOOP(
                "domain",
                "The embedded browser needs the system library {library}, which is not installed. On Debian or Ubuntu: "
                "sudo apt install {package}. Until then, use “Open in browser”.",
            ),
            library=library,
            package=_DEBIAN_PACKAGES.get(library, library.partition(".so")[0].lower()),
        )
    if isinstance(error, ModuleNotFoundError):
        return Text(
            QT_TRANSLATE_NOOP(
                "domain",
                "The embedded browser is not installed. Install it with: pip install PySide6_WebEngine. Until then, "
                "use “Open in browser”.",
            )
        )
    return Text(
        QT_TRANSLATE_NOOP(
            "domain",
            "The embedded browser does not start; its parts may be of different versions. Reinstall them with: pip "
            "install --force-reinstall PySide6. Until then, use “Open in browser”.",
        )
    )


def embedding(environment_is_demo: bool, is_root: bool, environ: Mapping[str, str]) -> Embedding:
    """Return whether this environment's widget may be embedded."""
    if _user_switched_sandbox_off(environ):
        return Embedding(
            Verdict.ALLOWED_UNSANDBOXED,
            Text(
                QT_TRANSLATE_NOOP(
                    "domain",
                    "The browser's sandbox is off because {variable} asks for it. Pages run with all your rights.",
                ),
                variable=SANDBOX_VARIABLE if SANDBOX_VARIABLE in environ else FLAGS_VARIABLE,
            ),
        )
    if not is_root:
        return Embedding(Verdict.ALLOWED)
    if environment_is_demo:
        return Embedding(
            Verdict.ALLOWED_UNSANDBOXED,
            Text(
                QT_TRANSLATE_NOOP(
                    "domain",
                    "You are the root user, so the browser's sandbox is off. Only Demo is shown in the window.",
                )
            ),
        )
    return Embedding(
        Verdict.REFUSED,
        Text(
            QT_TRANSLATE_NOOP(
                "domain",
                "You are the root user, and the browser has no sandbox then. Open the link in your browser, or start "
                "Meld Desktop as another user.",
            )
        ),
    )


def prepare(
    environment_is_demo: bool, *, is_root: bool | None = None, environ: MutableMapping[str, str] | None = None
) -> Embedding:
    """Return ``embedding`` for this process, and switch the sandbox off where the rule says so.

    Call it before WebEngine is first imported: Chromium reads the variable once. Its later calls change nothing.
    """
    environ = os.environ if environ is None else environ
    answer = embedding(environment_is_demo, running_as_root() if is_root is None else is_root, environ)
    if answer.verdict is Verdict.ALLOWED_UNSANDBOXED and not _user_switched_sandbox_off(environ):
        environ[SANDBOX_VARIABLE] = "1"
        environ[OURS_VARIABLE] = "1"
    return answer


def serve_assistive_technology(environ: MutableMapping[str, str] | None = None) -> None:
    """Have Chromium describe its pages to screen readers from the beginning.

    WebEngine that starts under a window which is already on the accessibility bus leaves its page empty there (tried
    with Qt 6.12). Call it before WebEngine is first imported, when someone listens on that bus.
    """
    _add_flag(_ACCESSIBILITY_FLAG, os.environ if environ is None else environ)


def draw_by_software(environ: MutableMapping[str, str] | None = None) -> None:
    """Keep Chromium away from the graphics card: some drivers leave its pages blank.

    Call it before WebEngine is first imported; later it changes nothing.
    """
    _add_flag(_SOFTWARE_FLAG, os.environ if environ is None else environ)


def _add_flag(flag: str, environ: MutableMapping[str, str]) -> None:
    flags = environ.get(FLAGS_VARIABLE, "").split()
    if flag not in flags:
        environ[FLAGS_VARIABLE] = " ".join([*flags, flag])


def running_as_root() -> bool:
    """Return whether this process is root (never on Windows)."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _user_switched_sandbox_off(environ: Mapping[str, str]) -> bool:
    if "--no-sandbox" in environ.get(FLAGS_VARIABLE, "").split():
        return True
    # Qt looks only whether the variable is there: 0 and the empty text switch the sandbox off just as well.
    return SANDBOX_VARIABLE in environ and OURS_VARIABLE not in environ
