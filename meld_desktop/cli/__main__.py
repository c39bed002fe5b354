"""``python -m meld_desktop.cli``."""

import sys

from meld_desktop.cli import main

sys.exit(main())
