"""Asks for the address of another Meld API."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QLineEdit, QWidget

from meld_desktop.domain.environments import UnusableAddressError, custom_environment
from meld_desktop.ui.dialog import Dialog
from meld_desktop.ui.paragraph import Paragraph
from meld_desktop.ui.problem_line import ProblemLine
from meld_desktop.ui.strings import localized
from meld_desktop.ui.theme.style import set_property


class AddressDialog(Dialog):
    """Opened with ``open``; ``chosen`` carries the Environment at the address that was typed."""

    chosen = Signal(object)

    def __init__(self, base_url: str, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Other address"), parent)
        self.setMinimumWidth(440)
        label = QLabel(self.tr("API &address"), self)
        set_property(label, "role", "heading")
        self.line = QLineEdit(base_url, self)
        self.line.setAccessibleName(self.tr("API address"))
        self.line.setPlaceholderText("https://api-sb.meld.io")
        label.setBuddy(self.line)
        hint = Paragraph(self.tr("https:// for any host; http:// only for a server on this computer."), "hint", self)
        self._problem = ProblemLine(self)
        self.line.textChanged.connect(self._problem.clear)
        buttons = QDialogButtonBox(self)
        use = buttons.addButton(self.tr("&Use this address"), QDialogButtonBox.ButtonRole.AcceptRole)
        set_property(use, "role", "primary")
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._use)
        buttons.rejected.connect(self.reject)
        column = self.column
        for widget in (label, self.line, hint, self._problem):
            column.addWidget(widget)
        column.addSpacing(8)
        column.addWidget(buttons)
        self.line.setFocus()

    def _use(self) -> None:
        try:
            environment = custom_environment(self.line.text())
        except UnusableAddressError as error:
            said = localized(error.text)
            self._problem.say(said)
            self.line.setAccessibleDescription(said)
            self.line.setFocus()
            return
        self.chosen.emit(environment)
        self.accept()
