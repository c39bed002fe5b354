"""What the form can begin with: a preset, the default one at the start, or what a customer had the last time."""

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from meld_desktop.domain.links.record import LinkRecord
from meld_desktop.domain.links.replay import request_of
from meld_desktop.domain.presets.preset import Preset
from meld_desktop.services.link_book import LastUsed as LastLink
from meld_desktop.services.link_book import LinkBook
from meld_desktop.services.preferences import Preferences
from meld_desktop.services.presets import Presets
from meld_desktop.ui.form.last_used import LastUsed
from meld_desktop.ui.messages import Message, Tone
from meld_desktop.ui.new_link import NewLinkPanel

_SETTLE_MS = 250
"""How long a customer ID must rest before it is looked up."""


class FormMemory(QObject):
    """Lives as long as the window. ``said`` carries a Message for the strip."""

    said = Signal(object)

    def __init__(self, presets: Presets, links: LinkBook, preferences: Preferences, panel: NewLinkPanel) -> None:
        super().__init__(panel)
        self._links = links
        self._panel = panel
        self._has_begun = False
        panel.presets.chosen.connect(self._use)
        panel.presets.said.connect(self.said)
        self.last_used = LastUsed(panel.form)
        self.last_used.wanted.connect(self._use_again)
        customer = panel.form.customer
        customer.body.addWidget(self.last_used)
        QWidget.setTabOrder(customer.focus_target(), self.last_used.again)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(_SETTLE_MS)
        self._settling.timeout.connect(self._look_up)
        customer.changed.connect(self._typed)
        panel.touched.connect(self._begin)
        links.last_found.connect(self._found)
        presets.found.connect(self._begin_with)
        presets.default_changed.connect(lambda preset: preferences.change(preset=preset))
        if presets.default_id:
            presets.find(presets.default_id)

    def next_customer(self) -> None:
        """Keep everything but the customer, and wait for the next one."""
        form = self._panel.form
        form.customer.set_values({"external_customer_id": ""})
        form.customer.focus_target().setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.said.emit(
            Message(Tone.INFO, self.tr("Next customer"), self.tr("Everything else in the form stays as it is."))
        )

    def _begin(self) -> None:
        self._has_begun = True

    def _customer(self) -> str:
        return self._panel.form.request().external_customer_id

    def _typed(self) -> None:
        self.last_used.show_record(None)
        self._settle()

    def _settle(self) -> None:
        if self._has_begun:
            self._settling.start()

    def _look_up(self) -> None:
        if customer := self._customer():
            self._links.last_of(customer)

    def _found(self, last: LastLink) -> None:
        if last.customer == self._customer():
            self.last_used.show_record(last.record)

    def _use_again(self, record: LinkRecord) -> None:
        self._panel.form.set_request(request_of(record))
        text = self.tr("The form is as it was for this customer the last time.")
        self.said.emit(Message(Tone.INFO, self.tr("Filled in"), text))

    def _use(self, preset: Preset) -> None:
        self._panel.form.set_request(preset.request_for(self._customer()))

    def _begin_with(self, preset: Preset | None) -> None:
        if preset is not None and not self._has_begun:
            self._use(preset)
