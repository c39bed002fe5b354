"""The remote Meld: the async client, one module per endpoint, and the mapping of faults. Only importer of httpx."""

import sys

# httpx brings a command line of its own, and with it click and, where it is installed, rich: 5 MiB, and a tenth of the
# time of "meld-link create". It is optional to httpx, whose __init__ goes on without it after an ImportError.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
