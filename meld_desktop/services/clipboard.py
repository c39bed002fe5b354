"""Copies what opens a customer's link: marked as confidential, and taken out of the clipboard again after a while."""

import hashlib

from PySide6.QtCore import QMimeData, QObject, QTimer, Signal
from PySide6.QtGui import QClipboard, QGuiApplication

SECONDS = 60
"""Long enough to change to a mail program and paste."""
CHOICES = (30, 60, 120, 300, 0)
"""What a person may choose from, in seconds; 0 is never."""

MARKS: dict[str, bytes] = {
    # KDE's Klipper and the clipboard managers that follow it keep no history of what says this.
    "x-kde-passwordManagerHint": b"secret",
    # nspasteboard.org, for clipboard managers of macOS.
    "org.nspasteboard.ConcealedType": b"secret",
    # Windows: no history, no cloud, no viewers. The two numbers are DWORDs of 0, “no”.
    'application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"': b"\x01",
    'application/x-qt-windows-mime;value="CanIncludeInClipboardHistory"': b"\x00\x00\x00\x00",
    'application/x-qt-windows-mime;value="CanUploadToCloudClipboard"': b"\x00\x00\x00\x00",
}
"""What goes beside the text, so that programs that keep what is copied leave it alone."""


class ConfidentialClipboard(QObject):
    """Puts secrets into the system's clipboard. Lives on the main thread, as long as the program.

    ``cleared`` is emitted when what was copied has been taken out again. What somebody copied since is left alone.
    """

    cleared = Signal()

    def __init__(self, seconds: float = SECONDS, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._seconds = seconds
        self._copied: bytes | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.clear)

    @property
    def seconds(self) -> float:
        """How long a copy stays; 0 means until something else is copied."""
        return self._seconds

    def set_seconds(self, seconds: float) -> None:
        """Let copies stay for ``seconds``. A copy that is in the clipboard now gets the whole time again."""
        self._seconds = seconds
        self._timer.stop()
        if self._copied is not None:
            self._count()

    def copy(self, text: str) -> None:
        """Copy ``text``, marked as confidential, and begin to count."""
        content = QMimeData()
        content.setText(text)
        for name, value in MARKS.items():
            content.setData(name, value)
        self._clipboard().setMimeData(content)
        self._copied = _digest(text)
        self._timer.stop()
        self._count()

    def holds_ours(self) -> bool:
        """Say whether the clipboard still holds what was copied last, and nothing that came after it."""
        if self._copied is None:
            return False
        content = self._content()
        # Files and pictures are somebody else's; a clipboard manager may have taken the text over without its marks.
        return content is not None and not content.hasUrls() and _digest(content.text()) == self._copied

    def clear(self) -> None:
        """Take the copy out now, when it is still there."""
        self._timer.stop()
        ours = self.holds_ours()
        self._copied = None
        if ours:
            self._clipboard().clear()
            self.cleared.emit()

    def close(self) -> None:
        """Take the copy out, because nobody will count any more; for the end of the program."""
        if self._seconds > 0:
            self.clear()

    def _count(self) -> None:
        if self._seconds > 0:
            self._timer.start(round(self._seconds * 1000))

    def _content(self) -> QMimeData | None:
        """Return what is there; Wayland shows it only to the window that is in front."""
        return self._clipboard().mimeData()

    def _clipboard(self) -> QClipboard:
        return QGuiApplication.clipboard()


def _digest(text: str) -> bytes:
    """Return what the text is known again by, so that no further copy of a secret is kept."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
