"""Finds banks by what people call them: name, alias, domain, or the id itself."""

from collections.abc import Iterable, Sequence

from meld_desktop.domain.banks.bank import Bank, by_popularity
from meld_desktop.domain.region_source import fold


class BankSearch:
    """The banks of one source, made ready for searching, the most popular first. Never changes; any thread may ask."""

    def __init__(self, banks: Iterable[Bank]) -> None:
        self.banks: Sequence[Bank] = sorted(banks, key=by_popularity)
        self._by_id = {bank.id: bank for bank in self.banks}
        self._texts = [_text_of(bank) for bank in self.banks]

    def find(self, query: str, limit: int | None = None) -> list[Bank]:
        """Return the banks meant by ``query``, best first; all of them when it is blank.

        The order is by kind of match (the id, a whole name, the start of a name, the start of an alias or the domain,
        the start of a word, all words somewhere), then by popularity. Accents, case and punctuation do not count.
        """
        if not query.strip():
            return list(self.banks[:limit])
        words = fold(query)
        if not words:
            return self._with_signs(query.strip().casefold())[:limit]
        parts = words.split()
        tiers: list[list[Bank]] = [[] for _ in range(7)]
        same_id = self._by_id.get(query.strip())
        if same_id is not None:
            tiers[0].append(same_id)
        for place in [place for place, text in enumerate(self._texts) if parts[0] in text]:
            tier = _tier(self._texts[place], words, parts)
            if tier is not None and self.banks[place] is not same_id:
                tiers[tier].append(self.banks[place])
        return [bank for tier in tiers for bank in tier][:limit]

    def _with_signs(self, signs: str) -> list[Bank]:
        """Return the banks whose name has these signs in it: there is no letter or digit to go by."""
        return [bank for bank in self.banks if signs in bank.name.casefold()]


def _text_of(bank: Bank) -> str:
    """Return all names, each begun with a line break and each word with a blank, so that starts can be searched for."""
    names = (bank.name, *bank.aliases, bank.domain, bank.sub_name)
    return "".join(f"\n {folded}" for name in names if (folded := fold(name))) + "\n"


def _tier(text: str, words: str, parts: Sequence[str]) -> int | None:
    """Return how well ``words`` fit, 1 being best; None when they do not. The first of ``parts`` is in the text."""
    start = f"\n {words}"
    if text.startswith(start):
        return 1 if text.startswith(f"{start}\n") else 2
    if start in text:
        return 3
    if f" {words}" in text:
        return 4
    if len(parts) == 1:
        return 6
    if all(f" {part}" in text for part in parts):
        return 5
    return 6 if all(part in text for part in parts) else None
