"""The Request tab, a live preview of what will be sent, and the Response tab, what came back."""

from PySide6.QtCore import QLocale
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from meld_desktop.domain.environments import Environment
from meld_desktop.domain.link import Exchange
from meld_desktop.domain.redaction import Redactor
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.ui.result.json_text import JsonView, pretty
from meld_desktop.ui.theme.style import set_property
from meld_desktop.ui.theme.theme import Theme

_PATH = "/bank-linking/connect/start"
_redact = Redactor()


class _Pane(QWidget):
    """A line that says what is below, a button to copy it, and the text."""

    def __init__(self, theme: Theme, name: str, copy_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QLabel(self)
        self.line.setTextFormat(self.line.textFormat().PlainText)
        set_property(self.line, "role", "heading")
        self.line.setWordWrap(True)
        self.detail = QLabel(self)
        self.detail.setTextFormat(self.detail.textFormat().PlainText)
        self.detail.setWordWrap(True)
        set_property(self.detail, "role", "hint")
        self.view = JsonView(theme, name, self)
        self.copy = QPushButton(self.tr("Copy"), self)
        self.copy.setAccessibleName(copy_name)
        self.copy.clicked.connect(self._copy)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.line)
        words.addWidget(self.detail)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addLayout(words, 1)
        top.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.view, 1)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.view.toPlainText())


class RequestPane(_Pane):
    """Shows the exact JSON body the form makes, as it changes."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "", "", parent)
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
        super().__init__(theme, "", "", parent)
        self.view.setAccessibleName(self.tr("Response body"))
        self.copy.setAccessibleName(self.tr("Copy response body"))
        self.clear()

    def clear(self) -> None:
        """Say that there is no answer yet."""
        self.line.setText(self.tr("No answer yet"))
        self.detail.setText(self.tr("Meld's answer to the last link shows here."))
        self.view.show_text("")
        self.copy.setEnabled(False)

    def show_exchange(self, exchange: Exchange) -> None:
        """Show what came back, or that nothing did."""
        if exchange.status is None:
            self.line.setText(self.tr("No answer came"))
            self.detail.setText(f"{exchange.method} {exchange.url}")
            self.view.show_text("")
            self.copy.setEnabled(False)
            return
        self.line.setText(
            self.tr("{status} {reason} in {milliseconds} ms").format(
                status=exchange.status,
                reason=exchange.reason,
                milliseconds=QLocale().toString(round(exchange.seconds * 1000)),
            )
        )
        self.detail.setText(_redact("\n".join(f"{name}: {value}" for name, value in exchange.response_headers)))
        self.view.show_text(_redact(pretty(exchange.response_body)))
        self.copy.setEnabled(True)
