"""The staff desk: stations around the one that is typed; doubtful records, settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geo.stations import validate_stations
from tests.webmap.rights.right import NOW, seen, sent

if TYPE_CHECKING:
    from tests.webmap.rights.world import World

RIGHTS = (
    sent(
        "staff.alike",
        "/staff/alike",
        "editor",
        done=200,
        writes=False,
        form={"name": "新驿站", "lon": "{lon}", "lat": "39.93"},
    ),
    seen("staff.doubts", "/staff/doubts"),
    sent(
        "staff.same",
        "/staff/doubts/same",
        "editor",
        foreign=403,
        form={"keep": "{twice}1", "drop": "{twice}2"},
    ),
    sent(
        "staff.right",
        "/staff/doubts/right",
        "editor",
        foreign=403,
        form={"kind": "alike", "code": "{twice}1", "about": "{twice}2"},
    ),
)


def furnish(world: World) -> None:
    """Enter a station of each area twice."""
    rows = [
        {
            "code": f"TWICE-{place}{number}",
            "name": f"重复{place}驿站",
            "lon": f"{lon + number / 10_000:.4f}",
            "lat": "39.935",
        }
        for place, lon in (("W", 116.405), ("E", 116.435))
        for number in (1, 2)
    ]
    stations = validate_stations(pd.DataFrame(rows), source="made up").stations
    world.store.save_stations(stations, actor="test", origin="test", now=NOW)
    world.put("twice", own="TWICE-W", foreign="TWICE-E")
