"""Puts the widget's events into words."""

from PySide6.QtCore import QObject

from meld_desktop.domain.widget_events import NoticeKind, WidgetEvent, completion_of, error_sentence
from meld_desktop.ui.messages import Message, Tone
from meld_desktop.ui.result.activity import Activity


class Outcomes(QObject):
    """Says what an event means, for the list of activities and for the message strip."""

    def of_event(self, event: WidgetEvent, customer: str) -> tuple[Activity | None, Message | None]:
        """Return the line and the message of one event of ``customer``; None where it is not worth one (EVT, SDK)."""
        if event.name == "init":
            return Activity(self.tr("Widget ready"), self.tr("waiting for the customer")), None
        if event.name == "connect_complete":
            return self._completed(event, customer)
        if event.name == "error":
            return self._failed(event)
        if event.name == "cancel":
            text = self.tr("The customer left before connecting a bank. The link can be opened again while it works.")
            return Activity(self.tr("Cancelled"), self.tr("in the widget")), Message(
                Tone.WARNING, self.tr("Cancelled in the widget"), text
            )
        if event.name == "handover":
            return Activity(self.tr("Finished"), self.tr("the widget may be closed")), None
        if event.name == "debug":
            return None, None
        return Activity(event.name), None

    def _completed(self, event: WidgetEvent, customer: str) -> tuple[Activity, Message]:
        completion = completion_of(event)
        bank = completion.institution_name if completion and completion.institution_name else self.tr("the bank")
        count = completion.account_count if completion else 0
        accounts = self.tr("%n account(s)", "", count)
        text = self.tr("{customer} connected {accounts}. The bank's data is still arriving.").format(
            customer=customer, accounts=accounts
        )
        title = self.tr("Connected {bank}").format(bank=bank)
        return Activity(title, accounts), Message(Tone.SUCCESS, title, text)

    def _failed(self, event: WidgetEvent) -> tuple[Activity, Message]:
        said = error_sentence(event) or self.tr("It gave no reason.")
        if "error creating user" in said.lower():
            hint = self.tr("Create the link again with a new customer ID.")
        else:
            hint = self.tr("The customer can often try again in the widget.")
        text = self.tr("{said} {hint}").format(said=said if said.endswith((".", "!", "?")) else said + ".", hint=hint)
        title = self.tr("The widget reports a problem")
        return Activity(title, said), Message(Tone.WARNING, title, text)

    def notice_title(self, kind: NoticeKind) -> str:
        """Return a title for something the web view did or refused."""
        return {
            NoticeKind.POPUP_OPENED: self.tr("Bank window opened"),
            NoticeKind.POPUP_CLOSED: self.tr("Bank window closed"),
            NoticeKind.POPUP_CLOSED_BY_USER: self.tr("Bank window closed by hand"),
            NoticeKind.POPUP_BLOCKED: self.tr("Window blocked"),
            NoticeKind.PERMISSION_DENIED: self.tr("Permission denied"),
            NoticeKind.DOWNLOAD_REFUSED: self.tr("Download refused"),
            NoticeKind.FILE_REFUSED: self.tr("File refused"),
            NoticeKind.NAVIGATION_REFUSED: self.tr("Page refused"),
            NoticeKind.EXTERNAL_SCHEME: self.tr("App link"),
            NoticeKind.CERTIFICATE_REFUSED: self.tr("Page not secure"),
            NoticeKind.LOAD_FAILED: self.tr("Page not loaded"),
        }.get(kind, self.tr("Widget"))
