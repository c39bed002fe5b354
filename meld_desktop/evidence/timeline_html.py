"""``timeline.html``: the session for anybody with a browser. One file, no script; the pictures lie beside it.

Made from the clean ``timeline.json``. Whatever a page or a bank said is escaped and kept in its own writing direction.
"""

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import quote, urlsplit

from meld_desktop.domain.redaction import MASK
from meld_desktop.evidence import layout
from meld_desktop.evidence.page_style import STYLE

KINDS = {
    "request": "Request",
    "answer": "Answer",
    "token": "Token",
    "widget": "Widget",
    "event": "Widget event",
    "navigation": "Navigation",
    "window": "Window",
    "refused": "Refused",
    "console": "Console",
    "crash": "Crash",
    "status": "Status",
    "person": "Person",
    "picture": "Picture",
}
HOPS = {
    "start": "Start",
    "navigation": "Navigation",
    "redirect": "Redirect",
    "window": "New window",
    "return": "Return URL",
    "app": "App",
    "refused": "Refused",
}
_VERDICT_SIGNS = {"match": "✓", "mismatch": "✕", "not_arrived": "…"}
_SAID_IN_WORDS = frozenset({"navigation", "console", "window", "picture", "person", "crash"})
_NAMES_OF_KINDS = frozenset({"event", "notice", "kind", "method", "milliseconds"})
_STAMP = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|\+00:00)")
_LONGEST_VALUE = 160
_MOST_HOSTS = 12


def timeline_html(timeline: Mapping[str, Any], redaction: Mapping[str, Any], requests: Mapping[str, Any]) -> str:
    """Return the page for a ``timeline.json``, its ``redaction.json`` and its ``requests.har``."""
    link = timeline["link"]
    title = f"Bank linking for {link['customer'] or MASK}"
    policy = f"default-src 'none'; style-src 'sha256-{_sum(STYLE)}'; img-src 'self' file:"
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{escape(title)}</title>",
        f"<style>{STYLE}</style>",
        "</head>",
        "<body>",
        "<main>",
        _top(timeline),
        _note(timeline),
        _timeline(timeline),
        _redirects(timeline),
        _requests(timeline, requests),
        _masked(redaction),
        _check(),
        _foot(timeline["made"]),
        "</main>",
        "</body>",
        "</html>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def _top(timeline: Mapping[str, Any]) -> str:
    link, redirect = timeline["link"], timeline["redirect"]
    sign = _VERDICT_SIGNS.get(redirect["outcome"], "")
    verdict = ""
    if redirect["text"]:
        shown = f'<span aria-hidden="true">{sign}</span> ' if sign else ""
        verdict = f'<p class="verdict {escape(redirect["outcome"])}">{shown}{_said(redirect["text"])}</p>'
    return "\n".join(
        part
        for part in (
            "<header>",
            f'<p class="over"><strong>{escape(link["environmentName"])}</strong>'
            f"<span>{_day(link['began'])}, {_clock(link['began'])[:8]} UTC</span>"
            + (f"<span>Ticket {_said(timeline['ticket'])}</span>" if timeline["ticket"] else "")
            + "</p>",
            f"<h1>{_said(timeline['conclusion']) or 'Nothing is known about how this link ended.'}</h1>",
            verdict,
            "</header>",
            _facts(timeline),
        )
        if part
    )


def _facts(timeline: Mapping[str, Any]) -> str:
    link, redirect = timeline["link"], timeline["redirect"]
    customer = _said(link["customer"])
    if link["customerMasked"]:
        customer += ' <span class="soft">(masked: it holds personal data)</span>'
    facts = [
        ("Customer", customer, False),
        ("Environment", f"{escape(link['environmentName'])}<br>{_address(_origin(link['api']))}", False),
        ("Bank", _said(link["bank"]), False),
        ("Connection ID", f"<code>{escape(link['connectionId'])}</code>" if link["connectionId"] else "", False),
        ("Meld’s customer ID", f"<code>{escape(link['customerId'])}</code>" if link["customerId"] else "", False),
        ("Link valid until", f"{_day(link['tokenExpires'])}, {_clock(link['tokenExpires'])[:8]} UTC", False)
        if link["tokenExpires"]
        else ("", "", False),
        ("Return URL expected", _address(redirect["expected"]), False),
        ("Arrived at", _address(redirect["arrived"]), False),
        (
            "Versions",
            " · ".join(f"{escape(name)} {escape(version)}" for name, version in timeline["versions"].items()),
            True,
        ),
    ]
    rows = [
        f"<div{' class=wide' if wide else ''}><dt>{name}</dt><dd>{shown}</dd></div>"
        for name, shown, wide in facts
        if shown
    ]
    return '<dl class="facts panel">\n' + "\n".join(rows) + "\n</dl>"


def _note(timeline: Mapping[str, Any]) -> str:
    if not timeline["note"]:
        return ""
    return f'<section><h2>Note</h2>\n<blockquote dir="auto">{escape(timeline["note"])}</blockquote></section>'


def _timeline(timeline: Mapping[str, Any]) -> str:
    entries = timeline["entries"]
    sizes = {picture["name"]: (picture["width"], picture["height"]) for picture in timeline["pictures"]}
    lead = _count(len(entries), "entry", "entries")
    if timeline["entriesLeftOut"]:
        lead += f"; {timeline['entriesLeftOut']} more were too many to keep"
    if timeline["picturesLeftOut"]:
        lead += f"; {_count(timeline['picturesLeftOut'], 'more picture was', 'more pictures were')} too many to keep"
    return _table(
        "Timeline",
        lead + ".",
        '<th>Time</th><th class="kind">Kind</th><th>What happened</th><th>Where</th>',
        (_entry(entry, sizes) for entry in entries),
    )


def _entry(entry: Mapping[str, Any], sizes: Mapping[str, tuple[int, int]]) -> str:
    times = f' <span class="times">× {entry["count"]}</span>' if entry["count"] > 1 else ""
    what = f"<b>{_said(entry['title'])}</b>{times}"
    if entry["detail"]:
        what += f"<p>{_said(entry['detail'])}</p>"
    what += _data(entry) + _picture(entry, sizes)
    kind = KINDS.get(entry["kind"], entry["kind"])
    return (
        f'<tr class="{escape(entry["kind"])}" id="entry-{entry["number"]}"><td class="when">{_clock(entry["at"])}<br>'
        f'<span>+{entry["seconds"]:.1f} s</span></td><td class="kind">{escape(kind)}</td>'
        f'<td class="what">{what}</td><td class="place">{_said(entry["place"])}</td></tr>'
    )


def _picture(entry: Mapping[str, Any], sizes: Mapping[str, tuple[int, int]]) -> str:
    name = entry["picture"]
    if not name:
        return ""
    width, height = sizes.get(name, (0, 0))
    size = f' width="{width}" height="{height}"' if width > 0 and height > 0 else ""
    says = f"Picture of the widget at {_clock(entry['at'])[:8]}. Unpack the whole zip to see it."
    source = escape(quote(name))
    return f'<figure><a href="{source}"><img src="{source}" alt="{escape(says)}"{size}></a></figure>'


def _data(entry: Mapping[str, Any]) -> str:
    """Return the facts that the words do not say already; all of them are in ``timeline.json``."""
    if entry["kind"] in _SAID_IN_WORDS:
        return ""
    words = f"{entry['title']} {entry['detail']} {entry['place']}"
    data = dict(entry["data"])
    if isinstance(metadata := data.pop("metadata", None), Mapping):
        data |= metadata
    facts = ((name, _plain(value)) for name, value in data.items() if name not in _NAMES_OF_KINDS)
    lines = [f"<li>{_said(_words(name))}: {_said(fact)}</li>" for name, fact in facts if fact and fact not in words]
    return f'<ul class="data">{"".join(lines)}</ul>' if lines else ""


def _words(name: str) -> str:
    """Return a JSON name as words: "connectionId" as "connection ID"."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).split(" ")
    return " ".join(word.upper() if word.lower() in {"id", "url"} else word.lower() for word in words)


def _plain(value: object) -> str:
    """Return JSON as people write it, shortened."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        held = ((str(name), _plain(item)) for name, item in value.items())
        text = ", ".join(f"{_words(name)} {fact}" for name, fact in held if fact)
    elif isinstance(value, list):
        text = "; ".join(filter(None, map(_plain, value)))
    else:
        text = "" if value is None else _STAMP.sub(r"\1 \2 UTC", str(value))
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"


def _redirects(timeline: Mapping[str, Any]) -> str:
    hops = timeline["hops"]
    if not hops:
        return ""
    steps = _count(len(hops), "step", "steps")
    lead = f"Where each frame and window went: {steps}. The same is in {_file(layout.REDIRECTS)}."
    if timeline["hopsLeftOut"]:
        lead += f" {timeline['hopsLeftOut']} more were too many to keep."
    redirect = timeline["redirect"]
    return _table(
        "Redirects",
        lead,
        '<th class="number">No.</th><th>Time</th><th class="kind">Kind</th><th>Address</th><th>Where</th>',
        (
            f'<tr class="{escape(hop["kind"])}"><td class="number">{hop["number"]}</td><td class="when">'
            f"{_clock(hop['at'])}<br><span>+{hop['seconds']:.1f} s</span></td>"
            f'<td class="kind">{escape(HOPS.get(hop["kind"], hop["kind"]))}</td><td>{_address(hop["url"])}'
            + (_remark(redirect) if hop["number"] == redirect["hop"] else "")
            + f'</td><td class="place">{_said(hop["place"])}</td></tr>'
            for hop in hops
        ),
    )


def _remark(redirect: Mapping[str, Any]) -> str:
    """Return what there is to say about the hop that the verdict names."""
    if redirect["outcome"] == "match":
        return '<br><b class="good">Arrived here, as expected</b>'
    if redirect["outcome"] == "mismatch":
        parts = [escape(part) for part in redirect["differs"]]
        listed = " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
        return f'<br><b class="bad">Differs from what was expected: {listed}</b>'
    return "<br><b>The last place</b>"


def _requests(timeline: Mapping[str, Any], requests: Mapping[str, Any]) -> str:
    hosts = Counter(
        urlsplit(entry["request"]["url"]).netloc or "(no host)"
        for entry in requests["log"]["entries"]
        if entry.get("pageref")
    )
    if not hosts:
        return ""
    lead = f"The pages made {_count(timeline['requests'], 'request', 'requests')}; each is in {_file(layout.REQUESTS)}."
    if timeline["requestsLeftOut"]:
        lead += f" {timeline['requestsLeftOut']} more were too many to keep."
    listed = sorted(hosts.items(), key=lambda pair: (-pair[1], pair[0]))
    rows = [
        f'<tr><td>{_address(host)}</td><td class="number">{times}</td></tr>' for host, times in listed[:_MOST_HOSTS]
    ]
    if len(listed) > _MOST_HOSTS:
        rest = sum(times for _, times in listed[_MOST_HOSTS:])
        rows.append(f'<tr><td>{len(listed) - _MOST_HOSTS} other hosts</td><td class="number">{rest}</td></tr>')
    return _table("Requests", lead, '<th>Host</th><th class="number">Requests</th>', rows)


def _masked(redaction: Mapping[str, Any]) -> str:
    rows = [
        f"<tr><td>{escape(item['what'][:1].upper() + item['what'][1:])}</td>"
        f'<td class="number">{item["times"]}</td></tr>'
        for item in redaction["masked"]
        if item["times"]
    ]
    lead = f"Secrets and personal data were replaced by {MASK} before this was written."
    if redaction["pictures"]["inThePack"]:
        lead += " In the pictures, what was typed is covered; look at them before you pass this on."
    if not rows:
        return f'<section><h2>What is masked</h2>\n<p class="lead">{lead} Nothing had to be.</p></section>'
    return _table("What is masked", lead, '<th>What</th><th class="number">Times</th>', rows)


def _check() -> str:
    return f"""<section><h2>How to check this pack</h2>
<p>Every file in the zip has a SHA-256 sum in {_file(layout.SUMS)}. With Meld Desktop, on the zip as it is:</p>
<pre><code>meld-link verify PACK.zip</code></pre>
<p>Without it, in the folder where the zip was unpacked:</p>
<pre><code>sha256sum -c {layout.SUMS}</code></pre>
<p class="soft">This shows damage and careless changes. Who wrote the pack, and that nobody wrote new sums,
only the person who sent it can tell: compare the sum of the zip itself with theirs.</p></section>"""


def _foot(made: str) -> str:
    when = f"{_day(made)} at {_clock(made)} UTC"
    return f"<footer>Written by Meld Desktop on {when}. All times are UTC.</footer>"


def _table(title: str, lead: str, heads: str, rows: Iterable[str]) -> str:
    heads = heads.replace("<th", '<th scope="col"')
    return (
        f'<section><h2>{title}</h2>\n<p class="lead">{lead}</p>\n<div class="panel"><table>\n'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n" + "\n".join(rows) + "\n</tbody></table></div></section>"
    )


def _said(text: object) -> str:
    """Return what anybody may have written, with its own writing direction."""
    return f"<bdi>{escape(str(text))}</bdi>" if text not in ("", None) else ""


def _address(url: str) -> str:
    return f'<span class="address" dir="ltr">{escape(url)}</span>' if url else ""


def _file(name: str) -> str:
    return f"<code>{name}</code>"


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else url


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _clock(stamp: str) -> str:
    return escape(stamp[11:23])


def _day(stamp: str) -> str:
    if not stamp:
        return ""
    day = datetime.fromisoformat(stamp)
    months = "January February March April May June July August September October November December".split()
    return f"{day.day} {months[day.month - 1]} {day.year}"


def _sum(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
