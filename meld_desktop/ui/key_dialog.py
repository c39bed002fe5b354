"""The dialog for the API key of one environment. A saved key is never shown again."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QWidget,
)

from meld_desktop.domain.environments import Environment
from meld_desktop.domain.errors import MeldError
from meld_desktop.domain.keys import UnusableKeyError, clean_key
from meld_desktop.services.keys import Keys, KeySource, KeyState
from meld_desktop.ui.dialog import Dialog
from meld_desktop.ui.paragraph import Paragraph
from meld_desktop.ui.problem_line import ProblemLine
from meld_desktop.ui.strings import localized, sentences
from meld_desktop.ui.theme.style import set_property


class KeyDialog(Dialog):
    """Saves, keeps or forgets a key. Opened with ``open``; closes itself when the keyring has done its part.

    ``done_with`` carries the sentence to show in the message strip.
    """

    done_with = Signal(str)

    def __init__(self, keys: Keys, environment: Environment, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("API key for {host}").format(host=environment.host), parent)
        self.setMinimumWidth(480)
        self._keys = keys
        self._environment = environment
        self._said = ""
        self._state = Paragraph(parent=self)
        label = QLabel(self.tr("API &key"), self)
        set_property(label, "role", "heading")
        self.line = QLineEdit(self)
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setAccessibleName(self.tr("API key"))
        self.line.setPlaceholderText(self.tr("Paste the key from Meld's dashboard"))
        self.line.textChanged.connect(self._typed)
        label.setBuddy(self.line)
        where = self.tr("It is kept in this computer's keyring, sent only to {host}, and never shown again.")
        hint = Paragraph(where.format(host=environment.host), "hint", self)
        self._problem = ProblemLine(self)
        self._busy = QProgressBar(self)
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        self._busy.setAccessibleName(self.tr("Asking the keyring"))
        self._busy.hide()
        buttons = QDialogButtonBox(self)
        role = QDialogButtonBox.ButtonRole
        self.save_button = self._button(buttons, role.AcceptRole, self.tr("&Save"), self.tr("Save"))
        self.save_button.setDefault(True)
        set_property(self.save_button, "role", "primary")
        self.keep_button = self._button(
            buttons, role.ActionRole, self.tr("Keep until I &quit"), self.tr("Keep until I quit")
        )
        self.keep_button.setToolTip(self.tr("Use the key now, without saving it anywhere"))
        self.forget_button = self._button(buttons, role.ResetRole, self.tr("&Forget key"), self.tr("Forget key"))
        self.cancel_button = self._button(buttons, role.RejectRole, self.tr("Cancel"), self.tr("Cancel"))
        self.save_button.clicked.connect(self._save)
        self.keep_button.clicked.connect(self._keep)
        self.forget_button.clicked.connect(self._forget)
        self.cancel_button.clicked.connect(self.reject)
        column = self.column
        for widget in (self._state, label, self.line, hint, self._problem, self._busy):
            column.addWidget(widget)
        column.addSpacing(8)
        column.addWidget(buttons)
        keys.state_changed.connect(self._show_state)
        keys.saved.connect(self._saved)
        keys.forgotten.connect(self._forgotten)
        keys.failed.connect(self._failed)
        keys.check(environment)
        self._typed()
        self.line.setFocus()

    def _button(self, box: QDialogButtonBox, role: QDialogButtonBox.ButtonRole, text: str, name: str) -> QPushButton:
        """Add a button where this system puts one of its role."""
        button = box.addButton(text, role)
        button.setAccessibleName(name)
        button.setAutoDefault(False)
        return button

    def _show_state(self, state: KeyState) -> None:
        if state.environment != self._environment:
            return
        host = self._environment.host
        words = {
            KeySource.VARIABLE: self.tr(
                "The key in MELD_API_KEY is used for {host}. A key saved here is used when that variable is not set."
            ),
            KeySource.SESSION: self.tr("A key for {host} is kept until you quit."),
            KeySource.KEYRING: self.tr("A key for {host} is saved. Paste another one to replace it."),
            KeySource.MISSING: self.tr("There is no key for {host} yet."),
            KeySource.UNKNOWN: self.tr("Looking for the key of {host}…"),
            KeySource.NOT_NEEDED: self.tr("Demo needs no key."),
        }
        self._state.setText(words[state.source].format(host=host))
        if state.problem is not None:
            self._state.setText(self.tr("It is not known whether there is a key for {host}.").format(host=host))
            self._show_error(state.problem)
        self.forget_button.setEnabled(state.source in {KeySource.SESSION, KeySource.KEYRING})

    def _typed(self) -> None:
        typed = bool(self.line.text().strip())
        self.save_button.setEnabled(typed)
        self.keep_button.setEnabled(typed)
        self._problem.clear()

    def _cleaned(self) -> str | None:
        try:
            return clean_key(self.line.text())
        except UnusableKeyError as error:
            self._say(localized(error.text))
            self.line.setFocus()
            self.line.selectAll()
            return None

    def _save(self) -> None:
        if key := self._cleaned():
            self._set_busy(True)
            self._keys.save(self._environment, key)

    def _keep(self) -> None:
        if key := self._cleaned():
            self._keys.keep(self._environment, key)
            self._finish(self.tr("The key for {host} is kept until you quit."))

    def _forget(self) -> None:
        self._set_busy(True)
        self._keys.forget(self._environment)

    def _saved(self, environment: Environment) -> None:
        if environment == self._environment:
            self._finish(self.tr("The key for {host} is saved in this computer's keyring."))

    def _forgotten(self, environment: Environment) -> None:
        if environment == self._environment:
            self._finish(self.tr("The key for {host} is forgotten."))

    def _failed(self, error: MeldError) -> None:
        self._set_busy(False)
        self._show_error(error)

    def _show_error(self, error: MeldError) -> None:
        self._say(sentences(error.title, error.detail, error.hint))

    def _say(self, text: str) -> None:
        self._problem.say(text)
        self.line.setAccessibleDescription(text)

    def _finish(self, sentence: str) -> None:
        self.done_with.emit(sentence.format(host=self._environment.host))
        self.accept()

    def _set_busy(self, busy: bool) -> None:
        self._busy.setVisible(busy)
        for widget in (self.line, self.save_button, self.keep_button, self.forget_button):
            widget.setEnabled(not busy)
        if not busy:
            self._keys.check(self._environment)

    def done(self, result: int) -> None:
        """Leave no trace of what was typed."""
        self.line.clear()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close like *Cancel*."""
        self.line.clear()
        super().closeEvent(event)
