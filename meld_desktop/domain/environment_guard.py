"""Notices a key that belongs to another environment: it was refused here, and is known to work there (KEY).

Keys are not kept: only a fingerprint that means nothing outside of this run of the program.
"""

import hashlib
import secrets

from meld_desktop.domain.environments import Environment
from meld_desktop.domain.errors import Kind, MeldError
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text

_REFUSED = frozenset({Kind.UNAUTHORIZED, Kind.FORBIDDEN})


class WrongEnvironmentError(MeldError):
    """A refused key that works in another environment: the same failure, told by its cause."""

    def __init__(self, error: MeldError, here: Environment, there: Environment) -> None:
        super().__init__(
            error.kind,
            detail=error.detail,
            code=error.code,
            request_id=error.request_id,
            status=error.status,
            problems=error.problems,
            exchange=error.exchange,
        )
        self.here = here
        self.there = there

    @property
    def title(self) -> Text:
        """What happened, in a few words."""
        text = QT_TRANSLATE_NOOP("domain", "This is the API key of {there}, not of {here}")
        return Text(text, there=self.there.name, here=self.here.name)

    @property
    def hint(self) -> Text:
        """What to do next."""
        text = QT_TRANSLATE_NOOP(
            "domain",
            "The same key worked with {there} before, and each environment has its own. Save the key of {here} under "
            "“API key…”, or choose {there}.",
        )
        return Text(text, there=self.there.name, here=self.here.name)


class EnvironmentGuard:
    """Remembers for which environments a key worked. Usable from any thread; forgets everything when it ends."""

    def __init__(self) -> None:
        self._salt = secrets.token_bytes(32)
        self._worked: dict[bytes, dict[str, Environment]] = {}

    def worked(self, environment: Environment, key: str) -> None:
        """Note that Meld knew ``key`` in ``environment``. Demo, which takes any key, says nothing about one."""
        if not environment.is_demo:
            self._worked.setdefault(self._fingerprint(key), {})[environment.host] = environment

    def explained(self, environment: Environment, key: str, error: MeldError) -> MeldError:
        """Return ``error``, or the clearer one when ``key`` was refused here and is known to work elsewhere."""
        if error.kind not in _REFUSED or environment.is_demo:
            return error
        known = dict(self._worked.get(self._fingerprint(key), {}))
        if not known or environment.host in known:
            return error  # it worked here, too: it was withdrawn since, or may do less than was asked for
        return WrongEnvironmentError(error, environment, list(known.values())[-1])

    def _fingerprint(self, key: str) -> bytes:
        return hashlib.blake2b(key.encode(), key=self._salt).digest()
