"""Message templates: plain text with gaps. Parsed once; filled as often as wanted.

The first line of an e-mail is ``Subject: …``; everything else, and all of an SMS or chat message, is the text. Gaps
are ``{link}``, ``{bank}``, ``{products}``, ``{expires}`` and ``{customer}``; ``{{`` and ``}}`` stand for plain braces.
A line with a gap for which nothing is known is left out, unless it also holds the link: then general words stand in.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from meld_desktop.domain.redaction import Redactor
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text

LARGEST = 16 * 1024
"""The most bytes a template may have."""


class Channel(StrEnum):
    """How a message travels; also the name of its template's file."""

    EMAIL = "email"
    SMS = "sms"
    CHAT = "chat"


CHANNEL_LABELS: dict[Channel, Text] = {
    Channel.EMAIL: Text(QT_TRANSLATE_NOOP("domain", "E-mail")),
    Channel.SMS: Text(QT_TRANSLATE_NOOP("domain", "SMS")),
    Channel.CHAT: Text(QT_TRANSLATE_NOOP("domain", "Chat")),
}


class Gap(StrEnum):
    """What can be filled in, by its name between braces."""

    LINK = "link"
    BANK = "bank"
    PRODUCTS = "products"
    EXPIRES = "expires"
    CUSTOMER = "customer"


class TemplateError(ValueError):
    """A template that cannot be used: ``line`` counts from 1, ``text`` says what is wrong there in plain words."""

    def __init__(self, line: int, text: Text) -> None:
        super().__init__(f"line {line}: {text}")
        self.line = line
        self.text = text


@dataclass(frozen=True, slots=True)
class Message:
    """A message ready to be sent. It holds the link, a secret: never written anywhere, nor shown by ``repr``."""

    channel: Channel
    subject: str = field(repr=False)
    body: str = field(repr=False)


Line = tuple[str | Gap, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed template. ``subject`` is empty but for an e-mail."""

    channel: Channel
    subject: Line
    body: tuple[Line, ...]

    def fill(self, values: Mapping[Gap, str], otherwise: Mapping[Gap, str]) -> Message:
        """Return the message with every gap filled; what is filled in is never itself read for gaps.

        ``otherwise`` has the general words for what is not known. Raises ValueError without a link.
        """
        known = {gap: _on_one_line(values.get(gap, "")) for gap in Gap}
        if not known[Gap.LINK]:
            raise ValueError("a message needs a link")
        always = {gap: known[gap] or otherwise.get(gap, "") for gap in Gap}
        subject = " ".join(_filled(self.subject, always).split())
        kept: list[str] = []
        dropped = False
        for line in self.body:
            if Gap.LINK not in line and any(not known[part] for part in line if isinstance(part, Gap)):
                dropped = True
                continue
            text = _filled(line, always)
            # Where a paragraph is gone, its blank line goes too.
            if not (dropped and not text and (not kept or not kept[-1])):
                kept.append(text)
            dropped = dropped and not text
        return Message(self.channel, subject, "\n".join(kept).strip("\n"))


def parse_template(text: str, channel: Channel) -> Template:
    """Return the template in ``text``. Raises TemplateError, which names the line."""
    lines = re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))
    if len(text.encode("utf-8", "replace")) > LARGEST:
        words = QT_TRANSLATE_NOOP("domain", "The template is longer than {size} KiB.")
        raise TemplateError(1, Text(words, size=LARGEST // 1024))
    parsed = [_line(line, number) for number, line in enumerate(lines, 1)]
    subject: Line = ()
    if channel is Channel.EMAIL:
        subject, parsed = _subject(lines[0]), parsed[1:]
    while parsed and not parsed[0]:
        parsed = parsed[1:]
    while parsed and not parsed[-1]:
        parsed = parsed[:-1]
    if not any(Gap.LINK in line for line in parsed):
        words = QT_TRANSLATE_NOOP("domain", "The link is missing. Write {gap} where it belongs.")
        raise TemplateError(len(lines) - (len(lines) > 1 and not lines[-1]), Text(words, gap="{link}"))
    return Template(channel, subject, tuple(parsed))


def decode_template(content: bytes, channel: Channel) -> Template:
    """Return the template in a file's ``content``. Raises TemplateError, which names the line."""
    if len(content) > LARGEST:
        words = QT_TRANSLATE_NOOP("domain", "The template is longer than {size} KiB.")
        raise TemplateError(1, Text(words, size=LARGEST // 1024))
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        words = QT_TRANSLATE_NOOP("domain", "These characters are not UTF-8. Save the file as UTF-8.")
        raise TemplateError(content[: error.start].count(b"\n") + 1, Text(words)) from None
    return parse_template(text, channel)


_SUBJECT = re.compile(r"\s*subject\s*:(.*)", re.IGNORECASE)
_TOKEN = re.compile(r"(\{\{|\}\}|\{[^{}]*\}|\{|\})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_UNUSABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_masked = Redactor()


def _subject(line: str) -> Line:
    found = _SUBJECT.fullmatch(line.removeprefix("\ufeff"))
    if not found or not found[1].strip():
        words = QT_TRANSLATE_NOOP("domain", "The first line of an e-mail is its subject. Begin it with “Subject:”.")
        raise TemplateError(1, Text(words))
    subject = _line(found[1].strip(), 1)
    if Gap.LINK in subject:
        words = QT_TRANSLATE_NOOP("domain", "A subject is shown to everyone. Write {gap} in the text below it.")
        raise TemplateError(1, Text(words, gap="{link}"))
    return subject


def _line(line: str, number: int) -> Line:
    if _UNUSABLE.search(line):
        words = QT_TRANSLATE_NOOP("domain", "Some of these characters cannot be sent. Type the line again.")
        raise TemplateError(number, Text(words))
    if _masked(line) != line:
        words = QT_TRANSLATE_NOOP("domain", "This line holds somebody's link. Write {gap} in its place.")
        raise TemplateError(number, Text(words, gap="{link}"))
    return tuple(_joined(_parts(line.rstrip(), number)))


def _parts(line: str, number: int) -> Iterator[str | Gap]:
    for token in _TOKEN.split(line):
        if token in {"{{", "}}"}:
            yield token[0]
        elif token in {"{", "}"}:
            words = QT_TRANSLATE_NOOP(
                "domain", "A brace stands alone. To show one, write it twice: {opening} or {closing}."
            )
            raise TemplateError(number, Text(words, opening="{{", closing="}}"))
        elif token.startswith("{"):
            name = token[1:-1].strip().lower()
            if name not in set(Gap):
                words = QT_TRANSLATE_NOOP("domain", "{gap} cannot be filled in. Use {known}.")
                known = ", ".join(f"{{{gap}}}" for gap in Gap)
                raise TemplateError(number, Text(words, gap=token[:40], known=known))
            yield Gap(name)
        elif token:
            yield token


def _joined(parts: Iterator[str | Gap]) -> Iterator[str | Gap]:
    """Put neighbouring pieces of plain text together."""
    plain = ""
    for part in parts:
        if isinstance(part, Gap):
            if plain:
                yield plain
            yield part
            plain = ""
        else:
            plain += part
    if plain:
        yield plain


def _filled(line: Line, values: Mapping[Gap, str]) -> str:
    return "".join(values[part] if isinstance(part, Gap) else part for part in line)


def _on_one_line(value: str) -> str:
    """Return a value that cannot begin a line or a header of its own, nor break its encoding."""
    return _CONTROL.sub(" ", value.encode("utf-8", "replace").decode()).strip()
