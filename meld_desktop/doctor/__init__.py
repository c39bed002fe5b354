"""What this computer must have for the window to open: display, system libraries, web view, keyring, fonts.

Imports no Qt: Qt ends the process when its platform plugin cannot load, so everything is found out before, or in a
process of its own. ``preflight`` is the quick look before the window opens; ``checks.run`` is ``meld-link doctor``.
"""

EXIT_CANNOT_START = 1
"""How the window ends when ``preflight`` has something to say, and ``meld-link doctor`` when a check fails."""
