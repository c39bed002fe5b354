"""Everything about the chosen entry, whole: what the row can only show shortened, and the facts that came with it."""

import html

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QTextEdit, QWidget

from meld_desktop.domain.witness.entry import Entry
from meld_desktop.ui.result.timeline.kinds import label_of
from meld_desktop.ui.result.timeline.model import clock_time, since_begin
from meld_desktop.ui.result.timeline.wording import Wording
from meld_desktop.ui.theme.theme import Theme

_LINES = 7
_MOST_FACTS = 200


class Details(QFrame):
    """Shows one entry; hidden while none is chosen. ``picture_asked`` carries its number."""

    picture_asked = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("timelineDetails")
        self._theme = theme
        self._entry: Entry | None = None
        self._wording = Wording()
        self.text = QTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("Details"))
        self.text.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.text.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.document().setDocumentMargin(8)
        self.picture = QPushButton(self.tr("Show p&icture"), self)
        self.picture.setAccessibleName(self.tr("Show picture"))
        self.picture.clicked.connect(self._ask_picture)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.text, 1)
        row.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        theme.changed.connect(self._write)
        self.hide()

    def show_entry(self, entry: Entry | None, wording: Wording) -> None:
        """Show ``entry``, or nothing."""
        same = entry is not None and entry is self._entry and wording is self._wording
        self._entry, self._wording = entry, wording
        if not same:
            self._write()

    def _write(self) -> None:
        entry, wording = self._entry, self._wording
        self.setVisible(entry is not None)
        if entry is None:
            self.text.clear()
            return
        tokens = self._theme.tokens
        when = self.tr("{time} after the start, at {clock}").format(
            time=since_begin(entry.seconds), clock=clock_time(entry)
        )
        around = " · ".join(filter(None, (when, label_of(entry.kind), wording.place(entry))))
        lines = [f"<b>{html.escape(wording.title(entry))}</b>"]
        if detail := wording.detail(entry):
            lines.append(html.escape(detail))
        lines.append(f'<span style="color:{tokens.soft}">{html.escape(around)}</span>')
        facts = wording.facts(entry)
        soft = f'style="color:{tokens.soft}; padding-right:16px"'
        rows = "".join(
            f"<tr><td {soft}>{html.escape(name)}</td><td>{html.escape(value)}</td></tr>"
            for name, value in facts[:_MOST_FACTS]
        )
        if len(facts) > _MOST_FACTS:
            lines.append(
                html.escape(
                    self.tr("Facts that are only in the evidence pack: {count}").format(count=len(facts) - _MOST_FACTS)
                )
            )
        table = f'<table cellspacing="0" cellpadding="0">{rows}</table>' if rows else ""
        self.text.setHtml("<br>".join(lines) + table)
        self.picture.setVisible(bool(entry.picture))
        self._fit()

    def _fit(self) -> None:
        """Take the room the text needs, up to a few lines: the rest scrolls."""
        line = self.text.fontMetrics().lineSpacing()
        self.text.document().setTextWidth(max(self.text.viewport().width(), 200))
        wanted = int(self.text.document().size().height()) + 4
        self.text.setFixedHeight(max(3 * line, min(wanted, _LINES * line + 16)))

    def _ask_picture(self) -> None:
        if self._entry is not None:
            self.picture_asked.emit(self._entry.number)
