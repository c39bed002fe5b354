"""Calls about connections that were made before: to the right Meld, with its key, and with failures that fit."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from meld_desktop.domain.connection_action import Action, ActionError, refused_here
from meld_desktop.domain.environment_guard import EnvironmentGuard
from meld_desktop.domain.environments import Environment, environment_named
from meld_desktop.domain.errors import Kind, MeldError
from meld_desktop.domain.links.record import LinkRecord
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text
from meld_desktop.services.demo import Demo
from meld_desktop.services.keys import Keys

if TYPE_CHECKING:
    from meld_desktop.api.client import MeldClient

T = TypeVar("T")


class ConnectionCalls:
    """Finds the Meld a record came from and calls it. ``call`` runs on the worker's loop, the rest on any thread."""

    def __init__(self, keys: Keys, demo: Demo, guard: EnvironmentGuard) -> None:
        self._keys = keys
        self._demo = demo
        self._guard = guard
        self._in_use: Environment | None = None

    def use_environment(self, environment: Environment) -> None:
        """Say which environment the window is in. Another than the built-in ones is called only while it is in use."""
        self._in_use = environment

    def environment_of(self, record: LinkRecord) -> Environment | None:
        """Return the environment ``record`` was made in; None when it must not be called from here.

        A record may come from somebody's file: no key is ever sent to a host only because a record names it.
        """
        environment = environment_named(record.environment) or self._in_use
        if environment is None or environment.id != record.environment:
            return None
        built_in = environment_named(record.environment) is not None
        names_it = record.host == environment.host or (built_in and not record.host)
        return environment if names_it or environment.is_demo else None

    async def call(
        self, action: Action, record: LinkRecord, do: "Callable[[MeldClient, Environment], Awaitable[T]]"
    ) -> T:
        """Return what ``do`` returns for the Meld of ``record``. Raises MeldError, in words that fit ``action``."""
        environment = self.environment_of(record)
        if environment is None:
            raise _elsewhere(action, record)
        if not record.connection_id:
            raise ActionError(action, MeldError(Kind.NOT_FOUND))
        try:
            key = await self._keys.key_for(environment)
            base_url = await self._demo.base_url() if environment.is_demo else environment.base_url
        except MeldError as error:
            raise ActionError(action, error) from None
        from meld_desktop.api.client import MeldClient

        try:
            result = await do(MeldClient(base_url, key), environment)
        except MeldError as error:
            explained = self._guard.explained(environment, key, error)
            raise (explained if explained is not error else ActionError(action, error)) from None
        self._guard.worked(environment, key)
        return result


def _elsewhere(action: Action, record: LinkRecord) -> ActionError:
    return refused_here(
        action,
        Kind.NO_KEY,
        Text(QT_TRANSLATE_NOOP("domain", "Made in another environment")),
        Text(
            QT_TRANSLATE_NOOP("domain", "This link was made at {host}. Choose that environment first, then try again."),
            host=record.host or record.environment,
        ),
    )
