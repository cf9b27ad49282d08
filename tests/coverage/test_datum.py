"""The datum of tracks, told by their distance to the walking network; never told wrongly."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from geo.coords import DATUMS, from_wgs84
from geo.coverage.datum import infer_datum, settle_tracks
from geo.errors import AmbiguousDatumError, EmptyTracksError
from geo.network import build_network
from geo.network.graph import make_network
from geo.tracks import read_tracks
from tests.networks import network_of, random_network, to_degrees
from tests.shared_data import SHARED, needs_shared_data
from tests.tracks.build import same_bits, steps_of
from tests.walks import random_walks, street_walk

if TYPE_CHECKING:
    from geo.coverage.datum import Inference
    from geo.network import Network

DEMO = Path(__file__).parents[2] / "data" / "demo"
STREET = network_of([(0, 0), (5000, 0)], [(0, 1)])
WALK = street_walk(list(range(0, 3001, 50)), list(range(0, 61 * 40, 40)))


def put(path: Path, table: pd.DataFrame, datum: str = "wgs84", *, noise_m: float = 0.0) -> Path:
    """Write fixes as a device that keeps to a datum would."""
    rng = np.random.default_rng(3)
    away = rng.normal(0.0, noise_m / 100_000, (2, len(table)))
    lon, lat = from_wgs84(table["lon"] + away[0], table["lat"] + away[1], datum)
    table.assign(lon=lon, lat=lat).to_csv(path, index=False, float_format="%.7f")
    return path


def told(path: Path, network: Network, **options: str) -> Inference:
    with read_tracks([path], **options) as tracks:  # type: ignore[arg-type]  # passed on as given
        return infer_datum(tracks, network)


@cache
def demo() -> tuple[Network, pd.DataFrame]:
    table = pd.read_csv(DEMO / "tracks.csv.gz")
    return build_network([DEMO / "district.osm.pbf"]), table


@cache
def haidian() -> tuple[Network, pd.DataFrame]:
    folder = SHARED / "beijing-haidian"
    table = pd.read_csv(folder / "tracks.csv.gz")
    table = table.rename(columns={"lng": "lon", "datetime": "time", "uid": "worker"})
    return build_network([folder / "walk.osm.pbf"]), table


@pytest.mark.parametrize("noise_m", [0.0, 15.0])
@pytest.mark.parametrize("datum", DATUMS)
def test_each_datum_of_the_demo_is_told(tmp_path: Path, datum: str, noise_m: float) -> None:
    network, table = demo()
    found = told(put(tmp_path / "t.csv", table[::20], datum, noise_m=noise_m), network)
    assert (found.datum, found.told) == (datum, True)
    assert min(found.medians, key=lambda name: found.medians[name]) == datum


@needs_shared_data
@pytest.mark.parametrize("noise_m", [0.0, 30.0])
@pytest.mark.parametrize("datum", DATUMS)
def test_each_datum_of_real_tracks_is_told(tmp_path: Path, datum: str, noise_m: float) -> None:
    network, table = haidian()
    found = told(put(tmp_path / "t.csv", table, datum, noise_m=noise_m), network, tz="UTC")
    assert (found.datum, found.told) == (datum, True)


@needs_shared_data
@pytest.mark.parametrize("count", [10, 100, 1000])
def test_few_fixes_are_told_rightly_or_not_at_all(tmp_path: Path, count: int) -> None:
    network, table = haidian()
    for nth, datum in enumerate(DATUMS * 3):
        some = table[nth * 3000 :][:count]
        found = told(put(tmp_path / "t.csv", some, datum), network, tz="UTC")
        assert found.datum in {datum, None} or not found.told


def test_a_walk_that_only_one_datum_puts_on_the_street_is_told(tmp_path: Path) -> None:
    for datum in DATUMS:
        assert told(put(tmp_path / "t.csv", WALK, datum), STREET).datum == datum


def test_what_is_told_gives_the_same_bits_as_what_is_said(tmp_path: Path) -> None:
    path = put(tmp_path / "t.csv", WALK, "bd09")
    said = steps_of(path, datum="bd09")
    with read_tracks([path]) as tracks:
        settled, found = settle_tracks(tracks, STREET)
        assert (found.datum, settled.datum, tracks.datum) == ("bd09", "bd09", "wgs84")
        (steps,) = settled.parts()
    assert same_bits(steps, said)


def test_the_order_of_rows_and_files_tells_the_same(tmp_path: Path) -> None:
    network = random_network(4, side=20)
    table = random_walks(network, 1, workers=4, fixes=2500)
    path = put(tmp_path / "t.csv", table, "gcj02")
    back, front = tmp_path / "back.csv", tmp_path / "front.csv"
    rows = pd.read_csv(path, dtype=str)
    rows[::-1][:5000].to_csv(back, index=False)
    rows[:5000].to_csv(front, index=False)
    with read_tracks([back, front], max_rows_in_memory=0) as cut:
        assert infer_datum(cut, network) == told(path, network)


def two_streets() -> Network:
    """Return two streets, apart as WGS-84 and GCJ-02 are."""
    lon, lat = to_degrees(np.arange(21) * 250, np.zeros(21))
    x, y = from_wgs84(lon, lat, "gcj02")
    nodes = np.arange(21)
    links = np.column_stack([nodes[:-1], nodes[1:]])
    return make_network(
        np.append(lon, x), np.append(lat, y), np.arange(42), np.concatenate([links, links + 21])
    )


def test_two_datums_that_fit_alike_are_refused_with_the_remedy(tmp_path: Path) -> None:
    path, network = put(tmp_path / "t.csv", WALK, "gcj02"), two_streets()
    with read_tracks([path]) as tracks:
        assert infer_datum(tracks, network).datum is None
        with pytest.raises(AmbiguousDatumError, match=r"as WGS-84, .* say which with --datum"):
            settle_tracks(tracks, network)


def test_too_few_fixes_to_tell_a_datum_are_too_few_to_measure(tmp_path: Path) -> None:
    network = two_streets()
    for rows in (WALK[20:21], WALK[::40]):  # 26 minutes apart
        with read_tracks([put(tmp_path / "t.csv", rows, "gcj02")]) as tracks:
            assert infer_datum(tracks, network).datum is None
            with pytest.raises(EmptyTracksError, match="no worker has two fixes") as raised:
                settle_tracks(tracks, network)
        assert raised.value.code == "no_steps"


def test_tracks_off_the_network_stay_as_they_are(tmp_path: Path) -> None:
    lon, lat = to_degrees(range(0, 3000, 50), [5000.0] * 60)
    away = WALK[:60].assign(lon=lon, lat=lat)
    found = told(put(tmp_path / "t.csv", away), STREET)
    assert (found.datum, found.told) == ("wgs84", False)
    assert set(found.medians.values()) == {np.inf}
    mostly = pd.concat([away, WALK[:20].assign(worker="x")])
    assert told(put(tmp_path / "t.csv", mostly), STREET).datum == "wgs84"


def test_a_crowd_outside_the_network_does_not_drown_those_inside(tmp_path: Path) -> None:
    away = pd.concat([WALK.assign(worker=f"w{n}", lat=WALK["lat"] + 1 + n / 50) for n in range(9)])
    path = put(tmp_path / "t.csv", pd.concat([WALK, away]), "gcj02")
    assert told(path, STREET).datum == "gcj02"


def test_an_hour_in_a_yard_is_one_place(tmp_path: Path) -> None:
    yard = pd.concat([WALK[-1:]] * 500)
    lon, lat = to_degrees(3000, 40)
    yard = yard.assign(
        lon=float(lon), lat=float(lat), worker="y", time=range(1_772_400_000, 1_772_400_500)
    )
    found = told(put(tmp_path / "t.csv", pd.concat([WALK, yard]).astype({"time": str})), STREET)
    assert found.datum == "wgs84"
    assert found.medians["wgs84"] < 1


def test_outside_the_area_of_the_shift_nothing_is_told(tmp_path: Path) -> None:
    lon = np.array([2.30, 2.36])
    paris = make_network(lon, np.full(2, 48.85), np.arange(2), np.array([[0, 1]]))
    walk = WALK.assign(lon=np.linspace(2.31, 2.35, len(WALK)), lat=48.85)
    found = told(put(tmp_path / "t.csv", walk), paris)
    assert (found.datum, found.told) == ("wgs84", False)
    assert len(set(found.medians.values())) == 1
