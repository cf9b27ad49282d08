"""Where lines meet: one node for every crossing and every end that touches another line.

Done segment by segment in plain arithmetic, so that ways that meet share a node exactly, as
mappers draw them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from district.plane import CM

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from district.plane import Points

TOUCH_M: Final = 0.6  # nearer than this is the same place
Key = tuple[int, int]  # centimetres
Segment = tuple[int, int]  # line and place on it


def key_of(point: Points) -> Key:
    """Return what identifies the node at a point."""
    x, y = np.rint(np.asarray(point) * 10**CM).astype(np.int64).tolist()
    return x, y


def point_of(key: Key) -> tuple[float, float]:
    """Return the position of a node, metres."""
    return key[0] / 10**CM, key[1] / 10**CM


@dataclass
class _Joints:
    """What the meetings add: nodes on segments, and which nodes are one."""

    added: dict[Segment, list[Key]] = field(default_factory=dict)
    same: dict[Key, Key] = field(default_factory=dict)

    def add(self, at: Segment, key: Key) -> None:
        self.added.setdefault(at, []).append(key)

    def make_same(self, a: Key, b: Key) -> None:
        low, high = sorted((self.named(a), self.named(b)))
        if low != high:
            self.same[high] = low

    def named(self, key: Key) -> Key:
        while key in self.same:
            key = self.same[key]
        return key


def joined(lines: list[Points]) -> list[list[Key]]:
    """Return each line as nodes, with nodes added where other lines cross or touch it."""
    owner = np.repeat(np.arange(len(lines)), [len(line) - 1 for line in lines])
    nth = np.concatenate([np.arange(len(line) - 1) for line in lines])
    ends = np.concatenate([np.stack([line[:-1], line[1:]], axis=1) for line in lines])
    joints = _Joints()
    for i, j in _near_pairs(ends, owner, nth):
        at = [(int(owner[n]), int(nth[n])) for n in (i, j)]
        _meet((ends[i], ends[j]), (at[0], at[1]), joints)
    return [_rebuilt(row, line, joints) for row, line in enumerate(lines)]


def _near_pairs(
    ends: NDArray[np.float64], owner: NDArray[np.int64], nth: NDArray[np.int64]
) -> list[tuple[int, int]]:
    """Return the pairs of segments that touch and are not neighbours on one line, sorted."""
    segments = np.array(shapely.linestrings(ends))
    i, j = shapely.STRtree(segments).query(segments, predicate="dwithin", distance=TOUCH_M)
    keep = (i < j) & ~((owner[i] == owner[j]) & (np.abs(nth[i] - nth[j]) <= 1))
    return sorted(zip(i[keep].tolist(), j[keep].tolist(), strict=True))


def _meet(pair: tuple[Points, Points], at: tuple[Segment, Segment], joints: _Joints) -> None:
    """Note the node that two segments share: an end of one on the other, or the crossing."""
    one, two = pair
    touched = False
    for ends, other, place in ((one, two, at[1]), (two, one, at[0])):
        for end in ends:
            if _away(end, other) > TOUCH_M:
                continue
            touched = True
            near = [corner for corner in other if np.hypot(*(corner - end)) <= TOUCH_M]
            if near:
                joints.make_same(key_of(end), key_of(near[0]))
            else:
                joints.add(place, key_of(end))
    if not touched:
        crossing = key_of(_crossing(one, two))
        joints.add(at[0], crossing)
        joints.add(at[1], crossing)


def _away(point: Points, segment: Points) -> float:
    a, way = segment[0], segment[1] - segment[0]
    share = np.clip((point - a) @ way / max(float(way @ way), 1e-9), 0.0, 1.0)
    return float(np.hypot(*(point - a - share * way)))


def _crossing(one: Points, two: Points) -> Points:
    r, s, w = one[1] - one[0], two[1] - two[0], two[0] - one[0]
    share = (w[0] * s[1] - w[1] * s[0]) / (r[0] * s[1] - r[1] * s[0])
    return np.asarray(one[0] + share * r)


def _rebuilt(row: int, line: Points, joints: _Joints) -> list[Key]:
    found = [joints.named(key_of(line[0]))]
    for nth, (a, b) in enumerate(pairwise(line)):
        more = set(joints.added.get((row, nth), []))
        ahead = sorted(more, key=lambda key: float((np.array(point_of(key)) - a) @ (b - a)))
        for key in [*ahead, key_of(b)]:
            named = joints.named(key)
            if named != found[-1]:
                found.append(named)
    return found
