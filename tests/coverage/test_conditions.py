"""What rules stations out as of a moment, and options that are refused."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pytest
import shapely

from geo.coverage import coverage
from geo.coverage.conditions import make_conditions
from geo.errors import CrsMismatchError, InvalidOptionError, MissingCrsError
from geo.tracks import read_tracks
from tests.networks import network_of, stations_at, to_degrees
from tests.walks import street_walk, write_walks

if TYPE_CHECKING:
    from pathlib import Path

    from geo.coverage.conditions import Conditions

AS_OF = dt.datetime(2026, 3, 2, tzinfo=dt.timezone(dt.timedelta(hours=8)))
OPTIONS: dict[str, Any] = {
    "as_of": AS_OF, "locked": (), "evidence": None, "max_age_days": 180.0, "needs": (),
    "no_phone": False,
}  # fmt: skip


def stations() -> gpd.GeoDataFrame:
    made = stations_at([116.3] * 4, [40.0] * 4)
    made["verified_on"] = ["2025-09-03", "2025-09-02", "", "2026-03-01"]
    return made


def conditions(**options: object) -> Conditions:
    return make_conditions(stations(), **OPTIONS | options)


def test_older_than_the_days_allowed_is_unverified_and_exactly_as_old_is_not() -> None:
    assert conditions().is_unverified(stations()).tolist() == [False, True, False, False]


def test_without_any_evidence_a_station_is_not_too_old() -> None:
    evidence = {"S000": AS_OF - dt.timedelta(days=181)}
    found = conditions(evidence=evidence).is_unverified(stations())
    assert found.tolist() == [True, False, False, False]


def test_as_of_is_the_last_day_of_the_data() -> None:
    assert conditions(as_of=None).as_of == dt.datetime.fromisoformat("2026-03-01T00:00+08:00")
    bare = stations_at([116.3], [40.0])
    none = make_conditions(bare, **OPTIONS | {"as_of": None})
    assert none.as_of is None
    assert not none.is_unverified(bare.assign(verified_on="1990-01-01")).any()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"as_of": dt.datetime(2026, 3, 2)}, "no offset"),  # noqa: DTZ001
        ({"evidence": {"S001": dt.datetime(2026, 3, 2)}}, "evidence of S001"),  # noqa: DTZ001
        ({"max_age_days": 0.0}, "above 0"),
        ({"max_age_days": float("nan")}, "above 0"),
        ({"max_age_days": float("inf")}, "above 0"),
        ({"needs": ["coffee"]}, "coffee"),
        ({"locked": "S001"}, "collection"),
    ],
)
def test_options_that_mean_nothing_are_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidOptionError, match=said):
        conditions(**options)


@pytest.mark.parametrize(("crs", "error"), [(3857, CrsMismatchError), (None, MissingCrsError)])
def test_areas_in_another_crs_are_refused(
    tmp_path: Path, crs: int | None, error: type[Exception]
) -> None:
    path = write_walks(street_walk([0, 100], [0, 60]), tmp_path / "walk.csv")
    (west, east), (south, north) = to_degrees([-50, 5000], [-500, 500])
    layer = gpd.GeoDataFrame(
        {"name": ["a"]}, geometry=[shapely.box(west, south, east, north)], crs=4326
    )
    moved = layer.to_crs(crs) if crs else layer.set_crs(None, allow_override=True)
    with read_tracks([path]) as tracks, pytest.raises(error, match="layer 1"):
        coverage(
            tracks, stations_at([], []), network_of([(0, 0), (2000, 0)], [(0, 1)]), areas=[moved]
        )
