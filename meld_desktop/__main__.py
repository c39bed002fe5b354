"""``python -m meld_desktop`` opens the window."""

import sys

from meld_desktop.app import main

sys.exit(main())
