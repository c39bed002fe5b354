"""A QPalette from tokens, for everything the style sheet does not paint."""

from PySide6.QtGui import QColor, QPalette

from meld_desktop.ui.theme.tokens import Tokens

_Role = QPalette.ColorRole


def palette_for(tokens: Tokens) -> QPalette:
    """Return the palette of ``tokens`` for the Fusion style."""
    palette = QPalette()
    for role, colour in (
        (_Role.Window, tokens.panel),
        (_Role.WindowText, tokens.text),
        (_Role.Base, tokens.field),
        (_Role.AlternateBase, tokens.background),
        (_Role.Text, tokens.text),
        (_Role.PlaceholderText, tokens.soft),
        (_Role.Button, tokens.panel),
        (_Role.ButtonText, tokens.text),
        (_Role.BrightText, tokens.on_accent),
        (_Role.Highlight, tokens.accent),
        (_Role.HighlightedText, tokens.on_accent),
        (_Role.Accent, tokens.accent),
        (_Role.Link, tokens.accent),
        (_Role.LinkVisited, tokens.accent),
        (_Role.ToolTipBase, tokens.text),
        (_Role.ToolTipText, tokens.panel),
        (_Role.Light, tokens.panel),
        (_Role.Midlight, tokens.line),
        (_Role.Mid, tokens.line),
        (_Role.Dark, tokens.border),
        (_Role.Shadow, tokens.border),
    ):
        palette.setColor(role, QColor(colour))
    for role in (_Role.WindowText, _Role.Text, _Role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.disabled))
    return palette
