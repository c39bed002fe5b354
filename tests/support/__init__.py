"""Servers and searches that several test folders use."""
