"""Station files in and out: the format follows the extension, the schema is the same in all."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geo.coords import AUTO, DATUMS, named_datum, require_datum
from geo.errors import CrsMismatchError, SourceFormatError
from geo.stations.frames import to_frame, to_text
from geo.stations.problems import errors_of
from geo.stations.raw import read_raw
from geo.stations.tables import FIRST_ROW, write_table
from geo.stations.validate import Validated, validate_stations
from geo.stations.vector import FIRST_FEATURE, read_vector, write_vector

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geopandas import GeoDataFrame
    from pandas import DataFrame

    from geo.stations.problems import Problem

TABLES: Final = (".csv", ".xlsx")
VECTORS: Final = (".geojson", ".gpkg", ".parquet")
_POSITION: Final = ("lon", "lat")
_NO_COLUMNS: Final[Mapping[str, str]] = {}


def load_stations(
    path: Path | str, *, datum: str = "wgs84", columns: Mapping[str, str] = _NO_COLUMNS
) -> Validated:
    """Read a file of stations and say everything that is wrong with its rows.

    Parameters
    ----------
    path : Path or str
        ``.csv``, ``.xlsx``, ``.geojson``, ``.gpkg`` or ``.parquet`` (GeoParquet).
    datum : {"wgs84", "gcj02", "bd09", "auto"}
        Of the positions in the file; they are converted to WGS-84. Tables with columns such as
        ``lng_gcj02`` are read from the columns of this datum. ``auto``: that of the file's name,
        else the first of the three whose columns or layer it has; the answer's ``datum`` says it.
    columns : mapping of str to str
        FIELD to COLUMN for foreign column names, as ``--map`` gives them.

    Returns
    -------
    Validated
        As `validate_stations`; rows with an error are only in ``problems``.

    Raises
    ------
    SourceFormatError
        The file as a whole cannot be read: format, encoding, columns, no rows.
    InvalidDatumError
        ``datum`` is not known.
    MissingCrsError, CrsMismatchError
        A vector file has no CRS, or its layer's name says another datum.
    """
    path = Path(path)
    if datum == AUTO:
        return _load_by_names(path, columns)
    require_datum(datum)
    if extension_of(path) in TABLES:
        rows, found, _ = read_raw(path).rows(columns=columns, datum=datum)
        return check_rows(rows, found, source=path.name, datum=datum, first_row=FIRST_ROW)
    rows, found = read_vector(path, columns=columns, datum=datum)
    return check_rows(rows, found, source=path.name, datum=datum, first_row=FIRST_FEATURE)


def check_rows(
    rows: DataFrame, found: Sequence[Problem], *, source: str, datum: str, first_row: int
) -> Validated:
    """Return the rows without an error, as `validate_stations`; ``found`` are earlier problems.

    A row that has an error among these is left out as well, and told once.
    """
    checked = validate_stations(rows, source=source, datum=datum, first_row=first_row)
    bad = {problem.row for problem in errors_of(tuple(found))}
    shapeless = {problem.row for problem in found if problem.code == "not_a_point"}
    others = [p for p in checked.problems if p.row not in shapeless or p.field not in _POSITION]
    problems = tuple(sorted([*found, *others], key=lambda problem: problem.row))
    return replace(checked.without(bad), problems=problems)


def read_stations(
    path: Path | str, *, datum: str = "wgs84", columns: Mapping[str, str] = _NO_COLUMNS
) -> GeoDataFrame:
    """Read a file of stations, all of it or nothing; parameters as `load_stations`.

    Returns
    -------
    GeoDataFrame, n rows
        EPSG:4326, columns ``FIELD_NAMES`` and geometry, as `validate_stations` says.

    Raises
    ------
    InvalidStationError
        A row has an error; ``problems`` holds all, the text the first 20.
    SourceFormatError
        The file as a whole cannot be read.
    InvalidDatumError
        ``datum`` is not known.
    MissingCrsError, CrsMismatchError
        A vector file has no CRS, or its layer's name says another datum.
    """
    return load_stations(path, datum=datum, columns=columns).require_sound()


def write_stations(
    stations: GeoDataFrame, path: Path | str, *, datum: str = "wgs84", public_only: bool = False
) -> None:
    """Write stations; reading the file with the same datum gives the same stations.

    Parameters
    ----------
    stations : GeoDataFrame, n rows
        As `read_stations` returns them; the geometry decides the position. Absent fields are
        written empty.
    path : Path or str
        The extension is the format. An existing file is replaced in one step, or kept whole when
        writing fails. The same stations give the same bytes.
    datum : {"wgs84", "gcj02", "bd09"}
        Of the positions in the file. Vector files in gcj02 or bd09 carry no CRS, as none exists,
        and their layer is called ``stations_gcj02`` or ``stations_bd09``.
    public_only : bool
        Leave the fields out that only staff may see.

    Raises
    ------
    SourceFormatError
        The extension is no format.
    InvalidDatumError
        ``datum`` is not known.
    MissingCrsError, CrsMismatchError
        ``stations`` are not in EPSG:4326.
    """
    path = Path(path)
    require_datum(datum)
    extension = extension_of(path)
    frame = to_frame(stations, datum=datum, public_only=public_only)
    partial = path.with_name(f".{path.stem}.{os.getpid()}.part{extension}")
    try:
        if extension in TABLES:
            write_table(to_text(frame), partial)
        else:
            write_vector(frame, partial, datum=datum)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _load_by_names(path: Path, columns: Mapping[str, str]) -> Validated:
    """Read the file in the datum of its name, else in the first whose columns or layer it has.

    Raises
    ------
    SourceFormatError
        The file cannot be read in any; the message is that of the first.
    CrsMismatchError
        As before, and its layer says a datum.
    """
    named = named_datum(path.name)
    first, *others = [named] if named else DATUMS
    try:
        return load_stations(path, datum=first, columns=columns)
    except (SourceFormatError, CrsMismatchError):  # no column for lon, or a layer called _gcj02
        for other in others:
            with suppress(SourceFormatError, CrsMismatchError):
                return load_stations(path, datum=other, columns=columns)
        raise


def extension_of(path: Path) -> str:
    """Return the extension in lower case.

    Raises
    ------
    SourceFormatError
        Stations are not read or written in such files.
    """
    extension = path.suffix.lower()
    if extension not in TABLES + VECTORS:
        known = ", ".join(TABLES + VECTORS)
        msg = f"{path.name}: stations are kept in {known}; rename or save it as one of these"
        raise SourceFormatError(msg, "format")
    return extension
