"""A way as a walker tells it: which way first, where to turn, how far, on which side it is.

Bends that the street itself makes are no turns, and bits too short to be noticed are told with
what follows. Angles are taken on a plane, which at the length of a walk is the ground.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from geo.coords import bearing_deg, geodesic_m
from geo.network.names import NAMELESS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.nearest.way import Way
    from geo.network.names import Street

    Floats = NDArray[np.float64]

Turn = Literal[
    "start", "straight", "slight_left", "left", "sharp_left",
    "slight_right", "right", "sharp_right", "back",
]  # fmt: skip
Side = Literal["left", "right", "ahead", ""]  # "": at the way itself, or behind

MOST_LEGS: Final = 7  # a leg is a line, and arriving is one more; longer ways may have more
_BEND_M: Final = 8.0  # a line that keeps so near to the way is as good as it
_STRAIGHT_DEG: Final = 35.0  # a smaller turn is none
_SLIGHT_DEG: Final = 60.0
_SHARP_DEG: Final = 130.0
_BACK_DEG: Final = 160.0
_SHORT_M: Final = 30.0  # a leg that is told; in Chinese cities streets are wider than 20 m
_JOGS_M: Final = (45.0, 60.0, 90.0)  # where a way has many legs: jogs between straight ones
_BESIDE_M: Final = 8.0  # a place nearer to the way than this is on no side of it


@dataclass(frozen=True)
class Leg:
    """A part of a way that is one line when told."""

    turn: Turn  # at its beginning
    heading_deg: float  # there, 0 = north, 90 = east
    metres: float
    street: Street  # of most of it


@dataclass(frozen=True)
class Directions:
    """A way in words' order; the metres of the legs sum to those of the way."""

    legs: tuple[Leg, ...]  # at least 1
    side: Side  # where the place is when one gets there


def tell_way(way: Way) -> Directions:
    """Return a way as legs.

    Off the network it is one leg, straight to the place. The short bits between the network and
    both ends are told with the legs beside them.
    """
    (lon, lat), (end_lon, end_lat) = way.coordinates[0], way.coordinates[-1]
    on = [at for at, street in enumerate(way.streets) if street is not None]
    if not on:
        heading = bearing_deg(lon, lat, end_lon, end_lat)
        return Directions((Leg("start", heading, way.metres, NAMELESS),), "")
    degrees = np.array(way.coordinates)
    places = _to_plane(degrees)
    along = geodesic_m(degrees[:-1, 0], degrees[:-1, 1], degrees[1:, 0], degrees[1:, 1])
    first, last = on[0], on[-1] + 1
    streets = [street or NAMELESS for street in way.streets[first:last]]
    parts = _parts(places[first : last + 1], along[first:last], streets)
    parts[0] = parts[0].longer(float(along[:first].sum()))
    parts[-1] = parts[-1].longer(float(along[last:].sum()))
    parts = _shortened(parts)
    legs = [_leg(None, parts[0])]
    legs += [_leg(*pair) for pair in pairwise(parts)]
    return Directions(tuple(legs), _side(parts[-1], places[-1]))


@dataclass(frozen=True)
class _Part:
    """A stretch of a way that is straight, or nearly; on the plane, in metres."""

    begin_deg: float
    end_deg: float
    stop: Floats  # (2,) where it ends
    metres: float
    of_street: tuple[tuple[Street, float], ...]  # metres of each

    def longer(self, metres: float) -> _Part:
        return replace(self, metres=self.metres + metres)

    @property
    def street(self) -> Street:
        """The street of most of it; of a named one a third will do."""
        best, metres = max(self.of_street, key=lambda part: part[1])
        named = [part for part in self.of_street if part[0] != NAMELESS]
        if best == NAMELESS and named:
            other, other_m = max(named, key=lambda part: part[1])
            return other if other_m >= metres / 2 else best
        return best

    def goes_on_in(self, other: _Part) -> bool:
        """Return whether nothing is to be told between this part and another."""
        if abs(_turn_deg(self.end_deg, other.begin_deg)) >= _STRAIGHT_DEG:
            return False
        return NAMELESS in {self.street, other.street} or self.street == other.street

    def joined(self, other: _Part) -> _Part:
        sums = dict(self.of_street)
        for street, metres in other.of_street:
            sums[street] = sums.get(street, 0.0) + metres
        return _Part(
            self.begin_deg,
            other.end_deg,
            other.stop,
            self.metres + other.metres,
            tuple(sums.items()),
        )


def _parts(places: Floats, along: Floats, streets: Sequence[Street]) -> list[_Part]:
    """Return the parts of a line of k places; ``along`` and ``streets`` are of its stretches."""
    corners = _corners(places, streets)
    parts: list[_Part] = []
    for begin, stop in pairwise(corners):
        heading = _heading_deg(places[begin], places[stop])
        sums: dict[Street, float] = {}
        for at in range(begin, stop):
            sums[streets[at]] = sums.get(streets[at], 0.0) + float(along[at])
        metres = float(along[begin:stop].sum())
        part = _Part(heading, heading, places[stop], metres, tuple(sums.items()))
        if parts and parts[-1].goes_on_in(part):
            parts[-1] = parts[-1].joined(part)
        else:
            parts.append(part)
    return parts


def _corners(places: Floats, streets: Sequence[Street]) -> list[int]:
    """Return the places whose line keeps near to all others (Douglas-Peucker).

    Where one named street leads into another is one of them as well.
    """
    changes = [at for at in range(1, len(streets)) if _is_change(streets[at - 1], streets[at])]
    kept = {0, *changes, len(places) - 1}
    fixed = sorted(kept)
    spans = list(pairwise(fixed))
    while spans:
        begin, stop = spans.pop()
        if stop - begin < 2:  # noqa: PLR2004 - no place between
            continue
        off = _off_line_m(places[begin + 1 : stop], places[begin], places[stop])
        middle = begin + 1 + int(np.argmax(off))
        if off[middle - begin - 1] > _BEND_M:
            kept.add(middle)
            spans += [(begin, middle), (middle, stop)]
    return sorted(kept)


def _is_change(before: Street, after: Street) -> bool:
    return before != after and NAMELESS not in {before, after}


def _off_line_m(places: Floats, begin: Floats, stop: Floats) -> Floats:
    """Return how far places, shape (k, 2), are from the line between two others."""
    way, away = stop - begin, places - begin
    square = float(way @ way)
    share = np.clip(away @ way / square, 0.0, 1.0) if square else np.zeros(len(places))
    return np.asarray(np.hypot(*(away - share[:, None] * way).T))


def _shortened(parts: list[_Part]) -> list[_Part]:
    """Return the parts that are told: each long enough to be noticed, and not too many."""
    parts = _without_short(parts, _SHORT_M, only_jogs=False)
    for jog_m in _JOGS_M:
        if len(parts) <= MOST_LEGS:
            break
        parts = _without_short(parts, jog_m, only_jogs=True)
    return parts


def _without_short(parts: list[_Part], short_m: float, *, only_jogs: bool) -> list[_Part]:
    """Let parts shorter than ``short_m`` be told with the next one, the shortest first.

    ``only_jogs``: those alone after which one goes on as before.
    """
    parts = list(parts)
    while len(parts) > 1:
        short = [
            at
            for at, part in enumerate(parts)
            if part.metres < short_m and (not only_jogs or _is_jog(parts, at))
        ]
        if not short:
            break
        at = min(short, key=lambda one: parts[one].metres)
        gone = parts.pop(at)
        if at == len(parts):
            parts[-1] = parts[-1].longer(gone.metres)
            continue
        parts[at] = parts[at].longer(gone.metres)
        if at and parts[at - 1].goes_on_in(parts[at]):
            parts[at - 1] = parts[at - 1].joined(parts.pop(at))
    return parts


def _is_jog(parts: list[_Part], at: int) -> bool:
    return 0 < at < len(parts) - 1 and parts[at - 1].goes_on_in(parts[at + 1])


def _leg(before: _Part | None, part: _Part) -> Leg:
    turn: Turn = "start"
    if before is not None:
        turn = _name_turn(_turn_deg(before.end_deg, part.begin_deg))
    return Leg(turn, part.begin_deg, part.metres, part.street)


def _name_turn(degrees: float) -> Turn:
    """Return the word of a turn, to the right if positive."""
    size = abs(degrees)
    if size < _STRAIGHT_DEG:
        return "straight"
    if size >= _BACK_DEG:
        return "back"
    is_right = degrees > 0
    if size < _SLIGHT_DEG:
        return "slight_right" if is_right else "slight_left"
    if size > _SHARP_DEG:
        return "sharp_right" if is_right else "sharp_left"
    return "right" if is_right else "left"


def _side(last: _Part, place: Floats) -> Side:
    """Return on which side of the last part a place is."""
    if float(np.hypot(*(place - last.stop))) < _BESIDE_M:
        return ""
    turn = _turn_deg(last.end_deg, _heading_deg(last.stop, place))
    if abs(turn) <= _STRAIGHT_DEG:
        return "ahead"
    if abs(turn) >= _BACK_DEG:
        return ""
    return "right" if turn > 0 else "left"


def _to_plane(degrees: Floats) -> Floats:
    """Return metres east and north of the first place, shape (n, 2)."""
    lon, lat = degrees.T
    per_degree = np.radians(6_371_000.0)
    east = (lon - lon[0]) * per_degree * np.cos(np.radians(lat[0]))
    return np.column_stack([east, (lat - lat[0]) * per_degree])


def _heading_deg(begin: Floats, stop: Floats) -> float:
    east, north = stop - begin
    return float(np.degrees(np.arctan2(east, north)) % 360.0)


def _turn_deg(before: float, after: float) -> float:
    """Return the turn from one heading to another, in (-180, 180]; positive to the right."""
    turn = (after - before) % 360.0
    return turn - 360.0 if turn > 180.0 else turn  # noqa: PLR2004 - half a turn
