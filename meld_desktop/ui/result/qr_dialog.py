"""The link as a QR code, to try it on a phone. The code is the link: it is painted here and kept nowhere."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDialogButtonBox, QWidget

from meld_desktop.domain.link import Link
from meld_desktop.domain.link_clock import EXPIRED
from meld_desktop.ui.dialog import Dialog
from meld_desktop.ui.paragraph import Paragraph
from meld_desktop.ui.strings import sentences
from meld_desktop.ui.theme.style import set_property

if TYPE_CHECKING:
    from collections.abc import Sequence

_QUIET = 4
"""Modules of white around the code (ISO/IEC 18004)."""
_SIDE = 420
"""A phone reads this from an arm's length, and it fits into the smallest window."""
_LEAST = 2
"""A module of fewer pixels is read by no phone."""


class QrCode(QWidget):
    """Paints a QR code black on white, whatever the theme, in whole pixels of the screen so that it is crisp."""

    def __init__(self, rows: "Sequence[Sequence[int]]", parent: QWidget | None = None, side: int = _SIDE) -> None:
        super().__init__(parent)
        self._rows = rows
        self._modules = len(rows) + 2 * _QUIET
        self.setAccessibleName(self.tr("QR code of the link"))
        side = self._modules * max(_LEAST, side // self._modules)
        self.setFixedSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint white, and every dark module as a square."""
        del event
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        module = max(1, int(min(self.width(), self.height()) * ratio) // self._modules)
        left, top = (int((side * ratio - module * self._modules) / 2) for side in (self.width(), self.height()))
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        painter.scale(1 / ratio, 1 / ratio)
        for y, row in enumerate(self._rows, _QUIET):
            for x, dark in enumerate(row, _QUIET):
                if dark:
                    place = QRect(left + x * module, top + y * module, module, module)
                    painter.fillRect(place, Qt.GlobalColor.black)
        painter.end()


class QrDialog(Dialog):
    """Shows the QR code of one link. Opened with ``open``; Esc closes it. Nothing it shows is taken down anywhere."""

    def __init__(self, link: Link, works_until: str, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Try it on a phone"), parent)
        self._code = code_of(link.widget_url, self)
        if self._code is None:
            said = self.tr("This link is too long for a QR code. Copy it and send it to the phone instead.")
        else:
            said = self.tr("Scan it with the phone's camera.")
        self._text = Paragraph(sentences(said, works_until), parent=self)
        self._warning = Paragraph(
            self.tr("Whoever scans this has the customer's link. Close it before you share your screen."), parent=self
        )
        set_property(self._warning, "role", "attention")
        buttons = QDialogButtonBox(self)
        close = buttons.addButton(self.tr("&Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setAccessibleName(self.tr("Close"))
        buttons.rejected.connect(self.reject)
        self.column.setSpacing(12)
        if self._code is not None:
            self.column.addWidget(self._code, 0, Qt.AlignmentFlag.AlignHCenter)
        for widget in (self._text, self._warning, buttons):
            self.column.addWidget(widget)

    def show_expired(self) -> None:
        """Take the code away: it leads nowhere any more."""
        if self._code is not None:
            self._code.hide()
        self._warning.hide()
        self._text.setText(sentences(EXPIRED, self.tr("Close this and make the link again.")))


def code_of(url: str, parent: QWidget, side: int = _SIDE) -> QrCode | None:
    """Return the code of ``url``, at most ``side`` wide while it can be read; None when it does not fit into one."""
    import segno

    try:
        made = segno.make_qr(url, error="l")
    except segno.DataOverflowError:
        return None
    return QrCode([list(row) for row in made.matrix], parent, side)
