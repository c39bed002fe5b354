"""The widget origin: its page, the small JSON calls the page makes, and the bank's window of its own."""
