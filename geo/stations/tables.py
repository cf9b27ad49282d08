"""Stations as tables: CSV and Excel in and out, every cell text.

What people send is met here: CSV in UTF-8, UTF-16 or GB 18030 with comma, semicolon or tab; Excel
with typed cells, formulas and wrong dimensions. Nothing is executed and nothing is guessed from
the data rows. CSV that a spreadsheet would run as a formula is written with an apostrophe before
it, which reading takes off again (https://owasp.org/www-community/attacks/CSV_Injection).
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import warnings
from datetime import datetime, time
from typing import TYPE_CHECKING, Final
from zipfile import BadZipFile, ZipFile

import openpyxl
import xlsxwriter
from pandas import NA, DataFrame

from geo.errors import SourceFormatError
from geo.stations.cells import format_number
from geo.stations.columns import find_columns, rename_columns
from geo.stations.frames import records_of
from geo.stations.schema import FIELD_BY_NAME, FieldType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

FIRST_ROW: Final = 2  # of the data, as a spreadsheet numbers it
MAX_BYTES: Final = 200 * 2**20  # of a table, unpacked; 200,000 full stations are about 150 MB
_OLD_EXCEL: Final = bytes.fromhex("d0cf11e0")  # .xls, and .xlsx under a password
_ZIP: Final = b"PK\x03\x04"
_GUARDED = re.compile(r"'*[=+\-@]")
_FIXED_DATE: Final = datetime(2000, 1, 1)  # noqa: DTZ001  # Excel has no zones; same bytes each run
_NUMBERS: Final = (FieldType.NUMBER, FieldType.COUNT)
_XLSX_FAULTS: Final = (BadZipFile, KeyError, ValueError, TypeError, SyntaxError, OSError, EOFError)

Cells = list[list[str]]


def read_table(path: Path, *, columns: Mapping[str, str], datum: str = "wgs84") -> DataFrame:
    """Read a CSV or XLSX file into a frame of text, one row per station.

    Parameters
    ----------
    path : Path
        ``.csv`` or ``.xlsx``; of a workbook the first visible sheet is read. The first row that
        is not blank is the header.
    columns : mapping of str to str
        FIELD to COLUMN, before the names `find_columns` knows.
    datum : {"wgs84", "gcj02", "bd09"}
        Chooses among position columns that say their datum.

    Returns
    -------
    DataFrame of str, shape (n, m)
        Columns: the fields found, by their names, then the columns that are no field. The index
        is the row in the file less `FIRST_ROW`; blank rows are left out. "" where a cell is empty.

    Raises
    ------
    SourceFormatError
        The file is not what its name says, is empty, larger than 200 MB, in an unknown encoding,
        has no data rows, a row longer than the header, or lacks a needed column.
    """
    data = _read_bytes(path)
    rows = _csv_rows(data, path.name) if path.suffix.lower() == ".csv" else _xlsx_rows(path, data)
    filled = [(number, row) for number, row in enumerate(rows) if any(cell.strip() for cell in row)]
    if not filled:
        msg = f"{path.name} is empty; it needs a header row and a row per station"
        raise SourceFormatError(msg)
    header = [cell.strip() for cell in filled[0][1]]
    if len(filled) == 1:
        msg = f"{path.name} has a header and no rows below it; add a row per station"
        raise SourceFormatError(msg)
    found = find_columns(header, columns=columns, datum=datum, source=path.name)
    frame = _to_frame(header, filled[1:], path.name)
    return rename_columns(frame, found)


def write_table(rows: DataFrame, path: Path) -> None:
    """Write a frame of text as ``.csv`` (UTF-8 with mark, guarded) or ``.xlsx`` (all text).

    The same frame gives the same bytes.
    """
    if path.suffix.lower() == ".csv":
        _write_csv(rows, path)
    else:
        _write_xlsx(rows, path)


def is_known(value: object) -> bool:
    """Return whether a typed cell holds anything: not None, NA, NaN or NaT."""
    return not (value is None or value is NA or value != value)  # noqa: PLR0124  # NaN != NaN


def cell_text(value: object) -> str:
    """Return what a typed cell of a workbook or vector file says, as a table would write it."""
    if not is_known(value):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return format_number(value)
    if isinstance(value, datetime):
        is_day = value.time() == time() and value.tzinfo is None
        return value.date().isoformat() if is_day else value.isoformat()
    return str(getattr(value, "text", value))  # an array formula keeps its words in .text


def _read_bytes(path: Path) -> bytes:
    """Return the file's bytes if its first ones fit its name.

    Raises
    ------
    SourceFormatError
        It cannot be read, is empty or too large, or is another kind of file.
    """
    try:
        too_large = path.stat().st_size > MAX_BYTES
        data = b"" if too_large else path.read_bytes()
    except OSError as error:
        msg = f"{path.name} cannot be read ({error.strerror}); check the path"
        raise SourceFormatError(msg) from error
    is_csv = path.suffix.lower() == ".csv"
    msg = ""
    if too_large:
        msg = f"{path.name} is larger than {MAX_BYTES >> 20} MB; split it"
    elif not data:
        msg = f"{path.name} is empty (0 bytes); was it saved?"
    elif data.startswith(_OLD_EXCEL):
        msg = f"{path.name} is an old .xls workbook or has a password; save it as .xlsx without one"
    elif is_csv and data.startswith(_ZIP):
        msg = f"{path.name} is an Excel workbook called .csv; rename it to .xlsx"
    elif not is_csv and not data.startswith(_ZIP):
        msg = f"{path.name} is not an Excel workbook; if it is text, rename it to .csv"
    if msg:
        raise SourceFormatError(msg)
    return data


def _decode(data: bytes, source: str) -> str:
    """Return the text of a CSV file: by its byte-order mark, else UTF-8, else GB 18030.

    Raises
    ------
    SourceFormatError
        None of these, or the text holds U+0000 (UTF-16 without mark, or no text at all).
    """
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    msg = f"{source} is neither UTF-8, UTF-16 nor GBK text; save it as 'CSV UTF-8' or as .xlsx"
    raise SourceFormatError(msg)


def _csv_rows(data: bytes, source: str) -> Cells:
    """Return all records, a formula guard taken off; a blank line is an empty one.

    Raises
    ------
    SourceFormatError
        The quotes do not pair.
    """
    text = _decode(data, source)
    header = re.sub(r'"[^"]*"', "", next(filter(str.strip, io.StringIO(text)), ""))
    delimiter = max(",;\t", key=header.count)  # of equal counts the first: the comma
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return [[unguard_formula(cell) for cell in row] for row in reader]
    except csv.Error as error:
        msg = f"{source}, near line {reader.line_num}: {error}; are the quotes in pairs?"
        raise SourceFormatError(msg) from error


def _xlsx_rows(path: Path, data: bytes) -> Cells:
    """Return the cells of the first visible sheet; of a formula the result stored with it.

    Raises
    ------
    SourceFormatError
        Damaged, or more than 200 MB unpacked.
    """
    try:
        has_formulas = _inspect_workbook(data, path.name)
        rows = _sheet_rows(data, results=False)
        if has_formulas:
            results = _sheet_rows(data, results=True)
            rows = [
                [was if now is None else now for was, now in zip(*pair, strict=True)]
                for pair in zip(rows, results, strict=True)
            ]
    except SourceFormatError:
        raise
    except _XLSX_FAULTS as error:
        msg = f"{path.name} is damaged ({type(error).__name__}); open and save it again in Excel"
        raise SourceFormatError(msg) from error
    return [[cell_text(value) for value in row] for row in rows]


def _inspect_workbook(data: bytes, source: str) -> bool:
    """Return whether a sheet holds formulas, after looking at the size unpacked.

    Raises
    ------
    SourceFormatError
        More than 200 MB: no list of stations is so large.
    """
    with ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        if sum(member.file_size for member in members) > MAX_BYTES:
            msg = f"{source} unpacks to more than {MAX_BYTES >> 20} MB; remove what is not stations"
            raise SourceFormatError(msg)
        sheets = [m for m in members if m.filename.startswith("xl/worksheets/")]
        return any(re.search(rb"<(\w+:)?f[ />]", archive.read(sheet)) for sheet in sheets)


def _sheet_rows(data: bytes, *, results: bool) -> list[list[object]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and validations it drops
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=results)
        try:
            visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            sheet = (visible or book.worksheets)[0]
            sheet.reset_dimensions()  # some programs write A1 as the extent of a full sheet
            return [list(row) for row in sheet.iter_rows(values_only=True)]
        finally:
            book.close()


def _to_frame(
    header: Sequence[str], rows: Iterable[tuple[int, list[str]]], source: str
) -> DataFrame:
    """Return the rows under the header, short ones filled up, index as `read_table` says.

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
        raise SourceFormatError(msg)
    frame = DataFrame(cells, index=numbers, columns=range(width), dtype=str)
    named = [place for place, name in enumerate(header) if name]
    return frame[named].set_axis([header[place] for place in named], axis="columns")


def _write_csv(rows: DataFrame, path: Path) -> None:
    columns = [
        rows[name].tolist()
        if FIELD_BY_NAME[name].type in _NUMBERS
        else [guard_formula(cell) for cell in rows[name]]
        for name in rows.columns
    ]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(rows.columns)
        writer.writerows(zip(*columns, strict=True))


def guard_formula(cell: str) -> str:
    """Return the text with ``'`` before it if a spreadsheet would run it or reading strips one."""
    return f"'{cell}" if _GUARDED.match(cell) else cell


def unguard_formula(cell: str) -> str:
    """Return a text that `guard_formula` made, as it was before."""
    return cell[1:] if cell.startswith("'") and _GUARDED.match(cell) else cell


def _write_xlsx(rows: DataFrame, path: Path) -> None:
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": _FIXED_DATE})
        sheet = book.add_worksheet("stations")
        sheet.freeze_panes(1, 0)
        lines = [tuple(rows.columns), *records_of(rows)]
        for number, line in enumerate(lines):
            for place, cell in enumerate(line):
                if cell:
                    sheet.write_string(number, place, cell)
