"""How a pack is laid out, for those who write it and those who check it. Scripts and people rely on the names."""

TIMELINE = "timeline.json"
PAGE = "timeline.html"
REQUESTS = "requests.har"
REDIRECTS = "redirects.csv"
VERSIONS = "versions.json"
REDACTION = "redaction.json"
SUMS = "SHA256SUMS"
PICTURES = "pictures/"

ALWAYS = frozenset({TIMELINE, PAGE, REQUESTS, REDIRECTS, VERSIONS, REDACTION})
"""What every pack holds beside the sums."""

MOST_FILES = 200
MOST_BYTES_A_FILE = 128 * 1024 * 1024
MOST_BYTES = 256 * 1024 * 1024
"""Unpacked. A session's pictures and lists stay far below."""
