"""Every error that geo raises on purpose: a GeoError that is also the builtin a caller expects.

A message says what, where, and what to do. Nothing here knows of the web: ``webmap.errors`` maps
these classes to HTTP statuses.
"""


class GeoError(Exception):
    """Root of all errors raised on purpose by geo; its text is fit to show to a user."""


class MissingCrsError(GeoError, ValueError):
    """A geometry file or frame does not say its coordinate reference system."""


class CrsMismatchError(GeoError, ValueError):
    """Two inputs are in different coordinate reference systems."""


class InvalidDatumError(GeoError, ValueError):
    """A datum name is not one of wgs84, gcj02, bd09."""


class AmbiguousDatumError(GeoError, ValueError):
    """Positions of tracks fit two datums about as well, and nobody said which it is."""

    code = "ambiguous_datum"


class UnreadPositionError(GeoError, ValueError):
    """No position could be read of a text; ``code`` says in a word why, ``source`` whose it is."""

    def __init__(self, message: str, code: str, source: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.source = source


class InvalidPhotoError(GeoError, ValueError):
    """A file is no photo that can be kept; ``code`` says in a word why."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class InvalidStationError(GeoError, ValueError):
    """One or more station rows break the schema; ``problems`` lists every fault of every row."""

    def __init__(self, message: str, problems: tuple[object, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class InvalidHoursError(GeoError, ValueError):
    """An opening-hours text is not valid OSM ``opening_hours`` syntax.

    ``position`` is that of the fault, 1 = first character; ``suggestion`` a text that is valid and
    probably meant, "" if none comes to mind.
    """

    def __init__(self, message: str, position: int = 1, suggestion: str = "") -> None:
        super().__init__(message)
        self.position = position
        self.suggestion = suggestion


class SourceFormatError(GeoError, ValueError):
    """A file is not what its name says, or cannot be read as such; ``code`` says in a word how."""

    def __init__(self, message: str, code: str = "unreadable") -> None:
        super().__init__(message)
        self.code = code


class InvalidOptionError(GeoError, ValueError):
    """An option has a value outside its range (a limit of 0, an unknown zone)."""


class EmptyTracksError(GeoError, ValueError):
    """The tracks hold nothing that could be measured; ``code`` says in a word why."""

    def __init__(self, message: str, code: str = "no_fixes") -> None:
        super().__init__(message)
        self.code = code


class EmptyNetworkError(GeoError, ValueError):
    """A network has no walkable way left."""


class OutsideNetworkError(GeoError, ValueError):
    """All positions lie outside the network's area."""


class UnknownStationError(GeoError, LookupError):
    """No station has the code asked for."""


class UnknownUserError(GeoError, LookupError):
    """No account has the name asked for."""


class UnknownCheckError(GeoError, LookupError):
    """No check has the id asked for."""


class UnknownBatchError(GeoError, LookupError):
    """No act upon many stations has the id asked for."""


class UnknownChangeError(GeoError, LookupError):
    """No change of the history has the number asked for."""


class StoreConflictError(GeoError, RuntimeError):
    """A write met a row that exists or has changed since it was read."""


class StoreSchemaError(GeoError, RuntimeError):
    """The store's schema is older or newer than this code."""


class ConvergenceError(GeoError, RuntimeError):
    """An iteration did not reach its tolerance."""


class InvalidCellError(GeoError, ValueError):
    """One cell breaks its field's rules; ``code`` is the kind of fault in one word."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class StoreUnavailableError(GeoError, ConnectionError):
    """The database is missing, cannot be reached, or cannot be written."""


class StoreMissingError(StoreUnavailableError):
    """There is no database yet, or an empty one."""
