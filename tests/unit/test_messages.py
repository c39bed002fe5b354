"""Messages to customers: gaps filled once and for all, the right hour in every language, sound addresses."""

import re
import sys
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from meld_desktop.domain.messages.compose import (
    EXAMPLE,
    SCANNER_WARNING,
    Facts,
    all_products,
    compose,
    warnings,
)
from meld_desktop.domain.messages.languages import WORDS, Language, language_named, product_words
from meld_desktop.domain.messages.mailto import LONGEST, UnusableRecipientError, mailto_url
from meld_desktop.domain.messages.sms import SmsLength, sms_length
from meld_desktop.domain.messages.template import (
    LARGEST,
    Channel,
    Gap,
    Message,
    TemplateError,
    decode_template,
    parse_template,
)
from meld_desktop.domain.messages.times import expiry_words, find_zone, zone_names
from meld_desktop.domain.products import Product
from meld_desktop.locations import resource

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3NjMwMDAwMDB9.c2lnbmF0dXJl"
LINK = f"https://institution-connect.meld.io/?connectToken={TOKEN}"
EVERYTHING = {
    Gap.LINK: LINK,
    Gap.BANK: "Maple",
    Gap.PRODUCTS: "balances",
    Gap.EXPIRES: "noon",
    Gap.CUSTOMER: "c-1",
}
OTHERWISE = WORDS[Language.EN].otherwise
EN, ES, FR, DE, PT = Language
each_language = pytest.mark.parametrize("language", Language)
each_channel = pytest.mark.parametrize("channel", Channel)


def shipped(language: Language, channel: Channel) -> str:
    return resource("messages", language.value, f"{channel.value}.txt").read_text("utf-8")


def filled(text: str, channel: Channel = Channel.CHAT, **values: str) -> str:
    given_values = {Gap.LINK: LINK, **{Gap(name): value for name, value in values.items()}}
    return parse_template(text, channel).fill(given_values, OTHERWISE).body


# --- templates


def test_an_email_has_a_subject_and_a_text() -> None:
    template = parse_template("Subject: For {customer}\n\nUse {link}\n\nBye\n", Channel.EMAIL)
    message = template.fill(EVERYTHING, OTHERWISE)
    assert (message.subject, message.body) == ("For c-1", f"Use {LINK}\n\nBye")


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.CHAT])
def test_other_messages_are_all_text(channel: Channel) -> None:
    message = parse_template("Subject: {link}", channel).fill(EVERYTHING, OTHERWISE)
    assert (message.subject, message.body) == ("", f"Subject: {LINK}")


@pytest.mark.parametrize(
    "text", ["\ufeffSUBJECT :x \r\n\r\n{LINK}\r\nb ", "subject: x\r{ link }\rb", "Subject:x\n{link}\nb"]
)
def test_how_an_editor_wrote_it_does_not_matter(text: str) -> None:
    message = parse_template(text, Channel.EMAIL).fill(EVERYTHING, OTHERWISE)
    assert (message.subject, message.body) == ("x", f"{LINK}\nb")


def test_a_line_about_what_is_not_known_is_left_out() -> None:
    text = "{customer}!\n\nHi\n\n{link}\n\nBank: {bank}\nUntil {expires}\n\nBye\nRef {customer} of {bank}"
    assert filled(text) == f"Hi\n\n{LINK}\n\nBye"
    assert filled(text, bank="Maple") == f"Hi\n\n{LINK}\n\nBank: Maple\n\nBye"
    assert filled(text, bank=" \n ") == filled(text)


def test_blank_lines_of_the_person_stay() -> None:
    assert filled("a\n\n\n{link}\n\n\nb") == f"a\n\n\n{LINK}\n\n\nb"


@each_language
def test_the_line_with_the_link_is_never_left_out(language: Language) -> None:
    template = parse_template("Subject: {bank}\n{bank} {products} {expires} {customer}|{link}", Channel.EMAIL)
    message = compose(template, Facts(LINK), language, ZoneInfo("UTC"))
    otherwise = WORDS[language].otherwise
    assert message.subject == otherwise[Gap.BANK]
    words = [otherwise[gap] for gap in (Gap.BANK, Gap.PRODUCTS, Gap.EXPIRES)]
    assert message.body == " ".join(words) + f" |{LINK}"


def test_a_message_without_a_link_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="link"):
        parse_template("{link}", Channel.SMS).fill({**EVERYTHING, Gap.LINK: " "}, OTHERWISE)


pieces = st.lists(
    st.sampled_from([*(f"{{{gap}}}" for gap in Gap), "{{", "}}", "a", " ", "é", "$", "%s", "\n"]), max_size=12
)
awkward = st.text(
    st.sampled_from("{}ab{ }\\%$\n\r\t\u2028\x00" + "link") | st.characters(exclude_categories=["Cs"]), max_size=12
) | st.sampled_from(["{link}", "{bank}", "{{link}}", "{0}", "{", "}", "{customer.__class__}", "%(link)s", "$link"])


@given(pieces, st.fixed_dictionaries({gap: awkward for gap in Gap if gap is not Gap.LINK}))
@example(["{bank}"], {Gap.BANK: "{link}", Gap.PRODUCTS: "", Gap.EXPIRES: "", Gap.CUSTOMER: ""})
def test_filling_leaves_no_gap_and_reads_nothing_that_is_filled_in(texts: list[str], values: dict[Gap, str]) -> None:
    # Written a second way: put together piece by piece, without ever looking into a value.
    lines: list[list[str]] = [[]]
    for piece in ["{link}", *texts]:
        if piece == "\n":
            lines.append([])
        else:
            lines[-1].append(piece)
    flat = {
        f"{{{gap}}}": re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", text).strip() for gap, text in values.items()
    }
    expected = []
    for line in lines:
        gaps = [piece for piece in line if piece in flat]
        if "{link}" not in line and any(not flat[gap] for gap in gaps):
            continue
        while line and line[-1] == " ":
            line.pop()
        general = {f"{{{gap}}}": text for gap, text in OTHERWISE.items()}
        made = {"{link}": LINK, "{{": "{", "}}": "}"} | {gap: flat[gap] or general.get(gap, "") for gap in flat}
        expected.append("".join(made.get(piece, piece) for piece in line))
    template = parse_template("".join(["{link}", *texts]), Channel.CHAT)
    body = template.fill({Gap.LINK: LINK, **values}, OTHERWISE).body
    assert [line for line in body.split("\n") if line] == [line for line in expected if line]


@given(st.fixed_dictionaries({gap: awkward for gap in Gap if gap is not Gap.LINK}))
def test_no_value_begins_a_line_or_a_header_of_its_own(values: dict[Gap, str]) -> None:
    template = parse_template("Subject: {customer} {bank}\n{link}\n{customer}\n{bank}", Channel.EMAIL)
    message = template.fill({Gap.LINK: LINK, **values}, OTHERWISE)
    assert len(message.subject.splitlines()) <= 1
    assert len(message.body.split("\n")) <= 3
    EmailMessage()["Subject"] = message.subject  # refuses line ends


BROKEN: dict[str, tuple[bytes, int, str]] = {
    "empty": (b"", 1, "Subject:"),
    "no subject": (b"Hello\n{link}", 1, "Subject:"),
    "blank subject": (b"Subject: \n{link}", 1, "Subject:"),
    "no link": (b"Subject: x\n\nHello\n", 3, "{link}"),
    "link in the subject": (b"Subject: {link}\n{link}", 1, "A subject is shown to everyone"),
    "unknown gap": (b"Subject: x\n{link}\nDear {name},", 3, "{name} cannot be filled in. Use {link}, {bank},"),
    "unknown in the subject": (b"Subject: {name}\n{link}", 1, "{name}"),
    "format code": (b"Subject: x\n{link!r:>9}", 2, "{link!r:>9}"),
    "attribute": (b"Subject: x\n{link.__class__}", 2, "cannot be filled in"),
    "empty gap": (b"Subject: x\n{}\n{link}", 2, "{} cannot be filled in"),
    "left open": (b"Subject: x\n{link}\n\n{bank", 4, "write it twice: {{ or }}"),
    "closed only": (b"Subject: x\n{link}}\n", 2, "brace stands alone"),
    "not UTF-8": (b"Subject: x\n{link}\ncaf\xe9", 3, "UTF-8"),
    "zeros": (b"Subject: x\n\0{link}", 2, "cannot be sent"),
    "too long": (b"Subject: x\n{link}\n" + b"x" * LARGEST, 1, "16 KiB"),
    "somebody's link": (f"Subject: x\n{{link}}\n{LINK}".encode(), 3, "somebody's link"),
    "somebody's token": (f"Subject: x\n{TOKEN}\n{{link}}".encode(), 2, "somebody's link"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_template_that_cannot_be_used_is_refused_with_its_line(what: str) -> None:
    content, line, reason = BROKEN[what]
    with pytest.raises(TemplateError) as caught:
        decode_template(content, Channel.EMAIL)
    assert caught.value.line == line
    assert reason in str(caught.value.text)
    assert "eyJ" not in str(caught.value)


@given(st.binary(max_size=60), st.sampled_from(Channel))
def test_any_bytes_are_a_template_or_a_reason(content: bytes, channel: Channel) -> None:
    try:
        decode_template(content, channel)
    except TemplateError as error:
        assert 1 <= error.line <= len(re.split(rb"\r\n|\r|\n", content))  # noqa: PT017


def test_a_link_is_not_shown_by_accident() -> None:
    message = parse_template("Subject: x\n{link}", Channel.EMAIL).fill(EVERYTHING, OTHERWISE)
    assert TOKEN in message.body
    assert TOKEN not in repr(message) + repr(Facts(LINK)) + repr([Facts(LINK)])


# --- those that come with the program


@each_language
@each_channel
def test_a_shipped_template_is_whole(language: Language, channel: Channel) -> None:
    template = parse_template(shipped(language, channel), channel)
    full = compose(template, EXAMPLE, language, ZoneInfo("America/New_York"))
    bare = compose(template, Facts(LINK), language, ZoneInfo("America/New_York"))
    for message in (full, bare):
        assert bool(message.subject) is (channel is Channel.EMAIL)
        assert not re.search(r"[{}]|\n\n\n|None|: *$", message.subject + message.body.replace(":\n\nhttp", "\nhttp"))
    assert LINK in bare.body.split("\n") or bare.body.split("\n")[0].endswith(f" {LINK}")  # nothing clings to it
    assert expiry_words(EXAMPLE.expires or datetime.now(UTC), language, ZoneInfo("America/New_York")) in full.body
    if channel is Channel.EMAIL:
        assert EXAMPLE.bank in full.body
        assert EXAMPLE.customer in full.body
        assert product_words(EXAMPLE.products, language) in full.body


@each_language
def test_an_sms_is_written_in_the_alphabet_of_phones(language: Language) -> None:
    template = parse_template(shipped(language, Channel.SMS), Channel.SMS)
    message = template.fill({Gap.LINK: LINK, Gap.EXPIRES: "x"}, {})
    assert not sms_length(message.body).wide
    assert sms_length(message.body.replace(LINK, "")).parts == 1


def test_templates_speak_politely() -> None:
    words = {language: " ".join(shipped(language, channel) for channel in Channel) for language in Language}
    assert not re.search(r"\b([Dd]u|[Dd]ein\w*|[Dd]ich|[Dd]ir)\b", words[DE])
    assert not re.search(r"\b(tu|tus|te|ti|contigo|puedes|haz)\b", words[ES], re.IGNORECASE)
    assert not re.search(r"\b(tu|ton|ta|tes|toi|te)\b", words[FR], re.IGNORECASE)
    assert not re.search(r"\b(tu|teu|tua|te|contigo)\b", words[PT], re.IGNORECASE)
    assert {language: polite in words[language] for language, polite in ((DE, "Ihr"), (ES, "su "), (FR, "votre "))} == {
        DE: True, ES: True, FR: True,
    }  # fmt: skip


def test_a_whole_message() -> None:
    facts = Facts(LINK, "Maple", (Product.OWNERS,), datetime(2026, 3, 5, 19, 30, 59, tzinfo=UTC), "c-{bank}")
    message = compose(parse_template(shipped(DE, Channel.EMAIL), Channel.EMAIL), facts, DE, ZoneInfo("Europe/Berlin"))
    assert message.subject == "Bitte verbinden Sie Ihr Bankkonto"
    assert (
        message.body
        == f"""Guten Tag,

über diesen Link können Sie Ihr Bankkonto verbinden:

{LINK}

Ihre Bank: Maple
Daten, die Sie für uns freigeben: Angaben zum Kontoinhaber
Der Link ist gültig bis Donnerstag, 5. März, 20:30 Uhr (Ortszeit Berlin).
Ihr Zeichen bei uns: c-{{bank}}

Bitte leiten Sie diese Nachricht nicht weiter: Wer den Link hat, kann ihn öffnen.
Wir fragen Sie niemals per Nachricht oder am Telefon nach Ihrem Passwort.
Falls Sie diese Nachricht nicht erwartet haben, brauchen Sie nichts zu tun.

Mit freundlichen Grüßen"""
    )


# --- when


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


WHEN = [
    # New York: the clocks go forward on 8 March 2026 at 7:00 UTC and back on 1 November at 6:00 UTC.
    ("America/New_York", "2026-03-08T06:59", EN, "Sunday, March 8 at 1:59 a.m. (New York time)"),
    ("America/New_York", "2026-03-08T07:00", EN, "Sunday, March 8 at 3:00 a.m. (New York time)"),
    (
        "America/New_York", "2026-11-01T05:30", EN,
        "Sunday, November 1 at 1:30 a.m. (New York time, UTC-04:00, before the clocks go back)",
    ),
    (
        "America/New_York", "2026-11-01T06:30", EN,
        "Sunday, November 1 at 1:30 a.m. (New York time, UTC-05:00, after the clocks go back)",
    ),
    ("America/New_York", "2026-11-01T04:59", EN, "Sunday, November 1 at 12:59 a.m. (New York time)"),
    ("America/New_York", "2026-11-01T07:00", EN, "Sunday, November 1 at 2:00 a.m. (New York time)"),
    ("America/New_York", "2026-03-05T17:00", EN, "Thursday, March 5 at 12:00 p.m. (New York time)"),
    ("America/New_York", "2026-03-08T06:59", ES, "el domingo 8 de marzo a la 1:59 (hora de Nueva York)"),
    ("America/New_York", "2026-03-08T07:00", ES, "el domingo 8 de marzo a las 3:00 (hora de Nueva York)"),
    (
        "America/New_York", "2026-11-01T05:30", ES,
        "el domingo 1 de noviembre a la 1:30 (hora de Nueva York, UTC-04:00, antes del cambio de hora)",
    ),
    ("America/New_York", "2026-03-08T07:00", FR, "dimanche 8 mars à 3h00 (heure de New York)"),
    (
        "America/New_York", "2026-11-01T06:30", FR,
        "dimanche 1er novembre à 1h30 (heure de New York, UTC-05:00, après le changement d'heure)",
    ),
    ("America/New_York", "2026-03-08T07:00", DE, "Sonntag, 8. März, 3:00 Uhr (Ortszeit New York)"),
    (
        "America/New_York", "2026-11-01T06:30", DE,
        "Sonntag, 1. November, 1:30 Uhr (Ortszeit New York, UTC-05:00, nach der Zeitumstellung)",
    ),
    ("America/New_York", "2026-03-08T07:00", PT, "domingo, 8 de março, às 3h00 (horário de Nova York)"),
    (
        "America/New_York", "2026-11-01T05:30", PT,
        "domingo, 1º de novembro, à 1h30 (horário de Nova York, UTC-04:00, antes da mudança de horário)",
    ),
    # Berlin: forward on 29 March 2026 at 1:00 UTC, back on 25 October at 1:00 UTC.
    ("Europe/Berlin", "2026-03-29T00:59", DE, "Sonntag, 29. März, 1:59 Uhr (Ortszeit Berlin)"),
    ("Europe/Berlin", "2026-03-29T01:00", DE, "Sonntag, 29. März, 3:00 Uhr (Ortszeit Berlin)"),
    (
        "Europe/Berlin", "2026-10-25T00:00", DE,
        "Sonntag, 25. Oktober, 2:00 Uhr (Ortszeit Berlin, UTC+02:00, vor der Zeitumstellung)",
    ),
    (
        "Europe/Berlin", "2026-10-25T01:59", DE,
        "Sonntag, 25. Oktober, 2:59 Uhr (Ortszeit Berlin, UTC+01:00, nach der Zeitumstellung)",
    ),
    ("Europe/Berlin", "2026-10-25T02:00", DE, "Sonntag, 25. Oktober, 3:00 Uhr (Ortszeit Berlin)"),
    ("Europe/Berlin", "2026-03-29T01:00", EN, "Sunday, March 29 at 3:00 a.m. (Berlin time)"),
    ("Europe/Berlin", "2026-03-29T01:00", ES, "el domingo 29 de marzo a las 3:00 (hora de Berlín)"),
    ("Europe/Berlin", "2026-03-29T01:00", FR, "dimanche 29 mars à 3h00 (heure de Berlin)"),
    ("Europe/Berlin", "2026-03-29T01:00", PT, "domingo, 29 de março, às 3h00 (horário de Berlim)"),
    # Sydney: back on 5 April 2026 at 16:00 UTC of the 4th, forward on 4 October at 16:00 UTC of the 3rd.
    (
        "Australia/Sydney", "2026-04-04T16:30", EN,
        "Sunday, April 5 at 2:30 a.m. (Sydney time, UTC+10:00, after the clocks go back)",
    ),
    ("Australia/Sydney", "2026-10-03T16:00", ES, "el domingo 4 de octubre a las 3:00 (hora de Sídney)"),
    ("Australia/Sydney", "2026-10-03T15:59", FR, "dimanche 4 octobre à 1h59 (heure de Sydney)"),
    (
        "Australia/Sydney", "2026-04-04T15:30", DE,
        "Sonntag, 5. April, 2:30 Uhr (Ortszeit Sydney, UTC+11:00, vor der Zeitumstellung)",
    ),
    ("Australia/Sydney", "2026-10-03T16:00", PT, "domingo, 4 de outubro, às 3h00 (horário de Sydney)"),
    # Half an hour, and none at all; another day; words before the name.
    (
        "Australia/Lord_Howe", "2026-04-04T15:15", EN,
        "Sunday, April 5 at 1:45 a.m. (Lord Howe Island time, UTC+10:30, after the clocks go back)",
    ),
    ("Asia/Kolkata", "2026-12-31T18:30", EN, "Friday, January 1 at 12:00 a.m. (Kolkata time)"),
    ("America/Sao_Paulo", "2026-10-18T03:30", PT, "domingo, 18 de outubro, à 0h30 (horário de Brasília)"),
    ("America/Mexico_City", "2026-05-06T18:05", ES, "el miércoles 6 de mayo a las 12:05 (hora de Ciudad de México)"),
    ("Africa/Cairo", "2026-01-10T12:00", FR, "samedi 10 janvier à 14h00 (heure du Caire)"),
    ("Europe/Athens", "2026-01-10T12:00", FR, "samedi 10 janvier à 14h00 (heure d'Athènes)"),
    (
        "America/Argentina/Buenos_Aires", "2026-02-11T12:00", ES,
        "el miércoles 11 de febrero a las 9:00 (hora de Buenos Aires)",
    ),
    # Zones that are no place.
    ("UTC", "2026-03-05T14:30", EN, "Thursday, March 5 at 2:30 p.m. (UTC)"),
    ("EST5EDT", "2026-07-05T14:30", DE, "Sonntag, 5. Juli, 10:30 Uhr (UTC-04:00)"),
    ("Etc/GMT+3", "2026-03-05T14:30", PT, "quinta-feira, 5 de março, às 11h30 (UTC-03:00)"),
]  # fmt: skip


@pytest.mark.parametrize(("zone", "moment", "language", "words"), WHEN)
def test_when(zone: str, moment: str, language: Language, words: str) -> None:
    assert expiry_words(utc(moment), language, ZoneInfo(zone)) == words


def test_whatever_zone_the_moment_was_given_in() -> None:
    moment = utc("2026-03-05T19:30")
    there = moment.astimezone(ZoneInfo("Asia/Tokyo"))
    for language in Language:
        zone = ZoneInfo("Europe/Paris")
        assert expiry_words(there, language, zone) == expiry_words(moment, language, zone)


def test_seconds_never_promise_more() -> None:
    zone = ZoneInfo("Europe/London")
    assert "2:30 p.m." in expiry_words(utc("2026-01-05T14:30:59.999"), EN, zone)


@each_language
def test_two_moments_never_have_the_same_words(language: Language) -> None:
    """Walk every change of clocks of a year: no two half hours may read alike."""
    for key in ("America/New_York", "Europe/London", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Chatham"):
        zone = ZoneInfo(key)
        moment, seen = utc("2026-01-01T00:00"), set()
        for _ in range(365 * 48):
            words = expiry_words(moment, language, zone)
            assert words not in seen, words
            seen.add(words)
            moment += timedelta(minutes=30)


@given(
    st.integers(946_684_800, 4_102_444_800),  # the century, by the second
    st.sampled_from(sorted(available_timezones())),
    st.sampled_from(Language),
)
def test_every_zone_can_be_said(second: int, key: str, language: Language) -> None:
    words = expiry_words(datetime.fromtimestamp(second, UTC), language, ZoneInfo(key))
    assert not re.search(r"[_/{}]|  |\(\)|\( | \)", words), words
    assert words.endswith(")")


def test_a_moment_no_clock_can_show() -> None:
    assert expiry_words(datetime.max.replace(tzinfo=UTC), EN, ZoneInfo("Asia/Tokyo")) == ""
    with pytest.raises(ValueError, match="time zone"):
        expiry_words(datetime(2026, 1, 1), EN, ZoneInfo("UTC"))  # noqa: DTZ001 - that is the mistake


@pytest.mark.parametrize(
    "name", ["", "America", "Nowhere/Town", "../../etc/passwd", "/etc/passwd", "a\0b", "x" * 999, "é"]
)
def test_a_zone_that_is_none(name: str) -> None:
    assert find_zone(name) is None


@pytest.fixture
def zones_of_a_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Zones from the package tzdata, as on Windows, instead of from the system."""
    folder = tmp_path / "tzdata" / "zoneinfo" / "America"
    folder.mkdir(parents=True)
    for package in (folder, folder.parent, folder.parent.parent):
        (package / "__init__.py").touch()
    (folder / "Broken").write_bytes(b"no zone")
    known = {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] == "tzdata"}
    monkeypatch.syspath_prepend(tmp_path)
    zoneinfo.reset_tzpath(to=[])
    yield
    zoneinfo.reset_tzpath()
    for name in [name for name in sys.modules if name.partition(".")[0] == "tzdata"]:
        del sys.modules[name]
    sys.modules.update(known)


@pytest.mark.parametrize("name", ["America", "America/Broken", "America/Missing", "Missing/Town", ""])
def test_a_zone_that_is_none_in_the_package(zones_of_a_package: None, name: str) -> None:
    assert find_zone(name) is None


def test_zones_to_choose_from() -> None:
    names = zone_names()
    assert {"America/New_York", "Europe/Berlin", "Asia/Kolkata"} <= set(names)
    assert names == sorted(names)
    assert [name for name in names if name.startswith(("Etc/", "posix", "US/", "SystemV"))] == []
    zone = find_zone("America/New_York")
    assert zone is not None
    assert zone.key == "America/New_York"


# --- words


@each_language
def test_the_words_are_complete(language: Language) -> None:
    words = WORDS[language]
    assert (len(words.weekdays), len(words.months), len(words.products)) == (7, 12, len(Product))
    assert all([*words.weekdays, *words.months, *words.products, words.conjunction, *words.otherwise.values()])
    assert len(set(words.months)) == 12
    assert set(words.otherwise) == {Gap.BANK, Gap.PRODUCTS, Gap.EXPIRES}


def test_products_are_listed_as_people_speak() -> None:
    three = (Product.TRANSACTIONS, Product.BALANCES, Product.OWNERS, Product.BALANCES)
    assert product_words(three, EN) == "account balances, account holder details, and account transactions"
    assert product_words(three, ES) == "saldos, datos del titular y movimientos de la cuenta"
    assert product_words(three, FR) == "soldes des comptes, coordonnées du titulaire et opérations du compte"
    assert product_words(three, DE) == "Kontostände, Angaben zum Kontoinhaber und Kontoumsätze"
    assert product_words(three, PT) == "saldos das contas, dados do titular e movimentações da conta"
    assert (
        product_words((Product.OWNERS, Product.TRANSACTIONS), EN) == "account holder details and account transactions"
    )
    assert product_words((Product.OWNERS,), EN) == "account holder details"
    assert product_words((), EN) == ""


def test_what_is_shared_is_what_is_required_and_what_is_optional() -> None:
    assert all_products((Product.OWNERS,), (Product.BALANCES, Product.OWNERS)) == (Product.BALANCES, Product.OWNERS)


def test_languages_by_code() -> None:
    assert [language_named(code) for code in ("pt-BR", "DE", "fr_CA", " es ", "en")] == [PT, DE, FR, ES, EN]
    assert [language_named(code) for code in ("", "it", "eng")] == [None, None, None]


def test_who_sends_is_warned_of_mail_scanners() -> None:
    assert "Mail scanners" in str(SCANNER_WARNING)
    assert [SCANNER_WARNING in warnings(channel) for channel in Channel] == [True, False, True]
    assert all(warnings(channel) for channel in Channel)


# --- SMS


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", SmsLength(0, 1, False)),
        ("a" * 160, SmsLength(160, 1, False)),
        ("a" * 161, SmsLength(161, 2, False)),
        ("a" * 306, SmsLength(306, 2, False)),
        ("a" * 307, SmsLength(307, 3, False)),
        ("€" * 80, SmsLength(160, 1, False)),
        ("a" * 152 + "€" + "a" * 152, SmsLength(306, 3, False)),
        ("àéùòñÜß¿¡\n", SmsLength(10, 1, False)),
        ("á", SmsLength(1, 1, True)),
        ("ç" * 70, SmsLength(70, 1, True)),
        ("ç" * 71, SmsLength(71, 2, True)),
        ("😀" * 35, SmsLength(70, 1, True)),
        ("a" * 66 + "😀" + "a" * 66, SmsLength(134, 3, True)),
    ],
)
def test_how_long_an_sms_is(text: str, length: SmsLength) -> None:
    assert sms_length(text) == length


# --- mailto

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=60)


@given(texts, texts)
@example("a+b & c=d?#%25 é “x”", "l1\nl2\n\n%0A ;,:@/?&=+$!*'()[] 100% \\ 😀")
def test_a_mail_program_reads_back_what_was_written(subject: str, body: str) -> None:
    url = mailto_url(Message(Channel.EMAIL, subject, body), "ann@example.com")
    # Unreserved characters and the delimiters of RFC 6068 only, every % begins a byte, nothing else to misread.
    assert re.fullmatch(r"mailto:ann@example\.com\?(?:[A-Za-z0-9._~&=-]|%[0-9A-F]{2})*", url)
    assert "+" not in url
    fields = dict(field.split("=", 1) for field in url.partition("?")[2].split("&"))
    assert set(fields) == ({"subject", "body"} if subject else {"body"})
    assert unquote(fields.get("subject", ""), errors="strict") == subject
    assert unquote(fields["body"], errors="strict") == body.replace("\n", "\r\n")
    assert dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))["body"] == body.replace("\n", "\r\n")


def test_the_examples_of_the_rule() -> None:
    def url(to: str, subject: str = "", body: str = "x") -> str:
        return mailto_url(Message(Channel.EMAIL, subject, body), to)

    assert url("", "current issue", "send current-issue") == "mailto:?subject=current%20issue&body=send%20current-issue"
    assert url("infobot@example.com", "", "send current-issue\r\nsend index") == (
        "mailto:infobot@example.com?body=send%20current-issue%0D%0Asend%20index"
    )
    assert url("gorby%kremvax@example.com") == "mailto:gorby%25kremvax@example.com?body=x"
    assert url("unlikely?address@example.com") == "mailto:unlikely%3Faddress@example.com?body=x"
    assert url("Mike&family@example.org") == "mailto:Mike%26family@example.org?body=x"
    assert url("user@example.org", "café") == "mailto:user@example.org?subject=caf%C3%A9&body=x"
    assert url(" user@natto.example.org ") == "mailto:user@natto.example.org?body=x"


@pytest.mark.parametrize(
    "to",
    [
        "ann",
        "@",
        "a@",
        "@b",
        "a@b@c",
        "a@b,c@d",
        "a@b;c@d",
        "a b@c",
        "a@b\r\nBcc: x@y",
        "<a@b>",
        "A <a@b>",
        "a@[1.2.3.4]",
    ],
)
def test_one_recipient_or_none(to: str) -> None:
    with pytest.raises(UnusableRecipientError, match="one e-mail address"):
        mailto_url(Message(Channel.EMAIL, "s", "b"), to)


@each_language
def test_a_shipped_message_with_a_usual_link_fits_into_an_address(language: Language) -> None:
    token = "eyJ" + "x" * 420
    facts = Facts(f"https://institution-connect-sb.meld.io/?connectToken={token}", expires=EXAMPLE.expires)
    template = parse_template(shipped(language, Channel.EMAIL), Channel.EMAIL)
    message = compose(template, facts, language, ZoneInfo("America/New_York"))
    assert len(mailto_url(message, "ann@example.com")) <= LONGEST
