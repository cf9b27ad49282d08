"""Candidate sites: where a station could be opened, most of them where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from district.meeting import point_of
from district.places import busy
from district.plane import to_degrees

if TYPE_CHECKING:
    from district.areas import Areas
    from district.facts import Row
    from district.places import Places
    from district.plane import Points
    from district.town import Town

HOLE_HOSTS: Final = ("convenience", "kiosk", "fuel", "supermarket", "toilets")
HOST_COST: Final = {  # yuan to set a station up
    "convenience": 18_000, "kiosk": 42_000, "fuel": 26_000, "supermarket": 20_000,
    "toilets": 35_000, "bank": 12_000, "post_office": 12_000, "estate_agent": 9_000,
    "telecom_hall": 12_000,
}  # fmt: skip
HOST_WORDS: Final = {"convenience": "便利店", "kiosk": "便民亭", "fuel": "加油站",
                     "supermarket": "超市", "toilets": "公共厕所"}  # fmt: skip


def make_candidates(town: Town, places: Places, areas: Areas) -> list[Row]:
    """Return sites where a station could be opened: gates of works in the holes, spare firms."""
    gates = [
        np.array(point_of(key)) for key, tags in town.node_tags.items() if "access" not in tags
    ]
    sites: list[tuple[str, str, Points]] = []
    for at in _spread([at for at in gates if not busy(*at)], 380.0)[:22]:
        host = HOLE_HOSTS[len(sites) % len(HOLE_HOSTS)]
        sites.append((f"{_works_at(town, at)}门口{HOST_WORDS[host]}", host, at))
    spare = [firm for firm in places.firms if firm.host in HOST_COST and firm not in places.used]
    spots = {tuple(places.fronts.xy[firm.front].tolist()): firm for firm in spare}
    for at in _spread([np.array(spot) for spot in spots], 260.0)[:30]:
        firm = spots[tuple(at.tolist())]
        sites.append((firm.name, firm.host, at))
    return [_candidate(areas, nth, *site) for nth, site in enumerate(sites, start=1)]


def _spread(spots: list[Points], apart_m: float) -> list[Points]:
    """Return the spots that are far enough from those returned before."""
    chosen: list[Points] = []
    for spot in spots:
        if all(np.hypot(*(spot - other)) >= apart_m for other in chosen):
            chosen.append(spot)
    return chosen


def _works_at(town: Town, at: Points) -> str:
    """Return the name of the works or compound at a gate."""
    named = [
        shape for shape in town.filling.shapes if shape.tags.get("landuse") and "name" in shape.tags
    ]
    away = [float(np.round(np.hypot(*(shape.line - at).T).min(), 1)) for shape in named]
    return named[int(np.argmin(away))].tags["name"]


def _candidate(areas: Areas, nth: int, name: str, host: str, at: Points) -> Row:
    lon, lat = to_degrees(at, 6)[0].tolist()
    area = areas.names[int(areas.find(at[None])[0])]
    return {"code": f"DC-C{nth:02d}", "name": name, "lon": f"{lon:.6f}", "lat": f"{lat:.6f}",
            "host": host, "cost": str(HOST_COST[host]), "note": f"演示数据；{area}"}  # fmt: skip
