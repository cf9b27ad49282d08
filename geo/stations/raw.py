"""A table as somebody sent it, before anything is decided: its header found, its cells text.

Titles may stand above the header, a header may take two rows, sheets may be several. Which column
is which field is decided by `RawTable.rows`, as often as one likes, without reading the file again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from pandas import DataFrame

from geo.errors import SourceFormatError
from geo.stations.columns import find_columns, rename_columns
from geo.stations.degrees import plain_position
from geo.stations.headers import count_known, said_datum
from geo.stations.problems import Problem, row_problem, row_warning
from geo.stations.schema import FIELD_BY_NAME
from geo.stations.tables import FIRST_ROW, read_sheets

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from geo.stations.excel import Sheet

_LOOKED_AT: Final = 20  # filled rows among which the header is
_TELLING: Final = 3  # what a row below the first must tell to be the header
_NAMED: Final = 4  # what the header of a table of stations tells: name and position
MAX_ROWS: Final = 250_000  # of one sheet; the whole country has 190,000 stations
_POSITION: Final = ("lon", "lat")


class Rows(NamedTuple):
    """Rows under the names of fields, and what was wrong with their cells."""

    frame: DataFrame  # str; the index is the row in the file less `FIRST_ROW`
    problems: list[Problem]
    columns: dict[str, str]  # field to column of the file


@dataclass(frozen=True)
class RawTable:
    """One sheet: text under the heads of its columns."""

    source: str  # name of the file
    frame: DataFrame  # str; columns: named heads; the index is the row in the file less FIRST_ROW
    sheet: str = ""
    sheets: tuple[str, ...] = ()  # all that may be chosen; () of a CSV file
    others: tuple[str, ...] = ()  # sheets that look like stations as well
    unsolved: frozenset[tuple[int, str]] = field(default=frozenset())  # label and column

    @property
    def header(self) -> list[str]:
        """The heads, as they stand in the file; of a header of two rows joined."""
        return [str(name) for name in self.frame.columns]

    def rows(self, *, columns: Mapping[str, str], datum: str) -> Rows:
        """Return the rows under field names, then the columns that are no field.

        Parameters
        ----------
        columns : mapping of str to str
            FIELD to COLUMN, before what the heads say.
        datum : {"wgs84", "gcj02", "bd09"}
            Chooses among position columns that say their datum.

        Returns
        -------
        Rows
            Positions in degrees, minutes and seconds are decimal. An error ``formula`` is in each
            row with a formula without result in a field that is no number.

        Raises
        ------
        SourceFormatError
            A column that is needed is not there.
        """
        found = find_columns(self.header, columns=columns, datum=datum, source=self.source)
        frame = _plain_positions(rename_columns(self.frame, found))
        problems = list(self._formulas(found))
        if self.others:
            names = ", ".join(self.others)
            what = f"the sheet {self.sheet} was read; there are stations in {names} as well"
            problems.append(row_warning(self.source, 0, "", "other_sheets", what))
        return Rows(frame, problems, found)

    def _formulas(self, found: Mapping[str, str]) -> Iterable[Problem]:
        names = {column: name for name, column in found.items() if name not in _POSITION}
        for label, column in sorted(self.unsolved):
            name = names.get(column)
            if name is not None and FIELD_BY_NAME[name].low is None:
                what = f"{name} is a formula without a result, or its result is an error"
                row = label + FIRST_ROW
                yield row_problem(
                    self.source, row, name, "formula", f"{what}; type the text itself"
                )


def read_raw(path: Path, sheet: str = "") -> RawTable:
    """Read a CSV or XLSX file.

    Parameters
    ----------
    path : Path
        ``.csv`` or ``.xlsx``.
    sheet : str
        Name of a sheet; "" = of the visible ones that whose heads name most fields.

    Raises
    ------
    SourceFormatError
        The file cannot be read, has no such sheet, no rows below a header, more than 250,000 rows,
        or a row longer than its header.
    """
    sheets = read_sheets(path)
    names = tuple(one.name for one in sheets if one.name)
    if sheet and sheet not in names:
        msg = f"{path.name} has no sheet {sheet}; it has {', '.join(names) or 'none'}"
        raise SourceFormatError(msg, "no_sheet")
    filled = [one for one in sheets if (not sheet or one.name == sheet) and _filled(one)]
    if not filled:
        msg = f"{path.name} is empty; it needs a header row and a row per station"
        raise SourceFormatError(msg, "empty")
    known = [_find_header(one)[0] for one in filled]
    place = known.index(max(known))
    likely = [one.name for one, score in zip(filled, known, strict=True) if score >= _NAMED]
    others = tuple(name for name in likely if name != filled[place].name)
    return _table(path.name, filled[place], names, others)


def _table(source: str, sheet: Sheet, names: tuple[str, ...], others: tuple[str, ...]) -> RawTable:
    """Return the rows of a sheet under its header.

    Raises
    ------
    SourceFormatError
        As `read_raw`.
    """
    _, header, first = _find_header(sheet)
    rows = [(number, row) for number, row in _filled(sheet) if number >= first]
    if not rows:
        msg = f"{source} has a header and no rows below it; add a row per station"
        raise SourceFormatError(msg, "no_rows")
    if len(rows) > MAX_ROWS:
        msg = f"{source} has {len(rows)} rows, at most {MAX_ROWS} are read; split it"
        raise SourceFormatError(msg, "too_many_rows")
    frame = _to_frame(header, rows, source)
    unsolved = {
        (number + 1 - FIRST_ROW, header[place])
        for number, place in sheet.unsolved
        if number >= first and place < len(header)
    }
    return RawTable(source, frame, sheet.name, names, others, frozenset(unsolved))


def _filled(sheet: Sheet) -> list[tuple[int, list[str]]]:
    return [(n, row) for n, row in enumerate(sheet.rows) if any(cell.strip() for cell in row)]


def _find_header(sheet: Sheet) -> tuple[int, list[str], int]:
    """Return what the header tells (`count_known`), its heads, and the first row below it, from 0.

    The first filled row is the header unless a later one, or two together, name more fields.
    """
    filled = _filled(sheet)[:_LOOKED_AT]
    best = (0, [cell.strip() for cell in filled[0][1]], filled[0][0] + 1)
    is_first = True
    for place, (number, row) in enumerate(filled):
        heads = [cell.strip() for cell in row]
        known = count_known(heads)
        if is_first or known > max(best[0], _TELLING - 1):
            best = known, heads, number + 1
            is_first = False
        if place + 1 < len(filled) and filled[place + 1][0] == number + 1:
            joined = _join_heads(heads, [cell.strip() for cell in filled[place + 1][1]])
            if joined and (known := count_known(joined)) > max(best[0], _TELLING - 1):
                best = known, joined, number + 2
    return best


def _join_heads(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Return the heads of a header of two rows, [] if the two rows are none.

    Below an upper head without parts nothing stands; a part takes the datum of its group.
    """
    width = max(len(upper), len(lower))
    group, joined, parts = "", [], 0
    for place in range(width):
        above = upper[place] if place < len(upper) else ""
        below = lower[place] if place < len(lower) else ""
        group = above or group
        if below and below != above:
            parts += 1
            joined.append(f"{below}（{group}）" if said_datum(group) else below)
        else:
            joined.append(above)
    is_two = parts and sum(1 for cell in lower if cell) <= width and "" in (*lower, "")
    return joined if is_two else []


def _to_frame(
    header: Sequence[str], rows: Iterable[tuple[int, list[str]]], source: str
) -> DataFrame:
    """Return the rows under the header, short ones filled up, index as `RawTable.frame`.

    Raises
    ------
    SourceFormatError
        A row has cells beyond the header: most often an unquoted comma, which shifts its columns.
    """
    width = len(header)
    cells, numbers, too_long = [], [], []
    for number, row in rows:
        if any(cell.strip() for cell in row[width:]):
            too_long.append(number + 1)
        numbers.append(number + 1 - FIRST_ROW)
        cells.append((row + [""] * width)[:width])
    if too_long:
        where = ", ".join(map(str, too_long[:10])) + (" and more" if too_long[10:] else "")
        msg = f"{source} has more cells than its header in row {where}; quote text with commas"
        raise SourceFormatError(msg, "shape")
    frame = DataFrame(cells, index=numbers, columns=range(width), dtype=str)
    named = [place for place, name in enumerate(header) if name]
    return frame[named].set_axis([header[place] for place in named], axis="columns")


def _plain_positions(frame: DataFrame) -> DataFrame:
    """Return the frame with positions as plain numbers where they can be read."""
    if not set(_POSITION) <= set(frame.columns):
        return frame
    cells = zip(frame["lon"].tolist(), frame["lat"].tolist(), strict=True)
    lon, lat = zip(*(plain_position(*pair) for pair in cells), strict=True)
    return frame.assign(lon=list(lon), lat=list(lat)).astype({"lon": str, "lat": str})
