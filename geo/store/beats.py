"""Beats in the store: planned lines with a shift and a number of workers, and no person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy import delete, func, insert, select, update

from geo.coords import WGS84
from geo.errors import CrsMismatchError, InvalidOptionError, MissingCrsError, SourceFormatError
from geo.hours import check_hours
from geo.store.engine import reading, writing
from geo.store.records import to_moment
from geo.store.tables import BEATS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Engine, Select

    from geo.store.engine import Writing

TOLD: Final = ("id", "name", "area", "trade", "shift", "shift_text", "workers", "source", "note")
BEAT_COLUMNS: Final = (*TOLD, "created_by", "created_at", "updated_by", "updated_at")
_TEXTS: Final = tuple(name for name in BEAT_COLUMNS if name != "workers")
_CHUNK: Final = 5_000  # ids in one statement: SQLite takes 32,766
_MOST_WORKERS: Final = 1_000_000


class BeatsSaved(NamedTuple):
    """How many beats a save created and updated; an equal one is neither."""

    created: int
    updated: int


class BeatCount(NamedTuple):
    """What an area has of beats; ``area`` is its code, "" for none."""

    area: str
    beats: int
    workers: int


class BeatBook:
    """The part of a ``Store`` that keeps beats."""

    engine: Engine

    def read_beats(
        self, ids: Collection[str] | None = None, *, area: str | None = None
    ) -> gpd.GeoDataFrame:
        """Return beats, n rows by area, name and id.

        Parameters
        ----------
        ids : collection of str, optional
            Only these; one that no beat has is left out.
        area : str, optional
            Only those of this area's code; "" = those of none.

        Returns
        -------
        GeoDataFrame, n rows
            ``BEAT_COLUMNS``, ``workers`` as int64, all else text, "" where not known; geometry
            LineString or MultiLineString, EPSG:4326.
        """
        wanted = None if ids is None else sorted(set(ids))
        query = select(BEATS) if area is None else select(BEATS).where(BEATS.c.area == area)
        with reading(self.engine) as connection:
            rows = [row for part in _parts(query, wanted) for row in connection.execute(part).all()]
        rows.sort(key=lambda row: (str(row.area), str(row.name), str(row.id)))
        texts = {
            name: pd.Series([getattr(row, name) for row in rows], dtype=str) for name in _TEXTS
        }
        workers = pd.Series([row.workers for row in rows], dtype="int64")
        cells = {name: texts.get(name, workers) for name in BEAT_COLUMNS}
        return gpd.GeoDataFrame(cells, geometry=shapely.from_wkb(_wkb(rows)), crs=WGS84)

    def count_beats(self) -> list[BeatCount]:
        """Return the number of beats and of their workers by area, ordered by its code."""
        columns = BEATS.c.area, func.count(), func.sum(BEATS.c.workers)
        query = select(*columns).group_by(BEATS.c.area)
        with reading(self.engine) as connection:
            found = [BeatCount(str(a), int(n), int(w)) for a, n, w in connection.execute(query)]
        return sorted(found)

    def save_beats(self, beats: gpd.GeoDataFrame, *, actor: str, now: datetime) -> BeatsSaved:
        """Create or update beats by their id; all of them or none.

        Parameters
        ----------
        beats : GeoDataFrame, n rows
            Columns ``TOLD``; geometry lines in EPSG:4326. ``id`` is not empty; ``shift`` is valid
            OSM text, ``workers`` a whole number from 1.
        actor : str
            Account name.
        now : datetime, aware
            The moment to record.

        Returns
        -------
        BeatsSaved
            A beat whose cells and line all agree is not written again.

        Raises
        ------
        MissingCrsError, CrsMismatchError
            The frame is not in EPSG:4326.
        SourceFormatError
            A column is missing, an id is empty or occurs twice, or a shape is no line.
        InvalidOptionError
            Not 1 to 1,000,000 workers, or ``now`` without zone.
        InvalidHoursError
            A shift is no OSM text.
        """
        moment = to_moment(now)
        _require_beats(beats)
        rows = [_row(cells, shape) for cells, shape in _cells(beats)]
        with writing(self.engine) as work:
            stored = _stored(work.connection, [row["id"] for row in rows])
            new = [row for row in rows if row["id"] not in stored]
            other = [row for row in rows if row["id"] in stored and row != stored[row["id"]]]
            _write(work, new, other, {"updated_by": actor, "updated_at": moment})
        return BeatsSaved(len(new), len(other))

    def delete_beats(self, ids: Collection[str]) -> int:
        """Remove beats and return how many there were; an id that no beat has is passed over."""
        with writing(self.engine) as work:
            gone = 0
            for some in _chunks(sorted(set(ids))):
                gone += work.connection.execute(delete(BEATS).where(BEATS.c.id.in_(some))).rowcount
            work.changed = gone > 0
        return gone


def _parts(query: Select[Any], ids: list[str] | None) -> list[Select[Any]]:
    if ids is None:
        return [query]
    return [query.where(BEATS.c.id.in_(some)) for some in _chunks(ids)]


def _chunks(ids: list[str]) -> list[list[str]]:
    return [ids[first : first + _CHUNK] for first in range(0, len(ids), _CHUNK)]


def _wkb(rows: list[Any]) -> list[bytes]:
    return [row.wkb for row in rows]


def _cells(beats: gpd.GeoDataFrame) -> list[tuple[dict[str, Any], shapely.Geometry]]:
    """Return each row as plain cells, and its shape."""
    columns = [beats[name].tolist() for name in TOLD]
    rows = (dict(zip(TOLD, cells, strict=True)) for cells in zip(*columns, strict=True))
    return list(zip(rows, beats.geometry, strict=True))


def _row(cells: Mapping[str, Any], shape: shapely.Geometry) -> dict[str, Any]:
    texts = {name: str(cells[name]) for name in TOLD if name != "workers"}
    wkb = shapely.to_wkb(shape, output_dimension=2, byte_order=1)
    return {**texts, "workers": int(cells["workers"]), "wkb": wkb}


def _stored(connection: Connection, ids: list[str]) -> dict[str, dict[str, Any]]:
    """Return the stored ones among ids, in the form of `_row`."""
    query = select(*(BEATS.c[name] for name in (*TOLD, "wkb")))
    rows = (row for part in _parts(query, ids) for row in connection.execute(part).mappings())
    return {row["id"]: {**row, "wkb": bytes(row["wkb"])} for row in rows}


def _write(
    work: Writing, new: list[dict[str, Any]], other: list[dict[str, Any]], stamp: dict[str, str]
) -> None:
    made = {"created_by": stamp["updated_by"], "created_at": stamp["updated_at"]}
    if new:
        work.connection.execute(insert(BEATS), [{**row, **stamp, **made} for row in new])
    for row in other:
        query = update(BEATS).where(BEATS.c.id == row["id"])
        work.connection.execute(query.values({**row, **stamp}))
    work.changed = bool(new or other)


def _require_beats(beats: gpd.GeoDataFrame) -> None:
    """Check CRS, columns, ids, workers, shifts and shapes before anything is written.

    Raises
    ------
    MissingCrsError
        The frame does not say its CRS.
    CrsMismatchError
        The frame is not in EPSG:4326.
    SourceFormatError
        A column is missing, an id is empty or occurs twice, or a shape is no line.
    InvalidOptionError
        Not 1 to 1,000,000 workers.
    """
    if beats.crs is None:
        msg = "the beats have no CRS; set EPSG:4326 if they are WGS-84 degrees"
        raise MissingCrsError(msg)
    if beats.crs != WGS84:
        msg = f"the beats are in {beats.crs.name}; convert them to EPSG:4326 first"
        raise CrsMismatchError(msg)
    missing = [name for name in TOLD if name not in beats.columns]
    if missing:
        msg = f"the beats lack the columns {', '.join(missing)}"
        raise SourceFormatError(msg)
    if not beats["id"].astype(bool).all() or beats["id"].duplicated().any():
        msg = "each beat needs an id of its own"
        raise SourceFormatError(msg)
    lines = beats.geometry.geom_type.isin(["LineString", "MultiLineString"])
    if not (lines & ~beats.geometry.is_empty).all():
        msg = f"beat {beats.loc[~lines | beats.geometry.is_empty, 'id'].iloc[0]} is no line"
        raise SourceFormatError(msg)
    if not beats["workers"].between(1, _MOST_WORKERS).all():
        msg = f"a beat is walked by 1 to {_MOST_WORKERS:,} workers"
        raise InvalidOptionError(msg)
    for shift in set(beats["shift"].tolist()):
        check_hours(shift)
