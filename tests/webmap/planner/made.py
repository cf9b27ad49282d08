"""Results of runs for the pages' tests: measured once, laid under as many runs as are wanted."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.coverage import Drawing, coverage, write_coverage, write_streets, write_stretches
from geo.tracks import read_tracks
from tests.networks import network_of, stations_at, to_degrees
from tests.walks import street_walk
from tests.webmap.runs.waiting import put_row
from tests.webmap.staff.conftest import HOSTILE
from webmap.runs import DONE
from webmap.runs.record import moment_now

if TYPE_CHECKING:
    from pathlib import Path

    from webmap.runs import Run
    from webmap.settings import Settings

STREET = network_of(
    [(0, 0), (500, 0), (1500, 0), (2500, 0), (5000, 0)], [(0, 1), (1, 2), (2, 3), (3, 4)]
)
HOUR_S = 3600


def make_result(
    folder: Path,
    *,
    workers: int = 6,
    stations: tuple[tuple[float, str], ...] = ((1000.0, "05:00-20:00"),),
    limit_m: float = 1000.0,
) -> Path:
    """Measure workers who walk 3 km of one street at four and at seven; write the result's files.

    Parameters
    ----------
    folder : Path
        Made, with a folder ``result`` in it.
    workers : int
        How many walk it, a minute apart.
    stations : tuple of (float, str)
        Metres along the street and hours; all have a nasty name.
    limit_m : float
        Of the run.
    """
    x_m = [50.0 * n for n in range(61)]
    walks = [
        street_walk(x_m, [start + 60 * worker + 40 * n for n in range(len(x_m))]).assign(
            worker=f"w{worker}"
        )
        for worker in range(workers)
        for start in (0, 3 * HOUR_S)
    ]
    result = folder / "result"
    result.mkdir(parents=True)
    tracks = folder / "tracks.csv"
    pd.concat(walks).to_csv(tracks, index=False)
    lon, lat = to_degrees([place for place, _ in stations], np.zeros(len(stations)))
    points = stations_at(lon.tolist(), lat.tolist(), hours=[hours for _, hours in stations])
    points["name"] = HOSTILE
    with read_tracks([tracks], tz="Asia/Shanghai") as read:
        found = coverage(
            read, points, STREET, limit_m=limit_m, areas=[_areas()], drawing=Drawing(), streets=True
        )
    write_coverage(found, result)
    write_stretches(found, result / "stretches.geojson")
    write_streets(found, result)
    return result


def put_done(settings: Settings, result: Path, **cells: Any) -> Run:  # noqa: ANN401 - cells of a run
    """Keep a run that is done with such a result."""
    usual = {"state": DONE, "share": 1.0, "finished": moment_now(), "city": "street"}
    folder, run = put_row(settings, b"x", **usual | cells)
    shutil.copytree(result, folder / "result")
    return run


def _areas() -> gpd.GeoDataFrame:
    """Return two areas, west and east of 1.5 km, one of a nasty name."""
    west, south = to_degrees([-500, 1500], [-500, -500])
    east, north = to_degrees([1500, 6000], [500, 500])
    boxes = [shapely.box(*edges) for edges in zip(west, south, east, north, strict=True)]
    return gpd.GeoDataFrame({"name": ["西段街道", HOSTILE]}, geometry=boxes, crs="EPSG:4326")


@pytest.fixture(scope="session")
def one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a result of six workers, who find the only station shut at four."""
    return make_result(tmp_path_factory.mktemp("one") / "run")


@pytest.fixture(scope="session")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a result of the same walks after the station opens at four and another was made."""
    stations = ((1000.0, "04:00-20:00"), (3500.0, "24/7"))
    return make_result(tmp_path_factory.mktemp("other") / "run", stations=stations)


@pytest.fixture(scope="session")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a result of four workers, with a nearer limit."""
    return make_result(tmp_path_factory.mktemp("few") / "run", workers=4, limit_m=500.0)
