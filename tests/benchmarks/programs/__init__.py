"""Programs that are measured as whole processes. Importing this is the first thing that they, as the program, do."""

from meld_desktop.app.imports import import_qt

import_qt()
