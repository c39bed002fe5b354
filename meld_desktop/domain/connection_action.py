"""What can be done with a connection, and what a failure of it means: the words of ``KINDS`` are about making links."""

from enum import StrEnum

from meld_desktop.domain.errors import KINDS, Kind, MeldError, Words
from meld_desktop.domain.text import NOTHING, QT_TRANSLATE_NOOP, Text


class Action(StrEnum):
    """What can be done with a connection."""

    REFRESH = "refresh"
    REPAIR = "repair"
    DELETE = "delete"
    CHECK = "check"
    """See what arrived."""


class ActionError(MeldError):
    """A failed action in words that fit it; everything else is as in the error it is made from.

    ``words`` replace those of the table.
    """

    def __init__(self, action: Action, error: MeldError, words: Words | None = None) -> None:
        super().__init__(
            error.kind,
            detail=error.detail,
            code=error.code,
            request_id=error.request_id,
            status=error.status,
            retry_after=error.retry_after,
            problems=error.problems,
            exchange=error.exchange,
        )
        self.action = action
        self._title, self._hint = _words_of(action, error)
        if words is not None:
            self._title, self._hint = words.title, words.hint

    @property
    def title(self) -> Text:
        """What happened, in a few words."""
        return self._title

    @property
    def hint(self) -> Text:
        """What to do next."""
        return self._hint


def refused_here(action: Action, kind: Kind, title: Text, hint: Text, *, detail: Text = NOTHING) -> ActionError:
    """Return the error for an action that was never sent."""
    return ActionError(action, MeldError(kind, detail=detail), Words(title, hint, KINDS[kind].exit))


def _words_of(action: Action, error: MeldError) -> tuple[Text, Text]:
    title, hint = _BY_ACTION.get((action, error.kind)) or _BY_KIND.get(error.kind) or ("", "")
    if error.kind in {Kind.READ_TIMEOUT, Kind.CONNECTION_LOST, Kind.CUT_OFF} and action is not Action.CHECK:
        hint = _MAY_HAVE_HAPPENED[action]
    return Text(title) if title else error.title, Text(hint) if hint else error.hint


_LOOK_AGAIN = QT_TRANSLATE_NOOP("domain", "Wait for the new status of the connection, then look again.")
_SUPPORT = QT_TRANSLATE_NOOP("domain", "Try again. If it lasts, send the details to Meld's support.")
_NETWORK = QT_TRANSLATE_NOOP("domain", "Check the internet connection, then try again.")

_BY_KIND: dict[Kind, tuple[str, str]] = {
    Kind.BAD_REQUEST: (
        QT_TRANSLATE_NOOP("domain", "Meld did not accept this"),
        QT_TRANSLATE_NOOP("domain", "Copy the details and send them to Meld's support."),
    ),
    Kind.FORBIDDEN: (
        QT_TRANSLATE_NOOP("domain", "This API key may not do this"),
        QT_TRANSLATE_NOOP("domain", "Ask your Meld administrator to allow it for this key."),
    ),
    Kind.NOT_FOUND: (
        QT_TRANSLATE_NOOP("domain", "Meld does not know this connection"),
        QT_TRANSLATE_NOOP(
            "domain",
            "It may be deleted, or belong to another account of yours. Demo forgets its connections when it ends.",
        ),
    ),
    Kind.RATE_LIMITED: ("", QT_TRANSLATE_NOOP("domain", "Wait a moment, then try again.")),
    Kind.UNPROCESSABLE: ("", QT_TRANSLATE_NOOP("domain", "Copy the details and send them to Meld's support.")),
    Kind.WRONG_SHAPE: (QT_TRANSLATE_NOOP("domain", "The answer is not what was asked for"), _SUPPORT),
    Kind.NO_WIDGET_URL: ("", _SUPPORT),
    Kind.CONNECTION_LOST: ("", _NETWORK),
    Kind.CUT_OFF: ("", QT_TRANSLATE_NOOP("domain", "Only part of it arrived. Try again.")),
    Kind.READ_TIMEOUT: ("", QT_TRANSLATE_NOOP("domain", "Try again in a minute.")),
    Kind.NETWORK: ("", _NETWORK),
}

_BY_ACTION: dict[tuple[Action, Kind], tuple[str, str]] = {
    (Action.REFRESH, Kind.CONFLICT): (
        QT_TRANSLATE_NOOP("domain", "This connection cannot be refreshed now"),
        _LOOK_AGAIN,
    ),
    (Action.REFRESH, Kind.RATE_LIMITED): (
        QT_TRANSLATE_NOOP("domain", "Refreshed too often"),
        QT_TRANSLATE_NOOP(
            "domain", "The bank's provider limits forced refreshes; MX takes one in three hours. Try again later."
        ),
    ),
    (Action.REPAIR, Kind.CONFLICT): (
        QT_TRANSLATE_NOOP("domain", "This connection cannot be repaired"),
        QT_TRANSLATE_NOOP(
            "domain", "Only a connection that was finished, and not deleted since, can be. Make a new link instead."
        ),
    ),
    (Action.DELETE, Kind.CONFLICT): (
        QT_TRANSLATE_NOOP("domain", "This connection is deleted already"),
        QT_TRANSLATE_NOOP("domain", "There is nothing left to do."),
    ),
    (Action.DELETE, Kind.NOT_FOUND): (
        QT_TRANSLATE_NOOP("domain", "Meld does not know this connection"),
        QT_TRANSLATE_NOOP("domain", "It may be deleted already; there is nothing left to do."),
    ),
    (Action.CHECK, Kind.CONFLICT): (QT_TRANSLATE_NOOP("domain", "This cannot be looked up now"), _LOOK_AGAIN),
}

_MAY_HAVE_HAPPENED = {
    Action.REFRESH: QT_TRANSLATE_NOOP(
        "domain", "The refresh may have begun all the same. Wait for the new status before you try again."
    ),
    Action.REPAIR: QT_TRANSLATE_NOOP("domain", "Repair it again; a link that nobody has seen does no harm."),
    Action.DELETE: QT_TRANSLATE_NOOP(
        "domain", "It may be deleted all the same. Look at its status before you try again."
    ),
}
