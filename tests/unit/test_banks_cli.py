"""``meld-link banks``: what trying everything would find, in the shape that scripts read, and words for people."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meld_desktop.api.client import MeldClient
from meld_desktop.api.institutions import InstitutionPage, list_institutions
from meld_desktop.cli import exits, main
from meld_desktop.cli.bank_text import printable
from meld_desktop.locations import resource
from meld_desktop.mock.server import MockServer
from meld_desktop.storage.institutions import FILE_NAME, InstitutionCache
from tests.support.brute_picker import Brute, Wish
from tests.support.command_line import run

PRODUCTS = ["BALANCES", "IDENTIFIERS", "INVESTMENT_HOLDINGS", "INVESTMENT_TRANSACTIONS", "OWNERS", "TRANSACTIONS"]


def way(products: str, regions: str, *, oauth: bool = False) -> dict[str, Any]:
    return {"id": "x", "oauth": oauth, "regions": regions.split(), "products": products.split()}


BANKS = [
    {
        "id": "a",
        "name": "Alpha",
        "rank": 2,
        "domain": "alpha.example",
        "providers": {"mx": way("OWNERS BALANCES", "US")},
    },
    {"id": "b", "name": "Béta", "rank": 1, "providers": {"plaid": way("BALANCES", "US-TN", oauth=True)}},
    {"id": "c", "name": "بنك", "rank": 3, "aliases": ["Gamma"], "providers": {"mx": way("OWNERS", "CA-ON")}},
    {"id": "d", "name": "Delta", "providers": {}},
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "banks.json"
    path.write_text(json.dumps(BANKS, indent=1), encoding="utf-8")
    return path


def answer(capsys: pytest.CaptureFixture[str], *words: object) -> Any:
    assert main(["banks", "--json", *map(str, words)]) == exits.DONE
    return json.loads(capsys.readouterr().out)


def test_the_shape_of_the_answer(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    said = answer(
        capsys, "--from", file, "--product", "owners", "--product", "OWNERS,balances", "--region", "us", "--no-redirect"
    )
    assert said == {
        "matching": 1,
        "banks": [
            {"id": "b", "name": "Béta", "shown": False, "fixes": [["optional:OWNERS", "allow-redirect"]]},
            {"id": "a", "name": "Alpha", "shown": True, "fixes": []},
            {
                "id": "c",
                "name": "بنك",
                "shown": False,
                "fixes": [["optional:BALANCES", "add-region:CA"], ["optional:BALANCES", "drop-regions"]],
            },
            {"id": "d", "name": "Delta", "shown": False, "fixes": []},
        ],
        "suggestions": [
            {"changes": ["optional:BALANCES", "add-region:CA"], "adds": 1},
            {"changes": ["optional:BALANCES", "drop-regions"], "adds": 1},
            {"changes": ["optional:OWNERS", "allow-redirect"], "adds": 1},
            {"changes": ["optional:BALANCES", "optional:OWNERS", "add-region:CA", "allow-redirect"], "adds": 2},
            {"changes": ["optional:BALANCES", "optional:OWNERS", "drop-regions", "allow-redirect"], "adds": 2},
        ],
    }


def test_optional_products_hide_no_bank(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    assert answer(capsys, "--from", file, "--optional", "OWNERS")["matching"] == 3
    assert answer(capsys, "--from", file)["matching"] == 3


def test_a_query_is_about_its_banks_alone(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    said = answer(capsys, "--from", file, "--product", "OWNERS", "--region", "US", "gamma")
    assert [bank["id"] for bank in said["banks"]] == ["c"]
    assert said["matching"] == 0
    assert said["suggestions"][0] == {"changes": ["add-region:CA"], "adds": 1}
    assert [bank["id"] for bank in answer(capsys, "beta", "--from", file)["banks"]] == ["b"]


def test_a_bank_that_is_not_in_the_data(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    assert main(["banks", "--from", str(file), "--json", "no such bank"]) == exits.DONE
    said = capsys.readouterr()
    assert json.loads(said.out) == {"matching": 0, "banks": [], "suggestions": []}
    assert said.err == "meld-link: No bank is called “no such bank”.\n"


def test_the_lines_for_people(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    assert main(["banks", "--from", str(file), "--product", "OWNERS", "--region", "US", "--no-redirect"]) == exits.DONE
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out == (
        "Shown: 1 of 4 banks.\n"
        "  1 more with CA added\n"
        "  1 more without regions\n"
        "  2 more if Owners were optional and with CA added and if redirects were allowed\n"
        "  2 more if Owners were optional and without regions and if redirects were allowed\n"
        "\n"
        "hidden  b  Béta\n"
        "          shown if Owners were optional and if redirects were allowed\n"
        "shown   a  Alpha (alpha.example)\n"
        "hidden  c  بنك\n"
        "          shown with CA added\n"
        "          or without regions\n"
        "hidden  d  Delta\n"
        "          no provider reaches this bank\n"
    )


def test_a_name_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    name = "\x1b[2JEvil\nshown\u202e<b>=1+1</b>\u2028\x9b" + "x" * 200
    assert printable(name) == " [2JEvil shown<b>=1+1</b>  " + "x" * 200
    path = tmp_path / "evil.json"
    path.write_text(json.dumps([{"id": "e\x1b", "name": name, "providers": {"mx": way("", "")}}]), encoding="utf-8")
    assert main(["banks", "--from", str(path)]) == exits.DONE
    out = capsys.readouterr().out
    assert out.count("\n") == 3
    assert "\x1b" not in out
    assert answer(capsys, "--from", path)["banks"][0]["name"] == name


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--product", "HISTORICAL_TRANSACTIONS"], "--product: “HISTORICAL_TRANSACTIONS” is not a product."),
        (["--product", "OWNERS", "--optional", "owners"], "Owners is both required and optional"),
        (["--region", "USA"], "--region: “USA” is not a country"),
        (["--region", "XX"], "--region: “XX” is not a country"),
        (["--environment", "moon"], "--environment: “moon” is not one of"),
        (["--base-url", "http://example.com"], "--base-url: An API key may only travel encrypted."),
        (["--json", "--frm", "x"], "unrecognized arguments"),
    ],
)
def test_wrong_input(capsys: pytest.CaptureFixture[str], file: Path, words: list[str], said: str) -> None:
    for data in ([], ["--from", str(file)]):
        assert main(["banks", *words, *data]) == exits.WRONG_INPUT
        printed = capsys.readouterr()
        assert printed.out == ""
        assert said in printed.err


def test_a_region_that_only_the_data_knows_will_do(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "banks.json"
    path.write_text(json.dumps([{"id": "a", "name": "A", "providers": {"mx": way("", "XX-1")}}]), encoding="utf-8")
    assert answer(capsys, "--from", path, "--region", "xx")["matching"] == 1
    assert answer(capsys, "--from", path, "--region", "XX-1")["matching"] == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b'[{"id": "a",\n\n"name" "A"}]', "Line 3, column 8: this is not JSON"),
        (b"[1]", "There is no bank in this file. Line 1: not an object."),
        (b"\xff", "Line 1 is not UTF-8 text"),
    ],
)
def test_a_file_of_no_use(capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "banks"
    path.write_bytes(content)
    assert main(["banks", "--from", str(path), "--json"]) == exits.WRONG_INPUT
    printed = capsys.readouterr()
    assert printed.out == ""
    assert f"{path}: {said}" in printed.err


def test_a_file_that_is_not_there_or_is_a_folder(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", tmp_path):
        assert main(["banks", "--from", str(path)]) == exits.WRONG_INPUT
        assert f"{path} cannot be read" in capsys.readouterr().err


def test_odd_entries_are_named_and_the_rest_is_used(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "banks.json"
    path.write_text('[5,\n{"id": "a", "name": "A", "providers": {"mx": {}}},\n{"id": "a"}]', encoding="utf-8")
    assert main(["banks", "--from", str(path), "--json"]) == exits.DONE
    said = capsys.readouterr()
    assert json.loads(said.out)["matching"] == 1
    assert "see line 1, 3." in said.err
    assert "left out: not an object (1)" in said.err
    assert "left out: no name (1)" in said.err


def test_without_data_it_answers_from_demo(capsys: pytest.CaptureFixture[str]) -> None:
    said = answer(capsys, "--product", "OWNERS", "--region", "CA", "--no-redirect")
    wish = Wish(("OWNERS",), ("CA",), redirect=False)
    records = sorted(json.loads(resource("demo", "institutions.json").read_bytes()), key=lambda one: one["rank"])
    expected = {record["id"] for number, record in enumerate(records) if number in _shown(records, wish)}
    assert {bank["id"] for bank in said["banks"] if bank["shown"]} == expected
    assert said["matching"] == len(expected)
    assert len(said["banks"]) == 66


def _shown(records: list[Any], wish: Wish) -> set[int]:
    from tests.support.brute_picker import shown

    return {number for number, record in enumerate(records) if shown(record, wish)}


def test_it_runs_as_a_script_would_run_it(file: Path) -> None:
    done = run("banks", "--from", str(file), "--json", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert [bank["name"] for bank in json.loads(done.stdout)["banks"]] == ["Béta", "Alpha", "بنك", "Delta"]


# --- another environment than Demo


def test_a_list_is_fetched_once_kept_and_told_its_age(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MELD_API_KEY", "any")
    server = MockServer()
    where = ["--base-url", server.start().api, "--data-dir", str(tmp_path)]
    try:
        assert main(["banks", *where, "--json"]) == exits.DONE
        first = capsys.readouterr()
        assert "66 of 66 banks" in first.err
        monkeypatch.setenv("MELD_API_KEY", "wrong")
        assert main(["banks", *where, "--json"]) == exits.DONE
        second = capsys.readouterr()
        assert second.out == first.out
        assert "less than two hours old" in second.err
        assert main(["banks", *where, "--refresh"]) == exits.NO_KEY
        assert capsys.readouterr().out == ""
    finally:
        server.stop()
    assert main(["banks", *where, "--refresh"]) in {exits.NO_KEY, exits.NO_ANSWER}
    assert main(["banks", *where, "--json"]) == exits.DONE


async def _first_page(api: str, size: int) -> InstitutionPage:
    return await anext(list_institutions(MeldClient(api, "any"), page=size))


def test_a_fetch_that_was_interrupted_is_gone_on_with(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MELD_API_KEY", "any")
    server = MockServer()
    api = server.start().api
    try:
        page = asyncio.run(_first_page(api, 60))
        InstitutionCache(tmp_path).add_page(api, page.records, page.after)
        assert main(["banks", "--base-url", api, "--data-dir", str(tmp_path), "--json"]) == exits.DONE
    finally:
        server.stop()
    said = capsys.readouterr()
    assert len(json.loads(said.out)["banks"]) == 66
    assert said.err == "meld-link: 66 of 66 banks\n"


def test_a_fetch_whose_place_is_no_longer_known_begins_anew(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MELD_API_KEY", "any")
    server = MockServer()
    api = server.start().api
    try:
        cache = InstitutionCache(tmp_path)
        cache.add_page(api, [{"id": "kept", "name": "Kept"}], "no key of this server")
        assert main(["banks", "--base-url", api, "--data-dir", str(tmp_path), "--json"]) == exits.DONE
        assert len(json.loads(capsys.readouterr().out)["banks"]) == 66
        assert cache.unfinished(api) is None
    finally:
        server.stop()


def test_the_sandbox_has_no_list_and_says_so(capsys: pytest.CaptureFixture[str], tmp_path: Path, file: Path) -> None:
    where = ["--environment", "sandbox", "--data-dir", str(tmp_path)]
    assert main(["banks", *where]) == exits.WRONG_INPUT
    assert "for production only" in capsys.readouterr().err
    InstitutionCache(tmp_path).import_file("sandbox", file)
    assert len(answer(capsys, *where)["banks"]) == 4


def test_a_kept_list_that_cannot_be_used(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    assert main(["banks", "--environment", "sandbox", "--data-dir", str(tmp_path)]) == exits.FAILED
    assert "cannot be used now" in capsys.readouterr().err


# --- the same as trying everything

_ways = st.builds(
    lambda products, regions, oauth: {"id": "x", "oauth": oauth, "regions": regions, "products": products},
    st.lists(st.sampled_from(PRODUCTS), max_size=5),
    st.lists(st.sampled_from(["US", "US-CA", "CA", "CA-ON", "GB"]), max_size=3),
    st.booleans(),
)
_worlds = st.lists(st.dictionaries(st.sampled_from(["mx", "plaid", "akoya"]), _ways), min_size=1, max_size=5)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    _worlds,
    st.lists(st.sampled_from(PRODUCTS), max_size=3, unique=True),
    st.lists(st.sampled_from(["US", "US-CA", "US-NY", "CA", "GB-SCT"]), max_size=2),
    st.booleans(),
)
def test_no_difference_to_trying_everything(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    world: list[Any],
    products: list[str],
    regions: list[str],
    redirect: bool,
) -> None:
    records = [{"id": str(n), "name": f"Bank {n}", "rank": n, "providers": ways} for n, ways in enumerate(world)]
    path = tmp_path / "world.json"
    path.write_text(json.dumps(records), encoding="utf-8")
    flags = [word for product in products for word in ("--product", product)]
    flags += [word for region in regions for word in ("--region", region)] + ([] if redirect else ["--no-redirect"])
    said = answer(capsys, "--from", path, *flags)
    brute = Brute(records, Wish(tuple(products), tuple(regions), redirect))
    assert said["matching"] == len(brute.shown)
    for bank in said["banks"]:
        assert bank["shown"] == (int(bank["id"]) in brute.shown)
        assert {frozenset(fix) for fix in bank["fixes"]} == brute.fixes(int(bank["id"]))
    assert {(frozenset(one["changes"]), one["adds"]) for one in said["suggestions"]} == set(brute.suggestions())
