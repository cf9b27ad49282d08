"""The walkable ways as nodes, and the graph they make."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from district.meeting import point_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from district.meeting import Key
    from district.plane import Points


@dataclass
class Way:
    """A walkable way as nodes, with the tags of a mapper."""

    keys: list[Key]
    tags: dict[str, str]


@dataclass(frozen=True)
class Net:
    """A walking graph over n nodes."""

    keys: list[Key]
    xy: Points  # (n, 2)
    graph: csr_array  # (n, n) metres, both ways
    main: NDArray[np.bool_]  # (n,) in the largest connected part

    @classmethod
    def of(cls, ways: list[Way], shut: set[Key]) -> Net:
        """Make the graph of some ways, without the nodes where nobody passes."""
        keys = list(dict.fromkeys(key for way in ways for key in way.keys))
        xy = np.array([point_of(key) for key in keys])
        number = {key: nth for nth, key in enumerate(keys)}
        pairs = np.array([
            (number[a], number[b])
            for way in ways
            for a, b in pairwise(way.keys)
            if a not in shut and b not in shut
        ])  # fmt: skip
        pairs = np.unique(np.sort(pairs, axis=1), axis=0)
        metres = np.hypot(*(xy[pairs[:, 0]] - xy[pairs[:, 1]]).T)
        a, b = np.concatenate([pairs, pairs[:, ::-1]]).T
        graph = coo_array((np.tile(metres, 2), (a, b)), shape=(len(keys), len(keys))).tocsr()
        _, label = connected_components(graph, directed=False)
        return cls(keys, xy, graph, label == np.argmax(np.bincount(label)))


def connected(ways: list[Way]) -> list[Way]:
    """Leave out what no other way reaches, as a mapper would have joined it."""
    net = Net.of(ways, set())
    part = dict(zip(net.keys, net.main, strict=True))
    return [way for way in ways if part[way.keys[0]]]
