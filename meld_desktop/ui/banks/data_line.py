"""The top of the panel: how many banks there are, from where and how old, and how to get others."""

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from meld_desktop.services.banks import BankState, Source
from meld_desktop.ui.banks.wording import number, progress_of, summary
from meld_desktop.ui.paragraph import Paragraph
from meld_desktop.ui.strings import localized
from meld_desktop.ui.theme.style import set_property


class DataLine(QWidget):
    """Shows a BankState, and emits what the person wants done about it."""

    refresh_wanted = Signal()
    resume_wanted = Signal()
    cancel_wanted = Signal()
    import_wanted = Signal()

    def __init__(
        self, parent: QWidget | None = None, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        super().__init__(parent)
        self._now = now
        self._state: BankState | None = None
        title = QLabel(self.tr("Banks"), self)
        set_property(title, "role", "title")
        self.summary = Paragraph(role="soft", parent=self)
        self.refresh = QPushButton(self.tr("Refresh"), self)
        self.refresh.setAccessibleName(self.tr("Refresh"))
        self.refresh.setToolTip(self.tr("Fetch the whole list again"))
        self.refresh.clicked.connect(self.refresh_wanted)
        self.take_in = QPushButton(self.tr("Import…"), self)
        self.take_in.setAccessibleName(self.tr("Import…"))
        self.take_in.setToolTip(self.tr("Take the banks from a CSV or JSON file"))
        self.take_in.clicked.connect(self.import_wanted)
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Banks loaded"))
        self.cancel = QPushButton(self.tr("Cancel"), self)
        self.cancel.setAccessibleName(self.tr("Cancel loading"))
        self.cancel.clicked.connect(self.cancel_wanted)
        self.so_far = Paragraph(role="soft", parent=self)
        self.stopped = Paragraph(role="attention", parent=self)
        self.resume = QPushButton(self.tr("Resume"), self)
        self.resume.setAccessibleName(self.tr("Resume"))
        self.resume.clicked.connect(self.resume_wanted)
        self.problem = Paragraph(role="attention", parent=self)
        self._loading = QWidget(self)
        self._interrupted = QWidget(self)
        self._lay_out(title)

    def _lay_out(self, title: QLabel) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(title)
        words.addWidget(self.summary)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addLayout(words, 1)
        for button in (self.refresh, self.take_in):
            top.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        loading = QHBoxLayout(self._loading)
        loading.setContentsMargins(0, 0, 0, 0)
        loading.setSpacing(12)
        loading.addWidget(self.so_far, 2)
        loading.addWidget(self.progress, 3)
        loading.addWidget(self.cancel)
        self.progress.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        interrupted = QHBoxLayout(self._interrupted)
        interrupted.setContentsMargins(0, 0, 0, 0)
        interrupted.setSpacing(12)
        interrupted.addWidget(self.stopped, 1)
        interrupted.addWidget(self.resume)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self._loading)
        column.addWidget(self._interrupted)
        column.addWidget(self.problem)

    def show_state(self, state: BankState) -> None:
        """Show what there is and what is going on."""
        self._state = state
        self.refresh.setEnabled(state.loading is None)
        self.refresh.setVisible(state.fetches)
        self.take_in.setVisible(not state.environment.is_demo)
        self.take_in.setEnabled(state.loading is None)
        self._loading.setVisible(state.loading is not None)
        if state.loading is not None:
            fetched, total = state.loading
            self.progress.setRange(0, total or 0)
            self.progress.setValue(fetched if total else 0)
            self.so_far.setText(progress_of(state))
        self._interrupted.setVisible(state.resumable and state.loading is None)
        said = self.tr("Loading stopped after {count} banks. What has come is kept for an hour.")
        self.stopped.setText(said.format(count=number(state.stopped_at)))
        self.problem.setText(localized(state.problem) if state.problem is not None else "")
        self.problem.setVisible(state.problem is not None)
        self.say_age()

    def say_age(self) -> None:
        """Say anew how old the data is."""
        if self._state is not None:
            self.summary.setText(summary(self._state, self._now()))
            is_strange = self._state.source is Source.DEMO and not self._state.environment.is_demo
            set_property(self.summary, "role", "attention" if is_strange else "soft")
