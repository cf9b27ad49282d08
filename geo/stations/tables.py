"""Tables as files: CSV and Excel in and out, every cell text.

What people send is met here: CSV in UTF-8, UTF-16 or GB 18030 with comma, semicolon or tab, and
Excel. CSV that a spreadsheet would run as a formula is written with an apostrophe before it, which
reading takes off again (https://owasp.org/www-community/attacks/CSV_Injection).
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Final

import xlsxwriter

from geo.errors import SourceFormatError
from geo.stations.excel import MAX_BYTES, Sheet, read_workbook
from geo.stations.frames import records_of
from geo.stations.schema import FIELD_BY_NAME, FieldType

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pandas import DataFrame

    from geo.stations.excel import Cells

FIRST_ROW: Final = 2  # of the data, as a spreadsheet numbers it
_OLD_EXCEL: Final = bytes.fromhex("d0cf11e0")  # .xls, and .xlsx under a password
_ZIP: Final = b"PK\x03\x04"
_GUARDED = re.compile(r"'*[=+\-@]")
_FIXED_DATE: Final = datetime(2000, 1, 1)  # noqa: DTZ001  # Excel has no zones; same bytes each run
_DELIMITERS: Final = ",;\t"
_LEAST: Final = 2  # delimiters of a header; a title has fewer
_HEAD: Final = 8  # lines among which the header is: titles may stand above it
_NUMBERS: Final = (FieldType.NUMBER, FieldType.COUNT)


def read_sheets(path: Path) -> list[Sheet]:
    """Read a CSV file (one sheet without a name) or the visible sheets of an XLSX file.

    Raises
    ------
    SourceFormatError
        The file is not what its name says, is empty, damaged, larger than 200 MB, or in an
        unknown encoding.
    """
    data = _read_bytes(path)
    if path.suffix.lower() == ".csv":
        return [Sheet("", _csv_rows(data, path.name))]
    return read_workbook(data, path.name)


def write_table(rows: DataFrame, path: Path) -> None:
    """Write a frame of text as ``.csv`` (UTF-8 with mark, guarded) or ``.xlsx`` (all text).

    Its columns are fields, or of any table. The same frame gives the same bytes.
    """
    if path.suffix.lower() == ".csv":
        _write_csv(rows, path)
    else:
        _write_xlsx(rows, path)


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
    msg, code = "", "disguised"
    if too_large:
        code = "too_large"
        msg = f"{path.name} is larger than {MAX_BYTES >> 20} MB; split it"
    elif not data:
        code = "empty"
        msg = f"{path.name} is empty (0 bytes); was it saved?"
    elif data.startswith(_OLD_EXCEL):
        code = "old_excel"
        msg = f"{path.name} is an old .xls workbook or has a password; save it as .xlsx without one"
    elif is_csv and data.startswith(_ZIP):
        msg = f"{path.name} is an Excel workbook called .csv; rename it to .xlsx"
    elif not is_csv and not data.startswith(_ZIP):
        msg = f"{path.name} is not an Excel workbook; if it is text, rename it to .csv"
    if msg:
        raise SourceFormatError(msg, code)
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
    raise SourceFormatError(msg, "encoding")


def _csv_rows(data: bytes, source: str) -> Cells:
    """Return all records, a formula guard taken off; a blank line is an empty one.

    Raises
    ------
    SourceFormatError
        The quotes do not pair.
    """
    text = _decode(data, source)
    lines = [re.sub(r'"[^"]*"', "", line) for line in islice(_filled_lines(text), _HEAD)]
    header = next((line for line in lines if _most(line) >= _LEAST), lines[0] if lines else "")
    delimiter = max(_DELIMITERS, key=header.count)  # of equal counts the first: the comma
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return [[unguard_formula(cell) for cell in row] for row in reader]
    except csv.Error as error:
        msg = f"{source}, near line {reader.line_num}: {error}; are the quotes in pairs?"
        raise SourceFormatError(msg, "quote") from error


def _filled_lines(text: str) -> Iterator[str]:
    return filter(str.strip, io.StringIO(text))


def _most(line: str) -> int:
    return max(map(line.count, _DELIMITERS))


def _write_csv(rows: DataFrame, path: Path) -> None:
    columns = [
        rows[name].tolist()
        if name in FIELD_BY_NAME and FIELD_BY_NAME[name].type in _NUMBERS
        else [guard_formula(cell) for cell in rows[name]]
        for name in rows.columns
    ]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([guard_formula(str(name)) for name in rows.columns])
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
