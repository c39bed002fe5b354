"""What the message strip says after something was done with links."""

from PySide6.QtCore import QCoreApplication, QLocale

from meld_desktop import __version__
from meld_desktop.domain.connection_action import Action
from meld_desktop.domain.errors import MeldError
from meld_desktop.domain.links.csv import RowProblem
from meld_desktop.domain.links.record import LinkRecord
from meld_desktop.domain.text import Text
from meld_desktop.services.link_book import Exported, Forgotten
from meld_desktop.services.link_files import Imported
from meld_desktop.ui.links.words import environment_name
from meld_desktop.ui.messages import Message, Tone, details_of
from meld_desktop.ui.strings import localized, sentences


def exported(result: Exported) -> Message:
    """Say how many links are in which file."""
    title = QCoreApplication.translate("LinkReports", "Links exported: {count}").format(count=_number(result.count))
    text = QCoreApplication.translate("LinkReports", "They are in {name}. There is no address and no key in it.")
    return Message(Tone.SUCCESS, title, text.format(name=result.path.name), details=str(result.path))


def imported(result: Imported) -> Message:
    """Say how many links went in, how many were here, and which rows were left out."""
    title = QCoreApplication.translate("LinkReports", "Links imported: {count}").format(count=_number(result.count))
    parts = []
    if result.known:
        known = QCoreApplication.translate("LinkReports", "Already here: {count}.")
        parts.append(known.format(count=_number(result.known)))
    if not result.problems:
        if not result.count and not result.known:
            parts.append(QCoreApplication.translate("LinkReports", "There is no link in {name}."))
        text = " ".join(parts).format(name=result.path.name)
        return Message(Tone.SUCCESS if result.count or result.known else Tone.INFO, title, text)
    count = len(result.problems) + result.more_problems
    parts.append(
        QCoreApplication.translate("LinkReports", "Problems in {name}: {count}.").format(
            name=result.path.name, count=_number(count)
        )
    )
    parts.append(_problem(result.problems[0]))
    if count > 1:
        parts.append(QCoreApplication.translate("LinkReports", "“Copy details” has them all."))
    details = [f"{result.path.name}: {title}", *map(_problem, result.problems)]
    if result.more_problems:
        more = QCoreApplication.translate("LinkReports", "And {count} more.")
        details.append(more.format(count=_number(result.more_problems)))
    return Message(Tone.WARNING, title, " ".join(parts), details="\n".join(details))


def forgotten(result: Forgotten) -> Message:
    """Say that nothing of a customer is left here."""
    title = QCoreApplication.translate("LinkReports", "Customer forgotten")
    text = QCoreApplication.translate(
        "LinkReports", "Links of {customer} removed from this computer: {count}. Meld itself was not asked to forget."
    )
    return Message(Tone.SUCCESS, title, text.format(customer=result.customer, count=_number(result.count)))


def trouble(why: Text) -> Message:
    """Say what is wrong with the list, and that links can be made all the same."""
    title = QCoreApplication.translate("LinkReports", "The list of links has a problem")
    goes_on = QCoreApplication.translate("LinkReports", "Creating links works all the same.")
    return Message(Tone.WARNING, title, sentences(why, goes_on), details=localized(why))


def done(action: Action, record: LinkRecord) -> Message | None:
    """Say that an action was taken; nothing when what follows is seen elsewhere."""
    if action is Action.REFRESH:
        title = QCoreApplication.translate("LinkReports", "Refresh begun")
        text = QCoreApplication.translate(
            "LinkReports", "Meld fetches the data of {customer} anew. The status shows when it is there."
        )
    elif action is Action.DELETE:
        title = QCoreApplication.translate("LinkReports", "Connection deleted")
        text = QCoreApplication.translate(
            "LinkReports",
            "Meld has ended the connection of {customer}. The link stays in this list until you forget it.",
        )
    else:
        return None
    return Message(Tone.SUCCESS, title, text.format(customer=record.customer))


def failed(record: LinkRecord, error: MeldError) -> Message:
    """Say why an action failed and what to do next."""
    return Message(
        Tone.ERROR,
        localized(error.title),
        sentences(error.detail, error.hint),
        details_of(error, environment=environment_name(record), version=__version__),
        error.request_id,
        error.retry_after,
    )


def _problem(problem: RowProblem) -> str:
    words = localized(problem.text)
    if problem.column:
        place = QCoreApplication.translate("LinkReports", "Line {line}, {column}: {words}")
        return place.format(line=problem.line, column=problem.column, words=words)
    return QCoreApplication.translate("LinkReports", "Line {line}: {words}").format(line=problem.line, words=words)


def _number(value: int) -> str:
    return QLocale().toString(value)
