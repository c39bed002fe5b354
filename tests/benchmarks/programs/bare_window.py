"""The baseline: a bare window. Ends after its first paint, or with ``memory`` prints what it weighs at rest."""

import sys

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow


class Window(QMainWindow):
    """Nothing but a window."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if "memory" in sys.argv:
            QTimer.singleShot(500, self.weigh)
        else:
            QTimer.singleShot(0, application.quit)

    def weigh(self) -> None:
        import psutil

        print(psutil.Process().memory_info().rss)
        application.quit()


application = QApplication([])
window = Window()
window.resize(1440, 900)
window.show()
application.exec()
