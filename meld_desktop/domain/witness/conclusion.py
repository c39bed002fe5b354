"""The one sentence about a session: how it ended, or how far it is. True, or it says that it does not know."""

from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text
from meld_desktop.domain.widget_events import Completion
from meld_desktop.domain.witness.course import Course, Standing
from meld_desktop.domain.witness.troubles import Cause


def conclude(course: Course) -> Text:
    """Return the sentence, without a full stop. Pure and total."""
    if course.completion is not None:
        return _connected_here(course, course.completion)
    if course.status is not None:
        if course.status.is_connected:
            return _connected_elsewhere(course)
        if course.status.status == "DELETED":
            return Text(QT_TRANSLATE_NOOP("domain", "The connection was deleted before a bank was connected here"))
    if course.has_expired:
        return _expired(course)
    return _standing(course)


def _connected_here(course: Course, completion: Completion) -> Text:
    bank = completion.institution_name or Text(QT_TRANSLATE_NOOP("domain", "the bank"))
    count = completion.account_count
    status = course.status
    # A status from before the end of the widget says nothing about what came of it.
    if status is not None and status.status == "DELETED":
        rest = Text(QT_TRANSLATE_NOOP("domain", "the connection was deleted since"))
    elif status is not None and (status.is_connected or not status.is_documented):
        rest = status.brief
    else:
        rest = Text(QT_TRANSLATE_NOOP("domain", "data still arriving"))
    if count == 1:
        sentence = Text(QT_TRANSLATE_NOOP("domain", "Connected {bank} with 1 account; {rest}"), bank=bank, rest=rest)
    elif count > 1:
        source = QT_TRANSLATE_NOOP("domain", "Connected {bank} with {count} accounts; {rest}")
        sentence = Text(source, bank=bank, count=count, rest=rest)
    else:
        sentence = Text(QT_TRANSLATE_NOOP("domain", "Connected {bank}; {rest}"), bank=bank, rest=rest)
    if course.later_trouble is None:
        return sentence
    source = QT_TRANSLATE_NOOP("domain", "{sentence}; afterwards the widget reported {trouble}")
    return Text(source, sentence=sentence, trouble=course.later_trouble.brief)


def _connected_elsewhere(course: Course) -> Text:
    status = course.status
    assert status is not None  # noqa: S101 - asked by the only caller
    bank = status.institution_name or Text(QT_TRANSLATE_NOOP("domain", "a bank"))
    unsure = course.is_deaf or course.standing in {Standing.HANDED_OVER, Standing.RETURNED, Standing.DIED, Standing.APP}
    used = course.trouble is not None and course.trouble.cause is Cause.TOKEN_USED
    if unsure and not used:
        source = QT_TRANSLATE_NOOP("domain", "Connected {bank}, says Meld, though the widget here did not; {rest}")
    else:
        source = QT_TRANSLATE_NOOP("domain", "Connected {bank} outside this window, in a browser or on a phone; {rest}")
    return Text(source, bank=bank, rest=status.brief)


def _expired(course: Course) -> Text:
    trouble, refused = course.last_trouble, course.is_refused_as_expired
    if course.ready_since is None:
        if course.began_to_load is None and course.standing is Standing.MADE:
            return Text(QT_TRANSLATE_NOOP("domain", "The link expired before the widget was opened here"))
        if refused or _is_late(course, course.began_to_load):
            return Text(QT_TRANSLATE_NOOP("domain", "The widget never initialised: the token had expired"))
        return _since(_standing(course))
    if trouble is not None and (refused or _is_late(course, course.ready_since)):
        return Text(QT_TRANSLATE_NOOP("domain", "The widget refused the link: the token had expired"))
    if _is_late(course, course.ready_since):
        return Text(QT_TRANSLATE_NOOP("domain", "The widget was opened too late: the token had expired"))
    has_ended = course.standing in {Standing.TROUBLE, Standing.LEFT, Standing.DIED, Standing.WINDOW_SHUT}
    if has_ended and not _is_late(course, course.stands_since):
        return _since(_standing(course))
    return Text(QT_TRANSLATE_NOOP("domain", "The token expired before a bank was connected"))


def _since(sentence: Text) -> Text:
    return Text(QT_TRANSLATE_NOOP("domain", "{sentence}; the token has expired since"), sentence=sentence)


def _is_late(course: Course, moment: object) -> bool:
    return course.expires is not None and moment is not None and moment >= course.expires  # type: ignore[operator]


_PLAIN = {
    Standing.MADE: QT_TRANSLATE_NOOP("domain", "The link was made; the widget has not been opened here"),
    Standing.LOADING: QT_TRANSLATE_NOOP("domain", "The widget has begun to load; it has said nothing yet"),
    Standing.NOT_LOADED: QT_TRANSLATE_NOOP("domain", "The widget's page could not be loaded"),
    Standing.BLANK: QT_TRANSLATE_NOOP("domain", "The widget stayed blank and never initialised"),
    Standing.READY: QT_TRANSLATE_NOOP("domain", "The widget is open; no bank is connected yet"),
    Standing.WINDOW_CLOSED: QT_TRANSLATE_NOOP("domain", "The bank closed its window; no bank is connected yet"),
    Standing.HANDED_OVER: QT_TRANSLATE_NOOP(
        "domain", "The widget said that it was done, but not that a bank was connected"
    ),
    Standing.RETURNED: QT_TRANSLATE_NOOP(
        "domain", "Returned to the return URL, but the widget did not say that a bank was connected"
    ),
    Standing.DIED: QT_TRANSLATE_NOOP("domain", "The widget's page crashed before a bank was connected"),
}
_AT_A_PLACE = {
    Standing.WINDOW: QT_TRANSLATE_NOOP("domain", "The bank's window ({place}) is open; no bank is connected yet"),
    Standing.WINDOW_SHUT: QT_TRANSLATE_NOOP(
        "domain", "Stopped: the bank's window ({place}) was closed by hand before the bank had finished"
    ),
    Standing.APP: QT_TRANSLATE_NOOP(
        "domain", "Stopped: the flow went to an app ({place}:), which does not open here; no bank is connected"
    ),
}
_WITHOUT_PLACE = {
    Standing.WINDOW: QT_TRANSLATE_NOOP("domain", "The bank's window is open; no bank is connected yet"),
    Standing.WINDOW_SHUT: QT_TRANSLATE_NOOP(
        "domain", "Stopped: the bank's window was closed by hand before the bank had finished"
    ),
    Standing.APP: QT_TRANSLATE_NOOP(
        "domain", "Stopped: the flow went to an app, which does not open here; no bank is connected"
    ),
}


def _standing(course: Course) -> Text:
    match course.standing:
        case Standing.TROUBLE:
            return _stopped(course)
        case Standing.GONE_ON if course.trouble is not None:
            source = QT_TRANSLATE_NOOP("domain", "Not finished; the widget was active again after {trouble}")
            return Text(source, trouble=course.trouble.brief)
        case Standing.LEFT:
            return _left(course)
        case Standing.LOADED:
            return _loaded(course)
        case Standing.NOT_LOADED if course.is_ready:
            return Text(
                QT_TRANSLATE_NOOP("domain", "The widget went to a page that could not be loaded; no bank is connected")
            )
        case Standing.NOT_LOADED if course.why_not_loaded:
            source = QT_TRANSLATE_NOOP("domain", "The widget's page could not be loaded: {why}")
            return Text(source, why=course.why_not_loaded)
        case Standing.WINDOW | Standing.WINDOW_SHUT | Standing.APP if course.place:
            return Text(_AT_A_PLACE[course.standing], place=course.place)
        case Standing.WINDOW | Standing.WINDOW_SHUT | Standing.APP:
            return Text(_WITHOUT_PLACE[course.standing])
    return Text(_PLAIN.get(course.standing, _PLAIN[Standing.READY]))


def _stopped(course: Course) -> Text:
    assert course.trouble is not None  # noqa: S101 - what this standing means
    sentence = course.trouble.sentence
    if course.earlier is None or course.earlier.brief == course.trouble.brief:
        return sentence
    source = QT_TRANSLATE_NOOP("domain", "{sentence}, and before that {trouble}")
    return Text(source, sentence=sentence, trouble=course.earlier.brief)


def _left(course: Course) -> Text:
    if course.trouble is not None:
        return Text(
            QT_TRANSLATE_NOOP("domain", "{sentence}; the customer left the widget"), sentence=course.trouble.sentence
        )
    return Text(QT_TRANSLATE_NOOP("domain", "The customer left the widget before a bank was connected"))


def _loaded(course: Course) -> Text:
    if course.is_mimicked:
        return Text(
            QT_TRANSLATE_NOOP(
                "domain",
                "The widget was loaded but never initialised; messages that pretended to be its own were ignored",
            )
        )
    if course.is_deaf:
        return Text(
            QT_TRANSLATE_NOOP(
                "domain", "The widget was loaded but said nothing that could be read; some messages could not be"
            )
        )
    return Text(QT_TRANSLATE_NOOP("domain", "The widget was loaded but has not initialised"))
