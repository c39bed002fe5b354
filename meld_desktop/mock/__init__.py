"""The local Meld: API routes, banks, scenarios and widget pages, on its own reading of the contract."""
