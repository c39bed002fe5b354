"""The button beside *Create link*: begins the form with a preset, and keeps what the form says as one."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QAction, QEnterEvent, QFocusEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from meld_desktop.domain.presets.builtin import BUILT_IN
from meld_desktop.domain.presets.preset import Preset
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.domain.text import Text
from meld_desktop.services.presets import Action, Done, Presets
from meld_desktop.ui.form.preset_words import done_words, name_of, summary
from meld_desktop.ui.messages import Message, Tone
from meld_desktop.ui.strings import localized, tool_tip
from meld_desktop.ui.theme.style import set_property

if TYPE_CHECKING:
    from meld_desktop.storage.presets import PresetList

_MOST = 12
"""More own presets than this are found in the list of all."""
_LONGEST = 44


class PresetMenu(QPushButton):
    """A button with a menu of all presets; files are first looked at when it is opened.

    ``chosen`` carries the Preset to fill the form with, ``said`` a Message for the strip. ``request`` returns what the
    form says now.
    """

    chosen = Signal(object)
    said = Signal(object)

    def __init__(
        self, presets: Presets, request: Callable[[], ConnectStartRequest], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._presets = presets
        self._request = request
        self.setText(self.tr("&Preset"))
        self.setAccessibleName(self.tr("Preset"))
        self.setToolTip(self.tr("Fill the form with products, regions and settings you use often"))
        self.setMinimumHeight(36)
        set_property(self, "role", "menu")
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(self._open)
        self.setMenu(menu)
        self._filled: object = None
        self._fill()
        presets.listed.connect(self._listed)
        presets.done.connect(self._done)
        presets.failed.connect(self._failed)
        presets.default_changed.connect(self._fill)

    def _open(self) -> None:
        self._fill()
        self._presets.load()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Read the files: the person is about to open the menu."""
        super().enterEvent(event)
        self._prepare()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Read the files: the person is about to open the menu."""
        super().focusInEvent(event)
        self._prepare()

    def _prepare(self) -> None:
        if self._presets.current is None:
            self._presets.load()

    def _listed(self, _presets: "PresetList") -> None:
        """Fill a menu that is open already anew; above the button it grows upwards."""
        menu, button = self.menu(), self.mapToGlobal(QPoint(0, 0)).y()
        is_above = menu.isVisible() and menu.y() < button
        self._fill()
        if is_above:
            menu.move(menu.x(), button - menu.height())

    def _fill(self) -> None:
        """Show what is known now, when it is not on show already."""
        known = (self._presets.current, self._presets.default_id)
        if known == self._filled:
            return
        self._filled = known
        menu = self.menu()
        menu.clear()
        for each in BUILT_IN:
            self._add(menu, each.id, name_of(each), each.preset)
        current = self._presets.current
        own = current.presets if current else ()
        if own:
            menu.addSeparator()
        for stored in own[:_MOST]:
            self._add(menu, stored.id, stored.preset.name, stored.preset)
        if own[_MOST:]:
            more = menu.addAction(self.tr("&All presets ({count})…").format(count=len(own)))
            more.triggered.connect(self.manage)
        menu.addSeparator()
        menu.addAction(self.tr("&Save as preset…")).triggered.connect(self.save_as)
        menu.addAction(self.tr("&Manage presets…")).triggered.connect(self.manage)

    def _add(self, menu: QMenu, preset_id: str, name: str, preset: Preset) -> None:
        shown = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rstrip()}…"
        if preset_id == self._presets.default_id:
            shown = self.tr("{name} (default)").format(name=shown)
        action = QAction(shown.replace("&", "&&"), menu)
        action.setToolTip(tool_tip("\n".join((name, summary(preset.request)))))
        action.triggered.connect(partial(self._choose, preset, name))
        menu.addAction(action)

    def _choose(self, preset: Preset, name: str, _checked: bool = False) -> None:
        self.chosen.emit(preset)
        text = self.tr("Products, regions and settings are those of the preset. The customer is as you left it.")
        self.said.emit(Message(Tone.INFO, self.tr("Preset: {name}").format(name=name), text))

    def save_as(self) -> None:
        """Ask for a name and keep what the form says as a preset."""
        from meld_desktop.ui.form.preset_name_dialog import save_as

        self._presets.load()
        save_as(self._presets, self._request(), self.window()).open()

    def manage(self) -> None:
        """Show all presets."""
        from meld_desktop.ui.form.preset_manager import PresetManager

        manager = PresetManager(self._presets, self.window())
        manager.chosen.connect(self._use)
        manager.open()

    def _use(self, preset: Preset) -> None:
        name = next((name_of(each) for each in BUILT_IN if each.preset == preset), preset.name)
        self._choose(preset, name)

    def _done(self, done: Done) -> None:
        texts = {
            Action.EXPORTED: self.tr("It is in {file}. It holds no customer and no key: it may go into a ticket."),
            Action.SAVED: self.tr("{name} is in the Preset menu now."),
            Action.IMPORTED: self.tr("{name} is in the Preset menu now."),
        }
        text = texts.get(done.action, "{name}").format(name=done.preset.name, file=done.path or "")
        self.said.emit(Message(Tone.SUCCESS, done_words(done), text))

    def _failed(self, problem: Text) -> None:
        self.said.emit(Message(Tone.WARNING, self.tr("Trouble with a preset"), localized(problem)))
