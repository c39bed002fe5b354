"""The exit codes of ``meld-link``. Scripts rely on them."""

DONE = 0
FAILED = 1
"""``doctor`` found something to repair, or the output could not be written."""
WRONG_INPUT = 2
NO_KEY = 3
REFUSED = 4
NO_ANSWER = 5
INTERRUPTED = 130
READER_GONE = 141
"""Whoever read the output has closed it (the code of a program ended by SIGPIPE)."""

HELP = """exit codes:
  0    done
  2    wrong input; nothing was sent
  3    no key, or Meld refused it (401, 403)
  4    Meld refused the request (other 4xx)
  5    no usable answer: network, TLS, timeout, 5xx, unreadable or unsafe reply
  130  interrupted"""
