"""What rules a station out besides its hours: locks, old evidence, what workers need."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo import zones
from geo.errors import InvalidOptionError
from geo.stations.status import in_use
from geo.vocab import load_vocab

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from geopandas import GeoDataFrame
    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]

MAX_AGE_DAYS: Final = 180.0
_LONGEST_AGE_DAYS: Final = 100_000
_YEARS: Final = range(1980, 2100)  # as of tracks


@dataclass(frozen=True)
class Conditions:
    """For which moment stations are judged, and what makes one usable besides being open."""

    as_of: dt.datetime | None  # aware; None: the data name no moment, and nothing is too old
    locked: frozenset[str] = frozenset()  # codes that are reported_locked at as_of
    evidence: Mapping[str, dt.datetime] | None = None  # by code, aware; None: verified_on
    max_age_days: float = MAX_AGE_DAYS
    needs: tuple[str, ...] = ()  # amenity codes
    no_phone: bool = False

    def is_locked(self, stations: GeoDataFrame) -> Flags:
        """Return which stations are locked, shape (s,)."""
        return np.array([code in self.locked for code in stations["code"]], dtype=np.bool_)

    def evidence_of(self, stations: GeoDataFrame) -> list[dt.datetime | None]:
        """Return the evidence date of each station; None: nobody ever gave one."""
        if self.evidence is not None:
            return [self.evidence.get(code) for code in stations["code"]]
        return [start_of_day(date) for date in stations["verified_on"]]

    def is_unverified(self, stations: GeoDataFrame) -> Flags:
        """Return which stations' evidence is older than allowed, shape (s,); without any: not."""
        if self.as_of is None:
            return np.zeros(len(stations), dtype=np.bool_)
        oldest = self.as_of - dt.timedelta(days=self.max_age_days)
        dates = self.evidence_of(stations)
        return np.array([date is not None and date < oldest for date in dates], dtype=np.bool_)

    def counts(self, stations: GeoDataFrame) -> Flags:
        """Return which stations count, shape (s,): those in use as of the moment.

        Without a moment these are the ones whose status is open.
        """
        if self.as_of is None:
            return np.asarray(stations["status"].to_numpy(dtype=str) == "open", dtype=np.bool_)
        return in_use(stations, self.as_of)


def make_conditions(
    stations: GeoDataFrame,
    *,
    as_of: dt.datetime | None,
    locked: Collection[str],
    evidence: Mapping[str, dt.datetime] | None,
    max_age_days: float,
    needs: Collection[str],
    no_phone: bool,
) -> Conditions:
    """Check the options and put them together; arguments as of `geo.coverage.coverage`.

    Raises
    ------
    InvalidOptionError
        ``as_of`` or evidence has no offset or no sense, ``locked`` is a text, ``max_age_days`` is
        not above 0, or a need is no amenity.
    """
    if as_of is not None and as_of.tzinfo is None:
        msg = f"as_of {as_of.isoformat()} has no offset; write it as in 2026-11-01T08:00+08:00"
        raise InvalidOptionError(msg)
    if as_of is not None and as_of.year not in _YEARS:
        msg = f"as_of {as_of.isoformat()} lies outside {_YEARS[0]} to {_YEARS[-1]}"
        raise InvalidOptionError(msg)
    naive = [code for code, date in (evidence or {}).items() if date.tzinfo is None]
    if naive:
        msg = f"the evidence of {naive[0]} has no offset; give moments with one"
        raise InvalidOptionError(msg)
    if isinstance(locked, str):
        msg = f"locked is the text {locked!r}; give a collection of codes"
        raise InvalidOptionError(msg)
    if not 0 < max_age_days <= _LONGEST_AGE_DAYS:
        msg = f"max_age_days is {max_age_days}; it must be above 0, at most {_LONGEST_AGE_DAYS}"
        raise InvalidOptionError(msg)
    known = load_vocab("amenity")
    unknown = sorted(set(needs) - set(known))
    if unknown:
        msg = f"no amenity is called {', '.join(unknown)}; use some of {', '.join(known)}"
        raise InvalidOptionError(msg)
    return Conditions(
        as_of=as_of or last_change(stations),
        locked=frozenset(locked),
        evidence=evidence,
        max_age_days=float(max_age_days),
        needs=tuple(dict.fromkeys(needs)),
        no_phone=no_phone,
    )


def last_change(stations: GeoDataFrame) -> dt.datetime | None:
    """Return the start of the latest day on which a station was verified; None if none ever was.

    (A planned opening lies ahead, and is no change.)
    """
    return start_of_day(max((str(date) for date in stations["verified_on"] if date), default=""))


def start_of_day(date: str) -> dt.datetime | None:
    """Return when a local day, YYYY-MM-DD, begins; None of an empty text."""
    return zones.aware(zones.day_start_ms(date)) if date else None
