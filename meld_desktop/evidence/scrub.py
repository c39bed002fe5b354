"""Takes what is secret or personal out of everything that goes into a pack, and counts it by kind."""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum

from meld_desktop.domain.addresses import masked
from meld_desktop.domain.redaction import MASK, Redactor
from meld_desktop.domain.text import Text
from meld_desktop.evidence import patterns

_DEEPEST = 40
_LONGEST = 2 * 1024 * 1024
"""No text that the program keeps is longer; what is, is no evidence for people."""

_LONGEST_WORD = 12

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\uffff]"
)
"""Characters that hide or turn round what stands beside them."""
_TIMES = frozenset({"iat", "exp", "nbf", "timestamp", "issued", "expires", "authtime", "issuedat", "expiresat"})
_SIZES = frozenset(
    {"count", "line", "column", "port", "status", "width", "height", "seconds", "milliseconds", "bytes", "size"}
)
_HIGHEST_SIZE = 1_000_000
_HIGHEST_NUMBER = 10**15
_EPOCHS = ((1_400_000_000, 2_300_000_000), (1_400_000_000_000, 2_300_000_000_000))
_NUMERIC_HEADERS = frozenset({"content-length", "age", "retry-after", "keep-alive"})
_SECRET_HEADERS = re.compile(r"cookie|authorization|api-?key|token|secret|csrf|xsrf|signature", re.IGNORECASE)


class Masked(StrEnum):
    """What sort of thing was masked."""

    SECRET = "secret"  # noqa: S105 - a kind, not a secret
    EMAIL = "email"
    NUMBER = "number"
    FIELD = "field"
    HEADER = "header"
    ADDRESS = "address"
    ENCODED = "encoded"


MEANINGS: Mapping[Masked, str] = {
    Masked.SECRET: "API keys, connect tokens and whatever else the program knew to be secret, in any encoding",
    Masked.EMAIL: "e-mail addresses",
    Masked.NUMBER: "numbers of five or more digits that are no time, port, duration or id of this link",
    Masked.FIELD: "values under names such as password, code, state, token, accountNumber or lastName",
    Masked.HEADER: "Cookie, Set-Cookie and Authorization headers and the like",
    Masked.ADDRESS: "values in the query of an address, its fragment, names and passwords in it, parts of its path",
    Masked.ENCODED: "words that hold one of these in base64, hexadecimal or another encoding",
}


class Scrubber:
    """Cleans texts, addresses and JSON for one pack. ``counts`` says how often each kind was met. One thread at a time.

    ``redact`` knows the secrets; ``keep`` are the link's own ids, which stay readable unless they are themselves an
    e-mail address or the number of a card or account.
    """

    def __init__(self, redact: Redactor, keep: Iterable[str] = ()) -> None:
        self.counts: Counter[Masked] = Counter()
        self._redact = redact
        kept = {word for word in keep if word and not patterns.EMAIL.search(word) and not patterns.is_bank_number(word)}
        self._harmless = patterns.harmless_pattern([word for word in kept if patterns.NUMBER.search(word)])

    def text(self, text: str) -> str:
        """Return a text that anyone may have written, without what is secret or personal in it."""
        text = self._secrets(text)
        cleaned, end = "", 0
        for found in patterns.ADDRESS.finditer(text):
            cleaned += self._labelled(text[end : found.start()]) + self._address(found[0])
            end = found.end()
        text = cleaned + self._labelled(text[end:])
        return self._shapes(text)

    def trusted(self, text: str) -> str:
        """Return a text of our own, such as a version, without secrets; its numbers stay."""
        return self._sub(patterns.EMAIL, Masked.EMAIL, self._secrets(text))

    def sentence(self, sentence: Text) -> str:
        """Return a sentence in English. Its own words are ours; what fills its gaps may be anyone's."""
        if not sentence:
            return ""
        filled = {
            name: self.sentence(value) if isinstance(value, Text) else self._gap(value)
            for name, value in sentence.values.items()
        }
        return self._shapes(self._secrets(str(Text(sentence.source, **filled))))

    def url(self, url: str) -> str:
        """Return an address with scheme, host, port, path and the names in its query."""
        return self._shapes(self._address(self._secrets(url)))

    def header(self, name: str, value: str) -> str:
        """Return the value of an HTTP header."""
        if _SECRET_HEADERS.search(name):
            if re.fullmatch(rf"(?:[A-Za-z]+ )?{MASK}", value):  # masked where it was sent
                return value
            self.counts[Masked.HEADER] += 1
            return MASK
        if name.lower() in _NUMERIC_HEADERS and value.isascii() and value.isdigit():
            return value
        return self.text(value)

    def body(self, text: str) -> str:
        """Return the body of a message: as JSON where it is JSON, else as text."""
        parsed = _parsed(text)
        return self.text(text) if parsed is None else json.dumps(self.value(parsed), ensure_ascii=False)

    def value(self, value: object, name: str = "", depth: int = 0) -> object:
        """Return plain JSON without what is secret or personal; ``name`` is what it is called where it comes from."""
        if value is None or isinstance(value, bool) or value == "":
            return value
        if depth > _DEEPEST:
            return MASK
        if name and value != MASK and patterns.is_sensitive_name(name, value):
            self.counts[Masked.FIELD] += 1
            return MASK
        if isinstance(value, Mapping):
            return self._object(value, depth)
        if isinstance(value, list | tuple | set | frozenset):
            listed = value if isinstance(value, list | tuple) else sorted(value, key=str)
            return [self.value(item, name, depth + 1) for item in listed]
        if isinstance(value, int | float):
            return self._number(value, name)
        return self.sentence(value) if isinstance(value, Text) else self._string(str(value), name, depth)

    def is_masked(self, text: str) -> bool:
        """Say whether ``text`` would not stay as it is. Counts nothing."""
        return self._shows(text)

    def _object(self, value: Mapping[object, object], depth: int) -> dict[str, object]:
        cleaned: dict[str, object] = {}
        for key, held in value.items():
            shown = self.text(str(key))
            unique, again = shown, 1
            while unique in cleaned:
                again += 1
                unique = f"{shown} ({again})"
            cleaned[unique] = self.value(held, str(key), depth + 1)
        return cleaned

    def _string(self, text: str, name: str, depth: int) -> str:
        if name.lower().endswith(("color", "colour")) and re.fullmatch(r"#?[0-9A-Fa-f]{3,8}", text):
            return text
        if patterns.ADDRESS.fullmatch(text):
            return self.url(text)
        parsed = _parsed(text)
        if isinstance(parsed, dict | list):
            return json.dumps(self.value(parsed, name, depth + 1), ensure_ascii=False)
        return self.text(text)

    def _number(self, value: float, name: str) -> object:
        is_whole = isinstance(value, int)
        if not is_whole and not math.isfinite(value):
            return str(value)
        plain = "".join(character for character in name.lower() if character.isalnum())
        if plain in _TIMES and any(low <= value <= high for low, high in _EPOCHS):
            return value
        if abs(value) < 10_000 or (plain.endswith(tuple(_SIZES)) and abs(value) < _HIGHEST_SIZE):
            # Many places after the point may hold a number as well as many before it.
            return value if is_whole else round(value, 3)
        self.counts[Masked.NUMBER] += 1
        return MASK

    def _gap(self, value: object) -> object:
        # A number stays one, because the sentence may say how it is written; one of this size cannot be written at all.
        return value if isinstance(value, int | float) and abs(value) < _HIGHEST_NUMBER else self.value(value)

    def _secrets(self, text: str) -> str:
        text = text[:_LONGEST].encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair cannot be written
        text = _INVISIBLE.sub("", text)
        cleaned = self._redact(text)
        if cleaned != text:
            self.counts[Masked.SECRET] += max(1, cleaned.count(MASK) - text.count(MASK))
        return cleaned

    def _labelled(self, text: str) -> str:
        text = patterns.HEADER.sub(lambda found: self._after_label(found, Masked.HEADER), text)
        text = patterns.LABELLED.sub(lambda found: self._after_label(found, Masked.FIELD), text)
        return patterns.PARAMETER.sub(lambda found: self._after_label(found, Masked.ADDRESS), text)

    def _shapes(self, text: str) -> str:
        text = patterns.OPAQUE.sub(self._opaque, text)
        text = self._sub(patterns.EMAIL, Masked.EMAIL, text)
        text = self._sub(patterns.IBAN, Masked.NUMBER, text)
        text = self._numbers(text)
        return self._undisguised(text)

    def _numbers(self, text: str) -> str:
        """Mask long numbers, but for those between the harmless shapes."""
        cleaned, end = "", 0
        for harmless in self._harmless.finditer(text):
            cleaned += self._sub(patterns.NUMBER, Masked.NUMBER, text[end : harmless.start()]) + harmless[0]
            end = harmless.end()
        return cleaned + self._sub(patterns.NUMBER, Masked.NUMBER, text[end:])

    def _sub(self, pattern: re.Pattern[str], kind: Masked, text: str) -> str:
        cleaned, times = pattern.subn(MASK, text)
        self.counts[kind] += times
        return cleaned

    def _address(self, url: str) -> str:
        cleaned = masked(url)
        has_name = "@" in url.partition("://")[2].partition("/")[0]
        self.counts[Masked.ADDRESS] += max(0, cleaned.count(MASK) - url.count(MASK)) + has_name
        head, mark, query = cleaned.partition("?")
        start, slashes, rest = head.partition("://")
        host, slash, path = rest.partition("/")
        return f"{start}{slashes}{host}{slash}{self._labelled(path)}{mark}{query}"

    def _after_label(self, found: re.Match[str], kind: Masked) -> str:
        if not _tells_secret(found):
            return found[0]
        self.counts[kind] += 1
        return found[1] + found[2][: len(found[2]) - len(found[2].lstrip("\\\"'"))] + MASK

    def _opaque(self, found: re.Match[str]) -> str:
        if self._harmless.fullmatch(found[0]) or not any(self._tells(text) for text in patterns.decoded(found[0])):
            return found[0]
        self.counts[Masked.ENCODED] += 1
        return MASK

    def _tells(self, decoded: str) -> bool:
        """Say whether decoded bytes, which may as well be chance, hold something to mask."""
        return bool(
            re.search(r"\d{5}", decoded, re.ASCII)
            or patterns.EMAIL_WITHIN.search(decoded)
            or _has_label(decoded)
            or self._redact.known(decoded) != decoded
        )

    def _undisguised(self, text: str) -> str:
        """Mask the words that show something once percent encoding and the escapes of JSON and HTML are undone."""
        if not self._shows(text):
            return text
        words = re.split(r"([\s\"<>]+)", text)
        shown = [self._shows(word) for word in words]
        cleaned = "".join(MASK if bad else word for word, bad in zip(words, shown, strict=True))
        self.counts[Masked.ENCODED] += max(1, sum(shown))
        return cleaned if not self._shows(cleaned) else MASK

    def _shows(self, text: str) -> bool:
        plain = patterns.unwrapped(text)
        between = self._harmless.sub("\n", plain)
        return bool(
            patterns.EMAIL.search(plain)
            or patterns.NUMBER.search(between)
            or patterns.IBAN.search(plain)
            or self._redact(plain) != plain
            or (plain != text and _has_label(plain))
        )


def _has_label(text: str) -> bool:
    return any(
        _tells_secret(found)
        for pattern in (patterns.HEADER, patterns.LABELLED, patterns.PARAMETER)
        for found in pattern.finditer(text)
    )


def _tells_secret(found: re.Match[str]) -> bool:
    """Say whether what follows a label is a secret: not masked yet, and no error's code."""
    value = found[2].strip("\\\"'. ")
    if value in {MASK, ""}:
        return False
    if found.re is not patterns.LABELLED:
        return True
    if value.isalpha() and len(value) <= _LONGEST_WORD and patterns.PROSE.fullmatch(found[1]):
        return False
    return "code" not in found[1].lower() or not patterns.HARMLESS_VALUE.fullmatch(value)


def _parsed(text: str) -> object:
    """Return what ``text`` says as JSON, None when it is not JSON of a size and depth that can be looked through."""
    if not text.lstrip().startswith(("{", "[")) or len(text) > _LONGEST:
        return None
    try:
        parsed: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return parsed
