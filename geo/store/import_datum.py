"""The datum of a file that is brought in: gathered hints, and the rows read by what they tell."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.area_claims import read_claims
from geo.coords import AUTO, DATUMS, require_datum
from geo.datum_guess import DatumGuess, Evidence, Listed, guess_datum
from geo.errors import CrsMismatchError, MissingCrsError, SourceFormatError
from geo.stations.degrees import plain_position
from geo.stations.headers import position_pairs, said_datum

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from geo.coords import Datum
    from geo.stations.headers import Pair
    from geo.stations.opened import OpenedFile
    from geo.stations.raw import Rows

    Floats = NDArray[np.float64]
    Distance = Callable[[Floats, Floats], Floats]

_AXES: Final[tuple[str, ...]] = ("lon", "lat")
_OWN_HEADS: Final = {"lon": "lon", "lat": "lat"}  # the schema's own names, which mean WGS-84
_UNREADABLE: Final = (SourceFormatError, MissingCrsError, CrsMismatchError)


@dataclass(frozen=True)
class ReadRows:
    """Rows under field names, and in which datum their positions are."""

    rows: Rows
    datum: Datum | None  # None: not clear, somebody must say
    guess: DatumGuess  # what the hints tell, also where the datum was given

    @property
    def is_doubtful(self) -> bool:
        """Whether the hints clearly tell another datum than was given."""
        clear = {one.says for one in self.guess.evidence if one.is_clear and one.kind != "format"}
        return self.datum is not None and bool(clear) and self.datum not in clear


def read_rows(
    file: OpenedFile,
    *,
    datum: str,
    columns: Mapping[str, str],
    areas: gpd.GeoDataFrame,
    distance_m: Distance | None = None,
) -> ReadRows:
    """Read the rows of a file and settle their datum.

    Parameters
    ----------
    file : OpenedFile
        As ``geo.stations.opened.open_file`` opens it.
    datum : {"auto", "wgs84", "gcj02", "bd09"}
        What was asked for.
    columns : mapping of str to str
        FIELD to COLUMN, before what the heads say.
    areas : GeoDataFrame
        As ``Store.read_areas`` returns them; it may be empty.
    distance_m : callable, optional
        As ``guess_datum`` takes it.

    Raises
    ------
    SourceFormatError, MissingCrsError, CrsMismatchError
        As ``OpenedFile.rows``.
    InvalidDatumError
        ``datum`` is not known.
    """
    first = _first_read(file, datum, columns)
    chosen = {axis: first.columns[axis] for axis in _AXES if axis in first.columns}
    other = _other_pair(file, chosen)
    said = _hints(file, chosen, columns, datum)
    listed = Listed(
        *_degrees(first.frame["lon"], first.frame["lat"]),
        claims=read_claims(first.frame, areas),
        other=other[1] if other else None,
    )
    guess = guess_datum(listed, said=said, areas=areas, distance_m=distance_m)
    if other:
        guess = _with_names(guess, other[0])
    settled = guess.datum if datum == AUTO else require_datum(datum)
    if settled is None:
        return ReadRows(first, None, guess)
    return ReadRows(file.rows(columns={**columns, **chosen}, datum=settled), settled, guess)


def _first_read(file: OpenedFile, datum: str, columns: Mapping[str, str]) -> Rows:
    """Read in the datum asked for, else of the name, else in the first that has columns for it.

    Raises
    ------
    SourceFormatError, MissingCrsError, CrsMismatchError
        None has; the error is that of the first.
    """
    if datum != AUTO:
        return file.rows(columns=columns, datum=datum)
    named = said_datum(file.source)
    first, *others = dict.fromkeys([*([named] if named else []), *DATUMS])
    try:
        return file.rows(columns=columns, datum=first)
    except _UNREADABLE:
        for other in others:
            with suppress(*_UNREADABLE):
                return file.rows(columns=columns, datum=other)
        raise


def _hints(
    file: OpenedFile, chosen: Mapping[str, str], columns: Mapping[str, str], asked: str
) -> list[Evidence]:
    """Return what columns, layer, file name and format say."""
    hints = []
    heads = tuple(dict.fromkeys(chosen.values()))
    by_head = {said for head in heads if (said := said_datum(head))}
    if len(by_head) == 1:
        hints.append(_word("columns", by_head.pop(), *heads))
    elif named := said_datum(file.source):
        hints.append(_word("file", named, file.source))
    if file.is_table:
        if chosen == _OWN_HEADS:
            hints.append(_word("format", "wgs84", "columns called lon and lat"))
        return hints
    works = [one for one in DATUMS if _can_read(file, columns, one)] if asked == AUTO else []
    if "wgs84" in works:
        hints.append(_word("format", "wgs84", "the coordinates that this kind of file declares"))
    elif len(works) == 1:
        hints.append(_word("columns", works[0], "of the layer's name"))
    return hints


def _can_read(file: OpenedFile, columns: Mapping[str, str], datum: str) -> bool:
    try:
        file.rows(columns=columns, datum=datum)
    except _UNREADABLE:
        return False
    return True


def _word(kind: str, datum: str, *names: str) -> Evidence:
    return Evidence(kind, require_datum(datum), is_clear=True, figures={}, names=names)  # type: ignore[arg-type]  # one of Kind


def _other_pair(
    file: OpenedFile, chosen: Mapping[str, str]
) -> tuple[Pair, tuple[Floats, Floats]] | None:
    """Return another pair of columns with positions, and these."""
    if file.table is None or not chosen:
        return None
    frame = file.table.frame
    for pair in position_pairs(file.table.header):
        if {pair.lon, pair.lat}.isdisjoint(chosen.values()):
            return pair, _degrees(frame[pair.lon], frame[pair.lat])
    return None


def _with_names(guess: DatumGuess, pair: Pair) -> DatumGuess:
    names = tuple(dict.fromkeys((pair.lon, pair.lat)))
    told = tuple(replace(one, names=names) if one.kind == "pair" else one for one in guess.evidence)
    return replace(guess, evidence=told)


def _degrees(lon: pd.Series[str], lat: pd.Series[str]) -> tuple[Floats, Floats]:
    """Return cells as numbers; both NaN where one is none or not on the globe."""
    pairs = [_pair(*cells) for cells in zip(lon.tolist(), lat.tolist(), strict=True)]
    both = np.array(pairs, dtype=np.float64).reshape(-1, 2)
    both[(np.abs(both) > [180.0, 90.0]).any(axis=1)] = np.nan
    return both[:, 0], both[:, 1]


def _pair(lon: str, lat: str) -> tuple[float, float]:
    x, y = plain_position(lon, lat)
    try:
        return float(x), float(y)
    except ValueError:
        return np.nan, np.nan
