"""The remote Meld: the async client, one module per endpoint, and the mapping of faults. Only importer of httpx."""
