"""The use cases with their real threads, sockets and servers."""
