"""What a record itself gives reason to look into: hours nobody could read, closures over, age."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from geo.stations.doubts import HOURS, REOPENS, UNVERIFIED, Doubt
from geo.stations.status import in_use, reopens_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

MAX_AGE_DAYS: Final = 180.0  # of the evidence date; definitions: older is ``unverified``
READ: Final = ("code", "status", "status_until", "hours", "hours_text")


def find_overdue(
    stations: pd.DataFrame,
    *,
    at: dt.datetime,
    evidence: Mapping[str, dt.datetime],
    max_age_days: float = MAX_AGE_DAYS,
) -> list[Doubt]:
    """Return what the records of stations in use make doubtful by themselves, ordered by key.

    ``UNVERIFIED``: the evidence date is older than ``max_age_days`` (exactly as old is not yet).
    ``REOPENS``: a temporary closure has come to its end, so the station counts as open again.
    ``HOURS``: there are words for the hours and nothing that was understood of them.

    Parameters
    ----------
    stations : DataFrame, n rows
        Canonical cells of READ.
    at : datetime, aware
        The moment judged.
    evidence : mapping of str to datetime
        The evidence date by code, aware. A station without one is not called unverified.
    max_age_days : float
        Days of 24 hours.

    Returns
    -------
    list of Doubt
        ``told_at`` is the moment from which each holds: a check that is done is not opened again
        for the same one.
    """
    rows = stations[in_use(stations, at)]
    found = list(_unverified(rows, at, evidence, dt.timedelta(days=max_age_days)))
    found += _unread(rows, at, evidence)
    found += _reopened(rows)
    return sorted(found, key=lambda doubt: doubt.key)


def _unverified(
    rows: pd.DataFrame,
    at: dt.datetime,
    evidence: Mapping[str, dt.datetime],
    max_age: dt.timedelta,
) -> Iterator[Doubt]:
    for code in rows["code"]:
        seen_at = evidence.get(code)
        if seen_at is not None and seen_at + max_age < at:
            yield Doubt(code, UNVERIFIED, "", told_at=seen_at + max_age)


def _unread(
    rows: pd.DataFrame, at: dt.datetime, evidence: Mapping[str, dt.datetime]
) -> Iterator[Doubt]:
    is_unread = (rows["hours"] == "") & (rows["hours_text"] != "")
    for code in rows.loc[is_unread, "code"]:
        yield Doubt(code, HOURS, "", told_at=min(evidence.get(code, at), at))


def _reopened(rows: pd.DataFrame) -> Iterator[Doubt]:
    for cells in rows[rows["status_until"] != ""].itertuples():
        end = reopens_at(str(cells.status), str(cells.status_until))
        if end is not None:
            yield Doubt(str(cells.code), REOPENS, "", told_at=end)
