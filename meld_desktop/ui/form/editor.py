"""What every editor of a field has in common: a label above, help below, and problems said right there."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from meld_desktop.domain.fields import FieldSpec
from meld_desktop.domain.validation import Problem, Severity
from meld_desktop.ui.paragraph import Paragraph
from meld_desktop.ui.problem_line import ProblemLine
from meld_desktop.ui.strings import localized
from meld_desktop.ui.theme.style import set_property


class FieldEditor(QWidget):
    """Edits one or more fields of the request.

    Subclasses fill ``self.body`` (a vertical layout), call ``finish`` last, and override ``values``, ``set_values`` and
    ``focus_target``. ``changed`` is emitted when the person or the program changed a value.
    """

    changed = Signal()

    def __init__(self, specs: Sequence[FieldSpec], parent: QWidget | None = None, *, heading: str = "") -> None:
        super().__init__(parent)
        self.specs = tuple(specs)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(4)
        self._help = ""
        self.label: Paragraph | None = None
        if heading:
            self.label = Paragraph(heading, "heading", self)
            self.body.addWidget(self.label)
        self._hint = Paragraph("", "hint", self)
        self._problem = ProblemLine(self)

    def finish(self, *, hint: str = "", description: str = "") -> None:
        """Add the lines for help and problems below what the subclass has laid out.

        ``hint`` is always visible; ``description`` is for screen readers where the eye has a tooltip.
        """
        self._help = hint or description
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self.body.addWidget(self._hint)
        self.body.addWidget(self._problem)
        target = self.focus_target()
        target.setAccessibleDescription(self._help)
        if self.label is not None:
            self.label.setBuddy(target)

    def values(self) -> dict[str, object]:
        """Return the value of each field by its id."""
        raise NotImplementedError

    def set_values(self, values: dict[str, object]) -> None:
        """Show the values of this editor's fields."""
        raise NotImplementedError

    def focus_target(self) -> QWidget:
        """Return the control that takes the focus when this field has a problem."""
        raise NotImplementedError

    def pending_problems(self) -> list[Problem]:
        """Return problems with what was typed and is not yet a value; nothing for most editors."""
        return []

    @property
    def said(self) -> str:
        """What is said below this field now; empty when nothing is wrong."""
        return self._problem.text

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Say what is wrong with this editor's fields; an empty list clears it."""
        ids = {spec.id for spec in self.specs}
        mine = [problem for problem in problems if problem.field in ids]
        severe = any(problem.severity is Severity.ERROR for problem in mine)
        tone = "error" if severe else "warning" if mine else ""
        said = "\n".join(localized(problem.text) for problem in mine)
        self._problem.say(said, tone or "error")
        target = self.focus_target()
        target.setAccessibleDescription(" ".join(filter(None, [said, self._help])))
        if isinstance(target, QLineEdit):
            set_property(target, "problem", tone)
