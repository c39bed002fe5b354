"""The Request tab, a live preview of what will be sent, and the Response tab, what came back."""

import json

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from meld_desktop.domain.environments import Environment
from meld_desktop.domain.link import Exchange
from meld_desktop.domain.redaction import MASK, Redactor
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.ui.paragraph import Paragraph
from meld_desktop.ui.result.json_text import JsonView, pretty
from meld_desktop.ui.theme.theme import Theme

_PATH = "/bank-linking/connect/start"
_redact = Redactor()


class _Pane(QWidget):
    """A line that says what is below, buttons to copy it, and the text."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = Paragraph("", "heading", self)
        self.detail = Paragraph("", "hint", self)
        self.view = JsonView(theme, self)
        self.copy = QPushButton(self.tr("Copy"), self)
        self.copy.clicked.connect(self._copy)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.line)
        words.addWidget(self.detail)
        words.addStretch(1)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        self.buttons.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addLayout(words, 1)
        top.addLayout(self.buttons)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 12, 16, 16)
        self._column.setSpacing(8)
        self._column.addLayout(top)
        self._column.addWidget(self.view, 1)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.view.toPlainText())


class RequestPane(_Pane):
    """Shows the exact JSON body the form makes, as it changes."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.view.setAccessibleName(self.tr("Request body"))
        self.copy.setAccessibleName(self.tr("Copy request body"))

    def show_request(self, environment: Environment, request: ConnectStartRequest) -> None:
        """Show what pressing *Create link* would send."""
        self.line.setText(f"POST {_PATH}")
        if environment.is_demo:
            self.detail.setText(self.tr("to the local Meld of this program"))
        else:
            self.detail.setText(self.tr("to {address}").format(address=environment.base_url))
        self.view.show_text(request.to_json(indent=2))


class ResponsePane(_Pane):
    """Shows the last answer: status, time, headers and body. Tokens are masked; the link bar has the link."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.view.setAccessibleName(self.tr("Response body"))
        self.copy.setAccessibleName(self.tr("Copy response body"))
        self._request_id = ""
        self.copy_id = QPushButton(self.tr("Copy request ID"), self)
        self.copy_id.setAccessibleName(self.tr("Copy request ID of this answer"))
        self.copy_id.setToolTip(self.tr("Meld's support finds the request by this ID"))
        self.copy_id.clicked.connect(self._copy_request_id)
        self.buttons.insertWidget(0, self.copy_id, 0, Qt.AlignmentFlag.AlignTop)
        self._masked = Paragraph("", "hint", self)
        self._masked.setText(self.tr("Connect tokens are masked here. “Copy link” in the Widget tab copies the link."))
        self._column.addWidget(self._masked)
        self.clear()

    def clear(self) -> None:
        """Say that there is no answer yet."""
        self.line.setText(self.tr("No answer yet"))
        self.detail.setText(self.tr("Meld's answer to the last link shows here."))
        self._show_body("", "")

    def show_exchange(self, exchange: Exchange) -> None:
        """Show what came back, or that nothing did."""
        if exchange.status is None:
            self.line.setText(self.tr("No answer came"))
            self.detail.setText(f"{exchange.method} {exchange.url}")
            self._show_body("", "")
            return
        self.line.setText(
            self.tr("{status} {reason} in {milliseconds} ms").format(
                status=exchange.status,
                reason=exchange.reason,
                milliseconds=QLocale().toString(round(exchange.seconds * 1000)),
            )
        )
        self.detail.setText(_redact("\n".join(f"{name}: {value}" for name, value in exchange.response_headers)))
        self._show_body(_redact(pretty(exchange.response_body)), _redact(_request_id(exchange)))

    def _show_body(self, body: str, request_id: str) -> None:
        self.view.show_text(body)
        self.copy.setEnabled(bool(body))
        self._request_id = request_id
        self.copy_id.setVisible(bool(request_id))
        self._masked.setVisible(MASK in body)

    def _copy_request_id(self) -> None:
        QGuiApplication.clipboard().setText(self._request_id)


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
