"""Meld Desktop: a form builder for Meld's *create a connection* endpoint.

``meld_desktop/README.md`` is the map of the rooms; the walls between them are held by import-linter.
"""

__version__ = "0.1.0"
