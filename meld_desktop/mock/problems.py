"""Refusals in the documented error body (OAS ``ErrorResponse``)."""

from dataclasses import dataclass


@dataclass(eq=False)
class Problem(Exception):  # noqa: N818 - what Meld would call it does not end in Error
    """A request that is answered with ``status`` and the documented error body instead of being served."""

    status: int
    code: str
    message: str
    errors: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()

    def body(self, request_id: str, timestamp: str) -> dict[str, object]:
        """Return the error body; ``errors`` is left out when it would be empty."""
        body: dict[str, object] = {"code": self.code, "message": self.message}
        if self.errors:
            body["errors"] = list(self.errors)
        return body | {"requestId": request_id, "timestamp": timestamp}


def bad_request(*errors: str) -> Problem:
    """Return the 400 for one or more mistakes in the body."""
    return Problem(400, "BAD_REQUEST", errors[0], errors)


def bad_query(*errors: str) -> Problem:
    """Return the 400 for one or more mistakes in the query string; its ``errors`` names each (ERR)."""
    return Problem(400, "INVALID_QUERY_PARAMETER", "One or more query parameters are invalid", errors)


def bad_id(text: str) -> Problem:
    """Return the 400 for an id that cannot be one (AND)."""
    return Problem(400, "BAD_REQUEST", f"Not a valid id: {text[:80]}")


def not_found(what: str) -> Problem:
    """Return the 404 for ``what``."""
    return Problem(404, "NOT_FOUND", f"{what} not found")
