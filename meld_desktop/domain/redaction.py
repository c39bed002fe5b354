"""Takes secrets out of text before it is written, logged, exported or copied.

It knows a secret's raw form and the forms it travels in: percent and plus encoding, base64 at its three alignments in
both alphabets, JSON and HTML escapes; and anything shaped like a connect token, known or not.
"""

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

MASK = "•••"
_SHORTEST = 4
"""A shorter secret is masked only in its raw form: its encodings would match innocent text."""

_TOKEN = re.compile(r"\beyJ[A-Za-z0-9_-]{5,}(?:(?:\.|%2[Ee])[A-Za-z0-9_-]*){1,2}")
_TOKEN_PARAMETER = re.compile(r"(connect_?token(?:=|%3D|\"\s*:\s*\"|\\\"\s*:\s*\\\"))[^&\"'\s<>\\]+", re.IGNORECASE)
_AUTHORIZATION = re.compile(r"(authorization[\"']?\s*[:=]\s*[\"']?\s*(?:basic|bearer)\s+)[^\s\"'\\<>]+", re.IGNORECASE)


def forms_of(secret: str) -> Iterator[str]:
    """Yield every form of ``secret`` that text may hold, longest forms not first; some may be equal."""
    yield secret
    if len(secret) < _SHORTEST:
        return
    yield quote(secret, safe="")
    yield quote(secret)
    yield quote_plus(secret)
    yield quote(secret, safe="").replace("%", "%25")
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1].replace("/", "\\/")
    yield html.escape(secret, quote=True)
    yield html.escape(secret, quote=False)
    raw = secret.encode("utf-8", "surrogatepass")
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw).decode("ascii").rstrip("=")
        # The first and last characters also hold bits of the neighbours, which are not known.
        start = (0, 2, 3)[shift]
        end = len(encoded) - (1 if (shift + len(raw)) % 3 else 0)
        core = encoded[start:end]
        if len(core) >= _SHORTEST:
            yield core
            yield core.replace("+", "-").replace("/", "_")


class Redactor:
    """Masks a set of secrets. Immutable, usable from any thread."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms = {form for secret in secrets if secret for form in forms_of(secret)}
        ordered = sorted(forms, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, ordered)), re.IGNORECASE) if ordered else None

    def __call__(self, text: str) -> str:
        """Return ``text`` with every secret replaced by ``MASK``."""
        text = self.known(text)
        text = _AUTHORIZATION.sub(rf"\g<1>{MASK}", text)
        text = _TOKEN_PARAMETER.sub(rf"\g<1>{MASK}", text)
        return _TOKEN.sub(MASK, text)

    def known(self, text: str) -> str:
        """Return ``text`` with only the given secrets replaced: tokens stay, for what must still be read."""
        return self._known.sub(MASK, text) if self._known is not None else text
