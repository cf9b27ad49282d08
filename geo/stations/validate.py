"""Rows of text to checked stations: every fault of every row is found, then reported at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
from pandas import DataFrame

from geo.coords import MAX_LAT, MAX_LON, require_datum, to_wgs84
from geo.errors import ConvergenceError, InvalidCellError, InvalidStationError
from geo.stations.cells import canonical_cell, format_number, show
from geo.stations.frames import records_of, to_stations
from geo.stations.match import CODE_MARK, stable_code
from geo.stations.problems import Problem, errors_of, row_problem, row_warning, summarise
from geo.stations.schema import FIELD_BY_NAME, FIELD_NAMES, FIELDS, REQUIRED, FieldType
from geo.stations.spoken import HOURS, Spoken, settle_hours

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from geopandas import GeoDataFrame

_REPEATED: Final = frozenset(FieldType) - {FieldType.TEXT, FieldType.TEXT_LIST, FieldType.NUMBER}
_ARCTIC_LAT: Final = 72.0  # no station lies north of it, but China's longitudes begin here
_CHINA_LAT: Final = (15.0, 55.0)


@dataclass(frozen=True)
class Validated:
    """Stations that keep the schema, and what was wrong or filled in on the way."""

    stations: GeoDataFrame  # EPSG:4326; columns FIELD_NAMES and geometry; index 0..n-1
    problems: tuple[Problem, ...]  # by row
    defaulted: dict[str, int]  # field to number of cells filled in, in the rows without error
    rows: tuple[int, ...] = ()  # the row of the file that each station comes from
    filled: tuple[tuple[int, str], ...] = ()  # (row, field) of each cell counted in defaulted
    spoken: tuple[Spoken, ...] = ()  # hours in words, and what was read of them
    source: str = ""  # name of the file
    datum: str = "wgs84"  # in which its positions were read

    def without(self, rows: Collection[int]) -> Validated:
        """Return the same without the stations of some rows of the file; problems stay."""
        if not rows:
            return self
        kept = [row not in rows for row in self.rows]
        return replace(
            self,
            stations=self.stations[kept].reset_index(drop=True),
            rows=tuple(row for row in self.rows if row not in rows),
            filled=(filled := tuple(one for one in self.filled if one[0] not in rows)),
            defaulted=dict(Counter(name for _, name in filled)),
            spoken=tuple(one for one in self.spoken if one.row not in rows),
        )

    def require_sound(self) -> GeoDataFrame:
        """Return the stations if no row has an error.

        Raises
        ------
        InvalidStationError
            A row has; ``problems`` holds all, the text the first 20.
        """
        if errors := errors_of(self.problems):
            raise InvalidStationError(summarise(errors, self.source), self.problems)
        return self.stations


@dataclass
class _Log:
    """What one call gathers while it goes through the rows."""

    source: str
    read_words: bool
    problems: list[Problem] = field(default_factory=list)
    filled: list[tuple[int, str]] = field(default_factory=list)
    spoken: list[Spoken] = field(default_factory=list)
    failed: set[int] = field(default_factory=set)

    def refuse(self, row: int, name: str, code: str, what: str) -> None:
        """Keep an error; the row is out."""
        self.problems.append(row_problem(self.source, row, name, code, what))
        self.failed.add(row)

    def note(self, row: int, name: str, code: str, what: str) -> None:
        """Keep a warning; the row stays."""
        self.problems.append(row_warning(self.source, row, name, code, what))


def validate_stations(
    rows: DataFrame,
    *,
    source: str,
    datum: str = "wgs84",
    first_row: int = 2,
    read_words: bool = True,
) -> Validated:
    """Check rows of text against the schema and return those without an error as stations.

    Parameters
    ----------
    rows : DataFrame of str, n rows
        Columns: field names, any may be absent but name, lon and lat; other columns are ignored
        and named in one warning. ``first_row`` + index is the row number that messages give.
    source : str
        File name for messages.
    datum : {"wgs84", "gcj02", "bd09"}
        Of ``lon, lat``; they are converted to WGS-84.
    first_row : int
        Row number of index 0.
    read_words : bool
        Whether hours in words are read; if not, they are refused where OSM text belongs.

    Returns
    -------
    Validated
        ``stations`` are in the order of the rows, EPSG:4326. Cells that are no number hold their
        canonical text ("" = not known, never NaN); lon, lat, area_m2 are float64, capacity is
        Int64. Kind, status and code are filled in where empty and counted in ``defaulted``.
        Hours in words are read as `settle_hours` says, with a warning unless they stood in
        ``hours_text`` and were read in full; ``spoken`` holds them.

    Raises
    ------
    InvalidDatumError
        ``datum`` is not known.
    InvalidStationError
        A column for name, lon or lat is absent.
    """
    require_datum(datum)
    absent = [name for name in REQUIRED if name not in rows.columns]
    if absent:
        msg = f"{source} has no column {', '.join(absent)}; every station needs them"
        raise InvalidStationError(msg)
    log = _Log(source, read_words)
    _warn_of_extra_columns(rows, log)
    names = [name for name in FIELD_NAMES if name in rows.columns]
    numbers = [first_row + int(label) for label in rows.index]
    records = [
        _check_row(dict(zip(names, cells, strict=True)), row, log)
        for row, cells in zip(numbers, records_of(rows[names]), strict=True)
    ]
    table = DataFrame(records, index=numbers, columns=FIELD_NAMES, dtype=str).fillna("")
    _convert_positions(table, datum, log)
    _fill_codes(table, log)
    _refuse_duplicates(table, log)
    good = table[~table.index.isin(log.failed)]
    problems = tuple(sorted(log.problems, key=lambda problem: problem.row))
    filled = tuple((row, name) for row, name in log.filled if row not in log.failed)
    defaulted = dict(Counter(name for _, name in filled))
    kept = tuple(good.index.tolist())
    spoken = tuple(one for one in log.spoken if one.row not in log.failed)
    stations = to_stations(good)
    return Validated(stations, problems, defaulted, kept, filled, spoken, source, datum)


def _warn_of_extra_columns(rows: DataFrame, log: _Log) -> None:
    extra = [str(name) for name in rows.columns if name not in FIELD_BY_NAME]
    if extra:
        what = f"{len(extra)} columns are no fields and were left out: {', '.join(extra)}; "
        log.note(0, "", "extra_columns", what + "name a field for one with --map FIELD=COLUMN")


def _check_row(cells: Mapping[str, str], row: int, log: _Log) -> dict[str, str]:
    """Return the row's canonical cells, "" where empty or faulty, with defaults filled in."""
    checked = dict.fromkeys(FIELD_NAMES, "")
    skipped = _check_position(cells, row, log)
    for name, text in cells.items():
        if not text or name in skipped or name in HOURS:
            continue
        try:
            checked[name] = _canonical(name, text)
        except InvalidCellError as fault:
            log.refuse(row, name, fault.code, str(fault))
    checked |= _check_hours(cells, row, log)
    for one in FIELDS:
        if one.default and not cells.get(one.name, "").strip():
            checked[one.name] = one.default
            log.filled.append((row, one.name))
    return checked


def _check_hours(cells: Mapping[str, str], row: int, log: _Log) -> dict[str, str]:
    """Return the row's three fields of hours, words among them read."""
    settled = settle_hours(cells, read=log.read_words)
    for remark in settled.remarks:
        say = log.refuse if remark.severity == "error" else log.note
        say(row, remark.field, remark.code, remark.what)
    log.filled += [(row, name) for name in settled.filled]
    log.spoken += [Spoken(row, *spoken) for spoken in settled.spoken]
    return settled.cells


def _canonical(name: str, text: str) -> str:
    """Return canonical text; of fields that repeat a few texts in many rows, from memory."""
    field_of = FIELD_BY_NAME[name]
    return _recalled(name, text) if field_of.type in _REPEATED else canonical_cell(field_of, text)


@lru_cache(maxsize=8192)
def _recalled(name: str, text: str) -> str:
    return canonical_cell(FIELD_BY_NAME[name], text)


def _check_position(cells: Mapping[str, str], row: int, log: _Log) -> tuple[str, ...]:
    """Refuse what is missing or swapped; return the fields that need no further check."""
    for name in REQUIRED:
        if not cells[name].strip():
            log.refuse(row, name, "required", f"{name} is empty; every station needs it")
    try:
        lon, lat = float(cells["lon"]), float(cells["lat"])
    except ValueError:
        return ()
    if lon == lat == 0.0:
        what = "lon and lat are 0, a point in the ocean; look the position up"
        log.refuse(row, "lat", "no_position", what)
        return ("lon", "lat")
    fault = _swap_fault(lon, lat)
    if fault:
        log.refuse(row, "lat", "swapped", f"{fault}; are lon and lat swapped?")
        return ("lon", "lat")
    return ()


def _swap_fault(lon: float, lat: float) -> str:
    """Return what is wrong with a position that would be right the other way round, or ""."""
    if abs(lon) <= MAX_LAT < abs(lat) <= MAX_LON:
        return f"lat {format_number(lat)} is outside [-90, 90]"
    if _CHINA_LAT[0] <= lon <= _CHINA_LAT[1] and _ARCTIC_LAT <= lat <= MAX_LAT:
        return f"lat {format_number(lat)} with lon {format_number(lon)} lies in the Arctic"
    return ""


def _convert_positions(table: DataFrame, datum: str, log: _Log) -> None:
    """Turn lon, lat into WGS-84 and note the datum they came in."""
    table.loc[table["source_datum"] == "", "source_datum"] = datum
    if datum == "wgs84":
        return
    known = table.index[(table["lon"] != "") & (table["lat"] != "")]
    lon = np.array([float(cell) for cell in table.loc[known, "lon"]])
    lat = np.array([float(cell) for cell in table.loc[known, "lat"]])
    try:
        lon, lat = to_wgs84(lon, lat, datum)
    except ConvergenceError:
        for place, row in enumerate(known):
            lon[place], lat[place] = _convert_one(lon[place], lat[place], datum, row, log)
    table.loc[known, "lon"] = [format_number(degrees) for degrees in lon]
    table.loc[known, "lat"] = [format_number(degrees) for degrees in lat]


def _convert_one(lon: float, lat: float, datum: str, row: int, log: _Log) -> tuple[float, float]:
    """Convert one position; where the datum has no such position, refuse the row."""
    try:
        x, y = to_wgs84([lon], [lat], datum)
    except ConvergenceError:
        what = f"{lon}, {lat} is no position of {datum}: it lies on the edge of the shifted area"
        log.refuse(row, "lat", "no_position", f"{what}; is the datum right?")
        return lon, lat
    return float(x[0]), float(y[0])


def _fill_codes(table: DataFrame, log: _Log) -> None:
    """Give the rows without code a stable one, if they have a name and a position."""
    bare = table[(table["code"] == "") & (table[list(REQUIRED)] != "").all(axis="columns")]
    parts = records_of(bare[["district", "name", "lon", "lat"]])
    codes = [stable_code(area, name, float(lon), float(lat)) for area, name, lon, lat in parts]
    table.loc[bare.index, "code"] = codes
    log.filled += [(row, "code") for row in bare.index.tolist()]


def _refuse_duplicates(table: DataFrame, log: _Log) -> None:
    first: dict[str, int] = {}
    for row, code in zip(table.index.tolist(), table["code"], strict=True):
        if code and first.setdefault(code, row) != row:
            what = f"code {show(code)} is also in row {first[code]}; change one or remove a row"
            if code.startswith(CODE_MARK):
                what = f"name and place are those of row {first[code]}; remove one, or give codes"
            log.refuse(row, "code", "duplicate_code", what)
