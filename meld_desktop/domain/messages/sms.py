"""How many text messages an SMS becomes: senders pay for each, and some phones show long ones in pieces.

3GPP TS 23.038: 160 characters of the GSM alphabet or 70 of UCS-2; 153 or 67 in each part of a longer one.
"""

from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")


@dataclass(frozen=True, slots=True)
class SmsLength:
    """The size of an SMS: ``units`` of the alphabet used, ``parts`` sent, and ``wide``: letters outside of GSM's."""

    units: int
    parts: int
    wide: bool


def sms_length(text: str) -> SmsLength:
    """Return how long ``text`` is as an SMS. An empty text is one part."""
    wide = any(character not in _BASIC and character not in _EXTENDED for character in text)
    if wide:
        widths = [2 if character > "\uffff" else 1 for character in text]
    else:
        widths = [2 if character in _EXTENDED else 1 for character in text]
    alone, part = (70, 67) if wide else (160, 153)
    units = sum(widths)
    if units <= alone:
        return SmsLength(units, 1, wide)
    parts, used = 1, 0
    for width in widths:
        if used + width > part:  # a pair is never torn apart
            parts, used = parts + 1, 0
        used += width
    return SmsLength(units, parts, wide)
