"""Edits the person's own template, and shows at every key press what the customer would read."""

from datetime import tzinfo

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QTextCursor, QTextOption
from PySide6.QtWidgets import QDialogButtonBox, QGridLayout, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QWidget

from meld_desktop.domain.messages.compose import Facts, compose
from meld_desktop.domain.messages.languages import WORDS
from meld_desktop.domain.messages.template import CHANNEL_LABELS, Gap, TemplateError, parse_template
from meld_desktop.domain.text import Text
from meld_desktop.services.templates import Loaded, Templates, Unsaved
from meld_desktop.ui.dialog import Dialog
from meld_desktop.ui.paragraph import Paragraph
from meld_desktop.ui.problem_line import ProblemLine
from meld_desktop.ui.share.message_text import MessageText
from meld_desktop.ui.strings import localized
from meld_desktop.ui.theme.style import set_property

_LINES = 14
_WIDTH = 820


class TemplateEditor(Dialog):
    """Opened with ``open``; closes itself when the template is saved. ``facts`` and ``zone`` fill the preview."""

    def __init__(
        self, templates: Templates, loaded: Loaded, facts: Facts, zone: tzinfo, parent: QWidget | None = None
    ) -> None:
        super().__init__(self.tr("Edit template"), parent)
        self.setMinimumWidth(_WIDTH)
        self._templates = templates
        self._loaded = loaded
        self._facts = facts
        self._zone = zone
        self._may_drop = False
        self._is_saving = False
        which = self.tr("{channel}, {language}").format(
            channel=localized(CHANNEL_LABELS[loaded.channel]), language=WORDS[loaded.language].name
        )
        self._which = Paragraph(which, "heading", self)
        self.text = QPlainTextEdit(loaded.text, self)
        self.text.setAccessibleName(self.tr("Template"))
        self.text.setTabChangesFocus(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.text.document().setDocumentMargin(8)
        self.preview = MessageText(facts.link, self)
        self.preview.setAccessibleName(self.tr("Preview"))
        for edit in (self.text, self.preview):
            edit.setMinimumHeight(_LINES * self.fontMetrics().lineSpacing() + 20)
        self.problem = ProblemLine(self)
        where = self.tr("Saved as your own file {path}. A line whose gap is not known is left out.")
        self._where = Paragraph(where.format(path=str(loaded.path)), "hint", self)
        buttons = QDialogButtonBox(self)
        roles = QDialogButtonBox.ButtonRole
        self.save = buttons.addButton(self.tr("&Save"), roles.AcceptRole)
        self.save.setDefault(True)
        set_property(self.save, "role", "primary")
        self.reset = buttons.addButton(self.tr("&Back to the original"), roles.ResetRole)
        self.reset.setToolTip(self.tr("Remove your own file and use the template that came with the program"))
        self.reset.setEnabled(loaded.template.own or loaded.template.problem is not None)
        self.cancel = buttons.addButton(self.tr("Cancel"), roles.RejectRole)
        for button in (self.reset, self.cancel):
            button.setAutoDefault(False)
        self._lay_out(buttons)
        self.text.textChanged.connect(self._changed)
        buttons.accepted.connect(self._save)
        buttons.rejected.connect(self.reject)
        self.reset.clicked.connect(self._reset)
        templates.saved.connect(self._saved)
        templates.unsaved.connect(self._unsaved)
        self._show_preview()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self, buttons: QWidget) -> None:
        gaps = QHBoxLayout()
        gaps.setSpacing(8)
        gaps.addWidget(QLabel(self.tr("Insert"), self))
        self.gaps: dict[Gap, QPushButton] = {}
        for gap, tip in self._gap_tips().items():
            name = f"{{{gap.value}}}"
            button = QPushButton(name, self)
            button.setAccessibleName(self.tr("Insert {gap}").format(gap=name))
            button.setToolTip(tip)
            button.setAutoDefault(False)
            button.setProperty("gap", gap.value)
            button.clicked.connect(self._insert)
            gaps.addWidget(button)
            self.gaps[gap] = button
        gaps.addStretch(1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        for place, (text, edit) in enumerate(
            ((self.tr("&Template"), self.text), (self.tr("The customer &reads"), self.preview))
        ):
            label = QLabel(text, self)
            label.setBuddy(edit)
            set_property(label, "role", "heading")
            grid.addWidget(label, 0, place)
            grid.addWidget(edit, 1, place)
            grid.setColumnStretch(place, 1)
        column = self.column
        column.addWidget(self._which)
        column.addLayout(gaps)
        column.addLayout(grid, 1)
        column.addWidget(self.problem)
        column.addWidget(self._where)
        column.addSpacing(4)
        column.addWidget(buttons)

    def _gap_tips(self) -> dict[Gap, str]:
        return {
            Gap.LINK: self.tr("The link; every template needs it"),
            Gap.BANK: self.tr("The bank, when it was chosen beforehand"),
            Gap.PRODUCTS: self.tr("What the customer will share"),
            Gap.EXPIRES: self.tr("Day and time the link ends, in the customer's time zone; belongs after “until”"),
            Gap.CUSTOMER: self.tr("Your own name for the customer"),
        }

    def reject(self) -> None:
        """Close; what was typed is dropped only when it is asked for twice."""
        if self.text.toPlainText() != self._loaded.text and not self._may_drop:
            self._may_drop = True
            self.problem.say(self.tr("Your changes are not saved. Press Cancel again to drop them."), "warning")
            return
        super().reject()

    def _insert(self) -> None:
        self.text.insertPlainText(self.sender().property("gap").join("{}"))
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _changed(self) -> None:
        self._may_drop = False
        self._show_preview()

    def _show_preview(self) -> None:
        """Show the message; while the template is broken, what it was before, and what is wrong."""
        try:
            template = parse_template(self.text.toPlainText(), self._loaded.channel)
        except TemplateError as error:
            self._say(error.line, error.text)
            self.save.setEnabled(False)
            return
        message = compose(template, self._facts, self._loaded.language, self._zone)
        self.preview.show_text("\n\n".join(part for part in (message.subject, message.body) if part))
        self.problem.clear()
        self.text.setAccessibleDescription("")
        self.save.setEnabled(True)

    def _say(self, line: int, text: Text) -> None:
        said = localized(text)
        if line:
            said = self.tr("Line {line}: {problem}").format(line=line, problem=said)
        self.problem.say(said)
        self.text.setAccessibleDescription(said)

    def _save(self) -> None:
        self._set_busy(True)
        self._templates.save(self._loaded.language, self._loaded.channel, self.text.toPlainText())

    def _reset(self) -> None:
        self._set_busy(True)
        self._templates.reset(self._loaded.language, self._loaded.channel)

    def _set_busy(self, is_saving: bool) -> None:
        self._is_saving = is_saving
        self.text.setReadOnly(is_saving)
        for button in (self.save, *self.gaps.values()):
            button.setEnabled(not is_saving)

    def _saved(self, _loaded: Loaded) -> None:
        if self._is_saving:
            self.accept()

    def _unsaved(self, unsaved: Unsaved) -> None:
        if not self._is_saving:
            return
        self._set_busy(False)
        self._say(unsaved.line, unsaved.text)
        if unsaved.line:
            cursor = QTextCursor(self.text.document().findBlockByNumber(unsaved.line - 1))
            self.text.setTextCursor(cursor)
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)
