"""Asks for a note, a ticket and a file, and saves the evidence pack there."""

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, QTimer, Signal
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QWidget,
)

from meld_desktop.domain.text import Text
from meld_desktop.domain.witness.session import Session
from meld_desktop.services.evidence import Evidence
from meld_desktop.ui.dialog import Dialog
from meld_desktop.ui.paragraph import Paragraph
from meld_desktop.ui.problem_line import ProblemLine
from meld_desktop.ui.result.timeline.draft import Draft
from meld_desktop.ui.strings import localized
from meld_desktop.ui.theme.style import set_property

_PATIENCE_MS = 400
"""How long saving may take before the dialog says that it is under way."""
_NOTE_LINES = 5


class EvidenceDialog(Dialog):
    """Opened with ``open``; ``saved`` carries the Path of the pack. What is typed stays in ``draft`` until then."""

    saved = Signal(object)

    def __init__(self, evidence: Evidence, session: Session, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Save evidence"), parent)
        self.setMinimumWidth(480)
        self._evidence = evidence
        self._session = session
        self._draft = draft
        self._may_replace: Path | None = None
        what = Paragraph(
            self.tr(
                "One file with the timeline, the pictures and the requests. Keys, tokens and passwords are left out."
            ),
            "hint",
            self,
        )
        self.note = QPlainTextEdit(draft.note, self)
        self.note.setAccessibleName(self.tr("Note"))
        self.note.setPlaceholderText(self.tr("What you wanted to do, and what happened instead"))
        self.note.setTabChangesFocus(True)
        self.note.document().setDocumentMargin(6)
        self.note.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.note.setFixedHeight(_NOTE_LINES * self.note.fontMetrics().lineSpacing() + 20)
        self.ticket = QLineEdit(draft.ticket, self)
        self.ticket.setAccessibleName(self.tr("Ticket ID"))
        self.ticket.setMaxLength(120)
        self.file = QLineEdit(str(_free(Path(draft.folder or _documents()) / evidence.suggested_name())), self)
        self.file.setAccessibleName(self.tr("File"))
        self.browse = QPushButton(self.tr("&Browse…"), self)
        self.browse.setAccessibleName(self.tr("Browse…"))
        self.browse.setAutoDefault(False)
        self.browse.clicked.connect(self._choose_file)
        self.problem = ProblemLine(self)
        self.progress = QProgressBar(self)
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Saving the evidence"))
        self.progress.hide()
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self.progress.show)
        buttons = QDialogButtonBox(self)
        self.save = buttons.addButton(self.tr("&Save"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.save.setDefault(True)
        set_property(self.save, "role", "primary")
        self.cancel = buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self.cancel.setAutoDefault(False)
        buttons.accepted.connect(self._save)
        buttons.rejected.connect(self.reject)
        self._lay_out(what, buttons)
        self.note.textChanged.connect(self._keep)
        self.ticket.textChanged.connect(self._keep)
        self.file.textChanged.connect(self.problem.clear)
        evidence.saved.connect(self._saved)
        evidence.failed.connect(self._failed)
        evidence.cancelled.connect(self._stopped)
        self.note.setFocus()

    def reject(self) -> None:
        """Stop saving when that is under way; close otherwise."""
        if self._evidence.is_saving:
            self._evidence.cancel()
        else:
            super().reject()

    def _lay_out(self, what: QWidget, buttons: QWidget) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.file, 1)
        line.addWidget(self.browse)
        column = self.column
        column.addWidget(what)
        column.addSpacing(4)
        for text, field in (
            (self.tr("&Note (optional)"), self.note),
            (self.tr("&Ticket ID (optional)"), self.ticket),
            (self.tr("&File"), self.file),
        ):
            label = QLabel(text, self)
            label.setBuddy(field)
            set_property(label, "role", "heading")
            column.addWidget(label)
            if field is self.file:
                column.addLayout(line)
            else:
                column.addWidget(field)
        for widget in (self.problem, self.progress):
            column.addWidget(widget)
        column.addSpacing(8)
        column.addWidget(buttons)
        for before, after in (
            (self.note, self.ticket),
            (self.ticket, self.file),
            (self.file, self.browse),
            (self.browse, self.save),
            (self.save, self.cancel),
        ):
            QWidget.setTabOrder(before, after)

    def _keep(self) -> None:
        self._draft.note = self.note.toPlainText()
        self._draft.ticket = self.ticket.text()

    def _choose_file(self) -> None:
        """Ask for the file in a window of its own, which does not block."""
        chooser = QFileDialog(self, self.tr("Save evidence"), self.file.text(), self.tr("Evidence packs (*.zip)"))
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setDefaultSuffix("zip")
        chooser.fileSelected.connect(self._chosen)
        chooser.open()

    def _chosen(self, file: str) -> None:
        self.file.setText(file)
        self._may_replace = self._path()  # the window for files has asked

    def _save(self) -> None:
        path = self._path()
        if path is None:
            self._say(self.tr("Type a file name, or choose one with Browse…."))
            return
        if path != self._may_replace and path.exists():
            self._may_replace = path
            self._say(self.tr("There is a file with this name. Press Save again to replace it."), "warning")
            self.save.setFocus()
            return
        self.problem.clear()
        self._show_busy(True)
        self._evidence.save(self._session, path, self.note.toPlainText(), self.ticket.text())

    def _path(self) -> Path | None:
        """Return where to save: a name alone goes to the folder of the last one, ``.zip`` is added."""
        typed = self.file.text().strip()
        if not typed:
            return None
        path = Path(typed).expanduser()
        if not path.is_absolute():
            path = Path(self._draft.folder or _documents()) / path
        return path if path.suffix.lower() == ".zip" else path.with_name(f"{path.name}.zip")

    def _saved(self, path: Path) -> None:
        self._draft.note = self._draft.ticket = ""
        self._draft.folder = str(path.parent)
        self._show_busy(False)
        self.saved.emit(path)
        self.accept()

    def _failed(self, problem: Text) -> None:
        self._show_busy(False)
        self._say(localized(problem))

    def _stopped(self) -> None:
        self._show_busy(False)
        self._say(self.tr("Saving was cancelled; no file was written. Your note is still here."), "warning")

    def _say(self, problem: str, tone: str = "error") -> None:
        self.problem.say(problem, tone)
        self.file.setAccessibleDescription(problem)
        self.file.setFocus()

    def _show_busy(self, is_busy: bool) -> None:
        for widget in (self.note, self.ticket, self.file, self.browse, self.save):
            widget.setEnabled(not is_busy)
        if is_busy:
            self.cancel.setFocus()
            self._patience.start()
        else:
            self._patience.stop()
            self.progress.hide()


def _documents() -> str:
    """Return the folder for the person's documents, or the home folder where there is none."""
    found = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return found if found and Path(found).is_dir() else str(Path.home())


def _free(path: Path) -> Path:
    """Return ``path``, or one beside it with a number while there is a file already."""
    names = (path.with_name(f"{path.stem}-{number}{path.suffix}") for number in range(2, 100))
    return path if not path.exists() else next((name for name in names if not name.exists()), path)
