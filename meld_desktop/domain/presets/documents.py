"""A preset as JSON, for its file and for handing on. The request stands in it under Meld's own names.

::

    {"format": "meld-desktop-preset", "version": 1, "name": "Canada",
     "request": {"products": ["BALANCES", "TRANSACTIONS"], "regions": ["CA"]}}

A field that is not set is left out. Anything the schema does not name is refused by name, so that neither a customer
nor a key can travel in a preset.
"""

import json
from collections.abc import Iterable

from meld_desktop.domain.fields import FIELDS, FieldSpec, Kind
from meld_desktop.domain.presets.preset import HELD, LONGEST_NAME, Preset, PresetError, preset_from
from meld_desktop.domain.products import Product
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text

FORMAT = "meld-desktop-preset"
VERSION = 1
LARGEST = 64 * 1024
"""The most bytes a preset's file may have."""

_MEMBERS = ("format", "version", "name", "request")


def to_json(preset: Preset) -> bytes:
    """Return the file of ``preset``. Raises PresetError when it would be too large to be read again."""
    document = {"format": FORMAT, "version": VERSION, "name": preset.name, "request": preset.request.body()}
    content = json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"
    if len(content) > LARGEST:
        raise _too_large()
    return content


def from_json(content: bytes) -> Preset:
    """Return the preset in ``content``. Raises PresetError, which names what cannot be used."""
    if len(content) > LARGEST:
        raise _too_large()
    document = _object(_decoded(content), "")
    if document.get("format") != FORMAT:
        raise PresetError(Text(QT_TRANSLATE_NOOP("domain", "This is not a preset of Meld Desktop.")))
    version = document.get("version")
    if type(version) is not int or version != VERSION:
        text = QT_TRANSLATE_NOOP(
            "domain",
            "The preset was written in version {version}; this program reads version {known}. "
            "Update Meld Desktop, or export the preset again.",
        )
        raise PresetError(Text(text, version=_shown(version), known=VERSION))
    _refuse_unknown(document, _MEMBERS, "")
    name = document.get("name")
    if not isinstance(name, str):
        raise PresetError(Text(QT_TRANSLATE_NOOP("domain", "The preset has no name.")))
    if "request" not in document:
        raise PresetError(Text(QT_TRANSLATE_NOOP("domain", "The preset holds no request.")))
    return preset_from(name, _values(document["request"]))


def schema() -> dict[str, object]:
    """Return the JSON Schema (2020-12) of a preset, made from the table of fields."""
    request = _closed({})
    for spec in HELD:
        *parents, name = spec.wire
        place = request
        for parent in parents:
            place = _properties(place).setdefault(parent, _closed({}))  # type: ignore[assignment]
        _properties(place)[name] = _type(spec)
    document = _closed(
        {
            "format": {"const": FORMAT},
            "version": {"const": VERSION},
            "name": {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME},
            "request": request,
        }
    )
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **document, "required": list(_MEMBERS)}


def _closed(properties: dict[str, object]) -> dict[str, object]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _properties(place: dict[str, object]) -> dict[str, object]:
    properties = place["properties"]
    assert isinstance(properties, dict)  # noqa: S101 - narrows the type; _closed made it
    return properties


def _type(spec: FieldSpec) -> dict[str, object]:
    if spec.kind is Kind.PRODUCTS:
        return {"type": "array", "items": {"enum": [product.value for product in Product]}}
    if spec.kind is Kind.REGIONS:
        return {"type": "array", "items": {"type": "string"}}
    if spec.kind in {Kind.FLAG, Kind.TRISTATE}:
        return {"type": "boolean"}
    if spec.kind is Kind.CHOICE:
        return {"enum": ["", *dict(spec.choices)]}
    return {"type": "string"}


def _decoded(content: bytes) -> object:
    def members(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            raise _Twice(next(name for name in names if names.count(name) > 1))
        return found

    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=members)
    except _Twice as error:
        text = QT_TRANSLATE_NOOP("domain", "“{name}” stands in the preset twice. Take one of them out.")
        raise PresetError(Text(text, name=_shown(error.name))) from None
    except json.JSONDecodeError as error:
        text = QT_TRANSLATE_NOOP("domain", "The preset is broken at line {line}, column {column}. Export it again.")
        raise PresetError(Text(text, line=error.lineno, column=error.colno)) from None
    except (ValueError, RecursionError):
        raise PresetError(Text(QT_TRANSLATE_NOOP("domain", "The preset is broken. Export it again."))) from None


class _Twice(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def _values(request: object) -> dict[str, object]:
    """Return the values of the wire object ``request`` by field id."""
    top = _object(request, "request")
    for spec in FIELDS:
        if not spec.in_preset and spec.wire[0] in top:
            text = QT_TRANSLATE_NOOP("domain", "A preset holds no “{name}”. Take it out of the file.")
            raise PresetError(Text(text, name=spec.wire_name))
    nests: dict[tuple[str, ...], dict[str, object]] = {(): top}
    for spec in HELD:
        parents = spec.wire[:-1]
        if parents and parents not in nests:
            nests[parents] = _object(top.get(parents[0], {}), parents[0])
    for parents, members in nests.items():
        depth = len(parents)
        known = [spec.wire[depth] for spec in HELD if spec.wire[:depth] == parents]
        _refuse_unknown(members, known, ".".join(parents))
    return {
        spec.id: _value(spec, nests[spec.wire[:-1]][spec.wire[-1]])
        for spec in HELD
        if spec.wire[-1] in nests[spec.wire[:-1]]
    }


def _value(spec: FieldSpec, value: object) -> object:
    if spec.kind in {Kind.FLAG, Kind.TRISTATE}:
        fits = isinstance(value, bool)
    elif spec.kind in {Kind.PRODUCTS, Kind.REGIONS}:
        fits = isinstance(value, list) and all(isinstance(each, str) for each in value)
    else:
        fits = isinstance(value, str)
    if not fits:
        text = QT_TRANSLATE_NOOP("domain", "“{name}” has a value of the wrong kind.")
        raise PresetError(Text(text, name=spec.wire_name))
    if not isinstance(value, list):
        return value
    return tuple(_product(spec, each) for each in value) if spec.kind is Kind.PRODUCTS else tuple(value)


def _product(spec: FieldSpec, word: str) -> Product:
    try:
        return Product(word)
    except ValueError:
        text = QT_TRANSLATE_NOOP("domain", "“{value}” in “{name}” is not a product. Use {known}.")
        values = {"value": _shown(word), "name": spec.wire_name, "known": ", ".join(Product)}
        raise PresetError(Text(text, **values)) from None


def _object(value: object, name: str) -> dict[str, object]:
    if isinstance(value, dict):
        return value
    if not name:
        raise PresetError(Text(QT_TRANSLATE_NOOP("domain", "This is not a preset of Meld Desktop.")))
    text = QT_TRANSLATE_NOOP("domain", "“{name}” has a value of the wrong kind.")
    raise PresetError(Text(text, name=name))


def _refuse_unknown(members: dict[str, object], known: Iterable[str], inside: str) -> None:
    names = set(known)
    for name in members:
        if name not in names:
            text = QT_TRANSLATE_NOOP("domain", "This program does not know “{name}” in a preset. Take it out.")
            raise PresetError(Text(text, name=_shown(f"{inside}.{name}" if inside else name)))


def _shown(value: object) -> str:
    """Return something read from a file in a form that can be shown: short, and on one line."""
    text = str(value) if isinstance(value, str | int) else "?"
    text = "".join(character if character.isprintable() else "?" for character in text[:60])
    return text or "?"


def _too_large() -> PresetError:
    text = QT_TRANSLATE_NOOP("domain", "The preset is larger than {size} KiB. Shorten its texts.")
    return PresetError(Text(text, size=LARGEST // 1024))
