"""CSV files as blocks of rows: streamed by arrow, so that memory is one block.

Cells are read as bytes. In GB 18030 no byte of a character looks like a comma, quote or line end,
so cutting needs no decoding; only the header, and each distinct worker once, are decoded.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from geo.errors import SourceFormatError
from geo.tracks.columns import match_columns
from geo.tracks.escaped import MARK, EscapedStream, restore
from geo.tracks.rows import Example, Rows
from geo.tracks.serials import are_serials
from geo.tracks.wording import join_dates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from geo.tracks.archive import Source

BLOCK_BYTES = 4 << 20
_HEAD_BYTES: Final = 1 << 16
_SAMPLE_ROWS: Final = 200  # that tell how a column is written
_UTF16_BOMS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DISGUISES: Final = {  # first bytes -> what such a file really is
    b"PK\x03\x04": "a ZIP archive or an Excel workbook; save it as CSV, or name it .zip",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook; save it as CSV",
    b"<": "XML; name it .gpx if it is that",
    b"{": "JSON; name it .geojson if it is that",
}
_MAX_LINES: Final = 10  # of a broken row; more are rows behind a quote that was never closed
_MAX_KEPT: Final = 1000  # numbers of broken rows kept to count the good ones right


@dataclass(frozen=True, slots=True)
class Head:
    """What the beginning of a CSV file tells."""

    header: tuple[str, ...]
    header_lines: int  # the header and blank lines before it
    delimiter: str
    encodings: tuple[str, ...]  # to try in turn
    utf16: bool
    sample: tuple[list[str], ...] = ()  # the first rows, cut into cells

    def has_serials(self, places: Mapping[str, int]) -> bool:
        """Return whether the times are Excel's date numbers, by the first rows.

        Parameters
        ----------
        places : mapping
            Field -> number of its column.
        """
        rows = [row for row in self.sample if len(row) == len(self.header)]
        time = pa.array([row[places["time"]] for row in rows], pa.string())
        if "date" in places:
            time = join_dates(pa.array([row[places["date"]] for row in rows], pa.string()), time)
        return are_serials(time.to_pylist())


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the fields of fixes stand in a file."""

    columns: dict[str, str]  # field -> name
    places: dict[str, int]  # field -> number of its column
    width: int
    header_lines: int
    delimiter: str
    encodings: tuple[str, ...]  # to try in turn
    utf16: bool
    serials: bool


@dataclass(slots=True)
class _Broken:
    """Rows with more or fewer cells than the header, as arrow meets them."""

    source: str
    count: int = 0
    open_quote: str = ""  # where a quote swallowed rows, if one did
    numbers: list[int] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)

    def __call__(self, row: pacsv.InvalidRow) -> str:
        """Note a broken row and have arrow skip it."""
        lines = 1 + row.text.strip().count("\n")
        self.count += lines
        if lines > _MAX_LINES and not self.open_quote:
            self.open_quote = f"row {row.number} runs over {lines} lines; is a quote left open?"
        if len(self.numbers) < _MAX_KEPT:
            self.numbers.append(row.number)
        if len(self.examples) < 3:  # noqa: PLR2004 - a few
            why = f"{row.actual_columns} cells where the header has {row.expected_columns}"
            self.examples.append(Example(self.source, f"row {row.number}", why))
        return "skip"

    def place(self, good: int, first: int) -> str:
        """Return the row number of the good row that has this index."""
        number = first + good
        for broken in self.numbers:
            number += broken <= number
        return f"row {number}"


def read_delimited(
    source: Source, columns: Mapping[str, str], *, datum: str = "wgs84"
) -> Iterator[Rows]:
    """Yield the rows of a CSV file in blocks; rows are numbered with the header as row 1.

    Parameters
    ----------
    source : Source
        UTF-8, GB 18030 or UTF-16; separated by comma, semicolon or tab.
    columns : mapping
        FIELD -> COLUMN; wins over the known names.
    datum : {"wgs84", "gcj02", "bd09"}
        Of the positions; columns named after another are refused.

    Yields
    ------
    Rows
        Text as it stands; the last block, without rows, tells what was refused.

    Raises
    ------
    SourceFormatError
        Empty, not a text, without a needed column, or a quote that never closes.
    """
    layout = _read_layout(source, columns, datum)
    broken = _Broken(source.name)
    done = 0
    with source.open() as stream:
        try:
            for batch in _open_batches(stream, layout, broken):
                yield _rows(batch, layout, source, _placer(broken, layout.header_lines + 1 + done))
                done += batch.num_rows
        except pa.ArrowInvalid as error:
            msg = f"{source.name}: cannot be cut into rows; is a quote left open? ({error})"
            raise SourceFormatError(msg, "quote") from error
    if broken.open_quote:
        msg = f"{source.name}: {broken.open_quote} Nothing of the file was used"
        raise SourceFormatError(msg, "quote")
    if broken.count:
        nothing, nobody = _no_text(), _spread([], np.zeros(0, dtype=np.int32))
        yield Rows(
            *(source.name, str, nothing, nothing, nothing, nobody, nobody, layout.columns),
            refused=broken.count,
            refusals=tuple(broken.examples),
        )


def _placer(broken: _Broken, first: int) -> Callable[[int], str]:
    return lambda index: broken.place(index, first)


def _open_batches(stream: IO[bytes], layout: _Layout, broken: _Broken) -> Iterator[pa.RecordBatch]:
    """Open arrow's streaming reader on the needed columns, as bytes; perhaps escaped ones."""
    names = [f"c{number}" for number in range(layout.width)]
    needed = {f"c{place}": pa.binary() for place in layout.places.values()}
    reader: Iterator[pa.RecordBatch] = pacsv.open_csv(
        stream if layout.utf16 else io.BufferedReader(EscapedStream(stream), BLOCK_BYTES),
        read_options=pacsv.ReadOptions(
            use_threads=False,  # else broken rows have no number
            block_size=BLOCK_BYTES,
            skip_rows=layout.header_lines,
            column_names=names,
            encoding="utf-16" if layout.utf16 else "utf8",
        ),
        parse_options=pacsv.ParseOptions(
            delimiter=layout.delimiter, newlines_in_values=True, invalid_row_handler=broken
        ),
        convert_options=pacsv.ConvertOptions(
            include_columns=list(needed), column_types=needed, strings_can_be_null=False
        ),
    )
    return reader


def read_head(source: Source) -> Head:
    """Return encoding, separator and columns of a CSV file, from its first line.

    Raises
    ------
    SourceFormatError
        Empty, not a text, or in an encoding that is not known.
    """
    with source.open() as stream:
        head = stream.read(_HEAD_BYTES)
    utf16 = head.startswith(_UTF16_BOMS)
    _require_text(head, source.name, utf16=utf16)
    lines = re.split(rb"\r\n|\r|\n", head.decode("utf-16", "ignore").encode() if utf16 else head)
    before = next((number for number, line in enumerate(lines) if line.strip()), 0)
    line, encodings = _decode_header(lines[before].removeprefix(codecs.BOM_UTF8), source.name)
    delimiter = max(",;\t", key=line.count)
    header = tuple(cell.strip() for cell in next(csv.reader([line], delimiter=delimiter)))
    rows = lines[before + 1 : before + 1 + _SAMPLE_ROWS]
    if len(lines) <= before + 1 + _SAMPLE_ROWS and len(head) == _HEAD_BYTES:
        rows = rows[:-1]  # cut off
    return Head(
        *(header, before + 1, delimiter, encodings, utf16),
        sample=_cut((decode_cell(row, encodings) for row in rows), delimiter),
    )


def _cut(lines: Iterable[str], delimiter: str) -> tuple[list[str], ...]:
    """Cut lines into cells, up to a cell without end."""
    rows: list[list[str]] = []
    with suppress(csv.Error):  # the reader says so
        rows.extend(csv.reader(lines, delimiter=delimiter))
    return tuple(rows)


def decode_cell(cell: bytes, encodings: tuple[str, ...]) -> str:
    """Return the text of bytes in the first encoding that fits; any bytes have one."""
    cell = restore(cell)
    for encoding in encodings:
        try:
            return cell.decode(encoding)
        except UnicodeDecodeError:
            continue
    return cell.decode("utf-8", "backslashreplace")  # keeps different bytes different


def _read_layout(source: Source, columns: Mapping[str, str], datum: str) -> _Layout:
    """Find the fields in the first line."""
    head = read_head(source)
    found = match_columns(head.header, columns, source=source.name, datum=datum)
    places = {field: head.header.index(name) for field, name in found.items()}
    return _Layout(
        *(found, places, len(head.header), head.header_lines),
        *(head.delimiter, head.encodings, head.utf16, head.has_serials(places)),
    )


def _require_text(head: bytes, name: str, *, utf16: bool) -> None:
    """Refuse an empty file and one that is something else.

    Raises
    ------
    SourceFormatError
        It is one of these.
    """
    bare = head.removeprefix(codecs.BOM_UTF8).lstrip()
    what = next((what for magic, what in _DISGUISES.items() if bare.startswith(magic)), "")
    if b"\0" in head and not utf16:
        what = what or "binary data, not text"
    if what:
        msg = f"{name}: this .csv is really {what}"
        raise SourceFormatError(msg, "disguised")
    if not bare:
        msg = f"{name}: the file is empty; it needs a header line with time, lon and lat"
        raise SourceFormatError(msg, "empty")


def _decode_header(line: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """Return the header and the encodings that the rest may be in, the likelier first.

    Raises
    ------
    SourceFormatError
        It is in none of the known encodings.
    """
    for encodings in (("utf-8", "gb18030"), ("gb18030",)):
        try:
            return line.decode(encodings[0]), encodings
        except UnicodeDecodeError:
            continue
    msg = f"{name}: the header is neither UTF-8 nor GB 18030 nor UTF-16; save the file as UTF-8"
    raise SourceFormatError(msg, "encoding")


def _rows(
    batch: pa.RecordBatch, layout: _Layout, source: Source, place: Callable[[int], str]
) -> Rows:
    """Decode one block."""
    cells = {field: batch.column(f"c{number}") for field, number in layout.places.items()}
    worker, route = (
        _decode_distinct(cells.get(field), batch.num_rows, layout.encodings, blank)
        for field, blank in (("worker", source.unnamed_worker), ("route", ""))
    )
    lon, lat, time = (_decode(cells[field], layout.encodings) for field in ("lon", "lat", "time"))
    if "date" in cells:
        time = join_dates(_decode(cells["date"], layout.encodings), time)
    named = layout.columns
    return Rows(*(source.name, place, lon, lat, time, worker, route, named), serials=layout.serials)


def _decode(cells: pa.BinaryArray, encodings: tuple[str, ...]) -> pa.StringArray:
    """Decode a column; at once where it is UTF-8, as it nearly always is."""
    if not pc.any(pc.match_substring(cells, MARK)).as_py():
        return pc.cast(cells, pa.string())
    return pa.array([decode_cell(cell, encodings) for cell in cells.to_pylist()], pa.string())


def _decode_distinct(
    cells: pa.BinaryArray | None, rows: int, encodings: tuple[str, ...], blank: str
) -> pa.DictionaryArray:
    """Decode a column of few distinct texts; ``blank`` stands for empty and missing cells."""
    if cells is None:
        return _spread([blank], np.zeros(rows, dtype=np.int32))
    coded = pc.dictionary_encode(cells)
    texts = [decode_cell(cell, encodings).strip() or blank for cell in coded.dictionary.to_pylist()]
    return _spread(texts, coded.indices)


def _spread(texts: list[str], indices: object) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(
        pa.array(indices, pa.int32()), pa.array(texts, pa.string())
    )


def _no_text() -> pa.StringArray:
    return pa.array([], pa.string())
