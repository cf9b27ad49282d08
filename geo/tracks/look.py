"""A look at one source of tracks: its columns, its first rows, and what is wrong with the rest."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from itertools import islice
from textwrap import shorten
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from geo.coords import AUTO, named_datum
from geo.errors import GeoError
from geo.tracks.beginning import begin
from geo.tracks.columns import ALIASES, REQUIRED, find_column, match_columns
from geo.tracks.delimited import decode_cell, read_delimited, read_head
from geo.tracks.geojson import property_names, read_geojson
from geo.tracks.gpx import read_gpx
from geo.tracks.rows import Fault, Rows, judge_rows
from geo.tracks.seen import BadRow, FileError, FileLook, Found, ShownRow, Taken
from geo.tracks.wording import join_dates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from geo.tracks.archive import Source
    from geo.tracks.beginning import Beginning
    from geo.tracks.delimited import Head
    from geo.tracks.rows import Judged
    from geo.tracks.seen import Asked

_LONGEST_CELL: Final = 80  # characters shown
_BAD_ROWS: Final = 10  # named
_BAD_OF_A_KIND: Final = 3
_MOST_ROWS: Final = 100_000
_OWN_NAMES: Final = ("time", "lon", "lat", "worker")  # where a format fixes its fields
_OF_FILES: Final = {  # faults that are rather of a whole file, if nothing else is in it
    "geometry": "neither points nor lines; give tracks as points or lines with times",
    "planned": "a planned way without times; upload it by itself, and give the shift it is walked",
    "waypoints": "way points and no track; export the track itself",
}
_NUL: Final = "\0"  # in the name that stands for a worker whom nobody names


def look(source: Source, asked: Asked, *, most_bytes: int) -> tuple[FileLook, Found]:
    """Look at the beginning of a source.

    Returns
    -------
    tuple of FileLook and Found
        What keeps it from being read stands in ``error``.
    """
    seen = FileLook(source.name, kind=source.kind)
    try:
        start = begin(source, most_bytes)
        seen = replace(seen, is_whole=start.is_whole)
        seen = _LOOKS[source.kind](seen, start, asked)
        if seen.missing or seen.error:
            return seen, Found.none()
        datum = seen.datum_named or "wgs84" if asked.datum == AUTO else asked.datum
        seen, found = _read(seen, _blocks(start, asked, datum), asked)
    except GeoError as error:
        return replace(seen, error=_error(error, source.name)), Found.none()
    return replace(seen, error=_nothing(seen)), found


def _nothing(seen: FileLook) -> FileError | None:
    """Say why a file has nothing to read at all, if it has not."""
    if not seen.read:
        text = f"{seen.name}: only a header or frame, without fixes; export it again"
        return FileError("no_rows", seen.name, text)
    whole = [name for name in seen.faults if name in _OF_FILES and not seen.used]
    if not whole:
        return None
    return FileError(whole[0], seen.name, f"{seen.name}: {_OF_FILES[whole[0]]}")


def _error(error: GeoError, name: str) -> FileError:
    return FileError(str(getattr(error, "code", "unreadable")), name, str(error))


def _look_at_csv(seen: FileLook, start: Beginning, asked: Asked) -> FileLook:
    """Say encoding and columns, and show the first rows as they stand."""
    head = read_head(start.source)
    named = {named_datum(name) for name in head.header} - {None}
    said = str(named.pop()) if len(named) == 1 else ""
    datum = said or "wgs84" if asked.datum == AUTO else asked.datum
    seen = replace(
        seen,
        encoding=_encoding(head, start.data),
        columns=tuple(dict.fromkeys(name for name in head.header if name)),
        heads=head.header,
        datum_named=said,
        rows=tuple(_first_rows(head, start.data, asked.rows)),
    )
    try:
        found = match_columns(head.header, asked.columns, source=seen.name, datum=datum)
    except GeoError as error:
        if getattr(error, "code", "") == "headerless":
            return _headless(seen, head, start.data, asked, error)
        plain = {name: find_column(head.header, name, asked.columns) for name in ALIASES}
        taken = {name: column for name, column in plain.items() if column is not None}
        missing = tuple(name for name in (*REQUIRED, *asked.columns) if name not in taken)
        seen = replace(seen, missing=tuple(dict.fromkeys(missing)), error=_error(error, seen.name))
        return replace(seen, taken=_reasons(taken, asked))
    places = {name: head.header.index(column) for name, column in found.items()}
    has_serials = head.has_serials(places)
    reasons = _reasons(found, asked)
    if has_serials:
        reasons["time"] = Taken(found["time"], "serials")
    rows = (_understood(row, places, asked, serials=has_serials) for row in seen.rows)
    return replace(seen, taken=reasons, rows=tuple(rows))


def _headless(seen: FileLook, head: Head, data: bytes, asked: Asked, error: GeoError) -> FileLook:
    """Show a file without names of columns by their numbers; its first line is a row."""
    rows = _first_rows(replace(head, header_lines=head.header_lines - 1), data, asked.rows)
    return replace(
        seen,
        columns=(),
        heads=tuple(str(nth) for nth in range(1, len(head.header) + 1)),
        rows=tuple(rows),
        error=_error(error, seen.name),
    )


def _encoding(head: Head, data: bytes) -> str:
    if head.utf16:
        return "utf-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _first_rows(head: Head, data: bytes, count: int) -> Iterator[ShownRow]:
    """Cut the first rows into cells, as they stand.

    Yields
    ------
    ShownRow
        Not understood yet.
    """
    lines = (data.decode("utf-16", "ignore").encode() if head.utf16 else data).splitlines(
        keepends=True
    )
    texts = (decode_cell(line, head.encodings) for line in lines[head.header_lines :])
    try:
        rows = (row for row in csv.reader(texts, delimiter=head.delimiter) if row)
        for number, row in enumerate(islice(rows, count), head.header_lines + 1):
            cells = tuple(shorten(cell, _LONGEST_CELL, placeholder="…") for cell in row)
            yield ShownRow(f"row {number}", cells, None, None, None, "")
    except csv.Error:  # a cell without end: the reader says so
        return


def _understood(
    row: ShownRow, places: Mapping[str, int], asked: Asked, *, serials: bool
) -> ShownRow:
    """Read one shown row as the reader would."""
    if max(places.values()) >= len(row.cells):
        return row._replace(fault=Fault.SHAPE.name.lower())
    lon, lat, time, date = (
        pa.array([row.cells[places[name]] if name in places else ""], pa.string())
        for name in ("lon", "lat", "time", "date")
    )
    if "date" in places:
        time = join_dates(date, time)
    nobody = pa.array([""], pa.string()).dictionary_encode()
    rows = Rows("", str, lon, lat, time, nobody, nobody, {}, serials=serials)
    return _judged(row, judge_rows(rows, zone=asked.zone), 0)


def _judged(row: ShownRow, judged: Judged, at: int) -> ShownRow:
    fault = Fault(int(judged.faults[at]))
    if fault is not Fault.NONE:
        return row._replace(fault=fault.name.lower())
    lon, lat = float(judged.lon[at]), float(judged.lat[at])
    return row._replace(at_ms=int(judged.t_ms[at]), lon=lon, lat=lat)


def _reasons(found: Mapping[str, str], asked: Asked) -> dict[str, Taken]:
    """Say of each column why it was taken."""
    return {
        name: Taken(column, _reason(name, column, found, asked)) for name, column in found.items()
    }


def _reason(name: str, column: str, found: Mapping[str, str], asked: Asked) -> str:
    if name in asked.columns:
        return "chosen"
    if name == "worker" and column == found.get("route"):
        return "route"
    return "datum" if name in {"lon", "lat"} and named_datum(column) else "usual"


def _look_at_gpx(seen: FileLook, start: Beginning, asked: Asked) -> FileLook:  # noqa: ARG001 - as the others
    return replace(seen, heads=_OWN_NAMES)


def _look_at_geojson(seen: FileLook, start: Beginning, asked: Asked) -> FileLook:
    names = property_names(start.source)
    found = {
        name: column
        for name in ("time", "date", "worker", "route")
        if (column := find_column(names, name, asked.columns)) is not None
    }
    return replace(seen, heads=_OWN_NAMES, columns=names, taken=_reasons(found, asked))


_LOOKS: Final = {"csv": _look_at_csv, "gpx": _look_at_gpx, "geojson": _look_at_geojson}


def _blocks(start: Beginning, asked: Asked, datum: str) -> Iterator[Rows]:
    """Read what was cut out, by the reader of its kind."""
    if start.source.kind == "gpx":
        return read_gpx(start.source)
    if start.source.kind == "csv":
        return read_delimited(start.source, asked.columns, datum=datum)
    return read_geojson(start.source, asked.columns)


def _read(seen: FileLook, blocks: Iterator[Rows], asked: Asked) -> tuple[FileLook, Found]:
    """Count the rows of a source by what is wrong with them, and gather the good ones."""
    faults: Counter[str] = Counter()
    bad: list[BadRow] = []
    good: list[Found] = []
    shown = seen.rows
    read = 0
    for rows in blocks:
        judged = judge_rows(rows, zone=asked.zone)
        read += len(judged.faults) + rows.refused
        refused_as = rows.refused_as.name.lower()
        faults[refused_as] += rows.refused
        bad += [BadRow(one.row, refused_as, {}) for one in rows.refusals]
        bad += _bad_rows(rows, judged)
        faults.update(Fault(code).name.lower() for code in judged.faults.tolist())
        good.append(_good(rows, judged))
        if seen.kind != "csv" and not shown:
            shown = tuple(_own_rows(rows, judged, asked.rows))
        if read >= _MOST_ROWS:
            seen = replace(seen, is_whole=False)
            break
    used = faults.pop("none", 0)
    counted = {name: count for name, count in sorted(faults.items()) if count}
    seen = replace(seen, rows=shown, read=read, used=used, faults=counted, bad=_named(bad))
    return seen, Found.joined(good)


def _bad_rows(rows: Rows, judged: Judged) -> Iterator[BadRow]:
    """Return the first few rows of each fault.

    Yields
    ------
    BadRow
        With the cells that are read.
    """
    for code in np.unique(judged.faults[judged.faults != Fault.NONE]).tolist():
        for at in np.flatnonzero(judged.faults == code)[:_BAD_OF_A_KIND].tolist():
            texts = {"time": rows.time, "lon": rows.lon, "lat": rows.lat}
            cells = {name: _cell(column[at].as_py()) for name, column in texts.items()}
            yield BadRow(rows.place(at), Fault(code).name.lower(), cells)


def _own_rows(rows: Rows, judged: Judged, count: int) -> Iterator[ShownRow]:
    """Show rows of a format that names its fields itself.

    Yields
    ------
    ShownRow
        Cells in the order of ``_OWN_NAMES``.
    """
    for at in range(min(count, len(judged.faults))):
        worker = str(rows.worker[at].as_py())
        texts = *(str(column[at].as_py()) for column in (rows.time, rows.lon, rows.lat)), worker
        row = ShownRow(rows.place(at), tuple(map(_cell, texts)), None, None, None, "")
        yield _judged(row, judged, at)


def _cell(text: object) -> str:
    """Return a cell to show; a worker whom nobody names is shown as nobody."""
    said = str(text)
    return "" if _NUL in said else shorten(said, _LONGEST_CELL, placeholder="…")


def _good(rows: Rows, judged: Judged) -> Found:
    kept = np.flatnonzero(judged.faults == Fault.NONE)
    names = np.array(rows.worker.dictionary.to_pylist(), dtype=object)
    worker = names[np.asarray(rows.worker.indices)[kept]]
    return Found(judged.lon[kept], judged.lat[kept], judged.t_ms[kept], worker, naive=judged.naive)


def _named(bad: Iterable[BadRow]) -> tuple[BadRow, ...]:
    """Return a few bad rows of each kind, in the order of the file."""
    kept: list[BadRow] = []
    counts: Counter[str] = Counter()
    for row in bad:
        counts[row.fault] += 1
        if counts[row.fault] <= _BAD_OF_A_KIND:
            kept.append(row)
    return tuple(sorted(kept[:_BAD_ROWS], key=_number))


def _number(row: BadRow) -> int:
    last = row.place.rpartition(" ")[2]
    return int(last) if last.isdecimal() else 0
