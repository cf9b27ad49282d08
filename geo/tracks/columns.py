"""Which column of a foreign file is which field of a fix."""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING, Final

from geo.coords import named_datum
from geo.errors import InvalidOptionError, SourceFormatError
from geo.tracks.headless import looks_like_data, tell_columns

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

_SHOWN: Final = 500  # characters of a header in a message
REQUIRED: Final = ("time", "lon", "lat")
ALIASES: Final[dict[str, tuple[str, ...]]] = {  # field -> names, the earlier wins
    "time": ("time", "datetime", "timestamp", "date_time", "时间", "定位时间", "日期时间"),
    "date": ("date", "日期", "定位日期"),  # of a time that has none
    "lon": ("lon", "lng", "longitude", "经度", "x"),
    "lat": ("lat", "latitude", "纬度", "y"),
    "worker": (
        "worker", "worker_id", "uid", "user", "user_id", "courier_id", "driver", "driver_id",
        "device_id", "工号", "员工号", "人员编号", "骑手", "骑手编号", "设备号", "终端号",
        "人员", "员工", "职工", "姓名", "司机", "快递员", "配送员", "环卫工", "保洁员", "工人",
        "人",
    ),
    "route": ("route", "route_id", "线路", "路线"),
}  # fmt: skip


def require_fields(
    columns: Mapping[str, str], known: Collection[str] = ALIASES, *, of: str = "tracks"
) -> None:
    """Check that a FIELD -> COLUMN mapping names known fields only, those of fixes by default.

    Raises
    ------
    InvalidOptionError
        A key is not one of ``known``.
    """
    unknown = sorted(set(columns) - set(known))
    if unknown:
        msg = f"{of} have no field {', '.join(unknown)}; map one of {', '.join(known)}"
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
    header: Sequence[str], columns: Mapping[str, str], *, source: str, datum: str = "wgs84"
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
    datum : {"wgs84", "gcj02", "bd09"}
        Of the positions; ``lng_gcj02`` and the like go first in it, and are refused in another.

    Returns
    -------
    dict
        ``time``, ``lon``, ``lat`` always; ``date``, ``worker`` and ``route`` where there are such
        columns; without a column of workers each route is a worker.

    Raises
    ------
    SourceFormatError
        A required or mapped column is missing, there are no names, or one is of another datum.
    """
    plain = {field: find_column(header, field, columns) for field in ALIASES}
    found = {**plain, **_named_positions(header, columns, datum)}
    _require_datum(header, found, datum, source)
    missing = [
        field for field, name in found.items() if name is None and field in (*REQUIRED, *columns)
    ]
    if missing:
        wanted = ", ".join(
            f"{field} ({columns.get(field, ALIASES[field][0])})" for field in missing
        )
        if looks_like_data(header):
            msg = (
                f"{source}: the first line looks like a row, not like names of columns (they are "
                f"{tell_columns(header)}); put names above it, such as time,lon,lat,worker"
            )
            raise SourceFormatError(msg, "headerless")
        names = shorten(", ".join(header), _SHOWN, placeholder=" ...")
        msg = (
            f"{source}: no column for {wanted}; its columns are {names}: "
            f"name the right one, as in --map {missing[0]}=COLUMN"
        )
        raise SourceFormatError(msg, "columns")
    if found["worker"] is None:  # a route is then walked by somebody of its own
        found["worker"] = found["route"]
    if found["date"] == found["time"]:
        found["date"] = None
    return {field: name for field, name in found.items() if name is not None}


def _named_positions(
    header: Sequence[str], columns: Mapping[str, str], datum: str
) -> dict[str, str]:
    """Return the columns of positions that say the datum asked for, where none is mapped."""
    known = {name.strip().casefold(): name for name in reversed(header)}
    named = {
        field: known.get(f"{stem}_{datum}")
        for field, stems in (("lon", ("lon", "lng")), ("lat", ("lat",)))
        for stem in stems
        if field not in columns and f"{stem}_{datum}" in known
    }
    return {field: name for field, name in named.items() if name is not None}


def _require_datum(
    header: Sequence[str], found: Mapping[str, str | None], datum: str, source: str
) -> None:
    """Refuse positions whose column is named after another datum than the one asked for.

    Raises
    ------
    SourceFormatError
        Says which datum to give.
    """
    names = [name or "" for name in (found["lon"], found["lat"])]
    if "" in names:  # not found: perhaps because all of them say another datum
        names = list(header)
    for name in names:
        said = named_datum(name)
        if said is not None and said != datum:
            msg = f"{source}: the column {name} says {said}, not {datum}; give --datum {said}"
            raise SourceFormatError(msg, "datum")
