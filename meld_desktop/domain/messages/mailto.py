"""Hands an e-mail to the person's own mail program, as a ``mailto:`` address (RFC 6068)."""

import re
from urllib.parse import quote

from meld_desktop.domain.messages.template import Message
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text

LONGEST = 2000
"""Windows and some mail programs cut longer addresses off: then offer to copy the message instead."""

_ADDRESS = re.compile(r"[^\s\x00-\x1f\x7f@,;<>()\"\[\]\ud800-\udfff]+@[^\s\x00-\x1f\x7f@,;<>()\"\[\]\ud800-\udfff]+")


class UnusableRecipientError(ValueError):
    """A recipient that is not one e-mail address; ``text`` says so in plain words."""

    def __init__(self) -> None:
        self.text = Text(QT_TRANSLATE_NOOP("domain", "Enter one e-mail address, such as name@example.com."))
        super().__init__(str(self.text))


def mailto_url(message: Message, to: str = "") -> str:
    """Return the address that opens ``message`` in a mail program, addressed to ``to`` when given.

    It holds the link: a secret, to be opened and never written anywhere. Raises UnusableRecipientError.
    """
    to = to.strip()
    if to and not _ADDRESS.fullmatch(to):
        raise UnusableRecipientError
    local, _, host = to.partition("@")
    recipient = f"{_encoded(local)}@{_encoded(host)}" if to else ""
    fields = [f"subject={_encoded(message.subject)}"] if message.subject else []
    # Lines of a body end with CR LF (RFC 6068, 5); a blank is %20, because mail programs show a plus as it is.
    body = re.sub(r"\r\n|\r|\n", "\r\n", message.body)
    fields.append(f"body={_encoded(body)}")
    return f"mailto:{recipient}?{'&'.join(fields)}"


def _encoded(text: str) -> str:
    return quote(text, safe="", encoding="utf-8", errors="replace")
