"""How the window looks: tokens of colour, palettes and one small style sheet made from them, and tinted icons."""
