"""The Links panel: every link made here, what became of it, and what to do next."""
