"""Beats: planned lines with a shift and no person, as timed walks of one week.

Anywhere on the line at any time of the shift, with equal weight: points every 10 m in each quarter
of an hour of the shift. That is one walk of the whole line in each quarter, as `definitions.md`
(Coverage, Beat) words it, so beats are measured as tracks are.
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import fields, replace
from textwrap import shorten
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Self

import numpy as np

from geo.coords import require_datum
from geo.errors import EmptyTracksError, InvalidOptionError
from geo.progress import silent
from geo.tracks.beat_files import ALIASES, read_beat_file
from geo.tracks.clean import TRIP_BITS, Steps
from geo.tracks.columns import require_fields
from geo.tracks.shifts import SLOT_MS, ShiftSlots, read_shift, shift_slots
from geo.tracks.spacing import walk_lines
from geo.zones import LOCAL_ZONE, local_day, to_local_ms

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from numpy.typing import NDArray

    from geo.progress import Progress
    from geo.tracks.beat_files import Beat
    from geo.tracks.rows import Example

    Longs = NDArray[np.int64]

_log = logging.getLogger(__name__)

_NO_COLUMNS: Final[Mapping[str, str]] = MappingProxyType({})
_ROWS_PER_PART: Final = 1_000_000
_NO_SLOTS: Final = ShiftSlots(np.empty(0, dtype=np.int64), 0)
_NONE_DROPPED: Final = ("unreadable", "out_of_range", "duplicate_time", "impossible_speed")


class Beats:
    """The beats of a run; `planned` in a week they can be taken as steps, like `Tracks`.

    Attributes
    ----------
    workers : int
        Sum of the beats' workers.
    routes : int
        Number of beats, numbered by route, name, shift and course, whatever the order of the files.
    fixes : int
        Points x slots of all beats; 0 until they are planned.
    zone : str
        That of the stations, in which shifts are meant.
    zone_assumed : bool
        False.
    datum : str
        Datum of the files; the steps are in WGS-84.
    files : tuple of str
        What was read, in order.
    skipped : tuple of str
        None.
    examples : tuple of Example
        None: what cannot be used is an error, or said in ``notes``.
    dropped : dict
        All 0; keys as of `Tracks`.
    shifts : tuple of str
        The different shifts, OSM texts, sorted.
    monday : date or None
        Of the week they are planned in.
    """

    skipped: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    zone = LOCAL_ZONE
    zone_assumed = False

    def __init__(
        self,
        beats: Sequence[Beat],
        *,
        files: tuple[str, ...],
        datum: str,
        notes: tuple[str, ...] = (),
        monday: dt.date | None = None,
    ) -> None:
        self._beats = tuple(sorted(beats, key=lambda beat: beat.key))
        self._notes = notes
        self.files, self.datum, self.monday = files, datum, monday
        self.routes = len(beats)
        self.shifts = tuple(sorted({beat.shift for beat in beats}))
        found = shift_slots(self.shifts, monday) if monday else [_NO_SLOTS] * len(self.shifts)
        slots = dict(zip(self.shifts, found, strict=True))
        self._slots: dict[str, Longs] = {shift: one.start_ms for shift, one in slots.items()}
        self._unknown = {shift: one.unknown for shift, one in slots.items() if one.unknown}
        self.fixes = sum(beat.points * len(self._slots[beat.shift]) for beat in beats)
        walked = (beat for beat in beats if not monday or len(self._slots[beat.shift]))
        self.workers = sum(beat.workers for beat in walked)
        self.dropped = dict.fromkeys(_NONE_DROPPED, 0)

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
        """Do nothing: lines are few, and nothing was put on disk."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences for the user: what was left out, is there twice, has no hours in the week."""
        if self.monday is None:
            return self._notes
        idle = (shift for shift, slots in self._slots.items() if not len(slots))
        counts = Counter(beat.shift for beat in self._beats)
        unsure = tuple(
            f"the shift {shift} does not say if {count / 4:g} hours of the week of {self.monday} "
            "belong to it (holidays, perhaps not published yet); they count nothing"
            for shift, count in self._unknown.items()
        )
        return (
            self._notes
            + unsure
            + tuple(
                f"the shift {shift} has no quarter of an hour in the week of {self.monday}: its "
                f"{counts[shift]} line{'s count' if counts[shift] > 1 else ' counts'} nothing"
                for shift in idle
            )
        )

    def planned(self, monday: dt.date) -> Beats:
        """Return the beats as they are walked in a week.

        Parameters
        ----------
        monday : date
            Local; `geo.tracks.plain_week` finds a week without holidays.

        Returns
        -------
        Beats
            A beat whose shift has no hours in that week counts nothing, and ``notes`` says so.

        Raises
        ------
        InvalidOptionError
            ``monday`` is none, or not of 1980 to 2099.
        EmptyTracksError
            No shift has hours in that week.
        """
        planned = Beats(
            self._beats, files=self.files, datum=self.datum, notes=self._notes, monday=monday
        )
        if not planned.fixes:
            msg = (
                f"{', '.join(self.files)}: in the week of {monday} no shift has a quarter of an "
                f"hour that surely belongs to it ({shorten('; '.join(self.shifts), 200)}); name "
                "another week, without holidays, or other shifts"
            )
            raise EmptyTracksError(msg, "no_hours")
        return planned

    def parts(self) -> Iterator[Steps]:
        """Return the steps in parts of about a million at most, by beat and time.

        Each walk of a line in a slot is a trip: its points, and the line's end as the last fix,
        which weighs nothing. Of a MultiLineString each line is a trip of its own; together they
        take one slot. Of each step ``worker`` and ``route`` are the number of the beat, the length
        is the geodesic to the next point (never 0 for being slow), ``workers`` says how many
        people walk, and ``shift`` is the row in ``shifts``; nothing is multiplied here.

        Returns
        -------
        iterator of Steps
            Parts of whole beats, or of whole slots of one beat that is more than a million.

        Raises
        ------
        InvalidOptionError
            The beats are not `planned`.
        """
        if self.monday is None:
            msg = "beats have no times before a week is chosen; plan them in one"
            raise InvalidOptionError(msg)
        return self._parts()

    def _parts(self) -> Iterator[Steps]:
        """Gather the walks of beats.

        Yields
        ------
        Steps
            As `parts`.
        """
        pending: list[Steps] = []
        rows = 0
        for number, beat in enumerate(self._beats, 1):
            for steps in _steps_of(beat, self._slots[beat.shift], number):
                shift = np.full(len(steps), self.shifts.index(beat.shift), dtype=np.int32)
                if pending and rows + len(steps) > _ROWS_PER_PART:
                    yield _joined(pending)
                    pending, rows = [], 0
                pending.append(replace(steps, shift=shift))
                rows += len(steps)
        if pending:
            yield _joined(pending)


def read_beats(
    paths: Sequence[Path],
    *,
    shift: str = "",
    columns: Mapping[str, str] = _NO_COLUMNS,
    datum: str = "wgs84",
    progress: Progress = silent,
) -> Beats:
    """Read planned lines from vector files.

    Parameters
    ----------
    paths : sequence of Path
        Files of lines that GDAL reads (GeoJSON, GeoPackage, Shapefile, also zipped, GPX), each
        reprojected from the CRS that it states. Fields ``shift`` (OSM ``opening_hours``, or
        Chinese words), ``workers`` (how many people walk it; default 1), ``route``, ``name``.
    shift : str
        For lines without one; "" = they must have one.
    columns : mapping of str to str
        FIELD -> COLUMN of the files, fields shift, workers, route, name.
    datum : {"wgs84", "gcj02", "bd09"}
        Of all coordinates; with another than ``wgs84`` numbers are taken as they stand.
    progress : Progress
        Called after each file with the number of beats so far.

    Returns
    -------
    Beats
        At least one, not planned yet; lines without a length or with 0 workers left out and said.

    Raises
    ------
    InvalidOptionError
        No files, an unknown field in ``columns``, or a line without a shift and no default.
    InvalidDatumError
        ``datum`` is not known.
    InvalidHoursError
        A shift that cannot be read.
    SourceFormatError
        A file cannot be read, or has no lines, coordinates that are no degrees, or a cell that
        cannot be used.
    MissingCrsError
        A file does not state its CRS.
    EmptyTracksError
        No line is left.
    """
    require_fields(columns, ALIASES, of="beats")
    require_datum(datum)
    if not paths:
        msg = "no file of planned lines was named; give at least one"
        raise InvalidOptionError(msg)
    default = read_shift(shift, source="--shift") if shift else ""
    beats: list[Beat] = []
    notes: list[str] = []
    for path in paths:
        some, left_out = read_beat_file(path, shift=default, columns=columns, datum=datum)
        beats.extend(some)
        notes.extend(left_out)
        progress("read beats", len(beats), None)
    files = tuple(path.name for path in paths)
    if not beats:
        said = "; ".join(notes) if notes else f"{', '.join(files)}: no lines"
        msg = f"{said}; nothing is left to walk"
        raise EmptyTracksError(msg, "no_lines")
    twice = len(beats) - len({beat.key for beat in beats})
    if twice:
        notes.append(f"{twice} of {len(beats)} lines are there twice, same in all; each counts")
    own = sum(beat.shift != default for beat in beats) if default else 0
    if own:
        notes.append(
            f"{own} of {len(beats)} lines keep their own shift; --shift is for lines without one"
        )
    _log.info("read %d beats from %d files", len(beats), len(files))
    return Beats(beats, files=files, datum=datum, notes=tuple(notes))


def _steps_of(beat: Beat, slots: Longs, number: int) -> Iterator[Steps]:
    """Return the walks of a beat, in whole slots.

    Yields
    ------
    Steps
        At most about a million, one slot at least; of no shift.
    """
    walk = walk_lines(beat.lines, SLOT_MS)
    most = max(1, _ROWS_PER_PART // len(walk))
    first_trip = number << TRIP_BITS
    for first in range(0, len(slots), most):
        some = slots[first : first + most]
        days = local_day(to_local_ms(some))
        nth = first_trip + np.arange(first, first + len(some)) * len(beat.lines)
        n = len(some) * len(walk)
        yield Steps(
            worker=np.full(n, number, dtype=np.int32),
            route=np.full(n, number, dtype=np.int32),
            trip=np.add.outer(nth, walk.line).ravel(),
            day=np.repeat(days, len(walk)),
            t_ms=np.add.outer(some, walk.offset_ms).ravel(),
            lon=np.tile(walk.lon, len(some)),
            lat=np.tile(walk.lat, len(some)),
            duration_ms=np.tile(walk.duration_ms, len(some)),
            length_mm=np.tile(walk.length_mm, len(some)),
            workers=np.full(n, beat.workers, dtype=np.int32),
            shift=np.full(n, -1, dtype=np.int32),
        )


def _joined(parts: Sequence[Steps]) -> Steps:
    """Return the steps of one or more parts, in their order."""
    if len(parts) == 1:
        return parts[0]
    columns = ([getattr(part, field.name) for part in parts] for field in fields(Steps))
    return Steps(*(np.concatenate(column) for column in columns))
