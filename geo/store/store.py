"""The store as its callers see it: one class over one engine, made by ``open_store``."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

import pandas as pd
from sqlalchemy import func, insert, select

from geo.errors import InvalidOptionError
from geo.store import areas as area_rows
from geo.store import stations as station_rows
from geo.store.acts import ActBook
from geo.store.batches import BatchBook
from geo.store.beats import BeatBook
from geo.store.checks import CheckBook
from geo.store.engine import reading, require_sqlite_file, writing
from geo.store.files import copy_database
from geo.store.logins import LoginBook
from geo.store.peek import Peek
from geo.store.photos import PhotoBook
from geo.store.platforms import PlatformBook
from geo.store.records import SaveReport, Stamp, to_moment
from geo.store.reports import ReportBook
from geo.store.runs import RunBook
from geo.store.settled import SettledBook
from geo.store.sheets import SheetBook
from geo.store.tables import COUNTER, HISTORY, META, STATIONS
from geo.store.undo import UndoBook
from geo.store.users import UserBook
from geo.store.wishes import WishBook
from geo.vocab import load_vocab

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path
    from types import TracebackType

    import geopandas as gpd
    from sqlalchemy import Engine


class Store(
    ActBook,
    BatchBook,
    BeatBook,
    CheckBook,
    LoginBook,
    PhotoBook,
    PlatformBook,
    ReportBook,
    RunBook,
    SettledBook,
    SheetBook,
    UndoBook,
    UserBook,
    WishBook,
):
    """Stations, their history, acts upon many, areas, beats, accounts, reports, checks and more.

    See ``open_store``.

    Each writing method is one transaction: all of it holds or nothing. Writers wait for each
    other. A transaction that changes something raises the change number by one.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._peek = Peek(engine)

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
        """Close all connections."""
        self._peek.close()
        self.engine.dispose()

    def read_stations(
        self,
        *,
        codes: Iterable[str] | None = None,
        changed_since: int | None = None,
        columns: Iterable[str] | None = None,
    ) -> gpd.GeoDataFrame:
        """Return stations in the form of ``geo.stations``, n rows in the order of their codes.

        Parameters
        ----------
        codes : iterable of str, optional
            Only these; a code that no station has is left out.
        changed_since : int, optional
            Only stations created or updated by a change number greater than this. Ask
            `change_seq` *before* reading: a row read twice does no harm, a missed one would.
        columns : iterable of str, optional
            Only these fields, and code, lon, lat: what is not read costs no time and memory.

        Returns
        -------
        GeoDataFrame, n rows
            Columns ``FIELD_NAMES`` and geometry (Point, EPSG:4326); text is "" where not known.

        Raises
        ------
        InvalidOptionError
            One of ``columns`` is no field.
        """
        with reading(self.engine) as connection:
            return station_rows.read_stations(connection, codes, changed_since, columns)

    def count_stations(self) -> int:
        """Return how many stations there are, closed ones included."""
        with reading(self.engine) as connection:
            return int(connection.execute(select(func.count()).select_from(STATIONS)).scalar_one())

    def read_pinyin(self) -> dict[str, str]:
        """Return by code the pinyin that the search reads; it was made when a station was saved."""
        with reading(self.engine) as connection:
            return station_rows.read_pinyin(connection)

    def save_stations(
        self,
        stations: pd.DataFrame,
        *,
        actor: str,
        origin: str,
        now: datetime,
        blank: bool | Mapping[str, Collection[str]] = False,
        note: str = "",
        unchanged_since: int | None = None,
        dry_run: bool = False,
    ) -> SaveReport:
        """Create or update stations by their code, with a row of history for each change.

        Parameters
        ----------
        stations : DataFrame, n rows
            Column ``code`` and any other fields in the form of ``geo.stations``; fields without
            a column stay as they are. The position is read from ``lon``, ``lat`` (EPSG:4326),
            never from a geometry. Values are not validated again.
        actor, origin : str
            Who (account name) and through what (``form``, ``cli``, ``import:file.csv``).
        now : datetime, aware
            The moment to record.
        blank : bool or mapping of str to collection of str
            True: an empty cell empties the stored one. False: it says nothing. A mapping of code
            to fields: only these cells empty the stored ones.
        note : str
            Why, in the words of the actor; it stays in the history.
        unchanged_since : int, optional
            The change number at which the caller read these stations.
        dry_run : bool
            True: report only, write nothing.

        Returns
        -------
        SaveReport
            A station whose cells all agree is ``unchanged`` and leaves no trace.

        Raises
        ------
        InvalidStationError
            A column is no field; a code is empty or occurs twice; name or position is missing.
        StoreConflictError
            One of the stations changed, or was removed, after ``unchanged_since``.
        InvalidOptionError
            ``now`` has no zone.
        """
        stamp = Stamp(actor, origin, to_moment(now), note=note)
        with writing(self.engine) as work:
            work.discard = dry_run
            return station_rows.save_stations(
                work, stations, stamp, blank=blank, unchanged_since=unchanged_since
            )

    def set_status(
        self,
        code: str,
        status: str,
        *,
        actor: str,
        origin: str,
        now: datetime,
        until: str = "",
        note: str = "",
    ) -> SaveReport:
        """Set the status of one station; ``closed`` is as near as a station comes to deletion.

        Parameters
        ----------
        code, status : str
            The station, and a word of the vocabulary ``status``.
        actor, origin, now
            As in `save_stations`.
        until : str
            Moment at which a temporary closure ends, ISO 8601; "" empties it.
        note : str
            Why, in the words of the actor; it stays in the history.

        Returns
        -------
        SaveReport
            One station, updated or unchanged.

        Raises
        ------
        UnknownStationError
            No station has this code.
        InvalidOptionError
            The vocabulary has no such status.
        """
        if status not in load_vocab("status"):
            msg = f"unknown status {status!r}; use one of {', '.join(load_vocab('status'))}"
            raise InvalidOptionError(msg)
        stamp = Stamp(actor, origin, to_moment(now), note=note)
        row = pd.DataFrame({"code": [code], "status": [status], "status_until": [until]})
        with writing(self.engine) as work:
            station_rows.require_station(work.connection, code)
            return station_rows.save_stations(work, row, stamp, blank=True, unchanged_since=None)

    def history(self, code: str) -> pd.DataFrame:
        """Return every change of one station, oldest first.

        Columns seq, at (ISO 8601, UTC), actor, origin, code, action (``create``, ``update``,
        ``remove`` by an undo),
        before and after (dicts of the changed fields only), batch (of the act upon many stations
        it belongs to, "" for one alone), note (why, in the words of its actor; "" if none).

        Raises
        ------
        UnknownStationError
            No station ever had this code.
        """
        with reading(self.engine) as connection:
            return station_rows.read_history(connection, code)

    def last_change(self) -> datetime | None:
        """Return the moment of the last change of any station, in UTC; None if there was none."""
        query = select(HISTORY.c.at).order_by(HISTORY.c.seq.desc()).limit(1)
        with reading(self.engine) as connection:
            at = connection.execute(query).scalar()
        return None if at is None else datetime.fromisoformat(at)

    def change_seq(self) -> int:
        """Return the number of the last change; it only grows, by one per changing transaction."""
        return int(self._peek.value(f"SELECT seq FROM {COUNTER.name}"))  # noqa: S608 - our own name

    def read_areas(self, level: str | None = None) -> gpd.GeoDataFrame:
        """Return areas in the order of their codes, n rows, all levels or one.

        Columns code, name, level, parent and geometry (MultiPolygon, EPSG:4326).
        """
        with reading(self.engine) as connection:
            return area_rows.read_areas(connection, level)

    def areas_seq(self) -> int:
        """Return the change number at which areas were last saved; 0 without any."""
        with reading(self.engine) as connection:
            return area_rows.areas_seq(connection)

    def save_areas(self, areas: gpd.GeoDataFrame) -> int:
        """Create or replace areas by their code and return how many changed.

        Parameters
        ----------
        areas : GeoDataFrame, n rows
            Columns as in `read_areas`; polygons count as multipolygons. Others stay stored.

        Returns
        -------
        int
            Areas written; an equal one is not.

        Raises
        ------
        MissingCrsError, CrsMismatchError
            The frame is not in EPSG:4326.
        SourceFormatError
            A column is missing, a code occurs twice, or a shape is not a polygon.
        """
        with writing(self.engine) as work:
            return area_rows.save_areas(work, areas)

    @property
    def is_demo(self) -> bool:
        """Whether the stations here are made up."""
        return self._peek.value(f"SELECT 1 FROM {META.name} WHERE key = 'demo'") is not None  # noqa: S608 - our own name

    def mark_demo(self) -> None:
        """Mark the stations here as made up, for good."""
        with writing(self.engine) as work:
            if work.connection.execute(_DEMO).first() is None:
                work.connection.execute(insert(META), {"key": "demo", "value": "yes"})
                work.changed = True

    def backup(self, path: Path) -> None:
        """Copy an SQLite store to ``path``, replacing it; writers may go on meanwhile.

        ``restore_store`` puts it back.

        Raises
        ------
        InvalidOptionError
            The store is PostgreSQL.
        StoreUnavailableError
            The copy cannot be written.
        """
        copy_database(require_sqlite_file(self.engine.url, "pg_dump"), path)


_DEMO = select(META.c.value).where(META.c.key == "demo")
