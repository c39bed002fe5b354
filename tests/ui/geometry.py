"""Is any text cut? Compares what each label and button needs with what it has. Also a program of its own:

``python -m tests.ui.geometry FOLDER`` prints what is cut, for a scale that must be set before Qt starts.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop, QPoint, QRect, QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QLabel,
    QPushButton,
    QScrollArea,
    QTabBar,
    QToolButton,
    QWidget,
)

from meld_desktop.domain.environments import PRODUCTION, SANDBOX, Environment, custom_environment
from meld_desktop.domain.errors import Kind, MeldError
from meld_desktop.domain.link import Exchange, Link
from meld_desktop.domain.regions import load_index
from meld_desktop.domain.text import Text
from meld_desktop.domain.token import read_token
from meld_desktop.ui.form.regions import RegionsEditor
from meld_desktop.ui.messages import Message, Tone
from tests.ui.bench import BROKEN, FULL, Bench, NoBrowser

SIZES = ((1024, 640), (1440, 900))
LONG_ID = "customer-" + "0123456789" * 19 + "x"
LONG_WORDS = "Meld explains at length what it thinks of this request and what to do about it. " * 8


class Willing(NoBrowser):
    """An embedder that lets the window come as far as the question before Production."""

    def refusal(self, environment: Environment) -> Text | None:
        return None


def settle(milliseconds: int = 0) -> None:
    """Let layouts, polish events and lists find their places."""
    for _ in range(3):
        QCoreApplication.processEvents()
        QCoreApplication.sendPostedEvents()
    if milliseconds:
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()


def cut_in(window: QWidget) -> list[str]:
    """Return what is cut in ``window``, in words."""
    settle()
    return [said for widget in window.findChildren(QWidget) if widget.isVisible() for said in _cut(widget)]


def _cut(widget: QWidget) -> Iterator[str]:
    text = _text(widget)
    if not text:
        return
    need_width, need_height = _needed(widget)
    if widget.width() < need_width:
        yield f"“{text[:40]}” needs {need_width} px of width and has {widget.width()}"
    if widget.height() < need_height:
        yield f"“{text[:40]}” needs {need_height} px of height and has {widget.height()}"
    if not _inside(widget):
        yield f"“{text[:40]}” stands outside of what holds it"


def _text(widget: QWidget) -> str:
    if isinstance(widget, QToolButton):
        return ""  # an icon; its words are a tool tip
    if isinstance(widget, QLabel | QAbstractButton):
        return widget.text()
    if isinstance(widget, QComboBox):
        return widget.currentText()
    if isinstance(widget, QTabBar):
        return " ".join(widget.tabText(place) for place in range(widget.count()))
    return ""


def _needed(widget: QWidget) -> tuple[int, int]:
    if isinstance(widget, QLabel):
        if not widget.wordWrap():
            return widget.sizeHint().width(), widget.sizeHint().height()
        words = widget.text().replace("\u200b", " ").split()
        shown = [word for long in words for word in _broken(long)]
        widest = max((widget.fontMetrics().horizontalAdvance(word) for word in shown), default=0)
        return widest, widget.heightForWidth(widget.width())
    if isinstance(widget, QTabBar):
        return max(0, widget.sizeHint().width() - 2), widget.fontMetrics().height()
    if isinstance(widget, QPushButton | QCheckBox):
        return widget.sizeHint().width(), widget.fontMetrics().height()
    width = widget.fontMetrics().horizontalAdvance(_text(widget))
    return width, widget.fontMetrics().height()


def _broken(word: str) -> list[str]:
    return [word[at : at + 20] for at in range(0, len(word), 20)]


def _inside(widget: QWidget) -> bool:
    """Say whether the whole widget lies within its parents; a scroll area may hide it above and below only."""
    rect = QRect(QPoint(0, 0), widget.size())
    at: QWidget = widget
    while not at.isWindow():
        parent = at.parentWidget()
        assert parent is not None
        rect = QRect(at.mapToParent(rect.topLeft()), rect.size())
        area = parent.parentWidget()
        if isinstance(area, QScrollArea) and parent is area.viewport():
            return rect.left() >= 0 and rect.right() <= parent.width()
        if not parent.rect().contains(rect):
            return False
        at = parent
    return True


def states(bench: Bench) -> Iterator[str]:
    """Bring the window into one state after the other, and name each."""
    yield "empty"
    bench.form.set_request(FULL)
    yield "filled"
    bench.form.appearance.set_open(True)
    yield "appearance"
    bench.form.set_request(BROKEN)
    yield "errors"
    error = MeldError(
        Kind.RATE_LIMITED,
        detail=Text("Meld says: {said}", said=LONG_WORDS),
        request_id="b23d65f6271fb5bccc069597de7398e6",
        status=429,
        retry_after=3600,
    )
    bench.panel._failed(error)
    yield "failure"
    codes = tuple(country.code for country in load_index().countries[:20])
    long = replace(FULL, external_customer_id=LONG_ID, regions=codes, border_color="x" * 120)
    bench.form.set_request(long)
    yield "long texts"
    bench.content.use_environment(custom_environment("https://api." + "a" * 60 + "." + "b" * 40 + ".example.com"))
    bench.strip.show_message(Message(Tone.WARNING, "Meld explains at length", LONG_WORDS))
    yield "long address"
    bench.content.use_environment(PRODUCTION)
    bench.form.set_request(replace(long, border_color=""))
    bench.result.widget._embedder = Willing()
    exchange = Exchange("POST", "https://api.meld.io/x", (), "{}", 201, "Created", (("X-Request-ID", "b23"),), "{}")
    url = "https://institution-connect.meld.io/?connectToken=x"
    bench.panel._created(Link(PRODUCTION, long, "a", "b", LONG_ID, url, read_token(""), exchange))
    yield "production"
    for pane in (bench.result.request, bench.result.response):
        bench.result.show_pane(pane)
        yield type(pane).__name__
    bench.result.show_pane(bench.result.widget)
    bench.panel._show_busy(True)
    yield "sending"
    bench.panel._show_busy(False)
    yield from dialogs(bench)


def dialogs(bench: Bench) -> Iterator[str]:
    """Open one dialog after the other."""
    bench.content.use_environment(SANDBOX)
    bench.content.open_key_dialog()
    yield "key dialog"
    dialog = bench.dialog()
    for kind in (Kind.KEYRING_MISSING, Kind.KEYRING_SILENT):
        dialog._failed(MeldError(kind))  # type: ignore[attr-defined]
        yield f"key dialog, {kind.name}"
    dialog.reject()
    header = bench.window.header
    for signal, name in (
        (header.custom_wanted, "address dialog"),
        (header.shortcuts_wanted, "shortcuts"),
        (header.about_wanted, "about"),
    ):
        signal.emit()
        yield name
        if name == "address dialog":
            bench.dialog().line.setText("http://example.com")  # type: ignore[attr-defined]
            bench.dialog()._use()  # type: ignore[attr-defined]
            yield "address dialog, refused"
        bench.dialog().reject()
    (regions,) = [editor for editor in bench.form.editors if isinstance(editor, RegionsEditor)]
    regions.browse()
    for _ in range(1000):
        if shown := [dialog for dialog in bench.window.findChildren(QDialog) if dialog.isVisible()]:
            break
        settle(10)  # the regions are read from files first
    yield "regions"
    shown[0].reject()


def sweep(bench: Bench) -> list[str]:
    """Return what is cut in any state at any size."""
    found = []
    for width, height in SIZES:
        bench.window.resize(width, height)
        settle()
        if (bench.window.width(), bench.window.height()) != (width, height):
            found.append(f"the window is {bench.window.width()} x {bench.window.height()} and not {width} x {height}")
        bench.form.set_request(replace(FULL, external_customer_id="", regions=()))
        for state in states(bench):
            settle()
            if bench.window.width() > width or bench.window.height() > height:
                found.append(f"{state}: the window grew to {bench.window.width()} x {bench.window.height()}")
            found += [f"{width} x {height}, {state}: {said}" for said in cut_in(bench.window)]
    return found


def main(folder: str) -> None:
    """Sweep in a process of its own."""
    from meld_desktop.app.references import protect_constants

    protect_constants()
    application = QApplication([])
    application.setStyle("Fusion")
    bench = Bench(application, Path(folder))
    bench.window.show()
    settle(50)
    found = [f"the scale is {bench.window.devicePixelRatioF()}", *sweep(bench)]
    bench.close()
    sys.stdout.write("\n".join(found) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
