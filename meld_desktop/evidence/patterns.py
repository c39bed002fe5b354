"""What personal data looks like in text nobody vouches for: a page's console, a bank's name, a note typed in haste.

Rather too much is masked than too little. What stays readable is named here one by one: times, ports, durations, ids of
a known shape. Every pattern takes time in proportion to the text, whatever the text.
"""

import base64
import re
from collections.abc import Collection
from html import unescape
from urllib.parse import unquote

AT = r"(?:@|&(?:commat|#0{0,4}64|#x0{0,4}40);|\uff20)"
_LOCAL = r"[\w.!#$%*+^`{|}~\-]"
EMAIL = re.compile(rf"(?<!{_LOCAL}){_LOCAL}++{AT}[\w\-]++(?:\.[\w\-]++)++")
_STAMP = (
    r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
    r"(?:[T ][0-2]\d:[0-5]\d(?::[0-6]\d(?:[.,]\d{1,9})?)?(?:Z|[+-][0-2]\d:?[0-5]\d)?)?"
)
_UUID = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
_PORT = r"(?:localhost|\d{1,3}(?:\.\d{1,3}){3}|\[::1\]|(?:[A-Za-z0-9\-]{1,63}\.){1,8}[A-Za-z]{2,24}):\d{1,5}"
_DURATION = r"\d{1,6}(?:\.\d{1,3})?\s?(?:ms|s|seconds?|milliseconds?|minutes?|bytes?|kB|KB|px)"
_LINE = r"[\w\-]{1,80}\.(?:m?js|html?|css):\d{1,6}(?::\d{1,6})?"
_HARMLESS = rf"(?<![\w.\-])(?:{_STAMP}|{_UUID}|{_PORT}|{_DURATION}|{_LINE})(?![\w\-])"

NUMBER = re.compile(
    # Digits in groups: a card, an account with its bank's code, a telephone number.
    r"(?<!\d)\d(?:[ \-\u00a0\u2007\u2009\u202f\u2010-\u2013/]{1,2}\d|\d){7,}+"
    r"|\d{5,}+"
    r"|(?<!\d)(?:\d{2}-){2}\d{2}(?!\d)"  # a sort code
    r"|(?<![\d.])\d{4}(?:\.\d{4}){2,}(?![\d.])"
)
IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ \-]?[A-Z0-9]{4}){2,7}(?:[ \-]?[A-Z0-9]{1,4})?(?![A-Za-z0-9])")

_QUOTE = r"(?:\\{0,4}[\"'])?"
_STRONG = (
    r"pass(?:word|wd|code|phrase)|pwd|secret|token|(?:api|access|private|session)[_\-]?key|"
    r"(?:account|card|routing|transit)[_\-]?(?:number|no|nr)|sort[_\-]?code|iban|user[_\-]?name|"
    r"(?:php|j|asp)?sess(?:ion)?[_\-]?id"
)
_WEAK = r"pass|pin|otp|totp|mfa|cvv2?|cvc|ssn|(?:\w{1,20}[_\-]?)?code|state|nonce|session|sid|login|csrf|xsrf"
_VALUE = r"(\\{0,4}\"[^\"]{1,4096}+|\\{0,4}'[^']{1,4096}+|[^\s\"'<>&,;)}\]]{1,4096}+)"
LABELLED = re.compile(
    rf"((?:{_STRONG}|(?<![A-Za-z])(?:{_WEAK})){_QUOTE}\s{{0,4}}(?:=>|[:=])\s{{0,4}}|pass(?:word|code) is ){_VALUE}",
    re.IGNORECASE,
)
"""A name that tells of a secret, and what follows it."""
HARMLESS_VALUE = re.compile(r"[\"'\\]*(?:[A-Za-z]+(?:_[A-Za-z]+)+|[A-Z]{4,32}|[1-5]\d\d)[\"'\\.]*")
"""What follows "code" when it is an error's."""
PROSE = re.compile(r"(?!.*(?:pass|pwd|pin|otp|secret|user|code)).*:\s+", re.IGNORECASE)
"""A label in a sentence rather than in data: "invalid token: expired"."""
HEADER = re.compile(
    rf"((?:cookie2?|authorization){_QUOTE}\s{{0,4}}[:=]\s{{0,4}})([^\r\n]+)",
    re.IGNORECASE,
)
PARAMETER = re.compile(r"([?&;][\w.%\-\[\]]{1,80}=)([^&\s\"'<>#;]+)")
ADDRESS = re.compile(r"(?<![A-Za-z0-9+.\-])[A-Za-z][A-Za-z0-9+.\-]{1,30}://[^\s\"'<>]+")
EMAIL_WITHIN = re.compile(r"[\w.+\-]{2,64}@[\w\-]{2,63}\.[a-z]{2}", re.ASCII)
"""An address in decoded bytes, which may as well be chance: stricter."""
OPAQUE = re.compile(r"(?<![A-Za-z0-9+/_=\-])[A-Za-z0-9+/_\-]{10,}+={0,2}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){5,}")
_UNICODE_ESCAPE = re.compile(r"\\{1,4}u([0-9a-fA-F]{4})|\\{1,4}x([0-9a-fA-F]{2})")

_SENSITIVE = re.compile(
    r"pass(?:word|wd|code|phrase)|^pass$|pwd|^pin$|otp$|^mfa|secret|credential|cookie|authori[sz]ation|tokens?$|"
    r"(?:api|access|private|session)key$|nonce$|^state$|code$|^session(?:id)?$|^sid$|sessid$|iban|bban|"
    r"(?:account|card|routing|transit|phone|tax)(?:number|no|nr|id)$|^pan$|cvv|cvc|ssn|sortcode|username|^login$|^user$|"
    r"e?mail(?:address)?$|^phone|(?:first|last|full|middle|family|given|maiden|holder|owner)name$|birth|^dob$|"
    r"(?:street|postal|home)address$"
)


def is_sensitive_name(name: str, value: object) -> bool:
    """Say whether a field called ``name`` holds something to mask, whatever it looks like."""
    plain = "".join(character for character in name.lower() if character.isalnum())
    if not _SENSITIVE.search(plain):
        return False
    # An error's code is a word, not an authorisation code; it is what support looks for.
    is_short = isinstance(value, str) or (isinstance(value, int) and 0 < value < 1000)
    return not (is_short and plain in {"code", "errorcode", "statuscode"} and HARMLESS_VALUE.fullmatch(str(value)))


def harmless_pattern(kept: Collection[str]) -> re.Pattern[str]:
    """Return what may stay although it has long runs of digits: the usual shapes, and these ids."""
    known = "|".join(re.escape(word) for word in sorted(kept, key=lambda word: (-len(word), word)))
    return re.compile(rf"{_HARMLESS}|(?<![\w\-])(?:{known})(?![\w\-])" if known else _HARMLESS)


def is_bank_number(text: str) -> bool:
    """Say whether ``text`` as a whole is a card number (by its check digit) or an IBAN."""
    plain = "".join(text.split()).replace("-", "")
    if plain.isascii() and plain.isdigit() and 13 <= len(plain) <= 19:
        digits = [int(digit) for digit in reversed(plain)]
        return (sum(digits[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])) % 10 == 0
    return bool(IBAN.fullmatch(text.strip()))


def unwrapped(text: str) -> str:
    """Return ``text`` with percent encoding and the escapes of JSON and HTML undone, however often they were done."""
    for _ in range(4):
        plain = _UNICODE_ESCAPE.sub(_character, unescape(unquote(text, errors="replace")))
        if plain == text:
            break
        text = plain
    return text


def decoded(word: str) -> list[str]:
    """Return what ``word`` may say if it is base64 or hexadecimal, without what UTF-16 puts between the letters."""
    found = []
    body = word.rstrip("=").replace("-", "+").replace("_", "/")
    for shift in range(4):
        part = body[shift:]
        part = part[: len(part) - 1] if len(part) % 4 == 1 else part
        found.append(base64.b64decode(part + "=" * (-len(part) % 4)))
    if _HEX.fullmatch(word):
        found.append(bytes.fromhex(word))
    return [raw.replace(b"\0", b"").decode("latin-1") for raw in found if raw]


def _character(match: re.Match[str]) -> str:
    return chr(int(match[1] or match[2], 16))
