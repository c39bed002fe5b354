"""The links that were made here: what is kept of each, what the list can be asked, and the columns of its CSV files."""
