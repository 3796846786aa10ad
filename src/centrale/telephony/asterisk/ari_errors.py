"""What can go wrong between us and Asterisk's REST interface."""

from __future__ import annotations


class AriError(Exception):
    """Asterisk refused a request.

    `status`: the HTTP status, 0 when there was no response; `message`: Asterisk's own explanation.
    """

    def __init__(self, method: str, path: str, status: int, message: str) -> None:
        super().__init__(f"{method} {path}: {status} {message}" if status else f"{method} {path}: {message}")
        self.method = method
        self.path = path
        self.status = status
        self.message = message


class NotFound(AriError):
    """The channel, bridge, playback or endpoint does not exist (any more): 404, or 400 from `addChannel`."""


class Conflict(AriError):
    """It exists but is not in the state that the request needs, such as "not in Stasis yet": 409 or 422."""


class AriUnavailable(AriError):
    """There is no connection, it broke before the response came, or the response took too long.

    After the last two, Asterisk may or may not have carried out the request.
    """


def refusal(method: str, path: str, status: int, message: str) -> AriError:
    """Return the error for a response with a status of 400 or more."""
    if status == 400 and message == "Channel not found":
        return NotFound(method, path, status, message)
    kind = {404: NotFound, 409: Conflict, 422: Conflict}.get(status, AriError)
    return kind(method, path, status, message)
