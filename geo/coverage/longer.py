"""What longer hours would mend: the stations whose opening earlier or closing later gains most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.coverage.extended import BY_MIN

if TYPE_CHECKING:
    from geo.coverage.result import Coverage

MOST: Final = 12  # rows
LEAST_MS: Final = 6 * 60_000  # of a gain, to be worth a row
EARLY, LATE = "early", "late"
_MS_PER_MIN: Final = 60_000


def longer_hours(result: Coverage) -> list[dict[str, Any]]:
    """Return what opening earlier or closing later would mend, one station changed alone.

    Returns
    -------
    list of dict
        Up to 12 rows ``code name hours end gains``, the greatest gain of 180 minutes first;
        ``end`` is "early" or "late". ``gains`` has a row ``by_min gain_min`` for 60, 120 and 180
        minutes: the person-minutes that would newly be effectively ``covered`` if that station
        opened so much earlier at every opening (closed so much later at every closing) and nothing
        else changed: exactly what measuring again would give. Gains of two rows do not add up.
        Stations that would still not be usable, as those reported locked or unverified, gain
        nothing. A station is let into as at that opening or closing: where the way in differs
        between two timetables whose longer hours would overlap, and no smartphone is asked for,
        measuring again may differ either way. Where hours are not known they stay so.
    """
    gain, stations = result.served.longer_ms, result.stations
    side, station = np.nonzero(gain[:, -1, :] >= LEAST_MS)
    order = np.lexsort((side, station, -gain[side, 0, station], -gain[side, -1, station]))[:MOST]
    texts = {name: stations[name].to_numpy(dtype=object) for name in ("code", "name", "hours")}
    return [
        {
            **{name: values[at] for name, values in texts.items()},
            "end": (EARLY, LATE)[which],
            "gains": [
                {"by_min": by_min, "gain_min": int(gain[which, place, at]) / _MS_PER_MIN}
                for place, by_min in enumerate(BY_MIN)
            ],
        }
        for which, at in zip(side[order].tolist(), station[order].tolist(), strict=True)
    ]
