"""The public API, one module per endpoint family; each has ``routes(world)``."""
