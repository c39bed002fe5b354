"""The links that were made here: the database, its versions, its search. Only ``LinkStore`` is meant for others.

All of it lies in one folder, ``links/`` below the data folder: the database, its log, backups from before a migration,
and damaged files that were set aside.
"""

from meld_desktop.storage.links.errors import StoreError, StoreProblem
from meld_desktop.storage.links.search import Key, Page
from meld_desktop.storage.links.store import Added, LinkStore

__all__ = ["Added", "Key", "LinkStore", "Page", "StoreError", "StoreProblem"]
