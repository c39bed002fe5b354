"""The editor of the institution's id: any id can be typed; a name that is typed finds the banks of that name."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from meld_desktop.domain.banks.summary import one_line
from meld_desktop.domain.fields import FieldSpec
from meld_desktop.ui.form.texts import TextEditor
from meld_desktop.ui.strings import localized

if TYPE_CHECKING:  # loaded when the first banks are offered
    from meld_desktop.domain.banks.bank import Bank
    from meld_desktop.ui.form.bank_list import BankPopup

_LEAST_WIDTH, _MOST_WIDTH = 320, 640


class InstitutionPicker(TextEditor):
    """Edits ``institution_id``. The value is what stands in the line, whether a bank has that id or not.

    ``asked`` carries what was typed, to be completed: answer with ``offer``. ``identified`` carries the id after each
    change, empty when there is none: answer with ``show_name`` at once. Lives on the main thread.
    """

    asked = Signal(str)
    identified = Signal(str)

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(spec, parent)
        text = " ".join((localized(spec.help), self.tr("Type a bank's name to find its ID.")))
        self._spoken_help = self._help = text
        self.line.setToolTip(text)
        self.line.setAccessibleDescription(text)
        self._id = ""
        self._chosen = ("", "")
        self._popup: BankPopup | None = None
        self.line.textChanged.connect(self._follow)
        self.line.textEdited.connect(self._ask)
        self.line.installEventFilter(self)

    @property
    def institution_id(self) -> str:
        """What stands in the field, without blanks around it."""
        return self.line.text().strip()

    @property
    def name(self) -> str:
        """The name that is shown below the field; empty when none is."""
        return self._hint.text()

    def show_name(self, name: str) -> None:
        """Show the name of the bank that has the present id; an empty one when none is known."""
        chosen_id, chosen_name = self._chosen
        shown = one_line(name) or (chosen_name if chosen_id == self._id else "")
        if shown == self.name:
            return
        self._hint.setText(shown)
        self._hint.setVisible(bool(shown))
        self._help = " ".join(filter(None, (shown, self._spoken_help)))
        self.line.setAccessibleDescription(" ".join(filter(None, (self.said, self._help))))

    def offer(self, text: str, banks: "Sequence[Bank]") -> None:
        """Offer the banks that ``text`` may mean; an offer for another text, or while one is elsewhere, is too late."""
        if text.strip() != self.institution_id or not self.line.hasFocus():
            return
        if not banks or (len(banks) == 1 and banks[0].id == self.institution_id):
            self._close()
            return
        self._make_popup().offer(banks, self._place())

    # --- the list

    def _make_popup(self) -> "BankPopup":
        if self._popup is None:
            from meld_desktop.ui.form.bank_list import BankPopup

            self._popup = BankPopup(self.line)
            self._popup.chosen.connect(self._choose)
        return self._popup

    def _place(self) -> QRect:
        """Return where the list goes: below the line, and as wide as the row of the form when that is wider."""
        row = self.parentWidget()
        if row is None or not self.width() < row.width() < _MOST_WIDTH:
            return QRect(0, 0, max(self.line.width(), _LEAST_WIDTH), self.line.height() + 5)
        return QRect(self.line.mapFrom(row, QPoint(0, 0)).x(), 0, row.width(), self.line.height() + 5)

    def _close(self) -> None:
        if self._popup is not None:
            self._popup.close()

    def _choose(self, bank_id: str, name: str) -> None:
        self._chosen = bank_id, name
        self.line.setText(bank_id)
        self.line.setCursorPosition(0)
        self.show_name(self.name)  # when the id was there already

    # --- what the person does

    def _follow(self, text: str) -> None:
        if text.strip() == self._id:
            return
        self._id = text.strip()
        self.show_name("")
        self.identified.emit(self._id)

    def _ask(self, text: str) -> None:
        if text.strip():
            self.asked.emit(text.strip())
        else:
            self._close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ask again when someone goes down from what stands in the line."""
        if (
            watched is self.line
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Down
            and not (self._popup is not None and self._popup.is_open)
            and self.institution_id
        ):
            self.asked.emit(self.institution_id)
            return True
        return super().eventFilter(watched, event)
