"""The bar on top: which environment, where its key comes from, and how the window looks."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QToolButton, QWidget

from meld_desktop.domain.environments import ENVIRONMENTS, Environment
from meld_desktop.services.keys import KeySource, KeyState
from meld_desktop.ui.scenario_box import ScenarioBox
from meld_desktop.ui.strings import localized
from meld_desktop.ui.theme.choice import ThemeChoice
from meld_desktop.ui.theme.icons import icon
from meld_desktop.ui.theme.style import set_property
from meld_desktop.ui.theme.theme import Theme

_NAME_WIDTH = 256


class Header(QFrame):
    """Shows the environment unmistakably and emits what the person wants.

    ``environment_chosen`` carries an Environment; ``custom_wanted``, ``key_wanted``, ``shortcuts_wanted`` and
    ``about_wanted`` ask for their dialogs; ``theme_chosen`` carries a ThemeChoice.
    """

    environment_chosen = Signal(object)
    custom_wanted = Signal()
    key_wanted = Signal()
    theme_chosen = Signal(object)
    shortcuts_wanted = Signal()
    about_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("header")
        self._theme = theme
        self._environment: Environment | None = None
        brand = QLabel("Meld Desktop", self)
        brand.setObjectName("brand")
        self.environment = QComboBox(self)
        self.environment.setObjectName("environment")
        self.environment.setAccessibleName(self.tr("Environment"))
        # On Linux a combo box goes by what is chosen in it; screen readers take its name from its label.
        label = QLabel(self.tr("Environment"), self)
        label.setBuddy(self.environment)
        label.hide()
        self.environment.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.environment.setMinimumWidth(168)
        self.environment.setMaximumWidth(320)
        self.environment.activated.connect(self._activated)
        self.key_status = QLabel(self)
        set_property(self.key_status, "role", "soft")
        self.key_button = QPushButton(self.tr("API key…"), self)
        self.key_button.setAccessibleName(self.tr("API key…"))
        self.key_button.clicked.connect(self.key_wanted)
        self.scenarios = ScenarioBox(self)
        self._theme_button = self._menu_button(self.tr("Theme"), self._theme_menu())
        self._more_button = self._menu_button(self.tr("Help"), self._help_menu())
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 7, 16, 7)
        row.setSpacing(12)
        row.addWidget(brand)
        row.addWidget(self.environment)
        row.addWidget(self.key_status)
        row.addWidget(self.key_button)
        row.addStretch(1)
        row.addWidget(self.scenarios)
        row.addWidget(self._theme_button)
        row.addWidget(self._more_button)
        theme.changed.connect(self._paint)
        self._paint()

    def set_environment(self, environment: Environment) -> None:
        """Show ``environment`` as the one in use."""
        self._environment = environment
        combo = self.environment
        combo.clear()
        known = [*ENVIRONMENTS, *([] if environment in ENVIRONMENTS else [environment])]
        combo.ensurePolished()
        for entry in known:
            name = localized(entry.name)
            shown = combo.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, _NAME_WIDTH)
            combo.addItem(shown, entry)
            combo.setItemData(combo.count() - 1, entry.base_url or name, Qt.ItemDataRole.ToolTipRole)
        combo.insertSeparator(combo.count())
        combo.addItem(self.tr("Other address…"), None)
        combo.setCurrentIndex(known.index(environment))
        combo.setToolTip(environment.base_url or self.tr("Which Meld the link is made with"))
        set_property(combo, "environment", environment.id)
        self.key_button.setVisible(not environment.is_demo)
        self.scenarios.setVisible(environment.is_demo)

    def show_key(self, state: KeyState) -> None:
        """Say where the key comes from, in a few words."""
        words = {
            KeySource.NOT_NEEDED: self.tr("no key needed"),
            KeySource.VARIABLE: self.tr("key from MELD_API_KEY"),
            KeySource.SESSION: self.tr("key kept until you quit"),
            KeySource.KEYRING: self.tr("key saved"),
            KeySource.MISSING: self.tr("no key yet"),
            KeySource.UNKNOWN: self.tr("looking for the key…"),
        }
        if state.problem is not None:
            self.key_status.setText(localized(state.problem.title))
            self.key_status.setToolTip(localized(state.problem.hint))
        else:
            self.key_status.setText(words[state.source])
            self.key_status.setToolTip("")
        missing = state.problem is not None or state.source is KeySource.MISSING
        set_property(self.key_status, "role", "attention" if missing else "soft")

    def _activated(self, index: int) -> None:
        environment = self.environment.itemData(index)
        if isinstance(environment, Environment):
            if environment != self._environment:
                self.environment_chosen.emit(environment)
            return
        if self._environment is not None:
            self.set_environment(self._environment)
        self.custom_wanted.emit()

    def _menu_button(self, name: str, menu: QMenu) -> QToolButton:
        button = QToolButton(self)
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        set_property(button, "role", "plain")
        return button

    def _theme_menu(self) -> QMenu:
        menu = QMenu(self)
        group = QActionGroup(self)
        for choice, text in (
            (ThemeChoice.SYSTEM, self.tr("&Same as the system")),
            (ThemeChoice.LIGHT, self.tr("&Light")),
            (ThemeChoice.DARK, self.tr("&Dark")),
            (ThemeChoice.CONTRAST, self.tr("&High contrast")),
        ):
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setData(choice)
            action.setChecked(choice is self._theme.choice)
            group.addAction(action)
        group.triggered.connect(self._theme_triggered)
        return menu

    def _theme_triggered(self, action: QAction) -> None:
        self.theme_chosen.emit(ThemeChoice(action.data()))

    def _help_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction(self.tr("&Keyboard shortcuts"), self.shortcuts_wanted.emit)
        menu.addSeparator()
        menu.addAction(self.tr("&About Meld Desktop"), self.about_wanted.emit)
        return menu

    def _paint(self) -> None:
        colour = self._theme.tokens.soft
        self._theme_button.setIcon(icon("theme", colour))
        self._more_button.setIcon(icon("more", colour))
