"""The form: every field of the request from the table of specs, read from top to bottom like a sentence."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from meld_desktop.domain.fields import FieldSpec, Group, Kind, field, fields_of
from meld_desktop.domain.regions import RegionIndex
from meld_desktop.domain.request import ConnectStartRequest, request_from
from meld_desktop.domain.validation import Problem, Severity, check
from meld_desktop.ui.form.choices import ChoiceEditor, FlagEditor, TristateEditor
from meld_desktop.ui.form.editor import FieldEditor
from meld_desktop.ui.form.fold import Fold
from meld_desktop.ui.form.institution_picker import InstitutionPicker
from meld_desktop.ui.form.products import ProductsEditor
from meld_desktop.ui.form.regions import RegionsEditor
from meld_desktop.ui.form.texts import ColourEditor, TextEditor
from meld_desktop.ui.theme.theme import Theme

_MARGIN = 24
_GAP = 12

RegionLoader = Callable[[Callable[[RegionIndex], None]], None]

_EDITORS: dict[Kind, Callable[[FieldSpec], FieldEditor]] = {
    Kind.TEXT: TextEditor,
    Kind.URL: TextEditor,
    Kind.COLOUR: ColourEditor,
    Kind.FLAG: FlagEditor,
    Kind.TRISTATE: TristateEditor,
    Kind.CHOICE: ChoiceEditor,
}
_EDITORS_OF: dict[str, Callable[[FieldSpec], FieldEditor]] = {"institution_id": InstitutionPicker}
"""Fields whose editor knows more than their kind does."""


class LinkForm(QScrollArea):
    """The scrolling column of editors.

    ``changed`` is emitted after every change of any field; ``appearance_opened`` when the folded group is opened or
    closed.
    """

    changed = Signal()
    appearance_opened = Signal(bool)

    def __init__(self, theme: Theme, load_regions: RegionLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("formScroll")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._editors: list[FieldEditor] = []
        content = QWidget(self)
        column = QVBoxLayout(content)
        column.setContentsMargins(_MARGIN, 20, _MARGIN, 20)
        column.setSpacing(16)
        self._column = column
        self.verticalScrollBar().rangeChanged.connect(self._make_room)
        for editor in self._make(Group.CUSTOMER):
            column.addWidget(editor)
        column.addWidget(self._add(ProductsEditor(fields_of(Group.PRODUCTS))))
        (regions,) = fields_of(Group.REGIONS)
        column.addWidget(self._add(RegionsEditor(regions, load_regions)))
        column.addWidget(_Pair(self._make(Group.BANK)))
        column.addWidget(_Pair(self._make(Group.REDIRECT)))
        column.addWidget(self._appearance(theme))
        column.addStretch(1)
        self.setWidget(content)

    def _make_room(self, _least: int, most: int) -> None:
        """Let the scroll bar come and go in the margin, so that the fields keep their width."""
        right = _MARGIN - self.verticalScrollBar().sizeHint().width() if most else _MARGIN
        self._column.setContentsMargins(_MARGIN, 20, right, 20)

    def _appearance(self, theme: Theme) -> QWidget:
        group = QWidget()
        self._appearance_rows = QVBoxLayout(group)
        self._appearance_rows.setContentsMargins(0, 0, 0, 0)
        self._appearance_rows.setSpacing(12)
        self.appearance = Fold(self.tr("Picker appearance"), group, theme)
        self.appearance.about_to_open.connect(self._make_appearance)
        self.appearance.opened.connect(self.appearance_opened)
        return self.appearance

    def _make_appearance(self) -> None:
        """Make the editors of the folded group, once: most links never need them, and a start would feel them."""
        if self._appearance_rows.count():
            return
        editors = self._make(Group.APPEARANCE)
        for left, right in zip(editors[::2], editors[1::2], strict=True):
            self._appearance_rows.addWidget(_Pair([left, right]))
        before: QWidget = self.appearance.button
        for editor in editors:  # made last, but visited where they stand
            QWidget.setTabOrder(before, editor.focus_target())
            before = editor.focus_target()

    def _make(self, group: Group) -> list[FieldEditor]:
        return [self._add(_EDITORS_OF.get(spec.id, _EDITORS[spec.kind])(spec)) for spec in fields_of(group)]

    def _add(self, editor: FieldEditor) -> FieldEditor:
        editor.changed.connect(self.changed)
        self._editors.append(editor)
        return editor

    @property
    def editors(self) -> tuple[FieldEditor, ...]:
        """The editors from top to bottom, those of the folded group too."""
        self._make_appearance()
        return tuple(self._editors)

    @property
    def institution(self) -> InstitutionPicker:
        """The editor of the institution's id, which asks for banks and their names."""
        return next(editor for editor in self._editors if isinstance(editor, InstitutionPicker))

    @property
    def customer(self) -> FieldEditor:
        """The editor of the customer's id, the first one."""
        return self._editors[0]

    def request(self) -> ConnectStartRequest:
        """Return what the form says now."""
        values: dict[str, object] = {}
        for editor in self._editors:
            values |= editor.values()
        return request_from(values)

    def set_request(self, request: ConnectStartRequest) -> None:
        """Show ``request`` in all fields."""
        if any(getattr(request, spec.id) != spec.default for spec in fields_of(Group.APPEARANCE)):
            self._make_appearance()
        for editor in self._editors:
            editor.set_values({spec.id: getattr(request, spec.id) for spec in editor.specs})

    def problems(self) -> list[Problem]:
        """Return everything that is wrong or doubtful, in the order of the form."""
        pending = [problem for editor in self._editors for problem in editor.pending_problems()]
        # Chips are made from ISO 3166 only, so the codes need no second look.
        found = check(self.request(), is_region=lambda _code: True)
        return sorted([*found, *pending], key=self._place)

    def _place(self, problem: Problem) -> int:
        return next(
            place for place, editor in enumerate(self._editors) if problem.field in {s.id for s in editor.specs}
        )

    def show_problems(self, problems: list[Problem]) -> None:
        """Say each problem at its field."""
        if any(field(problem.field).group is Group.APPEARANCE for problem in problems):
            self._make_appearance()
        for editor in self._editors:
            editor.show_problems(problems)

    def focus_first(self) -> None:
        """Put the focus on the first field, with its text selected."""
        target = self._editors[0].focus_target()
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if isinstance(target, QLineEdit):
            target.selectAll()

    def reveal(self, problems: list[Problem]) -> None:
        """Put the focus on the first field with an error, unfolding what hides it."""
        for problem in problems:
            if problem.severity is Severity.ERROR:
                editor = self._editors[self._place(problem)]
                if editor.specs[0].group is Group.APPEARANCE:
                    self.appearance.set_open(True)
                editor.focus_target().setFocus(Qt.FocusReason.OtherFocusReason)
                self.ensureWidgetVisible(editor, 0, 24)
                return


class _Pair(QWidget):
    """Two editors side by side, equally wide, their controls on one line even when one heading needs two."""

    def __init__(self, editors: list[FieldEditor]) -> None:
        super().__init__()
        self._labels = [editor.label for editor in editors if editor.label is not None]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        for editor in editors:
            row.addWidget(editor, 1, Qt.AlignmentFlag.AlignTop)
            if editor.label is None and any(other.label is not None for other in editors):
                editor.body.insertSpacing(0, editors[0].fontMetrics().height() + 12)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give both headings the height of the taller one."""
        super().resizeEvent(event)
        width = (self.width() - _GAP) // 2
        height = max((label.heightForWidth(width) for label in self._labels), default=0)
        for label in self._labels:
            label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
            label.setMinimumHeight(height)
