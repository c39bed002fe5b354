"""That a snippet holds exactly the request: every quoting undone by other means than those that made it.

PowerShell is not run here: what a parser of its rules makes of a snippet stands for it. The rules are those of "about
Quoting Rules" and of .NET's ``Regex.Unescape``.
"""

import ast
import json
import re
import shlex
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meld_desktop.domain.snippets import (
    SNIPPETS,
    SnippetKind,
    powershell_quoted,
    script_quoted,
    shell_quoted,
    snippet,
)

URL = "https://api-sb.meld.io/bank-linking/connect/start"
HEADERS = {"Meld-Version": "2026-02-03", "Content-Type": "application/json", "Accept": "application/json"}
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")) | st.text(
    "'\"\\$`!%&@-\n\r ‘’‚‛“”é😀"
)
SMART_APOSTROPHES = "'\u2018\u2019\u201a\u201b"


def powershell_string(source: str, start: int = 0) -> tuple[str, int]:
    """Read the single-quoted PowerShell string that begins at ``start``; return it and where it ends."""
    assert source[start] in SMART_APOSTROPHES
    text, place = "", start + 1
    while True:
        letter = source[place]
        if letter not in SMART_APOSTROPHES:
            text, place = text + letter, place + 1
        elif source[place + 1 : place + 2] and source[place + 1] in SMART_APOSTROPHES:
            text, place = text + letter, place + 2
        else:
            return text, place + 1


def net_unescape(text: str) -> str:
    """Do what ``Regex.Unescape`` does to the escapes it knows here; any other is an error."""
    units, place = [], 0
    while place < len(text):
        if text[place] != "\\":
            units.append(text[place].encode("utf-16-le", "surrogatepass"))
            place += 1
        elif text[place + 1] == "\\":
            units.append(b"\\\0")
            place += 2
        else:
            code = re.compile(r"\\u([0-9A-Fa-f]{4})").match(text, place)
            assert code, text[place:]
            units.append(int(code[1], 16).to_bytes(2, "little"))
            place += 6
    return b"".join(units).decode("utf-16-le")


def powershell_value(source: str) -> str:
    """Return what PowerShell makes of a quoted text."""
    head = "[regex]::Unescape("
    if not source.startswith(head):
        text, end = powershell_string(source)
        assert end == len(source)
        return text
    text, end = powershell_string(source, len(head))
    assert source[end:] == ")"
    return net_unescape(text)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_a_word_of_the_shell(text: str) -> None:
    assert shlex.split(shell_quoted(text)) == [text]


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXTS, min_size=5, max_size=10))
def test_words_of_the_real_shell(texts: list[str]) -> None:
    script = "printf '%s\\0' " + " ".join(map(shell_quoted, texts))
    output = subprocess.run(["/bin/sh"], input=script.encode(), capture_output=True, check=True).stdout
    assert output.decode().split("\0")[:-1] == texts


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_a_string_of_powershell(text: str) -> None:
    source = powershell_quoted(text)
    assert powershell_value(source) == text
    assert source.isascii()
    assert source.isprintable()


def test_what_is_plain_stays_readable_in_powershell() -> None:
    assert powershell_quoted('{"a":"it\'s \\n"}') == "'{\"a\":\"it''s \\n\"}'"


def test_what_cannot_be_seen_is_escaped_in_javascript() -> None:
    assert script_quoted("it's\n\u2028\\ é\U000e0001") == "'it\\'s\\u000a\\u2028\\\\ é\\udb40\\udc01'"


@settings(max_examples=3, deadline=None)
@given(st.lists(TEXTS, min_size=200, max_size=200))
def test_strings_of_javascript(texts: list[str]) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not installed")
    script = "process.stdout.write(JSON.stringify([" + ",".join(map(script_quoted, texts)) + "]))"
    output = subprocess.run([node, "-"], input=script.encode(), capture_output=True, check=True).stdout
    assert json.loads(output) == texts


@settings(max_examples=100, deadline=None)
@given(TEXTS.filter(bool))
def test_the_python_snippet_is_the_request(body: str) -> None:
    tree = ast.parse(snippet(SnippetKind.PYTHON, method="POST", url=URL, body=body))
    [call] = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "httpx.request"
    ]
    given_ = {keyword.arg: keyword.value for keyword in call.keywords}
    assert [ast.literal_eval(argument) for argument in call.args] == ["POST", URL]
    content = given_["content"]
    assert isinstance(content, ast.Call)
    assert isinstance(content.func, ast.Attribute)
    assert ast.literal_eval(content.func.value) == body
    assert ast.literal_eval(given_["follow_redirects"]) is False
    headers = given_["headers"]
    assert isinstance(headers, ast.Dict)
    pairs = {ast.unparse(key) if key else "": value for key, value in zip(headers.keys, headers.values, strict=True)}
    assert ast.unparse(pairs.pop("'Authorization'")) == "'BASIC ' + os.environ['MELD_API_KEY']"
    assert {ast.literal_eval(name): ast.literal_eval(value) for name, value in pairs.items()} == HEADERS


@settings(max_examples=100, deadline=None)
@given(TEXTS.filter(bool))
def test_the_powershell_snippet_is_the_request(body: str) -> None:
    source = snippet(SnippetKind.POWERSHELL, method="POST", url=URL, body=body)
    lines = dict(line.strip().split(" = ", 1) for line in source.splitlines() if " = " in line)
    assert source.isascii()
    assert lines.pop("$request") == "@{"
    assert lines.pop("Headers") == "@{"
    assert lines.pop("'Authorization'") == "'BASIC ' + $env:MELD_API_KEY"
    assert lines.pop("MaximumRedirection") == "0"
    assert lines.pop("UseBasicParsing") == "$true"
    sent = re.fullmatch(r"\[Text\.Encoding\]::UTF8\.GetBytes\((.*)\)", lines.pop("Body"))
    assert sent
    assert powershell_value(sent[1]) == body
    values = {name.strip("'"): powershell_value(value) for name, value in lines.items()}
    assert values == {
        "Method": "POST",
        "Uri": URL,
        "Meld-Version": HEADERS["Meld-Version"],
        "Accept": HEADERS["Accept"],
        "ContentType": HEADERS["Content-Type"],
    }
    assert source.endswith("}\n(Invoke-WebRequest @request).Content\n")


@pytest.mark.parametrize("kind", SNIPPETS)
def test_a_call_without_a_body_sends_none(kind: SnippetKind) -> None:
    source = snippet(kind, method="GET", url=URL, body="")
    assert "GET" in source
    assert not re.search(r"content=|body:|Body =|--data|--raw", source)


@pytest.mark.parametrize("kind", SNIPPETS)
@given(body=st.text(), url=st.text(), method=st.text())
def test_never_raises(kind: SnippetKind, body: str, url: str, method: str) -> None:
    assert "MELD_API_KEY" in snippet(kind, method=method, url=url, body=body)


def test_the_names_of_the_menu() -> None:
    assert [kind.value for kind in SNIPPETS] == [
        "cURL",
        "HTTPie",
        "Python (httpx)",
        "JavaScript (fetch)",
        "PowerShell",
    ]
