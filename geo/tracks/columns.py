"""Which column of a foreign file is which field of a fix."""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING, Final

from geo.errors import InvalidOptionError, SourceFormatError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SHOWN: Final = 500  # characters of a header in a message
REQUIRED: Final = ("time", "lon", "lat")
ALIASES: Final[dict[str, tuple[str, ...]]] = {  # field -> names, the earlier wins
    "time": ("time", "datetime", "timestamp", "date_time", "时间", "定位时间"),
    "lon": ("lon", "lng", "longitude", "经度", "x"),
    "lat": ("lat", "latitude", "纬度", "y"),
    "worker": ("worker", "worker_id", "uid", "user", "user_id", "courier_id", "工号", "骑手"),
    "route": ("route", "route_id", "线路", "路线"),
}


def require_fields(columns: Mapping[str, str]) -> None:
    """Check that a FIELD -> COLUMN mapping names fields of a fix only.

    Raises
    ------
    InvalidOptionError
        A key is not one of ``ALIASES``.
    """
    unknown = sorted(set(columns) - set(ALIASES))
    if unknown:
        msg = f"tracks have no field {', '.join(unknown)}; map one of {', '.join(ALIASES)}"
        raise InvalidOptionError(msg)


def find_column(header: Sequence[str], field: str, columns: Mapping[str, str]) -> str | None:
    """Return the name in ``header`` that holds ``field``, or None.

    A mapped name must stand there exactly; otherwise the first alias counts, in any case.
    """
    if field in columns:
        return columns[field] if columns[field] in header else None
    known = {name.strip().casefold(): name for name in reversed(header)}
    return next((known[alias] for alias in ALIASES[field] if alias in known), None)


def match_columns(
    header: Sequence[str], columns: Mapping[str, str], *, source: str
) -> dict[str, str]:
    """Return field -> column name of ``header`` for all fields that the file has.

    Parameters
    ----------
    header : sequence of str
        The column names as they stand in the file.
    columns : mapping
        FIELD -> COLUMN as the user gave it; wins over the known names.
    source : str
        The file, for messages.

    Returns
    -------
    dict
        ``time``, ``lon``, ``lat`` always; ``worker`` and ``route`` where there are such columns;
        without a column of workers each route is a worker.

    Raises
    ------
    SourceFormatError
        A required or mapped column is missing.
    """
    found = {field: find_column(header, field, columns) for field in ALIASES}
    missing = [
        field for field, name in found.items() if name is None and field in (*REQUIRED, *columns)
    ]
    if missing:
        wanted = ", ".join(
            f"{field} ({columns.get(field, ALIASES[field][0])})" for field in missing
        )
        names = shorten(", ".join(header), _SHOWN, placeholder=" ...")
        msg = (
            f"{source}: no column for {wanted}; its columns are {names}: "
            f"name the right one, as in --map {missing[0]}=COLUMN"
        )
        raise SourceFormatError(msg)
    if found["worker"] is None:  # a route is then walked by somebody of its own
        found["worker"] = found["route"]
    return {field: name for field, name in found.items() if name is not None}
