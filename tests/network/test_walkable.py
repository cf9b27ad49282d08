"""Which ways and barriers a walker passes: the table of definitions.md."""

from __future__ import annotations

import pytest

from geo.network.walkable import is_shut_barrier, is_walkable


@pytest.mark.parametrize(
    ("tags", "walkable"),
    [
        ({"highway": "residential"}, True),
        ({"highway": "steps"}, True),
        ({"highway": "platform"}, True),
        ({"highway": "cycleway"}, True),
        ({"highway": "trunk", "motorroad": "yes"}, True),
        ({"highway": "primary", "foot": "use_sidepath"}, True),
        ({"highway": "residential", "oneway": "yes"}, True),
        ({"highway": "motorway"}, False),
        ({"highway": "motorway_link", "foot": "yes"}, False),
        ({"highway": "construction"}, False),
        ({"highway": "proposed"}, False),
        ({"highway": "planned"}, False),
        ({"highway": "path", "foot": "no"}, False),
        ({"highway": "path", "foot": "private"}, False),
        ({"highway": "service", "access": "no"}, False),
        ({"highway": "service", "access": "private"}, False),
        ({"highway": "service", "access": "private", "foot": "yes"}, True),
        ({"highway": "service", "access": "no", "foot": "designated"}, True),
        ({"highway": "service", "access": "no", "foot": "permissive"}, True),
        ({"highway": "service", "access": "no", "foot": "use_sidepath"}, False),
        ({"highway": "service", "access": "permissive"}, True),
        ({"railway": "platform"}, False),
        ({"barrier": "wall"}, False),
    ],
)
def test_way(tags: dict[str, str], *, walkable: bool) -> None:
    assert is_walkable(tags) is walkable


@pytest.mark.parametrize(
    ("tags", "shut"),
    [
        ({"barrier": "gate"}, False),
        ({"barrier": "bollard"}, False),
        ({"barrier": "entrance", "foot": "no"}, True),
        ({"barrier": "gate", "foot": "private"}, True),
        ({"barrier": "gate", "access": "no"}, True),
        ({"barrier": "gate", "access": "private", "foot": "yes"}, False),
        ({"barrier": "lift_gate", "access": "private", "foot": "designated"}, False),
        ({"barrier": "lift_gate", "access": "customers"}, False),
        ({"access": "no"}, False),
    ],
)
def test_barrier(tags: dict[str, str], *, shut: bool) -> None:
    assert is_shut_barrier(tags) is shut
