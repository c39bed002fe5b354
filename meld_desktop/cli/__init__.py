"""The command line. Imports no Qt."""
