"""Makes what comes from outside fit for a timeline: short, plain, and free of the link's own secrets."""

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType

from meld_desktop.domain.redaction import MASK, Redactor
from meld_desktop.domain.text import Text

TEXT_LIMIT = 500
URL_LIMIT = 2_000
DATA_LIMIT = 4_000
"""How many characters the facts of one entry may have in all."""

_DEPTH = 6
_ITEMS = 100
_WIDENED = 6
"""How many characters at most stand for one of a secret in the encodings that occur."""
_PLAIN = Redactor()


class Cleaner:
    """Cleans texts and facts of one link. Immutable.

    The pattern of a connect token takes long to compile, so that waits for a text that is long enough to hold one.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = tuple(secret for secret in secrets if secret)
        self._shortest = min(map(len, self._secrets), default=0)
        self._overlap = _WIDENED * max(map(len, self._secrets), default=0)

    @cached_property
    def _redactor(self) -> Redactor:
        return Redactor(self._secrets)

    def text(self, text: str, limit: int = TEXT_LIMIT) -> str:
        """Return ``text`` without secrets and at most ``limit`` characters long, at a cost bounded by that."""
        head = text[: limit + self._overlap]
        for secret in self._secrets:
            head = head.replace(secret, MASK)
        if self._secrets and len(head) >= self._shortest:
            head = self._redactor.known(head)
        clean = _PLAIN(head) if _may_hold_a_token(head) else head
        if limit + self._overlap < len(text):
            # What was cut off may have been a secret's end: its beginning goes too.
            clean = clean[: max(0, len(clean) - self._overlap)] + "…"
        return clean if len(clean) <= limit else clean[: limit - 1] + "…"

    def sentence(self, sentence: Text) -> Text:
        """Return ``sentence`` with its values cleaned."""
        values = {name: self._value(value) for name, value in sentence.values.items()}
        return Text(self.text(sentence.source, 2 * TEXT_LIMIT), **values)

    def data(self, data: Mapping[str, object]) -> Mapping[str, object]:
        """Return ``data`` as plain JSON of limited size; what does not fit is named ``…``."""
        return MappingProxyType(_Budget(self, DATA_LIMIT).mapping(data, _DEPTH))

    def _value(self, value: object) -> object:
        if isinstance(value, Text):
            return self.sentence(value)
        return value if isinstance(value, int | float) else self.text(str(value))


def _may_hold_a_token(text: str) -> bool:
    """Say whether a redactor without secrets could find anything: without these words its patterns never match."""
    low = text.lower()
    return "eyj" in low or "token" in low or "authorization" in low


class _Budget:
    """Counts characters while a value is copied."""

    def __init__(self, cleaner: Cleaner, characters: int) -> None:
        self._cleaner = cleaner
        self._left = characters

    def mapping(self, value: Mapping[str, object], depth: int) -> dict[str, object]:
        plain: dict[str, object] = {}
        for name, item in value.items():
            if self._left <= 0 or len(plain) >= _ITEMS:
                plain["…"] = len(value) - len(plain)
                break
            key = self._text(str(name))
            plain[key] = self._plain(item, depth - 1)
        return plain

    def _sequence(self, value: Sequence[object], depth: int) -> list[object]:
        plain: list[object] = []
        for item in value:
            if self._left <= 0 or len(plain) >= _ITEMS:
                plain.append("…")
                break
            plain.append(self._plain(item, depth - 1))
        return plain

    def _plain(self, value: object, depth: int) -> object:
        self._left -= 4
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int):
            return value if abs(value) < 2**63 else "…"
        if isinstance(value, float):
            return value if math.isfinite(value) else str(value)
        if isinstance(value, str):
            return self._text(value)
        if depth <= 0:
            return "…"
        if isinstance(value, Mapping):
            return self.mapping(value, depth)
        if isinstance(value, list | tuple):
            return self._sequence(value, depth)
        return self._text(str(value))

    def _text(self, text: str) -> str:
        clean = self._cleaner.text(text, max(1, min(TEXT_LIMIT, self._left)))
        self._left -= len(clean)
        return clean
