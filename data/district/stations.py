"""The stations: 644 rest stations, 182 union hubs and 300 service points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from district import facts, skeleton
from district.hours import Hours, pick_hours
from district.plane import dice, to_degrees

if TYPE_CHECKING:
    from district.areas import Areas
    from district.facts import Row
    from district.places import Firm, Places

REST_HOSTS: Final = {
    "community": 202, "bank": 92, "convenience": 70, "toilets": 42, "estate_agent": 44,
    "post_office": 38, "kiosk": 28, "supermarket": 26, "police": 22, "telecom_hall": 16,
    "park": 16, "fuel": 12, "hospital": 8, "library": 12, "bus_terminal": 9, "power_hall": 7,
}  # fmt: skip
POINT_HOSTS: Final = {
    "convenience": 88, "bank": 62, "estate_agent": 36, "supermarket": 30, "post_office": 24,
    "toilets": 22, "kiosk": 14, "telecom_hall": 14, "fuel": 8, "power_hall": 2,
}  # fmt: skip
ALL_DAY_HOSTS: Final = {  # share that never shuts, downtown and at the station
    "convenience": 0.75, "fuel": 0.9, "toilets": 0.65, "hospital": 0.8, "police": 0.55,
    "kiosk": 0.3, "bus_terminal": 0.5, "community": 0.08, "bank": 0.16, "supermarket": 0.3,
}  # fmt: skip
AWAKE: Final = ((-200.0, 300.0, 950.0), (-200.0, -1500.0, 450.0))  # middle and reach, metres
SLEEPY: Final = ("果园街道", "文庙街道", "织染街道")  # where many never sent their hours in
SILENT: Final = 0.3  # so many of them
NAMES: Final = {  # of rest stations; {} is the firm, community or park
    "bank": ("{}劳动者港湾", "{}爱心驿站", "{}工会驿站"),
    "post_office": ("{}爱心驿站", "{}户外劳动者驿站"),
    "community": ("{}社区暖心驿站", "{}社区工会驿站", "{}社区小哥驿站", "{}社区户外劳动者驿站"),
    "toilets": ("{}城管驿站", "{}环卫工人休息点"),
    "police": ("{}爱心驿站",), "park": ("{}户外劳动者驿站", "{}西门暖心驿站"),
}  # fmt: skip
PLAIN_NAMES: Final = ("{}爱心驿站", "{}暖心驿站", "{}骑手驿站")
POINT_NAMES: Final = ("{}爱心饮水点", "{}饮水点", "{}充电点", "{}奉茶点", "{}爱心冰柜")
HUB_NAMES: Final = ("{}社区职工之家", "{}社区联合工会", "{}社区职工服务中心")


class Register:
    """Writes the rows of the stations one after another."""

    def __init__(self, places: Places, areas: Areas) -> None:
        self.places, self.areas = places, areas
        self.rows: list[Row] = []
        self._names: set[str] = set()
        self._rng = dice("stations")

    def add(self, kind: str, host: str, name: str, front: int) -> None:
        """Write one station at a front."""
        rng, fronts = self._rng, self.places.fronts
        lon, lat = to_degrees(fronts.xy[front : front + 1], 6)[0].tolist()
        area = int(fronts.area[front])
        hours = self._hours(kind, host, front)
        if name in self._names:
            name = f"{name}（{fronts.street[front]}）"
        self._names.add(name)
        row = {
            "name": name, "aliases": facts.alias(name, rng), "kind": kind,
            "lon": f"{lon:.6f}", "lat": f"{lat:.6f}", "source_datum": "wgs84",
            "address": f"{skeleton.DISTRICT[1]}{fronts.address[front]}",
            "district": skeleton.DISTRICT[1], "subdistrict": self.areas.names[area], "host": host,
            "mode": facts.mode(kind, host, rng), "audience": facts.audience(rng),
            "hours": hours.osm, "hours_text": hours.words, "self_hours": hours.alone,
            "self_entry_mode": "id_card" if hours.alone else "",
            "street_front": "yes" if fronts.on_street[front] else "no",
            "amenities": facts.amenities(kind, rng), "source": "demo", "demo": "yes",
            **facts.status(rng), **facts.entry(host, rng), **facts.room(kind, host, rng),
            **facts.signs(rng),
        }  # fmt: skip
        row["amenity_hours"] = facts.amenity_hours(row, front)
        row |= facts.dates(row["status"], rng)
        if host == "community" and rng.random() < 0.5:
            row["phone_public"] = f"000-0000{int(rng.integers(10_000)):04d}"
        self.rows.append(row)

    def _hours(self, kind: str, host: str, front: int) -> Hours:
        """Never shut only downtown; not known mostly in the three sleepy subdistricts."""
        rng, fronts = self._rng, self.places.fronts
        x, y = fronts.xy[front].tolist()
        core = any(np.hypot(x - east, y - north) < reach for east, north, reach in AWAKE)
        sleepy = self.areas.names[int(fronts.area[front])] in SLEEPY
        roll = rng.random()
        if roll < (SILENT if sleepy else SILENT / 10 if core else 0.0):
            return pick_hours(host, rng, group="unknown")
        if kind != "union_hub" and core and rng.random() < ALL_DAY_HOSTS.get(host, 0.0):
            return pick_hours(host, rng, group="all_day")
        if kind == "service_point" and rng.random() < 0.12:
            return pick_hours(host, rng, group="summer")
        return pick_hours(host, rng)


def make_stations(places: Places, areas: Areas) -> list[Row]:
    """Return all stations, cells by field name, coded DC-0001 and up."""
    register = Register(places, areas)
    firms: dict[str, list[Firm]] = {}
    for firm in places.firms:
        firms.setdefault(firm.host, []).append(firm)
    for nth, (name, front) in enumerate(places.communities):
        title = HUB_NAMES[nth % len(HUB_NAMES)].format(name)
        register.add("union_hub", "community", title, front)
    for host, count in REST_HOSTS.items():
        for nth, (name, front) in enumerate(_sites(places, firms, host, count)):
            pattern = NAMES.get(host, PLAIN_NAMES)
            register.add("rest_station", host, pattern[nth % len(pattern)].format(name), front)
    for host, count in POINT_HOSTS.items():
        for nth, (name, front) in enumerate(_sites(places, firms, host, count)):
            title = POINT_NAMES[nth % len(POINT_NAMES)].format(name)
            register.add("service_point", host, title, front)
    rows = sorted(register.rows, key=lambda row: (row["subdistrict"], row["kind"], row["name"]))
    for nth, row in enumerate(rows, start=1):
        row["code"] = f"DC-{nth:04d}"
        row["source_id"] = f"demo-{nth:04d}"
    return rows


def _sites(
    places: Places, firms: dict[str, list[Firm]], host: str, count: int
) -> list[tuple[str, int]]:
    """Return names and fronts: firms not yet used, or rooms of communities, parks, hospitals."""
    if host == "community":
        fronts = places.draw(
            count, dice("community rooms"), pool=places.fronts.weight > 0, apart_m=70
        )
        return [(_community_of(places, front), front) for front in fronts]
    if host in {"park", "hospital"}:
        return _at_places(places, host, count)
    found = firms[host][:count]
    del firms[host][:count]
    places.used.update(found)
    return [(firm.name, firm.front) for firm in found]


def _community_of(places: Places, front: int) -> str:
    """Return the nearest community."""
    doors = places.fronts.xy[[row for _, row in places.communities]]
    away = np.hypot(*(doors - places.fronts.xy[front]).T)
    return places.communities[int(np.argmin(np.round(away, 1)))][0]


def _at_places(places: Places, use: str, count: int) -> list[tuple[str, int]]:
    """Return free fronts nearest to the parks or hospitals, in turn."""
    marked = [place for place in skeleton.PLACES if place.use == use]
    found = []
    for nth in range(count):
        place = marked[nth % len(marked)]
        away = np.hypot(*(places.fronts.xy - (place.x, place.y)).T)
        away[list(places.taken)] = np.inf
        away[away < 40.0 * (nth // len(marked))] = np.inf
        front = int(np.argmin(np.round(away, 1)))
        places.taken.add(front)
        found.append((place.name, front))
    return found
