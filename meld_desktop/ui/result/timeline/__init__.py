"""The Timeline tab: what happened with the link on show, how it ended, and the way to keep it."""
