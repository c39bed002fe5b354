"""Message templates on a real disk: the person's own first, and a broken one never in the way."""

import os
import re
import stat
import sys
from pathlib import Path

import pytest

from meld_desktop.domain.messages.compose import Facts, compose
from meld_desktop.domain.messages.languages import Language
from meld_desktop.domain.messages.template import LARGEST, Channel, TemplateError
from meld_desktop.domain.messages.times import find_zone
from meld_desktop.locations import resource
from meld_desktop.storage.templates import TemplateStore

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3NjMwMDAwMDB9.c2lnbmF0dXJl"
DE, EMAIL = Language.DE, Channel.EMAIL
OWN = "Subject: Über {bank}\n\nBitte: {link}\n"
on_unix = pytest.mark.skipif(sys.platform == "win32", reason="about Unix permissions and pipes")


@pytest.fixture
def store(tmp_path: Path) -> TemplateStore:
    return TemplateStore(tmp_path / "data")


def own(store: TemplateStore, content: bytes) -> Path:
    path = store.path(DE, EMAIL)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def body(store: TemplateStore) -> str:
    zone = find_zone("UTC")
    assert zone is not None
    return compose(store.load(DE, EMAIL).template, Facts("https://x/"), DE, zone).body


def test_every_language_and_channel_is_there_at_the_first_start(store: TemplateStore, tmp_path: Path) -> None:
    for language in Language:
        for channel in Channel:
            loaded = store.load(language, channel)
            assert (loaded.own, loaded.problem, loaded.template.channel) == (False, None, channel)
    assert list(tmp_path.iterdir()) == []


def test_the_shipped_folder_holds_just_these() -> None:
    folder = resource("messages")
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*.txt")}
    assert found == {f"{language}/{channel}.txt" for language in Language for channel in Channel}


def test_an_own_template_takes_the_place_of_the_shipped_one(store: TemplateStore, tmp_path: Path) -> None:
    before = body(store)
    path = own(store, OWN.encode())
    assert path == tmp_path / "data" / "messages" / "de" / "email.txt"
    assert store.load(DE, EMAIL).own
    assert body(store) == "Bitte: https://x/"
    assert not store.load(DE, Channel.SMS).own
    assert not store.load(Language.EN, EMAIL).own
    store.reset(DE, EMAIL)
    store.reset(DE, EMAIL)
    assert body(store) == before


def test_saved_and_edited_again_it_is_the_same(store: TemplateStore) -> None:
    template = store.save(DE, EMAIL, OWN)
    assert store.load(DE, EMAIL).template == template
    assert store.text(DE, EMAIL) == OWN
    assert store.path(DE, EMAIL).read_bytes() == OWN.encode()


def test_the_shipped_text_is_where_editing_begins(store: TemplateStore) -> None:
    text = store.text(DE, EMAIL)
    assert text.startswith("Subject: ")
    store.save(DE, EMAIL, text)
    assert store.load(DE, EMAIL).own


def test_an_editor_on_windows_changes_nothing(store: TemplateStore) -> None:
    own(store, b"\xef\xbb\xbf" + OWN.replace("\n", "\r\n").encode())
    assert store.load(DE, EMAIL).own
    assert body(store) == "Bitte: https://x/"
    assert store.text(DE, EMAIL) == OWN


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"", 1, "Subject:"),
        (b"Subject: x\n\nHallo {name},\n{link}", 3, "{name}"),
        (b"Subject: x\n{link}\n\xff\xfe", 3, "UTF-8"),
        (b"Subject: x\nno link", 2, "{link}"),
        (b"x" * (LARGEST + 5), 1, "16 KiB"),
        (f"Subject: x\n{{link}}\nhttps://x/?connectToken={TOKEN}".encode(), 3, "somebody's link"),
    ],
)
def test_a_broken_template_is_named_with_its_line_and_does_not_stop_anybody(
    store: TemplateStore, content: bytes, line: int, reason: str
) -> None:
    before = body(store)
    path = own(store, content)
    loaded = store.load(DE, EMAIL)
    assert not loaded.own
    assert body(store) == before
    assert loaded.problem is not None
    assert (loaded.problem.path, loaded.problem.line) == (path, line)
    assert str(loaded.problem.text).startswith(f"{path}, line {line}: ")
    assert reason in str(loaded.problem.text)
    assert "eyJ" not in str(loaded.problem.text)
    assert path.read_bytes() == content
    assert len(store.text(DE, EMAIL)) <= LARGEST


def test_what_cannot_be_used_is_not_saved(store: TemplateStore) -> None:
    store.save(DE, EMAIL, OWN)
    for text in ("", "Subject: x\n{", f"Subject: x\n{{link}} {TOKEN}", "Subject: x\n{link} \ud800"):
        with pytest.raises(TemplateError):
            store.save(DE, EMAIL, text)
    assert store.text(DE, EMAIL) == OWN
    assert [path.name for path in store.path(DE, EMAIL).parent.iterdir()] == ["email.txt"]


def test_a_folder_or_a_pipe_in_its_place_holds_nothing_up(store: TemplateStore) -> None:
    path = store.path(DE, EMAIL)
    path.mkdir(parents=True)
    assert store.load(DE, EMAIL).problem is not None
    assert store.text(DE, EMAIL).startswith("Subject:")
    if sys.platform != "win32":
        path.rmdir()
        os.mkfifo(path)
        problem = store.load(DE, EMAIL).problem
        assert problem is not None
        assert re.fullmatch(rf"{re.escape(str(path))}: The file could not be read: .+\.", str(problem.text))


def test_a_data_folder_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    store = TemplateStore(tmp_path / "data")
    assert not store.load(DE, EMAIL).own
    with pytest.raises(OSError, match=r".+"):
        store.save(DE, EMAIL, OWN)


@on_unix
def test_nobody_else_may_look(store: TemplateStore) -> None:
    store.save(DE, EMAIL, OWN)
    assert stat.S_IMODE(store.path(DE, EMAIL).stat().st_mode) == 0o600
