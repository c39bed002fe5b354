"""The Request tab, a live preview of what will be sent, and the Response tab, what came back."""

import json
from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from meld_desktop.domain.api_call import START_PATH, sent_headers
from meld_desktop.domain.environments import DEMO, Environment
from meld_desktop.domain.link import Exchange, Timing
from meld_desktop.domain.redaction import MASK, Redactor
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.domain.snippets import KEY_VARIABLE, SNIPPETS, SnippetKind, snippet
from meld_desktop.ui.messages import Message, Tone
from meld_desktop.ui.paragraph import Paragraph
from meld_desktop.ui.result.header_lines import HeaderFold
from meld_desktop.ui.result.json_text import JsonView, pretty
from meld_desktop.ui.result.json_tree import JsonTree
from meld_desktop.ui.theme.style import set_property
from meld_desktop.ui.theme.theme import Theme

_redact = Redactor()


class _Pane(QWidget):
    """A line that says what is below, headers to unfold, a row of buttons for the body, and the body.

    ``said`` carries a Message for the strip.
    """

    said = Signal(object)

    def __init__(self, theme: Theme, headers: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = Paragraph("", "heading", self)
        self.detail = Paragraph("", "hint", self)
        self.headers = HeaderFold(headers, theme, self)
        self.copy = QPushButton(self.tr("Copy"), self)
        self.copy.clicked.connect(self._copy)
        self.view = JsonView(theme, self)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.line)
        words.addWidget(self.detail)
        words.addStretch(1)
        self._top = QHBoxLayout()
        self._top.setSpacing(16)
        self._top.addLayout(words, 1)
        self._tools = QHBoxLayout()
        self._tools.setSpacing(8)
        self._tools.addWidget(Paragraph(self.tr("Body"), "soft", self))
        self._tools.addStretch(1)
        self._tools.addWidget(self.copy)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 12, 16, 16)
        self._column.setSpacing(8)
        self._column.addLayout(self._top)
        self._column.addWidget(self.headers)
        self._column.addLayout(self._tools)

    @staticmethod
    def _order(*widgets: QWidget) -> None:
        """Let Tab go through ``widgets`` as they are read."""
        for one, other in pairwise(widgets):
            QWidget.setTabOrder(one, other)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.view.toPlainText())
        self.said.emit(Message(Tone.SUCCESS, self.tr("Body copied")))


class RequestPane(_Pane):
    """Shows exactly what the form would send, as it changes, and gives it away as code.

    ``local_address`` returns the address of Demo's local Meld, "" as long as there is none.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, self.tr("Request headers"), parent)
        self.local_address: Callable[[], str] = lambda: ""
        self._environment = DEMO
        self._request = ConnectStartRequest()
        self.view.setAccessibleName(self.tr("Request body"))
        self.copy.setAccessibleName(self.tr("Copy request body"))
        self.copy_as = QPushButton(self.tr("Copy as"), self)
        self.copy_as.setAccessibleName(self.tr("Copy as"))
        self.copy_as.setToolTip(self.tr("Copy this request as a command or as code that runs"))
        set_property(self.copy_as, "role", "menu")
        menu = QMenu(self.copy_as)
        for kind in SNIPPETS:
            menu.addAction(kind.value).triggered.connect(lambda _checked=False, kind=kind: self._copy_as(kind))
        self.copy_as.setMenu(menu)
        self._top.addWidget(self.copy_as, 0, Qt.AlignmentFlag.AlignTop)
        self._column.addWidget(self.view, 1)
        self._order(self.copy_as, self.headers.button, self.headers.lines, self.copy, self.view)

    def show_request(self, environment: Environment, request: ConnectStartRequest) -> None:
        """Show what pressing *Create link* would send."""
        self._environment, self._request = environment, request
        self.line.setText(f"POST {START_PATH}")
        if environment.is_demo:
            self.detail.setText(self.tr("to the local Meld of this program"))
        else:
            self.detail.setText(self.tr("to {address}").format(address=environment.base_url))
        body = request.to_json(indent=2)
        self.headers.show_headers(sent_headers(MASK, body))
        self.view.show_text(body)

    def _copy_as(self, kind: SnippetKind) -> None:
        address = self.local_address() if self._environment.is_demo else self._environment.base_url
        if not address:
            text = self.tr("Create a link once: the local Meld has an address from then on.")
            self.said.emit(Message(Tone.WARNING, self.tr("Nothing copied"), text))
            return
        code = snippet(kind, method="POST", url=address + START_PATH, body=self._request.to_json())
        QGuiApplication.clipboard().setText(code)
        if self._environment.is_demo:
            text = self.tr("Demo takes any text as {variable}. The address works until this program ends.")
        else:
            text = self.tr("It takes the key from the variable {variable}: set that first where you run it.")
        title = self.tr("Copied as {tool}").format(tool=kind.value)
        self.said.emit(Message(Tone.SUCCESS, title, text.format(variable=KEY_VARIABLE)))


class ResponsePane(_Pane):
    """Shows the last answer: status, time, headers and body. Tokens are masked; the link bar has the link.

    Whether the body shows as text or as a tree is remembered while the program runs.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, self.tr("Response headers"), parent)
        self.view.setAccessibleName(self.tr("Response body"))
        self.copy.setAccessibleName(self.tr("Copy response body"))
        self.copy_id = QPushButton(self.tr("Copy request ID"), self)
        self.copy_id.setAccessibleName(self.tr("Copy request ID of this answer"))
        self.copy_id.setToolTip(self.tr("Meld's support finds the request by this ID"))
        self.copy_id.clicked.connect(self._copy_request_id)
        self._top.addWidget(self.copy_id, 0, Qt.AlignmentFlag.AlignTop)
        self.tree = JsonTree(theme, self)
        self.tree.setAccessibleName(self.tr("Response body as a tree"))
        self.tree.copied.connect(self._say_copied)
        self.as_text = self._choice(self.tr("Text"), self.tr("Show the body as text"))
        self.as_tree = self._choice(self.tr("Tree"), self.tr("Show the body as a tree"))
        choices = QButtonGroup(self)
        for place, button in enumerate((self.as_text, self.as_tree), 1):
            choices.addButton(button)
            self._tools.insertWidget(place, button)
        self.as_text.setChecked(True)
        self.as_tree.toggled.connect(self._show_chosen)
        self._bodies = QStackedWidget(self)
        self._bodies.addWidget(self.view)
        self._bodies.addWidget(self.tree)
        self._column.addWidget(self._bodies, 1)
        self._masked = Paragraph("", "hint", self)
        self._masked.setText(self.tr("Connect tokens are masked here. “Copy link” in the Widget tab copies the link."))
        self._column.addWidget(self._masked)
        self._order(self.copy_id, self.headers.button, self.headers.lines)
        self._order(self.headers.lines, self.as_text, self.as_tree, self.copy, self.view, self.tree)
        self._request_id = ""
        self._in_tree: str | None = None
        self.clear()

    def _choice(self, text: str, name: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setCheckable(True)
        button.setAccessibleName(name)
        button.setToolTip(name)
        set_property(button, "role", "segment")
        return button

    def clear(self) -> None:
        """Say that there is no answer yet."""
        self.line.setText(self.tr("No answer yet"))
        self.detail.setText(self.tr("Meld's answer to the last link shows here."))
        self._show_body((), "", "")

    def show_exchange(self, exchange: Exchange) -> None:
        """Show what came back, or that nothing did."""
        phases = self._phases(exchange.timing or Timing())
        if exchange.status is None:
            self.line.setText(self.tr("No answer came"))
            self.detail.setText("\n".join(filter(None, (f"{exchange.method} {exchange.url}", phases))))
            self._show_body((), "", "")
            return
        self.line.setText(
            self.tr("{status} {reason} in {milliseconds} ms").format(
                status=exchange.status,
                reason=exchange.reason,
                milliseconds=QLocale().toString(round(exchange.seconds * 1000)),
            )
        )
        self.detail.setText(phases)
        headers = tuple((_redact(name), _redact(value)) for name, value in exchange.response_headers)
        self._show_body(headers, _redact(pretty(exchange.response_body)), _redact(_request_id(exchange)))

    def _phases(self, timing: Timing) -> str:
        """Return how long each phase took, in the order in which they happen."""
        phases = (
            (self.tr("connecting {time}"), timing.connect),
            (self.tr("TLS {time}"), timing.tls),
            (self.tr("sending {time}"), timing.sending),
            (self.tr("waiting {time}"), timing.waiting),
            (self.tr("reading {time}"), timing.reading),
        )
        return " · ".join(words.format(time=self._time(took)) for words, took in phases if took is not None)

    def _time(self, seconds: float) -> str:
        milliseconds = seconds * 1000
        number = QLocale().toString(milliseconds, "f", 1 if milliseconds < 10 else 0)
        return self.tr("{milliseconds} ms").format(milliseconds=number)

    def _show_body(self, headers: tuple[tuple[str, str], ...], body: str, request_id: str) -> None:
        self.detail.setVisible(bool(self.detail.text()))
        self.headers.show_headers(headers)
        self.view.show_text(body)
        self.copy.setEnabled(bool(body))
        self._request_id = request_id
        self.copy_id.setVisible(bool(request_id))
        self._masked.setVisible(MASK in body)
        self._in_tree = None
        self.as_tree.setEnabled(body.startswith(("{", "[")))
        self._show_chosen()

    def _show_chosen(self) -> None:
        """Show the body as it was chosen to be; what is no tree shows as text. The tree is made when it is wanted."""
        wants_tree = self.as_tree.isChecked() and self.as_tree.isEnabled()
        body = self.view.toPlainText()
        if wants_tree and self._in_tree != body:
            self._in_tree = body
            if not self.tree.show_text(body):
                self.as_tree.setEnabled(False)
                wants_tree = False
        self._bodies.setCurrentWidget(self.tree if wants_tree else self.view)

    def _say_copied(self, what: str) -> None:
        self.said.emit(Message(Tone.SUCCESS, self.tr("Copied"), what))

    def _copy_request_id(self) -> None:
        QGuiApplication.clipboard().setText(self._request_id)
        self.said.emit(Message(Tone.SUCCESS, self.tr("Request ID copied"), self._request_id))


def _request_id(exchange: Exchange) -> str:
    """Return Meld's name for the request, from the headers or from the body of a refusal (OAS)."""
    named = {name.lower(): value for name, value in exchange.response_headers}
    if found := named.get("x-request-id", ""):
        return found
    try:
        body = json.loads(exchange.response_body)
    except (ValueError, RecursionError):
        return ""
    said = body.get("requestId") if isinstance(body, dict) else None
    return said if isinstance(said, str) else ""
