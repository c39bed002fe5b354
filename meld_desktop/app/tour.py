"""The guided tour: the program does its main job by itself, in Demo, and leaves numbered pictures and a record.

For the README, for CI and for a first look at a new machine. The pictures show no connect token.
"""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from meld_desktop.app.opening import Opening
from meld_desktop.domain.errors import Exit, MeldError
from meld_desktop.domain.link import Link
from meld_desktop.domain.products import Product
from meld_desktop.domain.widget_events import WidgetEvent, completion_of
from meld_desktop.ui.about import versions

if TYPE_CHECKING:
    from meld_desktop.app.composition import Program

_STEP_MS = 50
_STEP_LIMIT = 600
"""Looks at the state before a step counts as stuck: 30 seconds."""
_ASK_AGAIN = 20

_PRESS = """(function (name) {
  const button = [...document.querySelectorAll("button")].find(b => !b.disabled && b.innerText.includes(name));
  button?.click();
  return button !== undefined;
})(%s)"""
_SHOWS = "document.body.innerText.includes(%s)"

_Ready = Callable[[], bool]


class Tour(QObject):
    """Runs the program through one link. ``run`` returns the exit code: 0, or 5 when it got stuck."""

    def __init__(self, opening: Opening, folder: Path) -> None:
        super().__init__()
        self._opening = opening
        self._window = opening.window
        self._folder = folder
        self._pictures: list[str] = []
        self._events: list[str] = []
        self._link: Link | None = None
        self._failure = ""
        self._affirmed = ""
        self._asked = False
        self._looks = 0
        self._connected: dict[str, object] = {}
        self._steps = self._script()
        self._ready: _Ready | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_STEP_MS)
        self._timer.timeout.connect(self._step)

    def run(self) -> int:
        """Do it, and write ``result.json`` beside the pictures."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._opening.furnished.append(self._begin)
        code = self._opening.run()
        if code:
            return code
        if self._failure:
            sys.stderr.write(f"meld-desktop: the tour stopped: {self._failure}\n")
        return Exit.NO_ANSWER if self._failure else Exit.DONE

    def _begin(self, program: "Program") -> None:
        program.services.create_link.created.connect(self._created)
        program.services.create_link.failed.connect(self._failed)
        self._timer.start()

    def _script(self) -> Iterator[_Ready]:
        """Yield, after each action, what must hold before the next."""
        panel = self._window.panel
        self._window.resize(1440, 900)
        yield self._window.isActiveWindow
        self._picture("empty-form")
        panel.form.set_request(
            replace(
                panel.form.request(),
                external_customer_id="support-4711",
                products=(Product.BALANCES, Product.OWNERS),
                optional_products=(Product.TRANSACTIONS,),
                regions=("US", "CA-ON"),
                institution_search_string="Maple",
            )
        )
        yield panel.create_button.isEnabled
        self._picture("filled-form")
        panel.result.show_pane(panel.result.request)
        yield panel.result.request.view.isVisible
        self._picture("request")
        panel.create_button.click()
        yield lambda: self._link is not None
        yield self._says_yes(_SHOWS, "Maple Test Bank")
        panel.result.widget.bar.hide_secret()
        yield self._settled()
        self._picture("link-ready")
        panel.result.show_pane(panel.result.response)
        yield panel.result.response.view.isVisible
        self._picture("response")
        panel.result.show_pane(panel.result.widget)
        for button, then, name in (
            ("Maple Test Bank", "Username", "bank-login"),
            ("Fill in", "Username", ""),
            ("Continue", "Agree and connect", "accounts"),
            ("Agree and connect", "Done", "connected"),
        ):
            yield self._says_yes(_PRESS, button)
            yield self._says_yes(_SHOWS, then)
            if name:
                yield self._settled()
                self._picture(name)
        yield self._says_yes(_PRESS, "Done")
        yield lambda: "handover" in self._events
        yield self._settled()
        self._picture("finished")
        panel.result.show_pane(panel.result.timeline)
        yield self._settled()
        self._picture("timeline")

    def _settled(self) -> _Ready:
        """Return a condition that holds once the page has had time to paint a few frames."""
        looks = iter(range(16))
        return lambda: next(looks, None) is None

    def _step(self) -> None:
        if self._ready is not None and not self._ready():
            self._looks += 1
            if self._looks > _STEP_LIMIT:
                self._end(f"stuck after picture {len(self._pictures)}")
            return
        self._looks = 0
        if self._failure:
            self._end(self._failure)
            return
        try:
            self._ready = next(self._steps)
        except StopIteration:
            self._end("")

    def _end(self, failure: str) -> None:
        self._failure = failure
        self._timer.stop()
        self._write_result()
        self._window.close()

    def _says_yes(self, script: str, text: str) -> _Ready:
        """Return a condition that holds when ``script`` about ``text`` is true in the widget."""
        filled = script % json.dumps(text)
        return lambda: self._asks(filled)

    def _asks(self, script: str) -> bool:
        """Run ``script`` in the widget once a look, and say whether its last answer was true."""
        view = self._window.panel.result.widget.embedded
        if self._affirmed == script:
            self._affirmed = ""
            return True
        # A page that is replaced takes its answer with it, so the question is put again now and then.
        if view is not None and (not self._asked or self._looks % _ASK_AGAIN == 0):
            self._asked = True
            view.run_in_widget(script, partial(self._answered, script))
        return False

    def _answered(self, script: str, answer: object) -> None:
        self._asked = False
        self._affirmed = script if answer is True else ""

    def _created(self, link: Link) -> None:
        self._link = link
        embedded = self._window.panel.result.widget.embedded
        if embedded is None:
            self._failure = "the widget cannot be embedded here"
        else:
            embedded.event_received.connect(self._heard)

    def _failed(self, error: MeldError) -> None:
        self._failure = f"{error.title}. {error.hint}"
        self._ready = None

    def _heard(self, event: WidgetEvent) -> None:
        self._events.append(event.name)
        completion = completion_of(event)
        if completion is not None:
            self._connected = {"bank": completion.institution_name, "accounts": completion.account_count}

    def _picture(self, name: str) -> None:
        QApplication.processEvents()
        file = f"{len(self._pictures) + 1:02}-{name}.png"
        self._window.grab().save(str(self._folder / file))
        self._pictures.append(file)

    def _write_result(self) -> None:
        link = self._link
        result = {
            "ok": not self._failure,
            "failure": self._failure,
            "request": link.request.body() if link else None,
            "connectionId": link.connection_id if link else None,
            "status": link.exchange.status if link else None,
            "events": self._events,
            "connected": self._connected,
            "message": self._window.strip.message.title,
            "pictures": self._pictures,
            "versions": versions().splitlines(),
        }
        text = json.dumps(result, ensure_ascii=False, indent=2) + "\n"
        (self._folder / "result.json").write_text(text, encoding="utf-8")
