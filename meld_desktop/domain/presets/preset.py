"""A preset as a plain value: a name, and a request that belongs to nobody."""

from dataclasses import dataclass, replace
from typing import Any

from meld_desktop.domain.fields import FIELDS, FieldSpec, Kind
from meld_desktop.domain.redaction import Redactor
from meld_desktop.domain.request import ConnectStartRequest, request_from
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text

LONGEST_NAME = 80
HELD: tuple[FieldSpec, ...] = tuple(spec for spec in FIELDS if spec.in_preset)
"""The fields a preset may hold."""

_masked = Redactor()


class PresetError(ValueError):
    """A preset that cannot be used, read or kept; ``text`` says why in plain words."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


@dataclass(frozen=True, slots=True)
class Preset:
    """What to ask for, under a name.

    Whatever a preset must not hold, the customer above all, is left behind when one is made. Raises PresetError for a
    name that cannot be shown and for values that cannot be kept, a connect token among them.
    """

    name: str
    request: ConnectStartRequest

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", _checked_name(self.name))
        blank: dict[str, Any] = {spec.id: spec.default for spec in FIELDS if not spec.in_preset}
        object.__setattr__(self, "request", replace(self.request, **blank))
        for spec in HELD:
            _check_value(spec, getattr(self.request, spec.id))

    def request_for(self, customer: str) -> ConnectStartRequest:
        """Return the request of this preset for one customer: the same body as the one it was made from."""
        return replace(self.request, external_customer_id=customer)


def preset_from(name: str, values: dict[str, object]) -> Preset:
    """Return a preset of values by field id; fields not named keep their default. Raises PresetError."""
    return Preset(name, request_from(values))


def _checked_name(name: str) -> str:
    """Return ``name`` without outer blanks, or raise PresetError."""
    name = name.strip()
    if not name:
        raise PresetError(Text(QT_TRANSLATE_NOOP("domain", "Give the preset a name.")))
    if len(name) > LONGEST_NAME:
        text = QT_TRANSLATE_NOOP("domain", "The name is too long. Use at most {count} characters.")
        raise PresetError(Text(text, count=LONGEST_NAME))
    if not name.isprintable() or _masked(name) != name:
        text = QT_TRANSLATE_NOOP("domain", "Some characters of the name cannot be shown. Type a plain name.")
        raise PresetError(Text(text))
    return name


def _check_value(spec: FieldSpec, value: object) -> None:
    texts = value if isinstance(value, tuple) else (value,)
    for text in texts:
        if not isinstance(text, str):
            continue
        if any("\ud800" <= character <= "\udfff" for character in text):
            words = QT_TRANSLATE_NOOP("domain", "“{field}” has characters that cannot be kept. Type the text again.")
            raise PresetError(Text(words, field=spec.label))
        if _masked(text) != text:
            words = QT_TRANSLATE_NOOP(
                "domain", "“{field}” holds a link or a token, which opens a customer's link. Take it out first."
            )
            raise PresetError(Text(words, field=spec.label))
    if spec.kind is Kind.CHOICE and value and value not in dict(spec.choices):
        words = QT_TRANSLATE_NOOP("domain", "“{field}” is {value}, which is not one of {choices}.")
        raise PresetError(Text(words, field=spec.label, value=value, choices=", ".join(dict(spec.choices))))
