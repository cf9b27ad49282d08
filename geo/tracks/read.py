"""The door of geo.tracks: files in, cleaned steps out, part by part."""

from __future__ import annotations

import copy
import logging
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Self

import numpy as np

from geo.coords import require_datum, to_wgs84
from geo.errors import EmptyTracksError, InvalidOptionError
from geo.progress import silent
from geo.tracks.archive import open_sources
from geo.tracks.clean import Cleaned, Steps, clean
from geo.tracks.columns import require_fields
from geo.tracks.delimited import read_delimited
from geo.tracks.fixes import Fixes, Roster
from geo.tracks.geojson import read_geojson
from geo.tracks.gpx import read_gpx
from geo.tracks.rows import Example, Rows, Tally, read_rows
from geo.tracks.sample import Sample, sample_fixes
from geo.tracks.spool import Spool
from geo.zones import LOCAL_ZONE, require_zone

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from geo.progress import Progress
    from geo.tracks.archive import Source

_log = logging.getLogger(__name__)

_NO_COLUMNS: Final[Mapping[str, str]] = MappingProxyType({})
_ROWS_IN_MEMORY: Final = 4_000_000  # 32 bytes each


@dataclass(frozen=True, slots=True)
class _Run:
    """What reading fills."""

    spool: Spool
    roster: Roster
    tally: Tally
    files: list[str]
    skipped: list[str]


class Tracks:
    """The fixes of a run, ready to be taken as cleaned steps; close it, or use ``with``.

    Attributes
    ----------
    workers, routes : int
        Number of workers and of routes that have a readable fix.
    fixes : int
        Rows read, good and dropped.
    zone : str
        IANA zone in which times without an offset were read.
    zone_assumed : bool
        There were such times and the caller named no zone.
    serials : bool
        Numbers in a column of times were read as Excel's date numbers.
    datum : str
        Datum of the files; positions are kept as they stand there, the steps are in WGS-84.
    files : tuple of str
        What was read, in order: files, and members of archives as ``archive.zip/member.csv``.
    skipped : tuple of str
        Members of archives that are no tracks.
    examples : tuple of Example
        The first few rows of each kind that could not be used.
    shifts : tuple of str
        None: a track has the times of its fixes.
    """

    shifts: tuple[str, ...] = ()

    def __init__(self, run: _Run, *, tz: str | None, datum: str) -> None:
        self._spool, self._roster, self._tally = run.spool, run.roster, run.tally
        self._cleaning: dict[str, int] | None = None
        self.workers, self.routes = run.roster.workers, run.roster.routes
        self.fixes = run.tally.rows
        self.zone = tz or LOCAL_ZONE
        self.zone_assumed = tz is None and run.tally.naive
        self.serials = run.tally.serials
        self.datum = datum
        self.files, self.skipped = tuple(run.files), tuple(run.skipped)
        self.examples: tuple[Example, ...] = tuple(
            example for _, kept in sorted(run.tally.examples.items()) for example in kept
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Forget the fixes and remove what was put on disk; counts stay."""
        self._spool.close()

    def in_datum(self, datum: str) -> Tracks:
        """Return the same fixes with their positions taken to be in a datum.

        Closing the one closes the other.

        Parameters
        ----------
        datum : {"wgs84", "gcj02", "bd09"}
            Of all files.

        Returns
        -------
        Tracks
            Bit for bit what reading the files with this ``datum`` gives.

        Raises
        ------
        InvalidDatumError
            ``datum`` is not known.
        """
        other = copy.copy(self)
        other.datum = require_datum(datum)
        other._cleaning = None  # noqa: SLF001 - one of us
        return other

    def sample(self, about: int) -> Sample:
        """Return positions of some fixes as they stand in the files; of few fixes all.

        Which ones hangs on each fix alone, not on the order of rows or files.

        Parameters
        ----------
        about : int
            How many, about; > 0.
        """
        return sample_fixes(self._spool.groups(), total=self._spool.rows, about=about)

    @property
    def dropped(self) -> dict[str, int]:
        """Rows not used: unreadable, out_of_range, duplicate_time, impossible_speed.

        The last two are known after cleaning: if `parts` has not yet been taken to its end, that
        is done here.
        """
        if self._cleaning is None:
            for _ in self.parts():
                pass
        return self._tally.dropped() | (self._cleaning or {})

    def parts(self) -> Iterator[Steps]:
        """Yield the cleaned steps in parts of whole workers, each sorted by (worker, time).

        Together the parts are the same steps, bit for bit, whatever the order of the rows (as long
        as no worker has two fixes at one time), their split over files and the memory allowed.

        Yields
        ------
        Steps
            At least one step; about a million, or all of one worker if that is more.

        Raises
        ------
        ConvergenceError
            From `geo.coords.to_wgs84`: a position on the edge of the Chinese shift.
        """
        worker_number, route_number = self._roster.worker_numbers(), self._roster.route_numbers()
        counts = {"duplicate_time": 0, "impossible_speed": 0}
        for group in self._spool.groups():
            numbered = replace(
                group, worker=worker_number[group.worker], route=route_number[group.route]
            )
            cleaned: Cleaned = clean(_in_wgs84(numbered, self.datum))
            for name in counts:
                counts[name] += getattr(cleaned, name)
            yield cleaned.steps
        self._cleaning = counts


def read_tracks(
    paths: Sequence[Path],
    *,
    tz: str | None = None,
    columns: Mapping[str, str] = _NO_COLUMNS,
    datum: str = "wgs84",
    progress: Progress = silent,
    max_rows_in_memory: int = _ROWS_IN_MEMORY,
) -> Tracks:
    """Read the tracks of workers from files.

    Parameters
    ----------
    paths : sequence of Path
        CSV, GPX, GeoJSON, each also as ``.gz``, and ZIP archives of these. A worker's fixes may
        lie in several files and in any order. A CSV file without a worker column is one worker.
    tz : str, optional
        IANA zone of times without an offset; offsets in the files win. Default: the zone of the
        stations, and ``zone_assumed`` says so.
    columns : mapping
        FIELD -> COLUMN of the files, fields time, date, lon, lat, worker, route.
    datum : {"wgs84", "gcj02", "bd09"}
        Datum of all positions.
    progress : Progress
        Called after each block with the rows read so far.
    max_rows_in_memory : int
        More fixes than this go to a temporary folder (numbers only, 32 bytes each).

    Returns
    -------
    Tracks
        At least one readable fix.

    Raises
    ------
    InvalidOptionError
        No files, an unknown zone or an unknown field in ``columns``.
    InvalidDatumError
        ``datum`` is not known.
    SourceFormatError
        A file cannot be read as what it says it is; nothing of the run is kept.
    EmptyTracksError
        No row of any file could be used; the message shows the commonest fault.
    """
    _check_options(paths, tz, columns, datum)
    begun = time.perf_counter()
    with ExitStack() as stack:
        spool = stack.enter_context(closing(Spool(max_rows_in_memory)))
        run = _Run(spool, Roster(), Tally(), [], [])
        for path in paths:
            with open_sources(path) as opened:
                run.skipped.extend(opened.skipped)
                for source in opened.sources:
                    run.files.append(source.name)
                    for rows in _read_source(source, columns, datum):
                        _add(run, rows, tz or LOCAL_ZONE)
                        progress("read tracks", run.tally.rows, None)
        _require_fixes(run)
        stack.pop_all()
    seconds = time.perf_counter() - begun
    files, fixes = len(run.files), run.tally.rows
    _log.info("read %d fixes from %d files in %.1f s", fixes, files, seconds)
    return Tracks(run, tz=tz, datum=datum)


def _check_options(
    paths: Sequence[Path], tz: str | None, columns: Mapping[str, str], datum: str
) -> None:
    require_fields(columns)
    require_datum(datum)
    if tz is not None:
        require_zone(tz)
    if not paths:
        msg = "no tracks file was named; give at least one"
        raise InvalidOptionError(msg)


def _read_source(source: Source, columns: Mapping[str, str], datum: str) -> Iterator[Rows]:
    """Choose the reader by kind."""
    if source.kind == "gpx":
        return read_gpx(source)
    if source.kind == "csv":
        return read_delimited(source, columns, datum=datum)
    return read_geojson(source, columns)


def _add(run: _Run, rows: Rows, zone: str) -> None:
    """Read one block and spool what is good."""
    readings = read_rows(rows, zone=zone, tally=run.tally)
    if not len(readings.kept):
        return
    worker_at, route_at = (
        np.asarray(column.indices, dtype=np.int32)[readings.kept]
        for column in (rows.worker, rows.route)
    )
    worker = run.roster.worker_codes(rows.worker.dictionary.to_pylist(), worker_at)
    route = run.roster.route_codes(worker, rows.route.dictionary.to_pylist(), route_at)
    run.spool.add(Fixes(worker, route, readings.t_ms, readings.lon, readings.lat))


def _in_wgs84(fixes: Fixes, datum: str) -> Fixes:
    lon, lat = to_wgs84(fixes.lon, fixes.lat, datum)
    return replace(fixes, lon=lon, lat=lat)


def _require_fixes(run: _Run) -> None:
    if run.spool.rows:
        return
    if run.tally.rows:
        code, msg = run.tally.verdict()
    else:
        code = "no_rows"
        msg = f"{', '.join(run.files[:3])}: only a header or frame, without fixes; export it again"
    raise EmptyTracksError(msg, code)
