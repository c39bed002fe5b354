"""One of our requests as a command or a few lines of code that run as copied.

The key is read from the variable ``MELD_API_KEY`` and is in no snippet; nor is it among the arguments of a process that
a snippet starts, where every other user of the computer could read it. No snippet follows a redirect with it. The body
arrives byte for byte as the client sends it.
"""

from collections.abc import Callable
from enum import StrEnum

from meld_desktop.domain.api_call import needed_headers

KEY_VARIABLE = "MELD_API_KEY"
_SHELL_KEY = f'"${{{KEY_VARIABLE}:?}}"'


class SnippetKind(StrEnum):
    """The tool a snippet is for; the value is its name for people."""

    CURL = "cURL"
    HTTPIE = "HTTPie"
    PYTHON = "Python (httpx)"
    JAVASCRIPT = "JavaScript (fetch)"
    POWERSHELL = "PowerShell"


SNIPPETS = tuple(SnippetKind)


def snippet(kind: SnippetKind, *, method: str, url: str, body: str) -> str:
    """Return the request as code for ``kind``; ``body`` "" means none.

    cURL (7.55 or newer) and HTTPie (3.0 or newer) are for ``sh``, JavaScript is for Node 18 or newer, PowerShell for
    5.1 or newer. Never raises.
    """
    return _WRITERS[kind](method, url, body)


def _curl(method: str, url: str, body: str) -> str:
    words = [
        f"printf 'Authorization: BASIC %s' {_SHELL_KEY} |\n  curl --silent --show-error --no-location",
        f"--request {shell_quoted(method)}",
        *(["--globoff"] if any(letter in "[]{}" for letter in url) else []),
        "--header @-",
        *(f"--header {shell_quoted(f'{name}: {value}')}" for name, value in needed_headers(body)),
        *([f"--data-raw {shell_quoted(body)}"] if body else []),
        f"--url {shell_quoted(url)}",
    ]
    return " \\\n  ".join(words) + "\n"


def _httpie(method: str, url: str, body: str) -> str:
    words = [
        f"printf 'BASIC %s' {_SHELL_KEY} |\n  http --ignore-stdin",
        *([f"--raw={shell_quoted(body)}"] if body else []),
        f"{shell_quoted(method)} {shell_quoted(url)}",
        "Authorization:@/dev/stdin",
        *(shell_quoted(f"{name}:{value}") for name, value in needed_headers(body)),
    ]
    return " \\\n  ".join(words) + "\n"


def _python(method: str, url: str, body: str) -> str:
    headers = "".join(f"        {name!r}: {value!r},\n" for name, value in needed_headers(body))
    content = f"    content={body!r}.encode(),\n" if body else ""
    return (
        "import os\n\nimport httpx\n\n"
        f"response = httpx.request(\n    {method!r},\n    {url!r},\n"
        f"    headers={{\n        'Authorization': 'BASIC ' + os.environ['{KEY_VARIABLE}'],\n{headers}    }},\n"
        f"{content}    follow_redirects=False,\n    timeout=60,\n)\n"
        "print(response.status_code, response.text)\n"
    )


def _javascript(method: str, url: str, body: str) -> str:
    headers = "".join(f"    {script_quoted(name)}: {script_quoted(value)},\n" for name, value in needed_headers(body))
    content = f"  body: {script_quoted(body)},\n" if body else ""
    return (
        f"fetch({script_quoted(url)}, {{\n  method: {script_quoted(method)},\n"
        f"  headers: {{\n    'Authorization': 'BASIC ' + process.env.{KEY_VARIABLE},\n{headers}  }},\n"
        f"{content}  redirect: 'manual',\n"
        "}).then(async (response) => console.log(response.status, await response.text()));\n"
    )


def _powershell(method: str, url: str, body: str) -> str:
    named = dict(needed_headers(body))
    # Windows PowerShell takes this one header as a parameter only.
    content_type = named.pop("Content-Type", "")
    headers = "".join(
        f"        {powershell_quoted(name)} = {powershell_quoted(value)}\n" for name, value in named.items()
    )
    # As bytes, because a text would be sent in Latin-1.
    sent = f"[Text.Encoding]::UTF8.GetBytes({powershell_quoted(body)})"
    content = f"    ContentType = {powershell_quoted(content_type)}\n    Body = {sent}\n" if body else ""
    return (
        f"$request = @{{\n    Method = {powershell_quoted(method)}\n    Uri = {powershell_quoted(url)}\n"
        f"    Headers = @{{\n        'Authorization' = 'BASIC ' + $env:{KEY_VARIABLE}\n{headers}    }}\n"
        f"{content}    MaximumRedirection = 0\n    UseBasicParsing = $true\n}}\n"
        "(Invoke-WebRequest @request).Content\n"
    )


def shell_quoted(text: str) -> str:
    """Return ``text`` as one word of POSIX ``sh``, whatever is in it but NUL."""
    return "'" + text.replace("'", "'\\''") + "'"


def script_quoted(text: str) -> str:
    """Return ``text`` as a JavaScript string; what cannot be seen is written as an escape."""
    letters = text.replace("\\", "\\\\").replace("'", "\\'")
    return "'" + "".join(letter if letter.isprintable() else _escaped(letter) for letter in letters) + "'"


def powershell_quoted(text: str) -> str:
    """Return ``text`` as a PowerShell expression in plain ASCII.

    Windows PowerShell reads a script without a byte order mark in the code page of the country, and every PowerShell
    takes curly quotes for straight ones.
    """
    if _is_plain(text):
        return "'" + text.replace("'", "''") + "'"
    letters = text.replace("\\", "\\\\").replace("'", "''")
    return f"[regex]::Unescape('{''.join(letter if _is_plain(letter) else _escaped(letter) for letter in letters)}')"


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _escaped(letter: str) -> str:
    units = letter.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))


_WRITERS: dict[SnippetKind, Callable[[str, str, str], str]] = {
    SnippetKind.CURL: _curl,
    SnippetKind.HTTPIE: _httpie,
    SnippetKind.PYTHON: _python,
    SnippetKind.JAVASCRIPT: _javascript,
    SnippetKind.POWERSHELL: _powershell,
}
