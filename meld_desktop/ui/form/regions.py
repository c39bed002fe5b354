"""The editor of the regions field: chips, a line edit that understands names, codes and lists, and a list to browse."""

from collections.abc import Callable, Iterable, Sequence

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from meld_desktop.domain.fields import FieldSpec
from meld_desktop.domain.regions import Parsed, RegionIndex
from meld_desktop.domain.validation import Problem, Severity
from meld_desktop.ui.form.editor import FieldEditor
from meld_desktop.ui.form.field_frame import FieldFrame
from meld_desktop.ui.form.region_chips import ChipsModel, ChipsView, short_name
from meld_desktop.ui.form.region_input import RegionInput, Taking
from meld_desktop.ui.form.region_problems import not_loaded, problems_of, unknown_code
from meld_desktop.ui.strings import localized
from meld_desktop.ui.theme.style import set_property

_NOTHING = Parsed((), ())


class RegionsEditor(FieldEditor):
    """Edits the list of regions. Lives on the main thread.

    ``load`` is asked once, when the index is first needed, and calls back on the main thread; the index should be
    warmed up by then. What was typed or set before that is kept, and handled when the index is there.
    """

    def __init__(
        self, spec: FieldSpec, load: Callable[[Callable[[RegionIndex], None]], None], parent: QWidget | None = None
    ) -> None:
        super().__init__([spec], parent, heading=localized(spec.label))
        self._load = load
        self._asked = False
        self._index: RegionIndex | None = None
        self._waiting: Taking | None = None
        self._browse_wanted = False
        self._junk = _NOTHING
        self._given: list[Problem] = []
        self._chips = ChipsModel(self)
        frame = FieldFrame(self)
        self._frame = frame
        self._view = ChipsView(self._chips, frame)
        self._input = RegionInput(frame)
        self._input.setPlaceholderText(localized(spec.placeholder))
        self._browse = QPushButton(self.tr("Browse regions…"), frame)
        self._browse.setAutoDefault(False)
        set_property(self._browse, "role", "link")
        self._browse.setCursor(Qt.CursorShape.PointingHandCursor)
        row = QHBoxLayout()
        row.setContentsMargins(4, 0, 4, 0)
        row.setSpacing(8)
        row.addWidget(self._input, 1)
        row.addWidget(self._browse)
        frame.rows.addWidget(self._view)
        frame.rows.addLayout(row)
        frame.show_focus_of(self._input, self._view)
        self.body.addWidget(frame)
        self._input.needed.connect(self.prepare)
        self._input.taking.connect(self._take)
        self._input.picked.connect(self._pick)
        self._input.backed_out.connect(self._go_to_chips)
        self._input.rewritten.connect(self._rewritten)
        self._view.remove_wanted.connect(self._remove)
        self._view.left.connect(self._go_to_input)
        self._view.typed.connect(self._type_on)
        self._browse.clicked.connect(self.browse)
        self.finish(hint=localized(spec.help))

    # --- what the form asks

    def focus_target(self) -> QWidget:
        """Return the line edit."""
        return self._input

    def values(self) -> dict[str, object]:
        """Return the codes in the order they were added; what stands typed in the field and parses counts too."""
        typed = self._parse().regions
        return {self.specs[0].id: tuple(dict.fromkeys([*self._chips.codes, *(region.code for region in typed)]))}

    def set_values(self, values: dict[str, object]) -> None:
        """Show these codes and nothing else."""
        given = values.get(self.specs[0].id, ())
        codes = tuple(str(code) for code in given) if isinstance(given, Iterable) else ()
        before = self._state()
        self._waiting = None
        self._input.put("")
        self._chips.replace(codes)
        self._set_junk(_NOTHING)
        if codes:
            self.prepare()
        self._tell(before)

    def pending_problems(self) -> list[Problem]:
        """Return what keeps the regions from being sent: text that names none, and codes that are none."""
        problems = [unknown_code(code) for code in self._chips.unknown()]
        if self._index is not None:
            problems += problems_of(self._parse(), self._index)
        elif self._input.text().strip():
            problems.append(not_loaded())
        return problems

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Say ``problems`` at this field, and what is wrong with the text in it for as long as it stands there."""
        pending = self.pending_problems()
        if any(problem in pending for problem in problems):
            self._junk = self._parse()
        mine = self.specs[0].id
        self._given = [problem for problem in problems if problem.field == mine and problem not in pending]
        self._show()

    def prepare(self) -> None:
        """Ask for the index, once."""
        if not self._asked:
            self._asked = True
            self._load(self._receive)

    def commit(self) -> None:
        """Turn what stands typed in the field into chips, as if the field was left."""
        if self._input.text().strip():
            self._take(Taking.LEFT)

    def browse(self) -> None:
        """Open the list of all regions; when the index is not there yet, as soon as it is."""
        if self._index is None:
            self._browse_wanted = True
            self.prepare()
            return
        self._browse_wanted = False
        from meld_desktop.ui.form.region_browser import RegionBrowser

        browser = RegionBrowser(self._index, self._chips.codes, self.window())
        browser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        browser.chosen.connect(self._use)
        browser.open()

    # --- the index

    def _receive(self, index: RegionIndex) -> None:
        if not shiboken6.isValid(self):
            return  # the window was closed in the meantime
        self._index = index
        self._chips.set_index(index)
        self._input.set_index(index)
        waiting, self._waiting = self._waiting, None
        if waiting is Taking.LEFT and self._input.hasFocus():
            waiting = Taking.SEPARATOR  # whoever left has come back, and may be in the middle of a name
        if waiting is not None and self._input.text().strip():
            self._take(waiting)
        self._show()
        if self._browse_wanted:
            self.browse()

    def _rewritten(self, text: str) -> None:
        if self._waiting is not None:
            self._waiting = Taking.SEPARATOR  # whoever types on may be in the middle of a name
        self._forgive(text)

    def _parse(self) -> Parsed:
        text = self._input.text()
        return self._index.parse(text) if self._index is not None and text.strip() else _NOTHING

    # --- what the person does

    def _take(self, taking: Taking) -> None:
        index, text = self._index, self._input.text()
        if index is None:
            self._waiting = taking
            self.prepare()
            return
        if taking is Taking.SEPARATOR and self._may_go_on(text, index):
            return
        before = self._state()
        # After a separator one types on: what stands behind it is not finished, and must not run into the rest.
        ready, begun = _split_at_last_separator(text) if taking is Taking.SEPARATOR else (text, "")
        parsed = index.parse(ready)
        rest = ", ".join(parsed.unknown)
        self._input.put(f"{rest}, {begun}" if rest and taking is Taking.SEPARATOR else rest or begun)
        self._set_junk(Parsed((), parsed.unknown, parsed.ambiguous))
        self._add([region.code for region in parsed.regions])
        self._tell(before)

    def _may_go_on(self, text: str, index: RegionIndex) -> bool:
        """Say whether a comma just typed may belong to a name ("Congo, The Democratic Republic of the")."""
        start, comma, rest = text.rstrip().rpartition(",")
        if not comma or rest:
            return False
        head = start.strip().casefold() + ","
        return any(
            name.casefold().startswith(head) for region in index.search(start, 20) for name in index.names_of(region)
        )

    def _pick(self, code: str) -> None:
        before = self._state()
        self._forgive(self._input.text())
        self._add([code])
        self._tell(before)

    def _use(self, codes: tuple[str, ...]) -> None:
        before = self._state()
        if codes != self._chips.codes:
            self._chips.replace(codes)
            self._show()
            self._announce(self.tr("Regions: {names}").format(names=self._names(codes) or self.tr("none")))
        self._tell(before)

    def _add(self, codes: Sequence[str]) -> None:
        new = self._chips.add(codes)
        if new:
            self._announce(self.tr("Added: {names}").format(names=self._names(new)))
        elif codes:
            row = self._chips.codes.index(codes[0])
            self._view.flash(row)
            self._announce(self.tr("Already there: {names}").format(names=self._names(codes)))

    def _remove(self, row: int) -> None:
        before = self._state()
        name = self._chips.name(row)
        was_here = self._view.hasFocus()
        self._chips.removeRows(row, 1)
        if self._chips.codes and was_here:
            self._view.setCurrentIndex(self._chips.index(min(row, len(self._chips.codes) - 1)))
        else:
            self._input.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show()
        self._announce(self.tr("Removed: {names}").format(names=name))
        self._tell(before)

    def _go_to_chips(self) -> None:
        if self._chips.codes:
            self._view.setCurrentIndex(self._chips.index(len(self._chips.codes) - 1))
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_to_input(self) -> None:
        self._input.setFocus(Qt.FocusReason.OtherFocusReason)

    def _type_on(self, text: str) -> None:
        self._go_to_input()
        self._input.insert(text)

    # --- what is said

    def _forgive(self, text: str) -> None:
        """Stop complaining of pieces that are no longer in the field."""
        if not self._junk.unknown:
            return
        before = self._state()
        pieces = {piece.strip() for piece in text.replace(";", ",").split(",")}
        kept = tuple(piece for piece in self._junk.unknown if piece in pieces)
        if kept != self._junk.unknown:
            self._set_junk(Parsed((), kept, self._junk.ambiguous))
            self._tell(before)

    def _set_junk(self, junk: Parsed) -> None:
        news = junk.unknown != self._junk.unknown
        self._junk = junk
        self._show()
        if news and junk.unknown and self._index is not None:
            self._announce(" ".join(localized(problem.text) for problem in problems_of(junk, self._index)))

    def _show(self) -> None:
        own = [unknown_code(code) for code in self._chips.unknown()]
        if self._index is not None:
            own += problems_of(self._junk, self._index)
        shown = [*self._given, *own]
        super().show_problems(shown)
        severe = any(problem.severity is Severity.ERROR for problem in shown)
        self._frame.set_tone("error" if severe else "warning" if shown else "")

    def _state(self) -> tuple[object, ...]:
        return self._chips.codes, self._junk.unknown

    def _tell(self, before: tuple[object, ...]) -> None:
        if self._state() != before:
            self.changed.emit()

    def _names(self, codes: Iterable[str]) -> str:
        regions = [(code, self._index.get(code) if self._index else None) for code in codes]
        return ", ".join(short_name(region) if region else code for code, region in regions)

    def _announce(self, text: str) -> None:
        """Let a screen reader say ``text``; the focus stays where it is."""
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._input, text))


def _split_at_last_separator(text: str) -> tuple[str, str]:
    at = max(text.rfind(","), text.rfind(";")) + 1
    return text[:at], text[at:].lstrip()
