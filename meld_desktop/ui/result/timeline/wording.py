"""What is shown of an entry: its words, its facts and the line that is copied, with values masked or not.

Connect tokens and keys are masked whatever is asked for: entries are free of them already, this is the second lock.
"""

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote, quote_plus

from PySide6.QtCore import QCoreApplication, QLocale

from meld_desktop.domain.addresses import masked
from meld_desktop.domain.redaction import MASK, Redactor
from meld_desktop.domain.text import Text
from meld_desktop.domain.witness.entry import Entry
from meld_desktop.ui.result.timeline.kinds import label_of, place_words
from meld_desktop.ui.strings import localized

_PERSONAL = frozenset(
    "externalcustomerid customerid customer mask name names number accountnumber routingnumber iban email emails phone"
    " phones phonenumber address addresses owner owners username user login displayname balance".split()
)
"""Names of facts whose values speak of the customer, in lower case without ``_`` and ``-``."""
_PUBLIC = frozenset({"institutionname"})
_SHORTEST = 4
"""A shorter customer ID is only masked where it stands alone: it would match innocent text."""
_DEEPEST = 6
_tokens = Redactor()


class Wording:
    """Puts the entries of one session into words. ``shows_values`` leaves query values and customer data readable.

    ``hops`` gives the whole address of a hop by its number, for when values are shown.
    """

    def __init__(
        self,
        customer: str = "",
        secrets: Iterable[str] = (),
        *,
        hops: Mapping[int, str] | None = None,
        shows_values: bool = False,
    ) -> None:
        self._customer = customer
        spelled = {customer, quote(customer, safe=""), quote_plus(customer)} if len(customer) >= _SHORTEST else set()
        self._customer_forms = tuple(sorted(spelled, key=len, reverse=True))
        self._secrets = tuple({form for secret in secrets if secret for form in (secret, quote(secret, safe=""))})
        self._hops = hops if hops is not None else {}
        self.shows_values = shows_values

    def title(self, entry: Entry) -> str:
        """Return what happened."""
        title = self.said(entry.title)
        if entry.count < 2:
            return title
        times = QLocale().toString(entry.count)
        return QCoreApplication.translate("Timeline", "{title} (×{times})").format(title=title, times=times)

    def detail(self, entry: Entry) -> str:
        """Return what more there is to say about it, "" for nothing."""
        return self.said(entry.detail)

    def place(self, entry: Entry) -> str:
        """Return where it happened, "" for nowhere in particular."""
        return self.clean(place_words(entry.place))

    def facts(self, entry: Entry) -> list[tuple[str, str]]:
        """Return the facts that came with it, each with its name."""
        facts = [(self.clean(name), self.clean(value)) for name, value in _leaves("", entry.data, self.shows_values)]
        hop = entry.data.get("hop")
        if self.shows_values and isinstance(hop, int) and hop in self._hops:
            whole = self.clean(self._hops[hop])
            facts = [(name, whole if name == "url" else value) for name, value in facts]
            if ("url", whole) not in facts:
                facts.append(("url", whole))
        return facts

    def address(self, url: str) -> str:
        """Return an address, with the values of its query unless they are masked."""
        return self.clean(url if self.shows_values else masked(url))

    def hop(self, number: int | None, shown: str) -> str:
        """Return the address of a hop, ``shown`` while values are masked."""
        return self.clean(self._hops.get(number or 0, shown) if self.shows_values else shown)

    def haystack(self, entry: Entry) -> str:
        """Return all that is shown of it, for the search: never more, so that nothing hidden can be guessed."""
        parts = [self.title(entry), self.detail(entry), self.place(entry), label_of(entry.kind)]
        parts += [part for fact in self.facts(entry) for part in fact]
        return "\n".join(parts).casefold()

    def sentence(self, entry: Entry) -> str:
        """Return title and detail in one line."""
        title, detail = self.title(entry), self.detail(entry)
        return f"{title}: {detail}" if detail else title

    def copied(self, entry: Entry) -> str:
        """Return one tab-separated line: clock time, seconds, kind, title, detail, place, facts."""
        facts = "; ".join(f"{name}={value}" for name, value in self.facts(entry))
        cells = (
            entry.at.astimezone().isoformat(sep=" ", timespec="milliseconds"),
            f"{entry.seconds:.3f}",
            label_of(entry.kind),
            self.title(entry),
            self.detail(entry),
            self.place(entry),
            facts,
        )
        return "\t".join(" ".join(cell.split()) for cell in cells)

    def said(self, text: Text) -> str:
        """Return a sentence about the session in one line."""
        if not text:
            return ""
        if not self.shows_values and self._customer and self._customer in text.values.values():
            values = {name: MASK if value == self._customer else value for name, value in text.values.items()}
            text = Text(text.source, **values)
        return " ".join(self.clean(localized(text)).split())

    def clean(self, text: str) -> str:
        """Return ``text`` without tokens and, while values are masked, without the customer's ID."""
        low = text.casefold()
        if "eyj" in low or "token" in low or "authorization" in low:
            text = _tokens(text)
        for secret in self._secrets:
            if secret in text:
                text = text.replace(secret, MASK)
        if not self.shows_values:
            for form in self._customer_forms:
                if form in text:
                    text = text.replace(form, MASK)
        return text


def _leaves(name: str, value: object, shows: bool, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield every plain value in ``value`` with the path to it."""
    if isinstance(value, Mapping) and depth < _DEEPEST:
        for key, held in value.items():
            path = f"{name}.{key}" if name else str(key)
            if not shows and _is_personal(str(key)) and not isinstance(held, Mapping | list | tuple):
                yield path, MASK if held not in ("", None) else ""
            else:
                yield from _leaves(path, held, shows, depth + 1)
    elif isinstance(value, list | tuple) and depth < _DEEPEST:
        if all(not isinstance(item, Mapping | list | tuple) for item in value):
            hidden = not shows and _is_personal(name.rpartition(".")[2])
            yield name, MASK if hidden and value else ", ".join(map(_plain, value))
            return
        for place, item in enumerate(value, 1):
            yield from _leaves(f"{name}.{place}", item, shows, depth + 1)
    else:
        yield name, _plain(value)


def _is_personal(key: str) -> bool:
    flat = key.replace("_", "").replace("-", "").lower()
    return flat in _PERSONAL and flat not in _PUBLIC


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
