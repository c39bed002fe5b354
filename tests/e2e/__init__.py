"""The program from outside: its command line, and its window on a real desktop."""
