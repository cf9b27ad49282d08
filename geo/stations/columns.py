"""Which column of a foreign table is which field: what the user says, then what the heads say.

Positions depend on the datum asked for: with gcj02 the columns ``lng_gcj02, lat_gcj02`` go before
plain ``lng, lat``, and columns of another datum are never taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo.coords import DATUMS
from geo.errors import SourceFormatError
from geo.stations.headers import fields_of, find_axis, position_pairs, said_datum
from geo.stations.schema import FIELD_BY_NAME, FIELD_NAMES, REQUIRED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pandas import DataFrame

_POSITION: Final = ("lon", "lat")


def find_columns(
    header: Sequence[str], *, columns: Mapping[str, str], datum: str, source: str
) -> dict[str, str]:
    """Return the column that holds each field.

    Parameters
    ----------
    header : sequence of str
        Column names of the file; white space around them and case do not count for aliases.
    columns : mapping of str to str
        FIELD to COLUMN as the user said; goes before everything else.
    datum : str
        ``wgs84``, ``gcj02`` or ``bd09``; chooses among ``lng_wgs84``, ``lng_gcj02`` and so on.
    source : str
        File name for messages.

    Returns
    -------
    dict of str to str
        Field to column of ``header``, in the order of the schema. Several fields share a column
        only by ``columns``, or as both degrees of a position stand in it.

    Raises
    ------
    SourceFormatError
        ``columns`` names an unknown field or a column the file lacks; two columns have the same
        name; or name, longitude or latitude are in no column.
    """
    _require_distinct(header, source)
    _require_known(header, columns, source)
    free = [column for column in header if column and column not in columns.values()]
    found = dict(columns)
    for field, column in (fields_of(free) | _position(free, datum)).items():
        found.setdefault(field, column)
    for field in _POSITION:
        said = said_datum(found.get(field, ""))
        if said not in {None, datum}:
            msg = f"{source}: the column {found[field]} says {said}, not {datum}; "
            msg += f"give --datum {said}"
            raise SourceFormatError(msg, "datum")
    missing = [field for field in REQUIRED if field not in found]
    if missing:
        msg = f"{source} has no column for {', '.join(missing)}; it has {_listed(header)}. "
        msg += _other_datum(header, datum) or f"name it with --map {missing[0]}=COLUMN"
        raise SourceFormatError(msg, "columns")
    return {field: found[field] for field in FIELD_NAMES if field in found}


def rename_columns(frame: DataFrame, found: Mapping[str, str]) -> DataFrame:
    """Return the frame with its fields under their names, then the columns that are no field.

    A column that has a field's name but lost against another (``lon`` beside ``lng_gcj02``) is
    left out.
    """
    extra = [c for c in frame.columns if c not in found.values() and c not in FIELD_BY_NAME]
    renamed = frame[[*found.values(), *extra]]
    return renamed.set_axis([*found, *extra], axis="columns")


def _position(header: Sequence[str], datum: str) -> dict[str, str]:
    """Return the columns of the position: those that say the datum, else those that say none.

    One degree alone is found as well: the message then names the other.
    """
    pairs = [pair for pair in position_pairs(header) if pair.datum in {None, datum}]
    chosen = min(pairs, key=lambda pair: (pair.is_joint, pair.datum is None), default=None)
    if chosen is not None:
        return {"lon": chosen.lon, "lat": chosen.lat}
    return {axis: column for axis in _POSITION if (column := find_axis(header, axis))}


def _other_datum(header: Sequence[str], datum: str) -> str:
    """Return a remedy when the positions are there, but in columns of another datum."""
    there = {pair.datum for pair in position_pairs(header)}
    other = next((name for name in DATUMS if name != datum and name in there), None)
    return f"its positions are in {other}: choose the datum {other}" if other else ""


def _require_known(header: Sequence[str], columns: Mapping[str, str], source: str) -> None:
    unknown = sorted(set(columns) - set(FIELD_NAMES))
    if unknown:
        msg = f"--map: no field is called {', '.join(unknown)}; fields are {', '.join(FIELD_NAMES)}"
        raise SourceFormatError(msg, "columns")
    absent = sorted(set(columns.values()) - set(header))
    if absent:
        msg = f"{source} has no column {', '.join(absent)}; it has {_listed(header)}"
        raise SourceFormatError(msg, "columns")


def _require_distinct(header: Sequence[str], source: str) -> None:
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        msg = f"{source} has the column {', '.join(twice)} more than once; rename or remove one"
        raise SourceFormatError(msg, "same_heads")


def _listed(header: Sequence[str]) -> str:
    return ", ".join(name for name in header if name) or "no column names at all"
