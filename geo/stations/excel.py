"""Excel workbooks in: every visible sheet as rows of text, with what a reader sees in them.

Of a formula the result stored with it counts; merged cells below one another all hold what the
first says. Nothing is executed.
"""

from __future__ import annotations

import io
import re
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from zipfile import BadZipFile, ZipFile

import openpyxl
from openpyxl.utils.cell import range_boundaries

from geo.errors import SourceFormatError
from geo.stations.typed import cell_text

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES: Final = 200 * 2**20  # of a table, unpacked; 200,000 full stations are about 150 MB
MAX_MERGED: Final = 100_000  # cells filled from merged ones; more is no list of stations
_FAULTS: Final = (BadZipFile, KeyError, ValueError, TypeError, SyntaxError, OSError, EOFError)
_MERGED: Final = re.compile(rb'<(?:\w+:)?mergeCell [^>]*?ref="([A-Z0-9:]+)"')
_FORMULA: Final = re.compile(rb"<(\w+:)?f[ />]")
_BROKEN: Final = frozenset({
    *("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"),
})  # fmt: skip

Cells = list[list[str]]


@dataclass(frozen=True)
class Sheet:
    """One sheet of a table: its rows from the first on, blank ones too."""

    name: str  # "" of a CSV file
    rows: Cells
    unsolved: frozenset[tuple[int, int]] = field(default=frozenset())
    # row and column, from 0, of formulas without a result and of results that are errors


def read_workbook(data: bytes, source: str) -> list[Sheet]:
    """Return the visible sheets of a workbook, all of them if none is visible.

    Raises
    ------
    SourceFormatError
        Damaged, or more than 200 MB unpacked.
    """
    try:
        formulas, merged = _inspect(data, source)
        sheets = _read(data, results=False)
        results = _read(data, results=True) if formulas else sheets
        return [
            _sheet(name, rows, results[name], merged.get(place, []))
            for name, (place, rows) in sheets.items()
        ]
    except SourceFormatError:
        raise
    except _FAULTS as error:
        msg = f"{source} is damaged ({type(error).__name__}); open and save it again in Excel"
        raise SourceFormatError(msg, "damaged") from error


def _inspect(data: bytes, source: str) -> tuple[bool, dict[str, list[str]]]:
    """Return whether there are formulas, and the merged ranges by part of the archive.

    Raises
    ------
    SourceFormatError
        More than 200 MB unpacked: no list of stations is so large.
    """
    formulas, merged = False, {}
    with ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        if sum(member.file_size for member in members) > MAX_BYTES:
            msg = f"{source} unpacks to more than {MAX_BYTES >> 20} MB; remove what is not stations"
            raise SourceFormatError(msg, "bomb")
        for member in members:
            if member.filename.startswith("xl/worksheets/"):
                text = archive.read(member)
                formulas |= bool(_FORMULA.search(text))
                merged[member.filename] = [ref.decode() for ref in _MERGED.findall(text)]
    return formulas, merged


def _read(data: bytes, *, results: bool) -> dict[str, tuple[str, list[list[Any]]]]:
    """Return by name the part of the archive and the values of each sheet that is read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and validations it drops
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=results)
        try:
            visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            found = {}
            for sheet in visible or book.worksheets:
                sheet.reset_dimensions()  # some programs write A1 as the extent of a full sheet
                place = str(sheet._worksheet_path).lstrip("/")  # type: ignore[attr-defined]  # noqa: SLF001 - no public way
                found[sheet.title] = place, [list(row) for row in sheet.iter_rows(values_only=True)]
            return found
        finally:
            book.close()


def _sheet(
    name: str, rows: list[list[Any]], results: tuple[str, list[list[Any]]], merged: list[str]
) -> Sheet:
    """Return a sheet as text, formulas by their results, merged cells filled downwards."""
    unsolved: set[tuple[int, int]] = set()
    text: Cells = []
    for number, (row, result) in enumerate(zip(rows, results[1], strict=True)):
        text.append(
            [cell_text(was if now is None else now) for was, now in zip(row, result, strict=True)]
        )
        for place, (was, now) in enumerate(zip(row, result, strict=True)):
            if now != was and (now is None or now in _BROKEN):
                unsolved.add((number, place))
    for number, place, first in _below(merged):
        if number < len(text) and first < len(text) and place < len(text[first]):
            short = place + 1 - len(text[number])
            text[number] += [""] * max(0, short)
            text[number][place] = text[number][place] or text[first][place]
    return Sheet(name, text, frozenset(unsolved))


def _below(merged: list[str]) -> Iterator[tuple[int, int, int]]:
    """Yield row, column and first row, from 0, of cells merged into one above them.

    Yields
    ------
    tuple of int
        Only of ranges one column wide, which repeat a district; wider ones are titles.
    """
    left = MAX_MERGED
    for ref in merged:
        west, top, east, bottom = range_boundaries(ref)
        if west is None or top is None or bottom is None or west != east:
            continue  # whole columns and rows
        for row in range(top, min(bottom, top + left)):
            left -= 1
            yield row, west - 1, top - 1
