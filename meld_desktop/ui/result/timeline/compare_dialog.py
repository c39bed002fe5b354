"""Two sessions side by side: only what differs, grouped, or the words that nothing does."""

import html
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication, QTextOption
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QLabel,
    QPushButton,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from meld_desktop.domain.text import Text
from meld_desktop.domain.witness.compare import Difference, Section
from meld_desktop.domain.witness.session import Comparable, Session
from meld_desktop.services.evidence import Evidence
from meld_desktop.ui.problem_line import ProblemLine
from meld_desktop.ui.strings import localized
from meld_desktop.ui.theme.style import set_property
from meld_desktop.ui.theme.theme import Theme

_MOST_SHOWN = 200
"""More than that is only copied: nobody reads it here, and laying it out would take long."""


class CompareDialog(QDialog):
    """Opened with ``open``. ``folder_used`` carries the folder from which a pack was opened."""

    folder_used = Signal(str)

    def __init__(
        self,
        theme: Theme,
        evidence: Evidence,
        sessions: Sequence[Session],
        folder: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Compare sessions"))
        self._theme = theme
        self._evidence = evidence
        self._folder = folder
        self._sides: list[Comparable | Session] = list(sessions)
        self._differences: tuple[Difference, ...] = ()
        self._reading: Path | None = None
        self.first = self._make_box(self.tr("First session"))
        self.second = self._make_box(self.tr("Second session"))
        self.open_pack = QPushButton(self.tr("&Open evidence pack…"), self)
        self.open_pack.setAccessibleName(self.tr("Open evidence pack…"))
        self.open_pack.setAutoDefault(False)
        self.open_pack.clicked.connect(self._choose_pack)
        self.problem = ProblemLine(self)
        self.differing = QTextEdit(self)
        self.differing.setObjectName("differing")
        self.differing.setReadOnly(True)
        self.differing.setTabChangesFocus(True)
        self.differing.setAccessibleName(self.tr("What differs"))
        self.differing.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.differing.setMinimumHeight(160)
        buttons = QDialogButtonBox(self)
        self.copy = buttons.addButton(self.tr("&Copy"), QDialogButtonBox.ButtonRole.ActionRole)
        self.copy.setAccessibleName(self.tr("Copy what differs"))
        self.copy.setAutoDefault(False)
        self.copy.clicked.connect(self._copy)
        self.close_button = buttons.addButton(self.tr("C&lose"), QDialogButtonBox.ButtonRole.RejectRole)
        self.close_button.setAutoDefault(False)
        buttons.rejected.connect(self.reject)
        self._lay_out(buttons)
        for session in sessions:
            self._add_item(_name_of(session))
        evidence.compared.connect(self._show)
        evidence.loaded.connect(self._loaded)
        evidence.unreadable.connect(self._unreadable)
        theme.changed.connect(self._write)
        self.resize(760, 620)
        self.second.setCurrentIndex(len(sessions) - 1)
        self.first.setCurrentIndex(max(0, len(sessions) - 2))
        self.first.currentIndexChanged.connect(self._compare)
        self.second.currentIndexChanged.connect(self._compare)
        self._compare()
        self.first.setFocus()

    def _make_box(self, name: str) -> QComboBox:
        box = QComboBox(self)
        box.setAccessibleName(name)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(20)
        return box

    def _lay_out(self, buttons: QWidget) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, (text, box) in enumerate(((self.tr("&First"), self.first), (self.tr("&Second"), self.second))):
            label = QLabel(text, self)
            label.setBuddy(box)
            set_property(label, "role", "heading")
            grid.addWidget(label, row, 0)
            grid.addWidget(box, row, 1)
        grid.addWidget(self.open_pack, 2, 1, Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addLayout(grid)
        column.addWidget(self.problem)
        column.addWidget(self.differing, 1)
        column.addWidget(buttons)

    def _add_item(self, name: str) -> None:
        for box in (self.first, self.second):
            blocked = box.blockSignals(True)
            box.addItem(name)
            box.setItemData(box.count() - 1, name, Qt.ItemDataRole.ToolTipRole)
            box.blockSignals(blocked)

    def _compare(self) -> None:
        first, second = self.first.currentIndex(), self.second.currentIndex()
        self._differences = ()
        self.copy.setEnabled(False)
        for box in (self.first, self.second):
            box.setToolTip(box.currentText())  # the field may be too narrow for it
        if first < 0 or second < 0 or first == second:
            self._say(self.tr("Choose two different sessions, or open an evidence pack to compare with."))
            return
        self._say(self.tr("Comparing…"))
        self._evidence.compare(self._sides[first], self._sides[second])

    def _show(self, differences: tuple[Difference, ...]) -> None:
        self._differences = differences
        self.copy.setEnabled(True)
        self._write()
        said = self.tr("{count} differences").format(count=len(differences)) if differences else self._nothing()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.differing, said))

    def _write(self) -> None:
        if not self.copy.isEnabled():
            return
        if not self._differences:
            self._say(self._nothing())
            return
        tokens = self._theme.tokens
        cell = f'style="padding:4px 12px 4px 0; border-top:1px solid {tokens.line}"'
        soft = f'<span style="color:{tokens.soft}">'
        heads = "".join(
            f"<td width='38%' {cell}>{soft}{html.escape(box.currentText())}</span></td>"
            for box in (self.first, self.second)
        )
        rows = [f"<tr><td width='24%'></td>{heads}</tr>"]
        for section, group in groupby(self._differences[:_MOST_SHOWN], lambda difference: difference.section):
            rows.append(
                f"<tr><td colspan='3' style='padding:12px 0 4px 0'><b>{html.escape(self._title(section))}</b></td></tr>"
            )
            for difference in group:
                cells = (difference.first or self._missing(), difference.second or self._missing())
                values = "".join(f"<td {cell}>{html.escape(value)}</td>" for value in cells)
                rows.append(f"<tr><td {cell}>{soft}{html.escape(difference.label)}</span></td>{values}</tr>")
        more = len(self._differences) - _MOST_SHOWN
        end = (
            f"<p>{html.escape(self.tr('Not shown here, but copied: {count}').format(count=more))}</p>"
            if more > 0
            else ""
        )
        self.differing.setHtml(f"<table width='100%' cellspacing='0'>{''.join(rows)}</table>{end}")

    def _say(self, words: str) -> None:
        self.differing.setPlainText(words)

    def _nothing(self) -> str:
        return self.tr("Nothing differs: request, hops, events and outcome are the same.")

    def _missing(self) -> str:
        return self.tr("(not there)")

    def _title(self, section: Section) -> str:
        return {
            Section.REQUEST: self.tr("Request"),
            Section.HOPS: self.tr("Hops"),
            Section.EVENTS: self.tr("Events"),
            Section.OUTCOME: self.tr("Outcome"),
        }[section]

    def _copy(self) -> None:
        head = ("", "", self.first.currentText(), self.second.currentText())
        lines = [head] if self._differences else [("", self._nothing(), "", "")]
        lines += [(self._title(each.section), each.label, each.first, each.second) for each in self._differences]
        text = "\n".join("\t".join(" ".join(cell.split()) for cell in line).rstrip("\t") for line in lines)
        QGuiApplication.clipboard().setText(text if self._differences else self._nothing())

    def _choose_pack(self) -> None:
        """Ask for a file in a window of its own, which does not block."""
        chooser = QFileDialog(
            self, self.tr("Open evidence pack"), self._folder, self.tr("Evidence packs (*.zip);;All files (*)")
        )
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.fileSelected.connect(self.read_pack)
        chooser.open()

    def read_pack(self, file: str) -> None:
        """Read the pack ``file`` and compare with it."""
        self.problem.clear()
        self._reading = Path(file)
        self.open_pack.setEnabled(False)
        self._evidence.load(self._reading)

    def _loaded(self, comparable: Comparable) -> None:
        path, self._reading = self._reading, None
        if path is None:
            return
        self.open_pack.setEnabled(True)
        self._folder = str(path.parent)
        self.folder_used.emit(self._folder)
        self._sides.append(comparable)
        self._add_item(" · ".join(filter(None, (path.name, comparable.outcome))))
        self.second.setCurrentIndex(self.second.count() - 1)
        if self.first.currentIndex() < 0:
            self.first.setCurrentIndex(0)
        self._compare()

    def _unreadable(self, problem: Text) -> None:
        self._reading = None
        self.open_pack.setEnabled(True)
        self.problem.say(localized(problem))
        self.open_pack.setAccessibleDescription(self.problem.text)
        self.open_pack.setFocus()


def _name_of(session: Session) -> str:
    """Return customer, time and outcome, as a person tells sessions apart."""
    time = session.began.astimezone().strftime("%H:%M:%S")
    return " · ".join((session.customer, time, localized(session.conclusion)))
