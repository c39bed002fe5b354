"""Institutions as plain values: read from Meld's records, searched by name, and judged by the picker's rules."""
