"""The questions before something goes for good. Each names what it is about."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from meld_desktop.domain.links.record import LinkRecord
from meld_desktop.ui.links.words import bank_name, environment_name
from meld_desktop.ui.strings import breakable


def confirm_forget(parent: QWidget, customer: str, then: Callable[[], object]) -> None:
    """Ask whether everything about ``customer`` shall go; call ``then`` when the answer is yes."""
    _ask(
        parent,
        QCoreApplication.translate("LinkQuestions", "Forget customer"),
        QCoreApplication.translate("LinkQuestions", "Forget customer {customer}?").format(customer=breakable(customer)),
        QCoreApplication.translate(
            "LinkQuestions",
            "All links, tickets and notes of this customer go from this computer, out of backups too, and cannot be"
            " brought back. Nothing changes at Meld or at the bank.",
        ),
        QCoreApplication.translate("LinkQuestions", "&Forget customer"),
        then,
    )


def confirm_delete(parent: QWidget, record: LinkRecord, then: Callable[[], object]) -> None:
    """Ask whether a connection shall be deleted at Meld, naming customer, bank and environment."""
    bank = bank_name(record)
    text = (
        QCoreApplication.translate(
            "LinkQuestions", "Delete the connection of customer {customer} with {bank} in {environment}?"
        )
        if bank
        else QCoreApplication.translate(
            "LinkQuestions", "Delete the connection of customer {customer} in {environment}?"
        )
    )
    detail = QCoreApplication.translate(
        "LinkQuestions",
        "Meld ends the connection and removes its data, for good. To get data again, the customer must connect anew.",
    )
    if record.environment == "production":
        detail = QCoreApplication.translate(
            "LinkQuestions", "This is Production: a real customer and a real bank. {detail}"
        ).format(detail=detail)
    _ask(
        parent,
        QCoreApplication.translate("LinkQuestions", "Delete connection"),
        text.format(
            customer=breakable(record.customer), bank=breakable(bank), environment=breakable(environment_name(record))
        ),
        detail,
        QCoreApplication.translate("LinkQuestions", "&Delete connection"),
        then,
    )


def _ask(parent: QWidget, title: str, text: str, detail: str, yes_text: str, then: Callable[[], object]) -> None:
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(title)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(text)
    box.setInformativeText(detail)
    yes = box.addButton(yes_text, QMessageBox.ButtonRole.AcceptRole)
    no = box.addButton(QCoreApplication.translate("LinkQuestions", "Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(no)
    box.setEscapeButton(no)
    yes.clicked.connect(then)
    box.open()
