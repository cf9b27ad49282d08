"""Who and what a coverage run measured: counts, dates, versions."""

from __future__ import annotations

import importlib.metadata
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import numpy as np

from geo import zones
from geo.tracks import Beats
from geo.version import VERSION

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geo.coverage.conditions import Conditions
    from geo.network import Network
    from geo.tracks import Tracks

_LIBRARIES: Final = (
    "chinesecalendar",
    "geopandas",
    "numpy",
    "opening-hours-py",
    "pyproj",
    "scipy",
    "shapely",
)


def data_facts(
    tracks: Tracks | Beats,
    stations: GeoDataFrame,
    network: Network,
    *,
    days: set[int],
    conditions: Conditions,
) -> dict[str, Any]:
    """Return who and what was measured, with dates, options and versions, ready for JSON."""
    counts = conditions.counts(stations)
    never = stations["verified_on"].to_numpy(dtype=str)[counts] == ""
    as_of = conditions.as_of
    return {
        "kind": "beats" if isinstance(tracks, Beats) else "tracks",
        "workers": tracks.workers,
        "routes": tracks.routes,
        "days": len(days),
        "fixes": tracks.fixes,
        "dropped": dict(tracks.dropped),
        "tz": {"zone": tracks.zone, "assumed": tracks.zone_assumed, "local": zones.LOCAL_ZONE},
        "as_of": as_of.astimezone(ZoneInfo(zones.LOCAL_ZONE)).isoformat() if as_of else None,
        "max_age_days": conditions.max_age_days,
        "needs": list(conditions.needs),
        "no_phone": conditions.no_phone,
        "datum": tracks.datum,
        "never_verified_share": float(np.mean(never)) if len(never) else None,
        "data": {
            "stations": len(stations),
            "stations_open": int(counts.sum()),
            "first_day": zones.isodate(min(days)) if days else None,
            "last_day": zones.isodate(max(days)) if days else None,
            "network": list(network.summary().sources),
            "network_m": network.summary().kept_length_m,
        },
        "versions": _versions(),
    }


@cache
def _versions() -> dict[str, str]:
    """Return the versions of Nuanyi and of the libraries that figures depend on."""
    return {"nuanyi": VERSION, **{name: importlib.metadata.version(name) for name in _LIBRARIES}}
