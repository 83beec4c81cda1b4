"""The one error that bad input raises, whichever door it came through.

`HistoryError`'s code and message stand in `manage.py assess` output, in API answers and in import reports;
the message says what to do, in words for the person who made the slip.
"""

from tracking.texts import say


class TrackingError(Exception):
    """Something a caller may be told. `code` is stable, `message` is for people, `fields` names what to mend."""

    def __init__(self, code: str, message: str, *, fields: dict[str, list[str]] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.fields = fields or {}


class InvalidInput(TrackingError):
    """What was sent cannot be stored or judged (400). `fields` maps a dotted name to messages."""


class Conflict(TrackingError):
    """The request contradicts what is stored: a deleted id, other bytes under one id (409)."""


class NotFound(TrackingError):
    """Missing, deleted or somebody else's: the answer never tells which (404)."""

    def __init__(self) -> None:
        super().__init__("not_found", say("api.not_found"))


class Forbidden(TrackingError):
    """Known and visible, but not allowed now or in this role (403)."""


class Gone(TrackingError):
    """What the caller remembers is no longer of use: start again (410)."""


class TooLarge(TrackingError):
    """More bytes or pixels than are taken (413)."""


class UnsupportedImage(TrackingError):
    """Not an image that can be read: another type, cut short, or damaged (415)."""
