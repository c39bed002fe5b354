"""The tests of Meld Desktop; each folder proves one kind of promise."""
