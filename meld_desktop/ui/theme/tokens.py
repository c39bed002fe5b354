"""The colours of the window by purpose, in light, dark and high contrast.

Text has a contrast of at least 4.5 to 1 with its background (WCAG 2.2, 1.4.3), in high contrast 7 to 1; a test
measures it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tokens:
    """One set of colours, each as ``#rrggbb``."""

    name: str
    is_dark: bool
    background: str
    panel: str
    field: str
    line: str
    border: str
    """Outline of controls: at least 3 to 1 against the panel in high contrast, a hairline otherwise."""
    text: str
    soft: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_soft: str
    disabled: str
    info: str
    info_background: str
    success: str
    success_background: str
    warning: str
    warning_background: str
    error: str
    error_background: str


LIGHT = Tokens(
    name="light",
    is_dark=False,
    background="#f6f7f9",
    panel="#ffffff",
    field="#ffffff",
    line="#dfe3e8",
    border="#c3cad3",
    text="#1b2330",
    soft="#5c6776",
    accent="#0b6e6e",
    accent_hover="#095c5c",
    on_accent="#ffffff",
    accent_soft="#e2f2f1",
    disabled="#8b95a3",
    info="#2754b8",
    info_background="#e8eefc",
    success="#17693a",
    success_background="#e6f5ec",
    warning="#8a5300",
    warning_background="#fff4e0",
    error="#b3261e",
    error_background="#fdecea",
)

DARK = Tokens(
    name="dark",
    is_dark=True,
    background="#14181e",
    panel="#1b2027",
    field="#14181e",
    line="#303844",
    border="#414b59",
    text="#e8ecf1",
    soft="#9aa6b5",
    accent="#4cc2bd",
    accent_hover="#6ad2cd",
    on_accent="#10201f",
    accent_soft="#183433",
    disabled="#6c7786",
    info="#8fb0ff",
    info_background="#1b2745",
    success="#6fd39a",
    success_background="#14301f",
    warning="#f0b460",
    warning_background="#33270f",
    error="#ff9a90",
    error_background="#3a1b19",
)

CONTRAST_LIGHT = Tokens(
    name="contrast-light",
    is_dark=False,
    background="#ffffff",
    panel="#ffffff",
    field="#ffffff",
    line="#000000",
    border="#000000",
    text="#000000",
    soft="#2b2b2b",
    accent="#004747",
    accent_hover="#003333",
    on_accent="#ffffff",
    accent_soft="#d5f0ee",
    disabled="#595959",
    info="#00297a",
    info_background="#eef3ff",
    success="#0a4222",
    success_background="#eefaf2",
    warning="#5c3600",
    warning_background="#fff8ec",
    error="#8c0f08",
    error_background="#fff1ef",
)

CONTRAST_DARK = Tokens(
    name="contrast-dark",
    is_dark=True,
    background="#000000",
    panel="#000000",
    field="#000000",
    line="#ffffff",
    border="#ffffff",
    text="#ffffff",
    soft="#e0e0e0",
    accent="#6ff0ea",
    accent_hover="#9ff6f2",
    on_accent="#000000",
    accent_soft="#0d3d3a",
    disabled="#b0b0b0",
    info="#b8ccff",
    info_background="#0a1430",
    success="#9df0c0",
    success_background="#06200f",
    warning="#ffd699",
    warning_background="#241a06",
    error="#ffc0ba",
    error_background="#2a0c0a",
)


def tokens_for(*, dark: bool, contrast: bool) -> Tokens:
    """Return the set for a scheme."""
    if contrast:
        return CONTRAST_DARK if dark else CONTRAST_LIGHT
    return DARK if dark else LIGHT
