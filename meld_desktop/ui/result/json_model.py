"""JSON as a tree: rows are made when someone looks at them, and long lists come in bundles of a thousand."""

import json
import re
from enum import Enum, auto
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from meld_desktop.ui.strings import tool_tip
from meld_desktop.ui.theme.theme import Theme

_Index = QModelIndex | QPersistentModelIndex
NAME, VALUE = range(2)
_BUNDLE = 1000
_LONGEST_SHOWN = 500
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*", re.ASCII)


class Members(list[tuple[str, Any]]):
    """A JSON object as its pairs in order: names that come twice stay two."""


class Number(str):
    """A JSON number exactly as it was written."""

    __slots__ = ()


class Bundle:
    """Some neighbours in a list or object that is too long to show as one."""

    __slots__ = ("start", "stop", "whole")

    def __init__(self, whole: "list[Any]", start: int, stop: int) -> None:
        self.whole, self.start, self.stop = whole, start, stop


class Sort(Enum):
    """What sort of value a row has; its colour goes by it."""

    TEXT = auto()
    NUMBER = auto()
    WORD = auto()
    HOLDER = auto()


def parse(text: str) -> Any:
    """Return ``text`` as nested lists, ``Members`` and plain values. Raises ValueError and RecursionError."""
    return json.loads(text, object_pairs_hook=Members, parse_int=Number, parse_float=Number, parse_constant=Number)


def written(value: object) -> str:
    """Return ``value`` (of ``parse``) as JSON, indented by two; depth costs no stack."""
    parts: list[str] = []
    rest: list[tuple[str, object, int]] = [("", value, 0)]
    while rest:
        lead, at, depth = rest.pop()
        parts.append(lead)
        if at is _NOTHING:
            continue
        if not isinstance(at, list):
            parts.append(at if isinstance(at, Number) else json.dumps(at, ensure_ascii=False))
            continue
        opening, closing = "{}" if isinstance(at, Members) else "[]"
        parts.append(opening)
        inside = "\n" + "  " * (depth + 1)
        rest.append(("\n" + "  " * depth + closing if at else closing, _NOTHING, depth))
        for place in reversed(range(len(at))):
            comma = "," if place else ""
            if isinstance(at, Members):
                name, member = at[place]
                rest.append((f"{comma}{inside}{json.dumps(name, ensure_ascii=False)}: ", member, depth + 1))
            else:
                rest.append((comma + inside, at[place], depth + 1))
    return "".join(parts)


_NOTHING = object()


class _Node:
    __slots__ = ("children", "name", "parent", "row", "value")

    def __init__(self, parent: int, row: int, name: "str | int | Bundle", value: Any) -> None:
        self.parent, self.row, self.name, self.value = parent, row, name, value
        self.children: range | None = None


class JsonTreeModel(QAbstractItemModel):
    """One JSON value. Lives on the main thread. The invisible root holds the members of the value itself."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._nodes = [_Node(0, 0, "", Members())]

    def set_value(self, value: Any) -> None:
        """Show ``value``, as ``parse`` returned it."""
        self.beginResetModel()
        whole = value if isinstance(value, list) else [value]
        self._nodes = [_Node(0, 0, "", whole)]
        self.endResetModel()

    # --- what a row is

    def text_of(self, index: _Index) -> str:
        """Return the value of a row to copy: a text without its quotes, anything else as JSON."""
        value = self._node(index).value
        if isinstance(value, Bundle):
            part = value.whole[value.start : value.stop]
            return written(Members(part) if isinstance(value.whole, Members) else part)
        return value if isinstance(value, str) else written(value)

    def path_of(self, index: _Index) -> str:
        """Return where a row stands, as a JSONPath (RFC 9535) from ``$``."""
        steps = []
        node = self._node(index)
        while node is not self._nodes[0]:
            if isinstance(node.name, int):
                steps.append(f"[{node.name}]")
            elif isinstance(node.name, str):
                plain = _IDENTIFIER.fullmatch(node.name)
                steps.append(f".{node.name}" if plain else f"[{json.dumps(node.name, ensure_ascii=False)}]")
            node = self._nodes[node.parent]
        return "$" + "".join(reversed(steps))

    def sort_of(self, index: _Index) -> Sort:
        """Return what sort of value a row has."""
        value = self._node(index).value
        if isinstance(value, list | Bundle):
            return Sort.HOLDER
        if isinstance(value, Number):
            return Sort.NUMBER
        return Sort.TEXT if isinstance(value, str) else Sort.WORD

    def _node(self, index: _Index | None) -> _Node:
        return self._nodes[index.internalId()] if index is not None and index.isValid() else self._nodes[0]

    def _children(self, number: int) -> range:
        node = self._nodes[number]
        if node.children is None:
            first = len(self._nodes)
            self._nodes += _rows_of(number, node.value)
            node.children = range(first, len(self._nodes))
        return node.children

    # --- Qt's side

    def index(self, row: int, column: int, parent: _Index | None = None) -> QModelIndex:
        """Return the place of a cell; its id is the number of the row's node."""
        number = parent.internalId() if parent is not None and parent.isValid() else 0
        children = self._children(number)
        if not (0 <= row < len(children) and column in {NAME, VALUE}):
            return QModelIndex()
        return self.createIndex(row, column, children[row])

    def parent(self, child: _Index | None = None) -> Any:
        """Return the row that holds ``child``."""
        if child is None:
            return super().parent()
        if not child.isValid():
            return QModelIndex()
        number = self._node(child).parent
        return self.createIndex(self._nodes[number].row, NAME, number) if number else QModelIndex()

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return how many rows are under ``parent``."""
        if parent is not None and parent.isValid() and parent.column() != NAME:
            return 0
        return len(self._children(parent.internalId() if parent is not None and parent.isValid() else 0))

    def hasChildren(self, parent: _Index | None = None) -> bool:  # noqa: N802 - Qt's name
        """Say whether there is something to unfold, without making it."""
        value = self._node(parent).value
        return isinstance(value, Bundle) or (isinstance(value, list) and bool(value))

    def columnCount(self, parent: _Index | None = None) -> int:
        """Return two: names and values."""
        del parent
        return 2

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Name the columns."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("Name"), self.tr("Value"))[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the words and the colour of a cell."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._name(self._node(index)) if index.column() == NAME else self._shown(self._node(index).value)
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == VALUE and self.sort_of(index) is Sort.TEXT:
            return tool_tip(self._shown(self._node(index).value))
        if role == Qt.ItemDataRole.ForegroundRole:
            tokens = self._theme.tokens
            if index.column() == NAME:
                return QColor(tokens.accent)
            colours = {Sort.NUMBER: tokens.warning, Sort.WORD: tokens.info, Sort.HOLDER: tokens.soft}
            return QColor(colours.get(self.sort_of(index), tokens.text))
        return None

    def _name(self, node: _Node) -> str:
        if isinstance(node.name, Bundle):
            return f"{node.name.start} – {node.name.stop - 1}"
        name = str(node.name)
        return name if len(name) <= _LONGEST_SHOWN else name[:_LONGEST_SHOWN] + "…"

    def _shown(self, value: Any) -> str:
        if isinstance(value, Members):
            return self.tr("Fields: {count}").format(count=len(value)) if value else "{}"
        if isinstance(value, list):
            return self.tr("Items: {count}").format(count=len(value)) if value else "[]"
        if isinstance(value, Bundle):
            return ""
        if isinstance(value, Number):
            return value[:_LONGEST_SHOWN]
        if isinstance(value, str) and len(value) > _LONGEST_SHOWN:
            return json.dumps(value[:_LONGEST_SHOWN], ensure_ascii=False)[:-1] + "…"
        return json.dumps(value, ensure_ascii=False)


def _rows_of(number: int, value: Any) -> "list[_Node]":
    """Return the rows under node ``number``: its members, or bundles of them."""
    whole, start, stop = (value.whole, value.start, value.stop) if isinstance(value, Bundle) else (value, 0, 0)
    if not isinstance(whole, list):
        return []
    stop = stop or len(whole)
    if stop - start > _BUNDLE:
        step = _BUNDLE
        while (stop - start) / step > _BUNDLE:
            step *= _BUNDLE
        bundles = [Bundle(whole, at, min(at + step, stop)) for at in range(start, stop, step)]
        return [_Node(number, row, bundle, bundle) for row, bundle in enumerate(bundles)]
    if isinstance(whole, Members):
        return [_Node(number, row, name, member) for row, (name, member) in enumerate(whole[start:stop])]
    return [_Node(number, row, start + row, member) for row, member in enumerate(whole[start:stop])]
