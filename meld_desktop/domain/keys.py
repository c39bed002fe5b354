"""What an API key may look like. Keys are sent exactly as pasted, outer blanks trimmed (KEY)."""

from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text

DEMO_KEY = "demo"
"""What Demo is sent instead of a key; the local Meld takes anything but ``wrong``."""

ENVIRONMENT_VARIABLE = "MELD_API_KEY"

_INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060"


class UnusableKeyError(ValueError):
    """A key that cannot be used; ``text`` says why in plain words and never quotes the key."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


def clean_key(pasted: str) -> str:
    """Return ``pasted`` without the blanks, line ends and invisible marks around it.

    Raises UnusableKeyError when nothing is left, or when what is left cannot travel in a header (RFC 9110, 5.5).
    """
    key = pasted.strip()
    while (barer := key.strip(_INVISIBLE).strip()) != key:
        key = barer
    if not key:
        raise UnusableKeyError(Text(QT_TRANSLATE_NOOP("domain", "Paste the API key from Meld's dashboard.")))
    if any(not 0x20 <= ord(character) <= 0x7E for character in key):
        raise UnusableKeyError(
            Text(
                QT_TRANSLATE_NOOP(
                    "domain",
                    "This key has a line break or a character that no key has. Copy it again from Meld's dashboard.",
                )
            )
        )
    return key
