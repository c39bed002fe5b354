"""Fills a test user's login into the one login form that is meant."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWebEngineCore import QWebEngineFrame, QWebEnginePage

from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text
from meld_desktop.domain.widget_answers import Filled
from meld_desktop.locations import resource
from meld_desktop.web.frames import ask, frames_of

LIMIT_MS = 500
"""How long frames have to say whether they hold a login form. Who does not answer is left alone."""

_STEP_MS = 15

NO_FORM = Text(
    QT_TRANSLATE_NOOP(
        "domain", "No login form is in sight in the widget. Go to the bank's login first, then press Fill in again."
    )
)
NO_ANSWER = Text(
    QT_TRANSLATE_NOOP(
        "domain", "Nothing was filled in: the page did not answer. Wait until it has come to rest, then try again."
    )
)
SEVERAL = Text(
    QT_TRANSLATE_NOOP(
        "domain", "There is more than one login form. Click into the one you mean, then press Fill in again."
    )
)
NOTHING_FITS = Text(
    QT_TRANSLATE_NOOP("domain", "The form asks for something that this test user does not have. Nothing was filled in.")
)
_DONE = {
    frozenset({"username", "password"}): QT_TRANSLATE_NOOP("domain", "Username and password are filled in on {host}."),
    frozenset({"username"}): QT_TRANSLATE_NOOP("domain", "The username is filled in on {host}."),
    frozenset({"password"}): QT_TRANSLATE_NOOP("domain", "The password is filled in on {host}."),
    frozenset({"code"}): QT_TRANSLATE_NOOP("domain", "The security code is filled in on {host}."),
}
_ALL_DONE = QT_TRANSLATE_NOOP("domain", "The login is filled in on {host}.")

Callback = Callable[[Filled], None]


@dataclass(frozen=True, slots=True)
class Place:
    """A page that may hold the form. ``is_chosen``: the person looked at it last."""

    page: QWebEnginePage
    is_chosen: bool


@dataclass(slots=True)
class _Candidate:
    frame: QWebEngineFrame
    is_chosen: bool
    answer: Mapping[str, object] | None = None

    def says(self, name: str) -> bool:
        return self.answer is not None and self.answer.get(name) is True


class FillIn(QObject):
    """Fills in one form at a time. Lives on the GUI thread; ``callback`` is called there, from the event loop."""

    def __init__(self, places: Callable[[], Sequence[Place]], parent: QObject) -> None:
        super().__init__(parent)
        self._places = places
        self._values: dict[str, str] = {}
        self._callback: Callback | None = None
        self._candidates: list[_Candidate] = []
        self._result: Mapping[str, object] | None = None
        self._host = ""
        self._is_filling = False
        self._looks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_STEP_MS)
        self._timer.timeout.connect(self._step)

    def fill(self, username: str, password: str, code: str, callback: Callback) -> None:
        """Fill them in and hand over what was done. An empty value is left out; a call during another ends that one."""
        self.close()
        self._values = {"username": username, "password": password, "code": code}
        self._callback = callback
        self._result, self._is_filling, self._looks = None, False, 0
        self._candidates = [
            _Candidate(frame, place.is_chosen) for place in self._places() for frame in frames_of(place.page)
        ]
        for candidate in self._candidates:
            ask(candidate.frame, "login.find()", partial(_found, candidate), script=_script())
        self._timer.start()

    def close(self) -> None:
        """Fill in nothing more; who waits is told that nothing was."""
        if self._callback is not None:
            self._finish(Filled(NO_FORM))

    def _step(self) -> None:
        self._looks += 1
        is_late = self._looks * _STEP_MS > LIMIT_MS
        if self._is_filling:
            if self._result is not None or is_late:
                self._finish(self._report())
        elif is_late or all(candidate.answer is not None for candidate in self._candidates):
            self._choose()

    def _choose(self) -> None:
        forms = [candidate for candidate in self._candidates if candidate.says("form")]
        # The page that is looked at goes before the others, and in it the frame with the focus.
        forms = [form for form in forms if form.is_chosen] or forms
        if len(forms) > 1:
            forms = [form for form in forms if form.says("focused")] or forms
        if len(forms) != 1:
            silent = any(candidate.answer is None for candidate in self._candidates)
            self._finish(Filled(SEVERAL if forms else NO_ANSWER if silent else NO_FORM))
            return
        (candidate,) = forms
        self._is_filling, self._looks = True, 0
        self._host = candidate.frame.url().host()
        ask(candidate.frame, f"login.fill({json.dumps(self._values)})", self._filled)

    def _filled(self, answer: object) -> None:
        self._result = answer if isinstance(answer, Mapping) else {}

    def _report(self) -> Filled:
        names = (self._result or {}).get("filled")
        fields = tuple(str(name) for name in names) if isinstance(names, list) else ()
        if not fields:
            return Filled(NOTHING_FITS)
        return Filled(Text(_DONE.get(frozenset(fields), _ALL_DONE), host=self._host), fields)

    def _finish(self, filled: Filled) -> None:
        self._timer.stop()
        self._values, self._candidates = {}, []
        callback, self._callback = self._callback, None
        if callback is not None:
            callback(filled)


def _found(candidate: _Candidate, answer: object) -> None:
    candidate.answer = answer if isinstance(answer, Mapping) else {}


@cache
def _script() -> str:
    return resource("frame", "fill_in.js").read_text(encoding="utf-8")
