"""The narrow rail on the left: which panel is on show."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton, QVBoxLayout, QWidget

from meld_desktop.ui.theme.icons import icon
from meld_desktop.ui.theme.style import set_property
from meld_desktop.ui.theme.theme import Theme

_WIDTH = 76
_ICON = 20


class Rail(QFrame):
    """One button a panel, one of them down. ``chosen`` carries the place of the panel that the person wants."""

    chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setAccessibleName(self.tr("Panels"))
        self.setFixedWidth(_WIDTH)
        self._theme = theme
        self._icons: list[str] = []
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self.chosen)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 8, 0, 8)
        self._column.setSpacing(4)
        self._column.addStretch(1)
        theme.changed.connect(self._paint)

    def add(self, name: str, icon_name: str, tip: str) -> None:
        """Add the button of the next panel."""
        button = QToolButton(self)
        button.setText(name)
        button.setAccessibleName(name)
        button.setToolTip(tip)
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setIconSize(QSize(_ICON, _ICON))
        button.setFixedWidth(_WIDTH)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        set_property(button, "role", "rail")
        self._icons.append(icon_name)
        self._group.addButton(button, len(self._icons) - 1)
        self._column.insertWidget(len(self._icons) - 1, button)
        self._paint()

    def show_chosen(self, place: int) -> None:
        """Show which panel is on show."""
        self._group.button(place).setChecked(True)

    def _paint(self) -> None:
        for place, name in enumerate(self._icons):
            self._group.button(place).setIcon(icon(name, self._theme.tokens.soft))
