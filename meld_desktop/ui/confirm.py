"""The question before a Production link leaves the window."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from meld_desktop.domain.addresses import split
from meld_desktop.domain.link import Link
from meld_desktop.ui.strings import breakable


def confirm_production(parent: QWidget, link: Link, then: Callable[[], None]) -> None:
    """Ask whether the real widget shall open, naming host and customer; call ``then`` when the answer is yes."""
    address = split(link.widget_url)
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(QCoreApplication.translate("Confirm", "This is Production"))
    box.setText(
        QCoreApplication.translate("Confirm", "Open the real widget on {host} for customer {customer}?").format(
            host=address.host if address else "", customer=breakable(link.request.external_customer_id)
        )
    )
    box.setTextFormat(Qt.TextFormat.PlainText)
    yes = box.addButton(QCoreApplication.translate("Confirm", "&Open"), QMessageBox.ButtonRole.AcceptRole)
    no = box.addButton(QCoreApplication.translate("Confirm", "Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(no)
    yes.clicked.connect(then)
    box.open()
