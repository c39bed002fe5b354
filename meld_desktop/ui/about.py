"""Two small pages of help: the shortcuts, and what this program is made of."""

import platform
import sys

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox, QFormLayout, QLabel, QWidget

from meld_desktop import __version__
from meld_desktop.ui.dialog import Dialog
from meld_desktop.ui.paragraph import Paragraph
from meld_desktop.ui.shortcuts import SHORTCUTS
from meld_desktop.ui.theme.style import set_property


class ShortcutsDialog(Dialog):
    """Lists the keyboard shortcuts. Opened with ``open``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Keyboard shortcuts"), parent)
        rows = QFormLayout()
        rows.setHorizontalSpacing(32)
        rows.setVerticalSpacing(8)
        for shortcut in SHORTCUTS:
            key = QLabel(shortcut.shown, self)
            set_property(key, "role", "heading")
            rows.addRow(key, QLabel(shortcut.label, self))
        buttons = QDialogButtonBox(self)
        buttons.addButton(self.tr("&Close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        column = self.column
        column.setSpacing(20)
        column.addLayout(rows)
        column.addWidget(buttons)


class AboutDialog(Dialog):
    """Names the program and the versions that matter in a report. Opened with ``open``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("About Meld Desktop"), parent)
        title = QLabel("Meld Desktop", self)
        set_property(title, "role", "title")
        what = Paragraph(self.tr("Makes bank-linking links with Meld, and shows what they do."), parent=self)
        self._versions = QLabel(versions(), self)
        self._versions.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_property(self._versions, "role", "soft")
        buttons = QDialogButtonBox(self)
        copy = buttons.addButton(self.tr("&Copy versions"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(self._copy)
        buttons.addButton(self.tr("C&lose"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        column = self.column
        column.setSpacing(12)
        for widget in (title, what, self._versions, buttons):
            column.addWidget(widget)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._versions.text())


def versions() -> str:
    """Return the versions of the program and of what it runs on, one a line."""
    lines = [f"Meld Desktop {__version__}", f"Qt {qVersion()}"]
    engine = sys.modules.get("PySide6.QtWebEngineCore")
    if engine is not None:  # importing it only to ask its version would cost a second
        lines.append(f"Chromium {engine.qWebEngineChromiumVersion()}")
    lines += [f"Python {platform.python_version()}", platform.platform()]
    return "\n".join(lines)
