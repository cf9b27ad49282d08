"""``nuanyi stations check``: stations that may be one, coordinate twins, odd positions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from geo.city import build_city
from geo.coords import from_wgs84
from geo.store.settled import Question
from tests.networks import to_degrees
from tests.test_places import extract, node, way
from tests.webmap.conftest import NOW

if TYPE_CHECKING:
    from pathlib import Path

    from geo.store import Store
    from tests.webmap.conftest import Run, Save
    from webmap.settings import Settings

ONE = {"code": "A", "name": "隆福寺驿站", "lon": "116.41", "lat": "39.93", "hours": "24/7"}


def _found(run: Run) -> list[tuple[str, str, str]]:
    answer = json.loads(run("stations", "check", "--json").stdout)
    return [(one["code"], one["kind"], one["problem"]) for one in answer["problems"]]


def test_lists_what_may_be_one_until_somebody_says_it_is_not(
    run: Run, save: Save, own_store: Store
) -> None:
    save(ONE, {**ONE, "code": "B", "lon": "116.4105"}, {**ONE, "code": "C", "status": "closed"})
    text = run("stations", "check").stdout
    assert "  possible_duplicate: 1\n" in text
    assert "it may be the same station as B 隆福寺驿站, 43 m away (the same name)" in text
    own_store.settle([Question.of_pair("A", "B")], actor="lin", now=NOW)
    assert "possible_duplicate" not in run("stations", "check").stdout


@pytest.mark.parametrize(("datum", "name"), [("gcj02", "GCJ-02"), ("bd09", "BD-09")])
def test_lists_coordinate_twins(run: Run, save: Save, datum: str, name: str) -> None:
    lon, lat = from_wgs84([116.41], [39.93], datum)
    save(ONE, {**ONE, "code": "B", "lon": f"{lon[0]:.6f}", "lat": f"{lat[0]:.6f}"})
    ((code, kind, problem),) = [one for one in _found(run) if one[1] == "coordinate_twin"]
    assert (code, kind) == ("A", "coordinate_twin")
    assert f"the shift from WGS-84 to {name} (the same name)" in problem


def test_lists_positions_in_water_and_far_from_walkways(
    run: Run, save: Save, settings: Settings, tmp_path: Path
) -> None:
    x = [0, 2000, 900, 1100, 1100, 900]
    y = [0, 0, 20, 20, 80, 80]
    places = zip(*to_degrees(x, y), strict=True)
    nodes = [node(number, *place) for number, place in enumerate(places, start=1)]
    street, lake = way(1, [1, 2], highway="footway"), way(2, [3, 4, 5, 6, 3], natural="water")
    corner = [node(7, *to_degrees(1000, 900)), node(8, *to_degrees(2100, 900))]
    path = way(3, [7, 8], highway="footway")
    file = extract(tmp_path / "made.osm", *nodes, *corner, street, lake, path)
    build_city([file], settings.cities, code="made")
    spots = zip("NFW", *to_degrees([500, 500, 1000], [50, 300, 50]), strict=True)
    save(
        *(
            {**ONE, "code": code, "name": f"{code}驿站", "lon": f"{lon:.6f}", "lat": f"{lat:.6f}"}
            for code, lon, lat in spots
        )
    )
    found = [(code, kind) for code, kind, _ in _found(run) if kind != "entry_unknown"]
    assert found == [("F", "far_from_walkways"), ("W", "in_water")]
    assert "it lies 300 m from the nearest walkway" in run("stations", "check").stdout
