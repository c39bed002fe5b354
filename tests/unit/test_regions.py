"""Countries and subdivisions: looking up, searching as one types, and taking a pasted list apart."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pycountry
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meld_desktop.domain.region_search import MARKETS
from meld_desktop.domain.region_source import fold, folded_forms
from meld_desktop.domain.regions import Region, RegionIndex, flag, is_wellformed, load_index, validate

ISO_CODES = sorted([c.alpha_2 for c in pycountry.countries] + [s.code for s in pycountry.subdivisions])


@pytest.fixture(scope="module")
def index() -> RegionIndex:
    return load_index()


def codes(regions: list[Region] | tuple[Region, ...]) -> list[str]:
    return [region.code for region in regions]


# --- what is in it


def test_it_holds_exactly_the_codes_of_iso_3166(index: RegionIndex) -> None:
    assert sorted(
        codes(index.countries) + [s.code for c in index.countries for s in index.subdivisions_of(c.code)]
    ) == (ISO_CODES)
    assert len(index.countries) == 249
    assert len(index) - len(index.countries) > 5000


def test_a_region_says_where_it_lies(index: RegionIndex) -> None:
    ontario = index.get("CA-ON")
    assert ontario == Region("CA-ON", "Ontario", "CA", "CA", "subdivision", "Province")
    assert index.get("gb-bst") == Region(
        "GB-BST", "Bristol, City of", "GB", "GB-ENG", "subdivision", "Unitary authority"
    )
    germany = index.get("DE")
    assert germany == Region("DE", "Germany", "DE", "", "country", "Country")
    assert germany.is_country
    assert not ontario.is_country


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("BO", "Bolivia"),
        ("KR", "South Korea"),
        ("GB-CRF", "Cardiff"),
        ("SE-AB", "Stockholms län"),
        ("MK-801", "Aerodrom"),
    ],
)
def test_names_are_those_people_use_without_the_marks_of_the_tables(index: RegionIndex, code: str, name: str) -> None:
    region = index.get(code)
    assert region is not None
    assert region.name == name


def test_no_name_carries_the_marks_of_the_tables(index: RegionIndex) -> None:
    everything = [*index.countries, *(s for c in index.countries for s in index.subdivisions_of(c.code))]
    assert [r for r in everything if not r.name or r.name != r.name.strip() or set("[]†") & set(r.name)] == []


def test_lists_are_in_order_of_name_with_accents_among_their_letters(index: RegionIndex) -> None:
    names = [country.name for country in index.countries]
    assert names.index("Åland Islands") < names.index("Albania") < names.index("Zimbabwe")
    assert codes(index.subdivisions_of("us"))[:2] == ["US-AL", "US-AK"]
    assert index.subdivisions_of("XX") == ()


@pytest.mark.parametrize("code", ["us", " US ", "Us", "us-ca", "\tca-on\n", "GB‑ENG"])
def test_a_code_is_found_in_any_case_with_blanks_around_it(index: RegionIndex, code: str) -> None:
    assert index.get(code) is not None


@pytest.mark.parametrize("code", ["", "XX", "USA", "U", "US-", "US-ZZ", "ß", "ＸＸ", "U S", "US CA", "Germany", "UK"])
def test_what_is_not_an_iso_code_is_not_found(index: RegionIndex, code: str) -> None:
    assert index.get(code) is None
    assert validate(code) is None


def test_every_code_is_its_own_canonical_form_and_wellformed() -> None:
    assert [code for code in ISO_CODES if validate(f" {code.lower()} ") != code or not is_wellformed(code)] == []


@pytest.mark.parametrize(("code", "wellformed"), [("xx", True), ("XX-9", True), ("USA", False), ("US_CA", False)])
def test_wellformed_is_about_the_shape_only(code: str, wellformed: bool) -> None:
    assert is_wellformed(code) is wellformed


@given(st.text(max_size=12))
def test_validate_returns_an_iso_code_or_nothing(text: str) -> None:
    assert validate(text) in {None, text.strip().upper()} & {None, *ISO_CODES}


@pytest.mark.parametrize(
    ("code", "expected"),
    [("US", "🇺🇸"), ("us-ca", "🇺🇸"), ("GB-SCT", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"), ("GB-LND", "🇬🇧"), ("", ""), ("Germany", "")],
)
def test_flags(code: str, expected: str) -> None:
    assert flag(code) == expected


def test_flags_of_countries_are_those_of_the_tables() -> None:
    assert [c.alpha_2 for c in pycountry.countries if flag(c.alpha_2) != c.flag] == []


# --- searching


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("CA", ["CA", "US-CA"]),
        ("in", ["IN", "US-IN", "ID"]),
        ("de", ["DE", "US-DE"]),
        ("us-ca", ["US-CA"]),
        ("us_ca", ["US-CA"]),
        ("us ca", ["US-CA"]),
        ("can", ["CA"]),
        ("USA", ["US"]),
        ("U.S.A.", ["US"]),
        ("UK", ["GB"]),
        ("Great Britain", ["GB"]),
        ("England", ["GB-ENG"]),
        ("America", ["US"]),
        ("Deutschland", ["DE"]),
        ("bavaria", ["DE-BY"]),
        ("Sao Paulo", ["BR-SP"]),
        ("são paulo", ["BR-SP"]),
        ("Cote d'Ivoire", ["CI"]),
        ("cote d’ivoire", ["CI"]),
        ("cote divoire", ["CI"]),
        ("ivoire", ["CI"]),
        ("Zurich", ["CH-ZH"]),
        ("new y", ["US-NY"]),
        ("york new", ["US-NY"]),
        ("ontario canada", ["CA-ON"]),
        ("South Korea", ["KR"]),
        ("republic of korea", ["KR"]),
        ("Turkey", ["TR"]),
        ("caerdydd", ["GB-CRF"]),
        ("ayern", ["DE-BY"]),
    ],
)
def test_the_best_matches_come_first(index: RegionIndex, query: str, best: list[str]) -> None:
    assert codes(index.search(query))[: len(best)] == best


def test_an_empty_query_lists_the_countries_and_a_senseless_one_nothing(index: RegionIndex) -> None:
    assert {region.kind for region in index.search("", 1000)} == {"country"}
    assert len(index.search("  ", 1000)) == 249
    assert index.search("qqqq") == []
    assert index.search("us", 0) == []
    assert len(index.search("a")) == 50


def test_every_region_is_found_by_its_code_and_by_its_name(index: RegionIndex) -> None:
    assert [code for code in ISO_CODES if codes(index.search(code, 1)) != [code]] == []
    missing = []
    for code in ISO_CODES:
        region = index.get(code)
        assert region is not None
        if region not in index.search(region.name, 100):
            missing.append(code)
    assert missing == []


@cache
def _forms(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(form for name in names for form in folded_forms(name))


def _rules(index: RegionIndex, query: str) -> list[Callable[[Region], bool]]:
    """Return the kinds of match, best first, each as a plain test of one region."""
    code = query.strip().upper().replace(" ", "-").replace("_", "-")
    words = fold(query)

    def forms(region: Region) -> tuple[str, ...]:
        return _forms(index.names_of(region))

    def typed(region: Region) -> list[str]:
        return [form for form in forms(region) if form == fold(region.name) or " of " not in form]

    def has_word(region: Region | None, prefix: str) -> bool:
        return region is not None and any(f" {form}".find(f" {prefix}") >= 0 for form in forms(region))

    def all_words(region: Region) -> bool:
        country = index.get(region.country)
        parts = words.split()
        return (
            len(parts) > 1
            and any(has_word(region, part) for part in parts)
            and all(has_word(region, part) or has_word(country, part) for part in parts)
        )

    return [
        lambda r: r.code == code,
        lambda r: words in forms(r),
        lambda r: r.code[3:] == code and r.country in MARKETS,
        lambda r: r.is_country and r.code.startswith(code),
        lambda r: r.is_country and any(form.startswith(words) for form in typed(r)),
        lambda r: r.code.startswith(code),
        lambda r: any(form.startswith(words) for form in typed(r)),
        lambda r: r.code[3:] == code,
        lambda r: has_word(r, words),
        all_words,
        lambda r: any(words in form for form in forms(r)),
    ]


def _brute_force(index: RegionIndex, query: str) -> list[str]:
    rules = _rules(index, query)
    found: list[tuple[int, bool, int, str, str]] = []
    for code in ISO_CODES:
        region = index.get(code)
        assert region is not None
        tier = next((n for n, rule in enumerate(rules) if rule(region)), None)
        if tier is not None:
            market = MARKETS.index(region.country) if region.country in MARKETS else len(MARKETS)
            found.append((tier, not region.is_country, market, fold(region.name), code))
    return [code for *_, code in sorted(found)]


SMALL_QUERIES = [
    *(
        "c",
        "ca",
        "in",
        "us",
        "us-",
        "us-c",
        "de",
        "new",
        "new y",
        "new south",
        "san",
        "s",
        "st",
        "korea",
        "of",
        "uk",
        "-",
    ),
    *("ontario canada", "canada on", "north carolina", "zz", "x", "9", "ab", "saint", "d ivoire", "divoire", "the"),
    "republic of",
]


@pytest.mark.parametrize("query", SMALL_QUERIES)
def test_search_finds_what_trying_every_region_finds(index: RegionIndex, query: str) -> None:
    if not fold(query):
        assert codes(index.search(query, 6000)) == codes(index.search("", 6000))
        return
    assert codes(index.search(query, 6000)) == _brute_force(index, query)


@settings(max_examples=25, deadline=None)
@given(st.text("abcdeinorstu é'-", min_size=1, max_size=5).filter(lambda text: bool(fold(text))))
def test_search_finds_what_trying_every_region_finds_for_any_text(text: str) -> None:
    index = load_index()
    assert codes(index.search(text, 6000)) == _brute_force(index, text)


@given(st.text(max_size=20), st.integers(0, 60))
def test_search_takes_anything_and_repeats_nothing(query: str, limit: int) -> None:
    found = codes(load_index().search(query, limit))
    assert len(found) == len(set(found)) <= limit


def test_names_of_another_language_can_be_added(index: RegionIndex) -> None:
    assert index.search("Vereinigte Staaten") == []
    german = index.with_names({"US": ["Vereinigte Staaten"], "DE-BY": ["Freistaat Bayern"]})
    assert codes(german.search("vereinigte st", 1)) == ["US"]
    assert codes(german.parse("Vereinigte Staaten; Freistaat Bayern").regions) == ["US", "DE-BY"]
    assert codes(german.search("usa", 1)) == ["US"]
    assert "Vereinigte Staaten" not in [name for country in index.countries for name in index.names_of(country)]


# --- taking a text apart


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("US, CA-ON; Germany", ["US", "CA-ON", "DE"]),
        ("us|ca-on\ngermany\tgb", ["US", "CA-ON", "DE", "GB"]),
        ("US CA GB", ["US", "CA", "GB"]),
        ("us  ca-on\u00a0gb", ["US", "CA-ON", "GB"]),
        ("US and CA", ["US", "CA"]),
        ("USA UK", ["US", "GB"]),
        ("US,us, United States;USA", ["US"]),
        ("Trinidad and Tobago", ["TT"]),
        ("New York", ["US-NY"]),
        ("Bolivia, Plurinational State of", ["BO"]),
        ("Korea, Republic of, US", ["KR", "US"]),
        ("us, korea, democratic people's republic of, ca", ["US", "KP", "CA"]),
        ("Bonaire, Sint Eustatius and Saba", ["BQ"]),
        ("Congo, The Democratic Republic of the", ["CD"]),
        ("Congo, US", ["CG", "US"]),
        ('"Korea, Republic of",US', ["KR", "US"]),
        ('["US", "CA-ON"]', ["US", "CA-ON"]),
        ("Guinea, Bissau", ["GN", "GW-BS"]),
        ("California (US-CA)", ["US-CA"]),
        ("Falkland Islands (Malvinas)", ["FK"]),
        ("US-CA\tCalifornia\nAR-X\tCórdoba", ["US-CA", "AR-X"]),
        ("Georgia", ["GE"]),
        ("US-GA", ["US-GA"]),
        ("GB‑ENG", ["GB-ENG"]),
        ("", []),
        (" ,;\n ", []),
    ],
)
def test_regions_in_a_text(index: RegionIndex, text: str, expected: list[str]) -> None:
    parsed = index.parse(text)
    assert codes(parsed.regions) == expected
    assert parsed.unknown == ()
    assert parsed.ambiguous == {}


@pytest.mark.parametrize(
    ("text", "expected", "unknown"),
    [
        ("US, Atlantis; DE", ["US", "DE"], ("Atlantis",)),
        ("US CA rubbish", [], ("US CA rubbish",)),
        ("XX, YY, XX", [], ("XX", "YY")),
        ("US-ZZ, US", ["US"], ("US-ZZ",)),
        ("???", [], ("???",)),
        ("and", ["AD"], ()),
        ("ß", [], ("ß",)),
    ],
)
def test_junk_is_named_and_the_rest_kept(
    index: RegionIndex, text: str, expected: list[str], unknown: tuple[str, ...]
) -> None:
    parsed = index.parse(text)
    assert (codes(parsed.regions), parsed.unknown) == (expected, unknown)


def test_a_name_of_several_subdivisions_is_unknown_and_says_which(index: RegionIndex) -> None:
    parsed = index.parse("cordoba, US")
    assert codes(parsed.regions) == ["US"]
    assert parsed.unknown == ("cordoba",)
    assert set(codes(parsed.ambiguous["cordoba"])) == {"AR-X", "CO-COR", "ES-CO"}


def test_a_country_is_always_understood_by_its_name(index: RegionIndex) -> None:
    for country in pycountry.countries:
        for name in (country.name, getattr(country, "official_name", country.name), country.alpha_3):
            assert codes(index.parse(name).regions) == [country.alpha_2], name


@given(st.lists(st.sampled_from(ISO_CODES), max_size=8), st.sampled_from([",", "; ", "\n", "\t", " | ", " ", ", "]))
def test_any_codes_with_any_separator_come_back_once_each(chosen: list[str], separator: str) -> None:
    parsed = load_index().parse(separator.join(code.lower() for code in chosen))
    assert codes(parsed.regions) == list(dict.fromkeys(chosen))
    assert parsed.unknown == ()


@given(st.lists(st.sampled_from(ISO_CODES), min_size=1, max_size=4))
def test_names_joined_by_semicolons_are_understood_or_listed_as_ambiguous(chosen: list[str]) -> None:
    index = load_index()
    parsed = index.parse("; ".join(region.name for code in chosen if (region := index.get(code))))
    assert set(parsed.unknown) == set(parsed.ambiguous)
    for code in chosen:
        region = index.get(code)
        assert region is not None
        shared = [other for other in parsed.regions if fold(region.name) in map(fold, index.names_of(other))]
        assert shared or any(region in candidates for candidates in parsed.ambiguous.values())


@given(st.text(max_size=40))
def test_no_text_is_lost_silently(text: str) -> None:
    parsed = load_index().parse(text)
    assert parsed.regions or parsed.unknown or not fold(text)
    assert set(parsed.ambiguous) <= set(parsed.unknown)


# --- cost


def test_importing_the_module_does_not_load_the_tables() -> None:
    script = (
        "import sys; import meld_desktop.domain.regions as r; assert 'pycountry' not in sys.modules; "
        "r.load_index(); assert 'PySide6' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_threads_share_one_index() -> None:
    with ThreadPoolExecutor(8) as pool:
        indexes = list(pool.map(lambda _: load_index(), range(16)))
        fresh = indexes[0].with_names({})
        found = list(pool.map(lambda _: codes(fresh.search("ontario")), range(16)))
    assert len({id(index) for index in indexes}) == 1
    assert {tuple(codes) for codes in found} == {("CA-ON",)}
