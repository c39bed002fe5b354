"""Takes secrets out of text before it is written, logged, exported or copied.

It knows a secret's raw form and the forms it travels in: percent and plus encoding, base64 at its three alignments in
both alphabets, JSON and HTML escapes, also twice over; and anything shaped like a connect token, known or not.
"""

import base64
import re
from collections.abc import Iterable, Iterator
from itertools import groupby

MASK = "•••"
_SHORTEST = 4
"""A shorter secret is masked only in its raw form: its encodings would match innocent text."""

_QUOTE = r"(?:\\*[\"']|&(?:quot|apos|#34|#39|#x22|#x27);|%(?:25)*22)"
_EQUALS = r"(?:[:=]|%(?:25)*3[AD]|&#(?:58|61|x3A|x3D);|\\+u003[AD])"
_TOKEN = re.compile(
    r"(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2})|(?<=%25[0-9A-Fa-f]{2})|(?<=\\u[0-9A-Fa-f]{4}))"
    r"eyJ[A-Za-z0-9_-]{5,}(?:(?:\.|%(?:25)*2[Ee])[A-Za-z0-9_-]*){1,2}"
)
_TOKEN_PARAMETER = re.compile(rf"(connect_?token{_QUOTE}?\s*{_EQUALS}\s*{_QUOTE}?)[^&\"'\s<>\\]+", re.IGNORECASE)
_AUTHORIZATION = re.compile(
    rf"(authorization{_QUOTE}?\s*[:=,]\s*b?{_QUOTE}?\s*(?:basic|bearer)\s+)[^\s\"'\\<>]+", re.IGNORECASE
)
_ENTITIES = {'"': "quot", "'": "apos", "<": "lt", ">": "gt", "&": "amp"}
_LETTERS = {"\b": "b", "\t": "t", "\n": "n", "\f": "f", "\r": "r"}


def _patterns_of(secret: str) -> Iterator[str]:
    """Yield patterns of what text may hold of ``secret``."""
    if len(secret) < _SHORTEST:
        yield re.escape(secret)
        return
    yield _spelled(secret)
    raw = secret.encode("utf-8", "surrogatepass")
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw).decode("ascii").rstrip("=")
        # The first and last characters also hold bits of the neighbours, which are not known.
        start = (0, 2, 3)[shift]
        end = len(encoded) - (1 if (shift + len(raw)) % 3 else 0)
        core = encoded[start:end]
        if len(core) >= _SHORTEST:
            yield re.escape(core).replace(r"\+", r"[+\-]").replace("/", "[/_]")


def _spelled(secret: str) -> str:
    """Return the pattern of ``secret`` with each character raw or escaped: encoders differ in what they escape and how.

    No text makes the search take long: repetitions are short, possessive, or in an atomic group.
    """
    pattern, end = "", ""
    for character, run in groupby(secret):
        count = len(list(run))
        if character == "\\":
            # JSON doubles each, and doubles them again inside a text of JSON. Where they end and those that escape the
            # next character begin can be seen in many ways: one is enough, hence the group.
            escaped = "|".join(f"(?:{way}){{{count}}}" for way in _escapes(character))
            pattern, end = pattern + rf"(?>(?:{escaped}|\\{{{count},{4 * count}}})", ")"
        else:
            behind = r"\\{0,8}+" if character in "\"'/" else ""
            ways = "|".join([*_escapes(character), behind + re.escape(character)])
            pattern, end = pattern + (f"(?:{ways}){{{count}}}" if count > 1 else f"(?:{ways})") + end, ""
    return pattern + end


def _escapes(character: str) -> list[str]:
    """Return the patterns of ``character`` in percent encoding, JSON and HTML, each also encoded over again."""
    utf8 = character.encode("utf-8", "surrogatepass")
    utf16 = character.encode("utf-16-be", "surrogatepass").hex()
    code = ord(character)
    named = f"|{_ENTITIES[character]}" if character in _ENTITIES else ""
    ways = [
        "".join(f"%(?:25){{0,3}}{byte:02x}" for byte in utf8),
        "".join(rf"\\{{1,8}}+u{utf16[unit : unit + 4]}" for unit in range(0, len(utf16), 4)),
        rf"&(?:amp;){{0,3}}(?:#0{{0,4}}{code}|#x0{{0,4}}{code:x}{named});",
    ]
    if character == " ":
        ways.append(r"\+")
    if code < 0x20 or 0x7F <= code <= 0xFF:
        ways.append(rf"\\{{1,8}}+x{code:02x}")
    if character in _LETTERS:
        ways.append(rf"\\{{1,8}}+{_LETTERS[character]}")
    return ways


class Redactor:
    """Masks a set of secrets. Immutable, usable from any thread."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        ordered = sorted({secret for secret in secrets if secret}, key=len, reverse=True)
        patterns = [pattern for secret in ordered for pattern in _patterns_of(secret)]
        self._known = re.compile("|".join(patterns), re.IGNORECASE) if patterns else None

    def __call__(self, text: str) -> str:
        """Return ``text`` with every secret replaced by ``MASK``."""
        text = self.known(text)
        text = _AUTHORIZATION.sub(rf"\g<1>{MASK}", text)
        text = _TOKEN_PARAMETER.sub(rf"\g<1>{MASK}", text)
        return _TOKEN.sub(MASK, text)

    def known(self, text: str) -> str:
        """Return ``text`` with only the given secrets replaced: tokens stay, for what must still be read."""
        return self._known.sub(MASK, text) if self._known is not None else text
