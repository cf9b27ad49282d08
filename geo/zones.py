"""Moments and local clocks: epoch milliseconds to and from wall-clock time of a named zone.

Inside geo a moment is an int64 of milliseconds since 1970-01-01T00:00Z. "Local" means the zone of
the stations (``LOCAL_ZONE``): hours of opening and hours of the week are judged there, whatever
zone a tracks file was written in.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from geo.errors import InvalidOptionError

if TYPE_CHECKING:
    from numpy.typing import NDArray

LOCAL_ZONE = "Asia/Shanghai"  # China keeps one legal time; stations post their hours in it
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
_THURSDAY = 3  # 1970-01-01 was a Thursday; Monday = 0


def require_zone(name: str) -> str:
    """Return ``name`` if it is an IANA zone (``Asia/Shanghai``, ``UTC``).

    Raises
    ------
    InvalidOptionError
        The zone database has no such name.
    """
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        msg = f"no time zone is called {name!r}; use a name such as Asia/Shanghai or UTC"
        raise InvalidOptionError(msg) from error
    return name


def to_local_ms(epoch_ms: NDArray[np.int64], *, zone: str = LOCAL_ZONE) -> NDArray[np.int64]:
    """Return the wall clock of ``zone`` as milliseconds since a local 1970-01-01 00:00, shape (n,).

    The result is for calendar arithmetic only (day, hour of week); it is not a moment.
    """
    moments = pd.DatetimeIndex(np.asarray(epoch_ms, dtype="datetime64[ms]"), tz="UTC")
    local = moments.tz_convert(zone).tz_localize(None)
    return np.asarray(local.as_unit("ms").asi8, dtype=np.int64)


def from_local_ms(local_ms: NDArray[np.int64], *, zone: str = LOCAL_ZONE) -> NDArray[np.int64]:
    """Return the moments (epoch ms, shape (n,)) at which the wall clock of ``zone`` shows these.

    A wall-clock time that occurs twice counts as its first occurrence; one that a clock change
    skips is moved forward to the first that exists.
    """
    wall = pd.DatetimeIndex(np.asarray(local_ms, dtype="datetime64[ms]"))
    first = np.ones(len(wall), dtype=bool)
    aware = wall.tz_localize(zone, ambiguous=first, nonexistent="shift_forward")
    return np.asarray(aware.tz_convert("UTC").as_unit("ms").asi8, dtype=np.int64)


def local_day(local_ms: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return whole local days since 1970-01-01, shape (n,)."""
    return local_ms // DAY_MS


def hour_of_week(local_ms: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return 24 x weekday + hour in 0..167, Monday 00:00 local = 0, shape (n,)."""
    weekday = (local_day(local_ms) + _THURSDAY) % 7
    return weekday * 24 + (local_ms % DAY_MS) // HOUR_MS


def isoformat(epoch_ms: int, *, zone: str = LOCAL_ZONE) -> str:
    """Return a moment as ISO 8601 text with the offset of ``zone``, to the minute."""
    moment = dt.datetime.fromtimestamp(epoch_ms / 1000, tz=ZoneInfo(zone))
    return moment.isoformat(timespec="minutes")


def day_start_ms(date: str, *, zone: str = LOCAL_ZONE) -> int:
    """Return the moment (epoch ms) at which a day, YYYY-MM-DD, begins in ``zone``."""
    start = dt.datetime.combine(dt.date.fromisoformat(date), dt.time(), tzinfo=ZoneInfo(zone))
    return round(start.timestamp() * 1000)


def aware(epoch_ms: int, *, zone: str = LOCAL_ZONE) -> dt.datetime:
    """Return a moment on a zone's clock."""
    return dt.datetime.fromtimestamp(epoch_ms / 1000, tz=ZoneInfo(zone))


def isodate(day: int) -> str:
    """Return a local day (whole days since 1970-01-01) as YYYY-MM-DD."""
    return (dt.date(1970, 1, 1) + dt.timedelta(days=day)).isoformat()


def local_date(moment: dt.datetime, *, zone: str = LOCAL_ZONE) -> str:
    """Return the date, YYYY-MM-DD, that an aware moment has on a zone's clock."""
    return moment.astimezone(ZoneInfo(zone)).date().isoformat()
