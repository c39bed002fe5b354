"""Use cases as QtCore objects: jobs, create link, keys, Demo. No widgets."""
