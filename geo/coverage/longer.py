"""What longer hours would mend at most: gap time near a shut station, by minutes missed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo import zones
from geo.coverage.classes import CLOSED
from geo.hours import OPEN, Timetable, make_timeline

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.coverage.result import Coverage

    Ints = NDArray[np.int64]

BY_MIN: Final = (60, 120, 180)
MOST: Final = 12  # rows
LEAST_MS: Final = 6 * 60_000  # of a gain, to be worth a row
EARLY, LATE = "early", "late"
_MS_PER_MIN: Final = 60_000


def longer_hours(result: Coverage) -> list[dict[str, Any]]:
    """Return what opening earlier or closing later would mend at most, per station.

    Parameters
    ----------
    result : Coverage
        Its gap lines of the cause ``closed``: somebody is near, and all stations near are shut.

    Returns
    -------
    list of dict
        Up to 12 rows ``code name hours end is_doubtful gains``, the greatest gain of 180 minutes
        first; ``end`` is "early" or "late", ``is_doubtful`` says that the station is reported
        locked or unverified, so that longer hours alone would not do. ``gains`` has a row
        ``by_min gain_min`` for 60, 120 and 180 minutes: person-minutes of these lines in the
        minutes before an opening (after a closing) of their nearest station. It is a most: parts
        of a line may be farther from that station than the limit. Each line counts for its nearest
        station alone, but may count early and late there.
    """
    gaps, stations = result.gaps, result.stations
    rows = np.flatnonzero((gaps.found == CLOSED) & (gaps.nearest >= 0))
    nearest, begin, end = gaps.nearest[rows], gaps.start_ms[rows], gaps.end_ms[rows]
    weight = gaps.duration_ms[rows] * gaps.workers[rows]
    hours, own = (stations[name].to_numpy(dtype=object) for name in ("hours", "self_hours"))
    gain = np.zeros((2, len(BY_MIN), len(stations)), dtype=np.int64)
    for station in np.unique(nearest).tolist():
        at = np.flatnonzero(nearest == station)
        opens, ends = _changes(Timetable(hours[station], own[station]), begin[at], end[at])
        for place, by_min in enumerate(BY_MIN):
            by_ms = by_min * _MS_PER_MIN
            spans = _before(opens, by_ms), _after(ends, by_ms)
            for side, (first, last) in enumerate(spans):
                inside = _inside(first, last, begin[at], end[at])
                span = np.maximum(end[at] - begin[at], 1)
                gain[side, place, station] = int((weight[at] * inside // span).sum())
    return _rows(result, gain)


def _rows(result: Coverage, gain: Ints) -> list[dict[str, Any]]:
    """Return the rows of the greatest gains, shape (2, b, s) in person-milliseconds."""
    side, station = np.nonzero(gain[:, -1, :] >= LEAST_MS)
    order = np.lexsort((side, station, -gain[side, 0, station], -gain[side, -1, station]))[:MOST]
    stations, served = result.stations, result.served
    texts = {name: stations[name].to_numpy(dtype=object) for name in ("code", "name", "hours")}
    return [
        {
            **{name: values[at] for name, values in texts.items()},
            "end": (EARLY, LATE)[which],
            "is_doubtful": bool(served.is_locked[at] or served.is_unverified[at]),
            "gains": [
                {"by_min": by_min, "gain_min": int(gain[which, place, at]) / _MS_PER_MIN}
                for place, by_min in enumerate(BY_MIN)
            ],
        }
        for which, at in zip(side[order].tolist(), station[order].tolist(), strict=True)
    ]


def _changes(table: Timetable, begin: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Return the moments, epoch ms, at which a timetable opens and shuts around some lines."""
    days = np.unique(zones.local_day(zones.to_local_ms(np.concatenate([begin, end]))))
    around = np.unique(days[:, np.newaxis] + np.arange(-1, 2))
    line = make_timeline([table], around)
    is_open = np.concatenate([[False], line.state[0] == OPEN])
    opens = line.start_ms[is_open[1:] & ~is_open[:-1]]
    return opens, line.start_ms[is_open[:-1] & ~is_open[1:]]


def _before(opens: Ints, by_ms: int) -> tuple[Ints, Ints]:
    """Return the spans before openings, none of which overlap."""
    first = opens - by_ms
    first[1:] = np.maximum(first[1:], opens[:-1])
    return first, opens


def _after(ends: Ints, by_ms: int) -> tuple[Ints, Ints]:
    """Return the spans after closings, none of which overlap."""
    last = ends + by_ms
    last[:-1] = np.minimum(last[:-1], ends[1:])
    return ends, last


def _inside(first: Ints, last: Ints, begin: Ints, end: Ints) -> Ints:
    """Return the milliseconds of lines inside spans in order, shape (g,)."""
    before = np.concatenate([[0], np.cumsum(last - first)])

    def up_to(t_ms: Ints) -> Ints:
        place = np.searchsorted(first, t_ms, side="right")
        spent = np.minimum(t_ms, np.append(0, last)[place]) - np.append(0, first)[place]
        return np.where(place > 0, before[np.maximum(place, 1) - 1] + spent, 0)

    return up_to(end) - up_to(begin) if len(first) else np.zeros(len(begin), dtype=np.int64)
