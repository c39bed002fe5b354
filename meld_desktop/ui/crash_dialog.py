"""What a person sees of a bug: that nothing typed is lost, and a report to copy."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QPlainTextEdit, QWidget

from meld_desktop.ui.dialog import Dialog
from meld_desktop.ui.paragraph import Paragraph
from meld_desktop.ui.theme.style import set_property


class CrashDialog(Dialog):
    """Shows one report, already free of secrets. Opened with ``open``."""

    def __init__(self, report: str, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Something went wrong"), parent)
        self.resize(640, 420)
        title = QLabel(self.tr("Something went wrong inside Meld Desktop"), self)
        set_property(title, "role", "title")
        advice = self.tr("You can go on working. Copy the report and send it to whoever looks after this program.")
        text = Paragraph(advice, parent=self)
        self.report = QPlainTextEdit(report, self)
        self.report.setReadOnly(True)
        self.report.setTabChangesFocus(True)
        self.report.setAccessibleName(self.tr("Report"))
        set_property(self.report, "role", "code")
        buttons = QDialogButtonBox(self)
        copy = buttons.addButton(self.tr("&Copy report"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(self._copy)
        buttons.addButton(self.tr("C&lose"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        column = self.column
        column.setSpacing(12)
        for widget in (title, text, self.report, buttons):
            column.addWidget(widget)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report.toPlainText())
