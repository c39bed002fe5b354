"""``meld-link create --preset``: where the preset is found, what the flags change in it, and what is said."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from meld_desktop.cli import main
from meld_desktop.domain.presets.documents import to_json
from meld_desktop.domain.presets.preset import Preset
from meld_desktop.domain.products import Product
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.storage.presets import PresetStore
from tests.support.command_line import KEY
from tests.support.strict_meld import StrictMeld

REQUEST = ConnectStartRequest(
    products=(Product.TRANSACTIONS, Product.BALANCES),
    optional_products=(Product.OWNERS, Product.IDENTIFIERS),
    regions=("CA-ON", "US"),
    institution_search_string="Crédit",
    redirect_url="https://example.com/done",
    allow_redirect=False,
    font="Inter",
    show_border=True,
)
BODY: dict[str, Any] = {
    "externalCustomerId": "c",
    "products": ["TRANSACTIONS", "BALANCES"],
    "optionalProducts": ["OWNERS", "IDENTIFIERS"],
    "regions": ["CA-ON", "US"],
    "institutionSearchString": "Crédit",
    "redirectUrl": "https://example.com/done",
    "allowRedirect": False,
    "accountPreferenceOverride": {"font": "Inter", "showBorder": True},
}


@pytest.fixture
def meld(monkeypatch: pytest.MonkeyPatch) -> Iterator[StrictMeld]:
    monkeypatch.setenv("MELD_API_KEY", KEY)
    with StrictMeld() as server:
        yield server


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "exported.json"
    path.write_bytes(to_json(Preset("Exported", REQUEST)))
    return path


def create(meld: StrictMeld, *words: str) -> int:
    return main(["create", "--base-url", meld.url, "--customer", "c", *words])


def test_a_file_gives_its_body_byte_for_byte(meld: StrictMeld, file: Path) -> None:
    assert create(meld, "--preset", str(file)) == 0
    assert meld.bodies == [BODY]
    assert (
        meld.requests[0].body.decode()
        == ConnectStartRequest(
            **{name: getattr(REQUEST, name) for name in REQUEST.__slots__} | {"external_customer_id": "c"}
        ).to_json()
    )


@pytest.mark.parametrize("name", ["Canada", "canada", " CANADA "])
def test_a_preset_that_comes_with_the_program(meld: StrictMeld, name: str) -> None:
    assert create(meld, "--preset", name) == 0
    assert meld.bodies == [
        {"externalCustomerId": "c", "products": ["BALANCES", "TRANSACTIONS"], "regions": ["CA"]},
    ]


def test_an_own_preset_by_name_or_id(meld: StrictMeld, tmp_path: Path) -> None:
    stored = PresetStore(tmp_path).save(Preset("Our own", REQUEST))
    assert create(meld, "--preset", "our OWN", "--data-dir", str(tmp_path)) == 0
    assert create(meld, "--preset", stored.id, "--data-dir", str(tmp_path)) == 0
    assert meld.bodies == [BODY, BODY]


def test_the_windows_presets_are_found_without_being_told(meld: StrictMeld, monkeypatch: pytest.MonkeyPatch) -> None:
    from meld_desktop.storage.paths import default_data_dir

    PresetStore(default_data_dir()).save(Preset("In the usual place", REQUEST))
    assert create(meld, "--preset", "in the usual place") == 0
    assert meld.bodies == [BODY]


def test_a_file_called_like_a_preset_needs_its_path(
    meld: StrictMeld, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.rename(tmp_path / "Canada")
    (tmp_path / "other").write_bytes((tmp_path / "Canada").read_bytes())
    monkeypatch.chdir(tmp_path)
    assert create(meld, "--preset", "Canada") == 0
    assert create(meld, "--preset", "./Canada") == 0
    assert create(meld, "--preset", "other", "--data-dir", str(tmp_path)) == 0
    assert [body.get("regions") for body in meld.bodies] == [["CA"], ["CA-ON", "US"], ["CA-ON", "US"]]


@pytest.mark.parametrize(
    ("words", "changes"),
    [
        (("--product", "identifiers"), {"products": ["IDENTIFIERS"], "optionalProducts": ["OWNERS"]}),
        (("--optional", "balances"), {"products": ["TRANSACTIONS"], "optionalProducts": ["BALANCES"]}),
        (
            ("--product", "owners", "--optional", "balances"),
            {"products": ["OWNERS"], "optionalProducts": ["BALANCES"]},
        ),
        (("--region", "de"), {"regions": ["DE"]}),
        (("--search", "Desjardins"), {"institutionSearchString": "Desjardins"}),
        (("--search", ""), {"institutionSearchString": None}),
        (("--search", "", "--institution", "bank"), {"institutionSearchString": None, "institutionId": "bank"}),
        (("--redirect-url", ""), {"redirectUrl": None}),
        (("--no-redirect",), {}),
        (("--allow-redirect",), {"allowRedirect": None}),
        (("--appearance", "font=Arial"), {"accountPreferenceOverride": {"font": "Arial", "showBorder": True}}),
        (
            ("--appearance", "showBorder=", "--appearance", "borderColor=teal"),
            {"accountPreferenceOverride": {"font": "Inter", "borderColor": "teal"}},
        ),
    ],
)
@pytest.mark.parametrize("preset_first", [True, False])
def test_a_flag_overrides_what_the_preset_says(
    meld: StrictMeld, file: Path, words: tuple[str, ...], changes: dict[str, Any], preset_first: bool
) -> None:
    preset = ("--preset", str(file))
    assert create(meld, *(preset + words if preset_first else words + preset)) == 0
    expected = {name: value for name, value in {**BODY, **changes}.items() if value is not None}
    assert meld.bodies == [expected]


def test_the_customer_is_still_needed(meld: StrictMeld, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["create", "--base-url", meld.url, "--preset", str(file)]) == 2
    assert "--customer: Enter the customer's ID." in capsys.readouterr().err
    assert meld.requests == []


def test_what_is_wrong_with_a_preset_is_said_at_its_field(
    meld: StrictMeld, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(to_json(Preset("x", ConnectStartRequest(products=(Product.OWNERS,), regions=("XX",)))))
    assert create(meld, "--preset", str(file)) == 2
    assert "--region: “XX”" in capsys.readouterr().err
    assert meld.requests == []


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"{", "broken at line 1"),
        (b" " * 70_000, "64 KiB"),
        (b'{"format": "meld-desktop-preset", "version": 7}', "version 7"),
        (b'{"format": "meld-desktop-preset", "version": 1, "name": "x", "apiKey": "a:b"}', "“apiKey”"),
        (None, "could not be read"),
    ],
)
def test_a_preset_that_cannot_be_used_is_wrong_input(
    meld: StrictMeld, file: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, named: str
) -> None:
    file.unlink() if content is None else file.write_bytes(content)
    assert create(meld, "--preset", str(file)) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert f"--preset: “{file}”: " in said.err
    assert named in said.err
    assert "--product" not in said.err
    assert meld.requests == []


@pytest.mark.parametrize("name", ["nothing", ""])
def test_an_unknown_name_is_answered_with_the_known_ones(
    meld: StrictMeld, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    PresetStore(tmp_path).save(Preset("Our own", REQUEST))
    assert create(meld, "--preset", name, "--data-dir", str(tmp_path)) == 2
    said = capsys.readouterr().err
    assert "Verify account, Balances and transactions, Investments, Canada, Our own" in said


def test_help_names_the_preset(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["create", "--help"]) == 0
    said = capsys.readouterr().out
    assert "--preset NAME|FILE" in said
    assert "--data-dir DIR" in said
