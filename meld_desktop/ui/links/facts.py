"""What is known of a link, line by line."""

import html
from collections.abc import Iterator
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from meld_desktop.domain.connection_status import ConnectionState
from meld_desktop.domain.links.record import LinkRecord
from meld_desktop.ui.links.words import bank_name, environment_name, exact_words, product_names
from meld_desktop.ui.strings import breakable


def facts_of(record: LinkRecord, state: ConnectionState, now: datetime, soft: str) -> str:
    """Return the facts as markup: names in the colour ``soft``, what others wrote as it is."""
    lines = []
    for name, value in _facts(record, state, now):
        if value:
            shown = html.escape(breakable(value)).replace("\n", "<br>")
            lines.append(
                f'<p style="margin:0 0 6px 0"><span style="color:{soft}">{html.escape(name)}</span><br>{shown}</p>'
            )
    return "".join(lines)


def _facts(record: LinkRecord, state: ConnectionState, now: datetime) -> Iterator[tuple[str, str]]:
    status = f"{state.status} ({state.reason})" if state.reason else state.status
    yield QCoreApplication.translate("LinkFacts", "Outcome"), record.outcome
    yield QCoreApplication.translate("LinkFacts", "Bank"), state.institution_name or bank_name(record)
    yield QCoreApplication.translate("LinkFacts", "Required products"), product_names(record.products)
    yield QCoreApplication.translate("LinkFacts", "Optional products"), product_names(record.optional_products)
    yield QCoreApplication.translate("LinkFacts", "Regions"), ", ".join(record.regions)
    yield QCoreApplication.translate("LinkFacts", "Made"), exact_words(record.made_at)
    if record.expires_at is not None:
        name = (
            QCoreApplication.translate("LinkFacts", "Works until")
            if record.expires_at > now
            else QCoreApplication.translate("LinkFacts", "Worked until")
        )
        yield name, exact_words(record.expires_at)
    yield QCoreApplication.translate("LinkFacts", "Meld's status"), status
    if record.status_at is not None:
        yield QCoreApplication.translate("LinkFacts", "Status of"), exact_words(record.status_at)
    if state.aggregated_at is not None:
        yield QCoreApplication.translate("LinkFacts", "Last data"), exact_words(state.aggregated_at)
    if record.kind == "repair":
        yield (
            QCoreApplication.translate("LinkFacts", "Kind"),
            QCoreApplication.translate("LinkFacts", "Repair of an earlier link"),
        )
    if record.case_id:
        yield QCoreApplication.translate("LinkFacts", "Repair case"), str(record.case_id)
    yield QCoreApplication.translate("LinkFacts", "API host"), record.host or environment_name(record)
    yield QCoreApplication.translate("LinkFacts", "Connection ID"), record.connection_id
    yield QCoreApplication.translate("LinkFacts", "Customer ID at Meld"), record.meld_customer_id
    yield QCoreApplication.translate("LinkFacts", "Request ID"), record.request_id
