"""Wishes in the store: "a station is needed here", counted by cell and week, never by position."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import delete, func, insert, select

from geo.errors import InvalidOptionError
from geo.store.engine import changing, reading
from geo.store.tables import WISHES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import Connection, Engine

CELL_DEG: Final = 0.0045  # of latitude: 500 m; of longitude as many degrees more as 500 m need
_LAST_LAT: Final = 89.99  # beyond it a circle of latitude is shorter than a cell


class Wished(NamedTuple):
    """How many wished for a station in a cell in one week, and the middle of the cell."""

    week: str  # ISO 8601, such as 2026-W10
    cell: str
    devices: int  # a device counts anew each day
    lon: float  # degrees, WGS-84
    lat: float


class WishBook:
    """The part of a ``Store`` that keeps wishes; they change no station and no change number."""

    engine: Engine

    def add_wish(self, lon: float, lat: float, *, devices: Sequence[str], day: date) -> bool:
        """Count that a device misses a station; return whether it had not said so this week.

        Of the position only its cell of about 500 m is kept, of the moment its week.

        Parameters
        ----------
        lon, lat : float
            Degrees, WGS-84.
        devices : sequence of str, 1 or more
            Names of the device, the oldest first; see ``Store.add_report``.
        day : date
            On the stations' clock.

        Returns
        -------
        bool
            False if the same device said so for this cell and week.

        Raises
        ------
        InvalidOptionError
            No device.
        """
        if not devices:
            msg = "a wish needs a device"
            raise InvalidOptionError(msg)
        row = {"cell": cell_of(lon, lat), "week": week_of(day)}
        same = [WISHES.c[name] == value for name, value in row.items()]
        with changing(self.engine) as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"LOCK TABLE {WISHES.name} IN SHARE ROW EXCLUSIVE MODE")
            known = select(WISHES.c.device).where(*same, WISHES.c.device.in_(devices))
            if connection.execute(known).first() is not None:
                return False
            named = _name(connection, devices)
            connection.execute(insert(WISHES), row | {"device": named})
        return True

    def count_wishes(self, *, least: int, since: date) -> list[Wished]:
        """Return the cells in which many wished for a station in one week, a row per week.

        Parameters
        ----------
        least : int
            Only cells of so many devices; fewer could be led back to somebody.
        since : date
            From the week of this day on.

        Returns
        -------
        list of Wished
            The last week first, in it the most wishes first, then by cell.
        """
        number = func.count()
        query = (
            select(WISHES.c.week, WISHES.c.cell, number)
            .where(WISHES.c.week >= week_of(since))
            .group_by(WISHES.c.week, WISHES.c.cell)
            .having(number >= least)
        )
        with reading(self.engine) as connection:
            rows = [tuple(row) for row in connection.execute(query)]
        found = [Wished(week, cell, count, *middle_of(cell)) for week, cell, count in rows]
        found.sort(key=lambda wished: (-wished.devices, wished.cell))
        return sorted(found, key=lambda wished: wished.week, reverse=True)

    def purge_wishes(self, *, before: date) -> int:
        """Delete the wishes of the weeks before that of a day, and return how many."""
        old = WISHES.c.week < week_of(before)
        with reading(self.engine) as connection:
            if connection.execute(select(WISHES.c.week).where(old).limit(1)).first() is None:
                return 0
        with changing(self.engine) as connection:
            return connection.execute(delete(WISHES).where(old)).rowcount


def cell_of(lon: float, lat: float) -> str:
    """Return the cell of a position: its row and column of a grid of about 500 m.

    Examples
    --------
    >>> cell_of(116.4074, 39.9042)
    '8867:19844'
    """
    row = math.floor(min(max(lat, -_LAST_LAT), _LAST_LAT) / CELL_DEG)
    return f"{row}:{math.floor(lon / _width_deg(row))}"


def middle_of(cell: str) -> tuple[float, float]:
    """Return the middle of a cell, degrees, WGS-84."""
    row, column = (int(part) for part in cell.split(":"))
    return (column + 0.5) * _width_deg(row), (row + 0.5) * CELL_DEG


def week_of(day: date) -> str:
    """Return the ISO week of a day, in an order of time: ``2026-W10``."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def _width_deg(row: int) -> float:
    """Return how many degrees of longitude a cell of a row is wide."""
    return CELL_DEG / math.cos(math.radians((row + 0.5) * CELL_DEG))


def _name(connection: Connection, devices: Sequence[str]) -> str:
    """Return the oldest name that a stored wish bears, else the newest."""
    query = select(WISHES.c.device).where(WISHES.c.device.in_(devices)).distinct()
    borne = set(connection.execute(query).scalars())
    return next((name for name in devices if name in borne), devices[-1])
