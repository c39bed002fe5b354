"""Widgets: the window, its panels, editors and dialogs, theme and strings."""
