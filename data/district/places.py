"""Where things are: house fronts with addresses, shops and offices on them, stops, communities."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from district import skeleton
from district.meeting import point_of
from district.names import pairs
from district.plane import CM, along, dice, lengths, rounded

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from district.areas import Areas
    from district.plane import Points
    from district.town import Town

COMMUNITIES: Final = 182
FRONT_M: Final = 22.0  # a house farther from its street has no front on it
NUMBER_M: Final = 7.0  # house numbers rise by one in so many metres
HOLES: Final = (
    (-3700, -3700, -1000, -1480),
    (2150, -3700, 3700, -1330),
    (-3700, 2050, -2900, 3700),
)
FIRMS: Final[dict[str, tuple[str, ...]]] = {  # host -> names; {} takes the street's name
    "bank": ("澄江银行{}支行", "东澄农商银行{}支行", "汇川银行{}支行", "江南储蓄{}网点"),
    "post_office": ("邮政{}支局", "邮政{}营业所"),
    "convenience": ("惠邻便利店（{}店）", "里仁便利{}店", "每时便利{}店", "柳荫超市便利{}店"),
    "supermarket": ("万家福超市{}店", "澄鲜超市{}店", "同心生鲜{}店"),
    "estate_agent": ("福居房产{}店", "暖家房产{}店", "安宅房产{}门店"),
    "telecom_hall": ("澄江通信{}营业厅", "天线通信{}营业厅"),
    "power_hall": ("供电{}营业厅",),
    "fuel": ("澄江石油{}加油站", "东澄能源{}加油站"),
    "police": ("{}警务站",),
    "library": ("{}书房", "{}社区图书室"),
    "kiosk": ("{}便民亭", "{}报刊亭"),
    "toilets": ("{}公共厕所",),
    "bus_terminal": ("{}公交场站",),
    "restaurant": ("{}面馆", "{}小吃店", "{}饭庄"),
    "pharmacy": ("仁济药房{}店", "{}大药房"),
    "school": ("{}小学", "{}幼儿园"),
}
TAGS: Final[dict[str, dict[str, str]]] = {
    "bank": {"amenity": "bank"}, "post_office": {"amenity": "post_office"},
    "convenience": {"shop": "convenience"}, "supermarket": {"shop": "supermarket"},
    "estate_agent": {"office": "estate_agent"}, "telecom_hall": {"shop": "mobile_phone"},
    "power_hall": {"office": "energy_supplier"}, "fuel": {"amenity": "fuel"},
    "police": {"amenity": "police"}, "library": {"amenity": "library"},
    "kiosk": {"shop": "kiosk"}, "toilets": {"amenity": "toilets"},
    "bus_terminal": {"amenity": "bus_station"}, "restaurant": {"amenity": "restaurant"},
    "pharmacy": {"amenity": "pharmacy"}, "school": {"amenity": "school"},
}  # fmt: skip
FIRM_COUNTS: Final = {
    "bank": 176, "post_office": 74, "convenience": 190, "supermarket": 76, "estate_agent": 96,
    "telecom_hall": 38, "power_hall": 12, "fuel": 26, "police": 28, "library": 17, "kiosk": 50,
    "toilets": 84, "bus_terminal": 12, "restaurant": 150, "pharmacy": 46, "school": 56,
}  # fmt: skip

METRO: Final = (
    ("鼓台", -230.0, -30.0), ("澄江大街东", 1330.0, 50.0), ("东岸", 2740.0, 50.0),
    ("西郊", -2990.0, 120.0), ("澄湖", -240.0, 1990.0), ("站前", -235.0, -1600.0),
)  # fmt: skip


@dataclass(frozen=True)
class Spot:
    """A point with the tags of a mapper, metres."""

    x: float
    y: float
    tags: dict[str, str]


@dataclass(frozen=True)
class Fronts:
    """Doors of houses, arrays of length n."""

    xy: Points
    address: NDArray[np.object_]  # street and number, or compound and house
    street: NDArray[np.object_]
    on_street: NDArray[np.bool_]  # False: inside a compound
    weight: NDArray[np.float64]  # how busy it is there
    area: NDArray[np.int64]  # row of the subdistrict


@dataclass(frozen=True)
class Firm:
    """A shop or office at a front."""

    name: str
    host: str
    front: int


@dataclass
class Places:
    """What stands where."""

    fronts: Fronts
    firms: list[Firm] = field(default_factory=list)
    communities: list[tuple[str, int]] = field(default_factory=list)  # name, front
    spots: list[Spot] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)  # fronts
    used: set[Firm] = field(default_factory=set)  # firms that have a station

    def draw(
        self, count: int, rng: np.random.Generator, *, pool: NDArray[np.bool_], apart_m: float
    ) -> list[int]:
        """Take ``count`` free fronts by weight, no two of one draw nearer than ``apart_m``."""
        weight = np.where(pool, self.fronts.weight, 0.0)
        weight[list(self.taken)] = 0.0
        chosen: list[int] = []
        order = np.argsort(-(rng.random(len(weight)) ** (1.0 / np.maximum(weight, 1e-9))))
        for row in order.tolist():
            if len(chosen) == count or weight[row] <= 0.0:
                break
            away = self.fronts.xy[chosen] - self.fronts.xy[row]
            if not chosen or np.hypot(away[:, 0], away[:, 1]).min() >= apart_m:
                chosen.append(row)
        self.taken.update(chosen)
        return chosen


def make_places(town: Town, areas: Areas) -> Places:
    """Find the doors and put firms, communities and stops there."""
    places = Places(make_fronts(town, areas))
    places.communities = _communities(places.fronts)
    places.taken.update(front for _, front in places.communities)
    for host, count in FIRM_COUNTS.items():
        rng = dice(f"firms {host}")
        fronts = places.draw(count, rng, pool=places.fronts.on_street, apart_m=60.0)
        for nth, front in enumerate(fronts):
            names = FIRMS[host]
            street = str(places.fronts.street[front])
            name = names[nth % len(names)].format(street)
            places.firms.append(Firm(name, host, front))
    places.spots = [*_firm_spots(places), *_place_spots(places, areas), *_stops(town)]
    return places


def busy(x: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
    """Return how busy places are: most in the core, half across the river, 0 in the holes."""
    x, y = np.asarray(x), np.asarray(y)
    core = np.exp(-(((x + 200) / 1500) ** 2 + ((y - 150) / 1500) ** 2))
    weight = 0.3 + 0.4 * core
    for west, south, east, north in HOLES:
        weight = np.where((x > west) & (x < east) & (y > south) & (y < north), 0.0, weight)
    return weight


def make_fronts(town: Town, areas: Areas) -> Fronts:
    """Find every house's door: on a named street, or else on a way inside its compound."""
    streets = [s for s in town.ground.streets if s.name and s.highway not in {"footway", "track"}]
    inner = [
        np.array([point_of(key) for key in way.keys])
        for way in town.ways
        if way.tags["highway"] in {"service", "footway"}
    ]
    houses = np.array([shapely.Polygon(house.line) for house in town.filling.houses])
    inside = shapely.contains(town.ground.border, houses)
    houses = houses[inside]
    xy, row, number = _doors(houses, [street.line for street in streets])
    names = np.array([street.name for street in streets], dtype=object)
    address = np.array([f"{names[r]}{n}号" for r, n in zip(row, number, strict=True)], dtype=object)
    near = row >= 0
    xy_in, row_in, _ = _doors(houses[~near], inner)
    compound, said = _compound_names(town, xy_in[row_in >= 0])
    kept = compound >= 0
    xy = np.concatenate([xy[near], xy_in[row_in >= 0][kept]])
    on_street = np.arange(len(xy)) < near.sum()
    weight = busy(xy[:, 0], xy[:, 1])
    return Fronts(
        xy=xy,
        address=np.concatenate([address[near], said[kept]]),
        street=np.concatenate([names[row[near]], said[kept]]),
        on_street=on_street,
        weight=np.where(on_street & ~_is_old(xy), weight, weight * 0.5),
        area=areas.find(xy),
    )


def _is_old(xy: Points) -> NDArray[np.bool_]:
    return np.array([skeleton.use_at(x, y) == "old" for x, y in xy.tolist()])


def _doors(
    houses: NDArray[np.object_], lines: list[Points]
) -> tuple[Points, NDArray[np.int64], NDArray[np.int64]]:
    """Return each house's door 2 m inside its wall, its street (-1: too far) and its number."""
    pieces = np.concatenate([np.stack([line[:-1], line[1:]], axis=1) for line in lines])
    owner = np.repeat(np.arange(len(lines)), [len(line) - 1 for line in lines])
    before = np.concatenate([lengths(line)[:-1] for line in lines])
    segments = np.array(shapely.linestrings(pieces))
    house, piece = shapely.STRtree(segments).query(houses, predicate="dwithin", distance=FRONT_M)
    away = np.round(shapely.distance(houses[house], segments[piece]), CM)
    order = np.lexsort((piece, away, house))
    house, first = np.unique(house[order], return_index=True)
    piece = piece[order][first]
    links = shapely.get_coordinates(shapely.shortest_line(houses[house], segments[piece]))
    wall, foot = links[::2], links[1::2]
    out = (wall - foot) / np.maximum(np.hypot(*(wall - foot).T), 0.1)[:, None]
    ahead = pieces[piece, 1] - pieces[piece, 0]
    metres = before[piece] + np.hypot(*(foot - pieces[piece, 0]).T)
    left = ahead[:, 0] * out[:, 1] - ahead[:, 1] * out[:, 0] > 0
    xy = np.zeros((len(houses), 2))
    row = np.full(len(houses), -1, dtype=np.int64)
    number = np.zeros(len(houses), dtype=np.int64)
    xy[house], row[house] = rounded(wall + 2.0 * out), owner[piece]
    number[house] = 2 * (metres / (2 * NUMBER_M)).astype(np.int64) + np.where(left, 1, 2)
    return xy, row, number


def _compound_names(town: Town, xy: Points) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """Return each door's compound (-1: none) and its address there."""
    shapes = [shape for shape, _ in town.filling.compounds]
    names = [name for _, name in town.filling.compounds]
    point, compound = shapely.STRtree(shapes).query(shapely.points(xy), predicate="within")
    row = np.full(len(xy), -1, dtype=np.int64)
    row[point] = compound
    seen = dict.fromkeys(range(len(names)), 0)
    said = []
    for one in row.tolist():
        if one >= 0:
            seen[one] += 1
        said.append(f"{names[one]}{seen.get(one, 0)}号楼")
    return row, np.array(said, dtype=object)


def _communities(fronts: Fronts) -> list[tuple[str, int]]:
    """Spread the communities over the subdistricts, each at a door far from the others."""
    counts = np.bincount(fronts.area, weights=0.12 + fronts.weight)
    share = np.maximum(np.round(counts / counts.sum() * COMMUNITIES), 5).astype(int)
    share[int(np.argmax(share))] += COMMUNITIES - share.sum()
    words = iter(pairs()[::-1])
    rng = dice("communities")
    found = []
    for area, count in enumerate(share.tolist()):
        rows = np.flatnonzero((fronts.area == area) & (fronts.weight > 0))
        if not len(rows):
            rows = np.flatnonzero(fronts.area == area)
        chosen = [int(rows[int(rng.integers(len(rows)))])]
        far = np.full(len(rows), np.inf)
        for _ in range(count):
            far = np.minimum(far, np.hypot(*(fronts.xy[rows] - fronts.xy[chosen[-1]]).T))
            chosen.append(int(rows[int(np.argmax(np.round(far, 1)))]))
        found += [(next(words)[0], front) for front in chosen[1:]]
    return found


def _firm_spots(places: Places) -> list[Spot]:
    found = []
    for firm in places.firms:
        x, y = places.fronts.xy[firm.front].tolist()
        found.append(Spot(x, y, {**TAGS[firm.host], "name": firm.name}))
    return found


def _place_spots(places: Places, areas: Areas) -> list[Spot]:
    _, name, en = skeleton.DISTRICT
    found = [Spot(-230.0, 140.0, {"place": "suburb", "name": name, "name:en": en})]
    for (said, sound, _, _), shape in zip(skeleton.SUBDISTRICTS, areas.shapes, strict=True):
        x, y = rounded(shapely.get_coordinates(shapely.point_on_surface(shape))[0]).tolist()
        short = said.removesuffix("街道")
        found.append(Spot(x, y, {"place": "quarter", "name": short, "name:en": sound}))
    for said, front in places.communities:
        x, y = (places.fronts.xy[front] + (4.0, 5.0)).tolist()
        found.append(Spot(x, y, {"place": "neighbourhood", "name": f"{said}社区"}))
    return found


def _stops(town: Town) -> list[Spot]:
    """Put bus stops along the larger streets, entrances of the metro, and the station."""
    rng = dice("stops")
    station = {"railway": "station", "name": "澄江站", "name:en": "Chengjiang"}
    found = [Spot(-235.0, -1788.0, station)]
    smaller = [s for s in town.ground.streets if s.highway in {"tertiary", "unclassified"}]
    lines = np.array([shapely.LineString(street.line) for street in smaller])
    for street in town.ground.streets:
        total = lengths(street.line)[-1] if street.highway in {"primary", "secondary"} else 0.0
        way = rng.uniform(120, 300)
        while way < total:
            x, y = rounded(along(street.line, [way])[0] + rng.uniform(-9, 9, 2)).tolist()
            stop = shapely.Point(x, y)
            if town.ground.border.contains(stop):
                near = smaller[int(np.argmin(np.round(shapely.distance(stop, lines), 1)))]
                found.append(Spot(x, y, {"highway": "bus_stop", "name": f"{near.name}口"}))
            way += rng.uniform(420, 640)
    for name, x, y in METRO:
        for letter, east, north in (("A", 26, 24), ("B", -26, 24), ("C", -26, -24), ("D", 26, -24)):
            tags = {"railway": "subway_entrance", "name": f"{name}站{letter}口", "ref": letter}
            found.append(Spot(x + east, y + north, tags))
    return found
