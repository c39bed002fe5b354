"""Presets: a request kept under a name, without the customer and with no place for a secret."""
