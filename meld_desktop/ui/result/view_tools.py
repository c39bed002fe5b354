"""How the widget is looked at, chosen beside the tabs: its size, its zoom, framed or not, bank windows as tabs."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QToolButton, QWidget

from meld_desktop.domain.view_size import ViewChoices, ViewSize, next_zoom
from meld_desktop.ui.theme.icons import icon
from meld_desktop.ui.theme.style import set_property
from meld_desktop.ui.theme.theme import Theme

_PLACES = {ViewSize.PHONE: "first", ViewSize.FULL: "last"}
"""Which ends of the row of sizes are round."""
_GAP = 8


class ViewTools(QWidget):
    """Shows the choices that hold and emits what the person wants.

    ``chosen`` carries the wished ViewChoices; ``restart_wanted``, ``picture_wanted`` and ``evidence_wanted`` nothing;
    ``software_wanted`` whether the widget is to be drawn without the graphics card.
    """

    chosen = Signal(object)
    restart_wanted = Signal()
    picture_wanted = Signal()
    evidence_wanted = Signal()
    software_wanted = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._choices = ViewChoices()
        self._sizes = {
            ViewSize.PHONE: (self.tr("Phone"), self.tr("The size Meld's widget is made for: 360 x 630")),
            ViewSize.TABLET: (self.tr("Tablet"), self.tr("768 x 1024, made smaller where it does not fit")),
            ViewSize.FULL: (self.tr("Full"), self.tr("All the room there is")),
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        self._segments = QWidget(self)
        row.addWidget(self._segments)
        self.size_buttons = self._size_buttons()
        self.view = self._button(self.tr("View"), self.tr("Size, zoom and windows of the widget"))
        self.view.setMenu(self._view_menu())
        self.view.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.view.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.evidence = self._button(
            self.tr("Evidence…"), self.tr("Save all that was seen as one file, free of keys and tokens (Ctrl+E)")
        )
        self.evidence.clicked.connect(self.evidence_wanted)
        row.addWidget(self.view)
        row.addWidget(self.evidence)
        self.setMinimumWidth(self.view.sizeHint().width())  # the others give way
        theme.changed.connect(self._paint)
        self._paint()
        self.show_choices(self._choices)
        self.set_usable(has_link=False, has_view=False)

    def show_choices(self, choices: ViewChoices) -> None:
        """Show ``choices`` as the ones that hold."""
        self._choices = choices
        self.size_buttons[choices.size].setChecked(True)
        self._size_actions[choices.size].setChecked(True)
        self._top_level.setChecked(choices.is_top_level)
        self._tabs.setChecked(choices.windows_as_tabs)
        self._actual.setText(self.tr("&Actual size (now {percent} %)").format(percent=round(choices.zoom * 100)))

    def show_software(self, is_on: bool) -> None:
        """Show whether the widget is drawn without the graphics card from the next start on."""
        self._software.setChecked(is_on)

    def set_usable(self, *, has_link: bool, has_view: bool) -> None:
        """Offer what there is something for: a link to prove, a widget to look at."""
        self.evidence.setEnabled(has_link)
        self._save.setEnabled(has_link)
        for action in (self._restart, self._picture):
            action.setEnabled(has_view)

    def take_room(self, width: int) -> None:
        """Show what fits into ``width`` as buttons; the menu always has everything."""
        view, evidence, sizes = (each.sizeHint().width() + _GAP for each in (self.view, self.evidence, self._segments))
        self.evidence.setVisible(width >= view + evidence)
        self._segments.setVisible(width >= view + evidence + sizes)

    def zoom(self, steps: int) -> None:
        """Enlarge by so many steps; 0 goes back to the actual size."""
        self.chosen.emit(replace(self._choices, zoom=next_zoom(self._choices.zoom, steps) if steps else 1.0))

    def _size_buttons(self) -> dict[ViewSize, QToolButton]:
        row = QHBoxLayout(self._segments)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        group = QButtonGroup(self)
        buttons = {}
        for size, (name, tip) in self._sizes.items():
            button = self._button(name, tip, self._segments)
            button.setCheckable(True)
            set_property(button, "role", "segment")
            set_property(button, "place", _PLACES.get(size, ""))
            button.setAccessibleName(self.tr("{size} size").format(size=name))
            button.clicked.connect(lambda _checked, size=size: self._choose(size=size))
            group.addButton(button)
            row.addWidget(button)
            buttons[size] = button
        return buttons

    def _view_menu(self) -> QMenu:
        menu = QMenu(self)
        group = QActionGroup(self)
        self._size_actions = {}
        for size, (name, _tip) in self._sizes.items():
            action = menu.addAction(f"&{name}")
            action.setCheckable(True)
            action.triggered.connect(lambda _checked, size=size: self._choose(size=size))
            group.addAction(action)
            self._size_actions[size] = action
        menu.addSeparator()
        menu.addAction(self.tr("Zoom &in    Ctrl++"), lambda: self.zoom(1))
        menu.addAction(self.tr("Zoom &out    Ctrl+-"), lambda: self.zoom(-1))
        self._actual = menu.addAction("", lambda: self.zoom(0))
        menu.addSeparator()
        self._top_level = self._check(menu, self.tr("Without our &frame (starts again)"))
        self._top_level.triggered.connect(lambda on: self._choose(is_top_level=on))
        self._tabs = self._check(menu, self.tr("&Bank windows as tabs"))
        self._tabs.triggered.connect(lambda on: self._choose(windows_as_tabs=on))
        self._software = self._check(menu, self.tr("Draw without the &graphics card"))
        self._software.triggered.connect(self.software_wanted)
        menu.addSeparator()
        self._restart = menu.addAction(self.tr("Back to the &start"), self.restart_wanted.emit)
        self._save = menu.addAction(self.tr("Save &evidence…"), self.evidence_wanted.emit)
        self._picture = menu.addAction(self.tr("Take a pi&cture"), self.picture_wanted.emit)
        return menu

    def _check(self, menu: QMenu, text: str) -> QAction:
        action = menu.addAction(text)
        action.setCheckable(True)
        return action

    def _choose(self, **values: object) -> None:
        self.chosen.emit(replace(self._choices, **values))  # type: ignore[arg-type]

    def _button(self, text: str, tip: str, parent: QWidget | None = None) -> QToolButton:
        button = QToolButton(parent or self)
        button.setText(text)
        button.setAccessibleName(text)
        button.setToolTip(tip)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        set_property(button, "role", "button")
        return button

    def _paint(self) -> None:
        self.view.setIcon(icon("chevron-down", self._theme.tokens.soft))
