"""Handing a link to the customer: the clipboard, a message, a QR code."""
