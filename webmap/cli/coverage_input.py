"""What ``nuanyi coverage`` measures by: tracks or beats, stations, areas and network.

Each reader returns what it read and the sentences that say what was assumed on the way.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import numpy as np

from geo.areas import read_areas
from geo.city import find_city
from geo.coords import AUTO, agreed_datum, describe_datum
from geo.coverage.conditions import last_change
from geo.coverage.datum import settle_tracks
from geo.errors import (
    EmptyTracksError,
    InvalidOptionError,
    MissingCrsError,
    SourceFormatError,
)
from geo.network import read_network
from geo.stations import load_stations
from geo.tracks import Beats, plain_week, read_beats, read_shift, read_tracks
from geo.tracks.planned import is_planned
from geo.zones import LOCAL_ZONE
from webmap.cli.base import opened_store, settings
from webmap.evidence import judge_evidence, locked_at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geopandas import GeoDataFrame

    from geo.areas import Areas
    from geo.coverage.datum import Inference
    from geo.network import Network
    from geo.progress import Progress
    from geo.stations.validate import Validated
    from geo.tracks import Tracks

EXAMPLES: Final = 5  # rows not used, and stations outside, that are named; all are counted
_SAMPLE: Final = 1_000  # fixes that say in which city tracks are
_SHOWN: Final = {"wgs84": "WGS-84", "gcj02": "GCJ-02", "bd09": "BD-09"}


@dataclass(frozen=True)
class Ground:
    """The stations, and what is known of them at a moment."""

    stations: GeoDataFrame
    as_of: dt.datetime | None  # None: neither asked for nor in the data
    notes: tuple[str, ...] = ()
    locked: frozenset[str] = frozenset()  # codes
    evidence: Mapping[str, dt.datetime] | None = None  # None: the stations' own dates


@dataclass(frozen=True)
class Placed:
    """What is measured, and on which network."""

    tracks: Tracks | Beats  # in their datum, and planned
    network: Network
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Walks:
    """How tracks or beats are to be read."""

    paths: tuple[Path, ...]
    datum: str  # auto: by the files' names, else told by the network
    tz: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    shifts: tuple[str, ...] = ()
    week: dt.date | None = None  # of beats

    def __post_init__(self) -> None:
        """Check what no file is needed for.

        Raises
        ------
        AmbiguousDatumError
            The names of the files do not agree.
        InvalidHoursError
            A shift cannot be read.
        """
        object.__setattr__(
            self, "shifts", tuple(read_shift(text, source="--shift") for text in self.shifts)
        )
        self.named_datum  # noqa: B018  # raises

    @property
    def named_datum(self) -> str:
        """The datum that the option or the files' names say, "" if neither does.

        Raises
        ------
        AmbiguousDatumError
            The names do not agree.
        """
        return agreed_datum(self.datum, [path.name for path in self.paths])

    def read(self, progress: Progress) -> Tracks | Beats:
        """Read the files: beats if they hold lines without times, else tracks.

        Raises
        ------
        InvalidOptionError
            Some are of the one and some of the other kind, or an option is for the other kind.
        """
        has_shift = bool(self.shifts)
        planned = [is_planned(path, self.columns, has_shift=has_shift) for path in self.paths]
        if all(planned):
            return self._read_beats(progress)
        if any(planned):
            lines, fixes = (self.paths[planned.index(kind)].name for kind in (True, False))
            msg = f"{lines} holds planned lines and {fixes} tracks with times; measure them apart"
            raise InvalidOptionError(msg)
        if self.week:
            msg = f"--week is for planned lines, and {self.paths[0].name} has times of its own"
            raise InvalidOptionError(msg)
        return read_tracks(
            self.paths,
            tz=self.tz,
            columns=self.columns,
            datum=self.named_datum or "wgs84",
            progress=progress,
        )

    def _read_beats(self, progress: Progress) -> Beats:
        """Read planned lines.

        Raises
        ------
        InvalidOptionError
            More than one shift for lines that have none, or a zone.
        """
        if len(self.shifts) > 1:
            msg = "--shift was given twice: lines without a shift of their own take one"
            raise InvalidOptionError(msg)
        if self.tz:
            msg = f"--tz is for times, and {self.paths[0].name} holds planned lines without any"
            raise InvalidOptionError(msg)
        return read_beats(
            self.paths,
            shift=next(iter(self.shifts), ""),
            columns=self.columns,
            datum=self.named_datum or "wgs84",
            progress=progress,
        )


def read_ground(file: Path | None, *, datum: str, as_of: dt.datetime | None) -> Ground:
    """Read the stations of a file, else of the store with its reports up to a moment.

    Parameters
    ----------
    file : Path, optional
        None: the store of the command line.
    datum : str
        Of the file.
    as_of : datetime, optional
        Default the last change in the data.

    Raises
    ------
    InvalidOptionError
        The store is empty.
    """
    if file:
        read = _load(file, datum)
        note = describe_datum(read.datum, asked=datum, of=file.name, option="--stations-datum")
        stations = read.require_sound()
        return Ground(stations, as_of or last_change(stations), (note,))
    with opened_store(create=False) as store:
        stations, moment = store.read_stations(), as_of or store.last_change()
        if stations.empty:
            msg = "the database holds no stations; import some, or give a file with --stations"
            raise InvalidOptionError(msg)
        if moment is None:
            return Ground(stations, None)
        locked, evidence = locked_at(store, moment), judge_evidence(store, moment)
        return Ground(stations, moment, locked=locked, evidence=evidence)


def _load(file: Path, datum: str) -> Validated:
    """Read a file of stations.

    Raises
    ------
    SourceFormatError
        It cannot be read, or not without a mapping, which is of tracks here.
    """
    try:
        return load_stations(file, datum=datum)
    except SourceFormatError as error:
        if "--map" not in str(error):
            raise
        msg = (
            f"{error} (of nuanyi stations import; here --map is for the tracks: import the file, "
            "or rename its columns)"
        )
        raise SourceFormatError(msg, error.code) from error


def read_layers(
    texts: Sequence[str], *, crs: str, datum: str
) -> tuple[dict[str, GeoDataFrame], list[str]]:
    """Read layers of areas, each ``FILE`` or ``FILE:NAMEFIELD``.

    Returns
    -------
    tuple
        The layers in their order, by the names of their files (with a number where two have the
        same), and all notes.
    """
    layers: dict[str, GeoDataFrame] = {}
    notes: list[str] = []
    for number, text in enumerate(texts, start=1):
        path, areas, note = _read_layer(text, crs=crs, datum=datum)
        layers[path.stem if path.stem not in layers else f"{path.stem} {number}"] = areas.frame
        notes.extend((note, *areas.notes))
    return layers, notes


def _read_layer(text: str, *, crs: str, datum: str) -> tuple[Path, Areas, str]:
    """Read one layer; a colon in the file's own name stays part of it.

    Raises
    ------
    MissingCrsError
        The file states no CRS, and ``crs`` is "".
    """
    path, sign, name = text.rpartition(":")
    if not sign or Path(text).exists() or not Path(path).exists():
        path, name = text, ""
    try:
        areas = read_areas(Path(path), name_field=name or None, datum=datum, crs=crs)
    except MissingCrsError as error:
        msg = f"{error}, or say it with --areas-crs, such as --areas-crs EPSG:4490"
        raise MissingCrsError(msg) from error
    option = "--areas-datum" if datum != AUTO else ""
    note = describe_datum(areas.datum, asked=datum, of=Path(path).name, option=option)
    return Path(path), areas, note


def place(
    walks: Walks,
    read: Tracks | Beats,
    network: Network | None,
    *,
    as_of: dt.datetime | None,
) -> Placed:
    """Plan beats in a week, find the network, settle the datum of tracks; say what was assumed.

    Raises
    ------
    AmbiguousDatumError
        Nobody said the datum, and the positions do not tell it.
    """
    if isinstance(read, Beats):
        beats, week = _plan(walks, read, as_of)
        ground = network or _network_around(beats)
        names = [describe_datum(read.datum, asked=AUTO, of="the planned lines")]
        return Placed(beats, ground, (*(names if walks.datum == AUTO else ()), week, *beats.notes))
    notes = [f"Times without a zone read as {read.zone}; say --tz if not so."]
    notes = notes if read.zone_assumed else []
    if read.serials:
        notes.append("Plain numbers in the column of times read as Excel date numbers.")
    ground = network or _network_around(read)
    if not walks.named_datum:
        read, found = settle_tracks(read, ground)
        notes.append(_describe(read.datum, found))
    elif walks.datum == AUTO:
        notes.append(describe_datum(read.datum, asked=AUTO, of="the tracks"))
    for each in read.examples[:EXAMPLES]:
        notes.append(f"Not used: {each.row} of {each.file}: {each.why}")
    return Placed(read, ground, tuple(notes))


def _describe(datum: str, found: Inference) -> str:
    """Say which datum was told, and by what."""
    head = f"Positions of the tracks read as {_SHOWN[datum]}"
    if not found.told:
        return (
            f"{head}, as distances to the walking network do not tell it ({found.describe()}, of "
            f"{found.places} places); say --datum if not so."
        )
    return (
        f"{head}: of {found.places} places the median distance to the walking network is "
        f"{found.describe()}."
    )


def _plan(walks: Walks, beats: Beats, as_of: dt.datetime | None) -> tuple[Beats, str]:
    """Put beats into the week asked for, else the last one without holidays, and say which."""
    if walks.week:
        monday, why = walks.week, "as --week says"
    else:
        today = as_of or dt.datetime.now(dt.UTC)
        monday = plain_week(today.astimezone(ZoneInfo(LOCAL_ZONE)).date())
        why = "the last without holidays by " + ("the date of the stations" if as_of else "today")
    last = monday + dt.timedelta(days=6)
    return beats.planned(monday), f"Walked in the week of {monday} to {last}, {why}."


def _network_around(read: Tracks | Beats) -> Network:
    """Read the network of the city in whose box the middle of what was read lies.

    Raises
    ------
    EmptyTracksError
        There is nothing to be anywhere.
    InvalidOptionError
        There is no such city.
    """
    some = next(iter(read.parts()), None) if isinstance(read, Beats) else read.sample(_SAMPLE)
    if some is None:
        msg = f"{', '.join(read.files)}: nothing to measure"
        raise EmptyTracksError(msg)
    lon, lat = float(np.median(some.lon)), float(np.median(some.lat))
    city = find_city(settings().cities, lon, lat)
    if city is None:
        msg = (
            f"no city of this installation contains the tracks (around {lon:.3f}, {lat:.3f}); "
            "give --network FILE, or make one with nuanyi city build EXTRACT --code CODE"
        )
        raise InvalidOptionError(msg)
    return read_network(city.network_path)


def require_above_0(options: Mapping[str, float]) -> None:
    """Check numbers that must be above 0, by the names of their options.

    Raises
    ------
    InvalidOptionError
        One is not, or is no number.
    """
    for name, value in options.items():
        if not (np.isfinite(value) and value > 0):
            msg = f"{name} is {value:g}; it must be a number above 0"
            raise InvalidOptionError(msg)
