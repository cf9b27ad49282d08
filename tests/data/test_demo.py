"""The demo district: what it promises, and that its script still makes the committed files."""

from __future__ import annotations

import csv
import gzip
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import osmium
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from geo.area_index import AreaIndex
from geo.areas import read_areas
from geo.coords import geodesic_m
from geo.hours import check_hours
from geo.network import Network, build_network
from geo.places import read_places
from geo.stations import load_stations
from geo.stations.schema import FIELD_NAMES
from geo.tracks import read_tracks
from geo.vocab import load_vocab
from geo.zones import hour_of_week, to_local_ms

DATA = Path(__file__).resolve().parents[2] / "data"
DEMO = DATA / "demo"


@cache
def network() -> Network:
    return build_network([DEMO / "district.osm.pbf"])


@cache
def stations() -> gpd.GeoDataFrame:
    return load_stations(DEMO / "stations.csv").stations


@cache
def areas(level: str) -> gpd.GeoDataFrame:
    path = DEMO / f"areas_{level}.geojson"
    return read_areas(path, level=level, parent_field="parent").frame


def features(name: str) -> gpd.GeoDataFrame:
    return gpd.read_file(DEMO / name, engine="pyogrio")


def unpacked(path: Path) -> bytes:
    """Return a file's content; the bytes of gzip itself hang on the zlib of the machine."""
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


@pytest.mark.long  # about 20 seconds
def test_the_script_makes_the_committed_files_again(tmp_path: Path) -> None:
    command = [sys.executable, str(DATA / "make_demo.py"), "--out", str(tmp_path)]
    subprocess.run(command, check=True)  # noqa: S603  # our own script
    made = {path.name: unpacked(path) for path in tmp_path.iterdir()}
    kept = {path.name: unpacked(path) for path in DEMO.iterdir() if path.name != "README.md"}
    assert sorted(made) == sorted(kept)
    assert [name for name in made if made[name] != kept[name]] == []


def test_all_of_it_is_smaller_than_6_mb() -> None:
    files = [*DEMO.iterdir(), *DATA.rglob("*.py")]
    assert sum(path.stat().st_size for path in files) < 6_000_000


def test_gzip_carries_no_time_and_no_name() -> None:
    header = (DEMO / "tracks.csv.gz").read_bytes()[:10]
    assert header[3:8] == bytes(5)  # flags and time


def test_stations_have_no_problem_but_words_that_nobody_can_read_and_nothing_filled_in() -> None:
    checked = load_stations(DEMO / "stations.csv")
    told = {(one.field, one.code, one.severity) for one in checked.problems}
    assert told == {("hours_text", "not_hours", "warning")}
    assert 10 < len(checked.problems) < 60
    assert checked.defaulted == {}


def test_stations_have_the_columns_of_the_schema() -> None:
    with (DEMO / "stations.csv").open(encoding="utf-8", newline="") as file:
        assert tuple(next(csv.reader(file))) == FIELD_NAMES


def test_stations_are_as_many_as_published_for_such_a_district() -> None:
    kinds = Counter(stations()["kind"])
    assert kinds == {"rest_station": 644, "union_hub": 182, "service_point": 300}


@pytest.mark.parametrize("column", ["code", "name", "source_id"])
def test_stations_differ_in(column: str) -> None:
    assert stations()[column].is_unique


def test_every_station_says_that_it_is_made_up() -> None:
    assert set(stations()["demo"]) == {"yes"}
    assert set(stations()["source"]) == {"demo"}


def test_no_two_stations_stand_on_one_spot() -> None:
    assert not stations()[["lon", "lat"]].duplicated().any()


def test_stations_stand_within_25_m_of_a_walkable_way() -> None:
    snapped = network().snapper.snap(stations()["lon"], stations()["lat"])
    assert snapped.connector_m.max() < 25


def test_every_subdistrict_has_a_station_and_stations_name_theirs() -> None:
    layer = areas("subdistrict")
    found = AreaIndex(layer).find(stations()["lon"], stations()["lat"])
    assert found.min() >= 0
    assert (layer["name"].to_numpy()[found] == stations()["subdistrict"]).mean() > 0.99
    assert set(stations()["subdistrict"]) == set(layer["name"])


@pytest.mark.parametrize(
    ("what", "low", "high"),
    [
        ("two intervals", 0.5, 0.7),
        ("24/7", 0.04, 0.1),
        ("unknown", 0.03, 0.1),
        ("night", 0.01, 0.1),
    ],
)
def test_share_of_stations_whose_hours_are(what: str, low: float, high: float) -> None:
    hours = stations()["hours"]
    flags = {
        "two intervals": hours.str.contains(r"\d-\d\d:\d\d,\d"),
        "24/7": hours == "24/7",
        "unknown": hours == "",
        "night": stations()["self_hours"] != "",
    }
    assert low < flags[what].mean() < high


def test_all_hours_can_be_read() -> None:
    for text in {*stations()["hours"], *stations()["self_hours"]} - {""}:
        check_hours(text)


def test_night_hours_are_entered_by_id_card() -> None:
    alone = stations()[stations()["self_hours"] != ""]
    assert set(alone["self_entry_mode"]) == {"id_card"}


def test_some_verifications_are_missing_or_stale() -> None:
    dates = stations()["verified_on"]
    assert 0.1 < (dates == "").mean() < 0.25
    assert 0.15 < ((dates != "") & (dates < "2026-05-05")).mean() < 0.4  # 180 days before 1 Nov
    assert dates.max() < "2026-11-01"


def test_amenities_show_every_state() -> None:
    text = ";".join(stations()["amenities"])
    assert all(state in text for state in (":no", ":broken", ":empty"))


def test_the_network_is_one_piece() -> None:
    facts = network().summary()
    assert facts.largest_share > 0.97
    assert facts.kept_length_m > 500_000
    assert facts.barriers > 10  # gates for residents only


def test_walks_are_as_much_longer_than_the_straight_line_as_in_a_city() -> None:
    net = network()
    size = len(net.lon)
    graph = coo_array((net.length_m, (net.u, net.v)), shape=(size, size)).tocsr()
    rng = np.random.default_rng(7)
    here = np.flatnonzero(net.component == 0)
    start, goal = rng.choice(here, 150), rng.choice(here, 4000)
    walk = dijkstra(graph, directed=False, indices=start)[:, goal]
    straight = geodesic_m(
        *(np.repeat(v[start], len(goal)) for v in (net.lon, net.lat)),
        *(np.tile(v[goal], len(start)) for v in (net.lon, net.lat)),
    )
    near = (straight > 300) & (straight < 2000)
    assert near.sum() > 1000
    assert 1.2 < float(np.median(walk.ravel()[near] / straight[near])) < 1.6


def crossing_names(tag: str) -> set[str]:
    ways = osmium.FileProcessor(str(DEMO / "district.osm.pbf"), osmium.osm.WAY)
    return {way.tags["name"] for way in ways if tag in way.tags and "highway" in way.tags}


def test_few_bridges_and_underpasses_cross_the_barriers() -> None:
    assert 6 <= len(crossing_names("bridge")) <= 8
    assert 4 <= len(crossing_names("tunnel")) <= 5


def test_gates_are_nodes_of_walls_and_of_ways() -> None:
    reader = osmium.FileProcessor(str(DEMO / "district.osm.pbf"))
    gates, walls, paths = set(), set(), set()
    for entity in reader:
        if entity.is_node() and entity.tags.get("barrier") == "gate":
            gates.add(entity.id)
        elif entity.is_way() and entity.tags.get("barrier") == "wall":
            walls.update(node.ref for node in entity.nodes)
        elif entity.is_way() and "highway" in entity.tags:
            paths.update(node.ref for node in entity.nodes)
    assert len(gates) > 300
    assert len(gates & walls & paths) > 0.98 * len(gates)


def test_places_have_plausible_kinds() -> None:
    kinds = Counter(read_places([DEMO / "district.osm.pbf"])["kind"])
    assert kinds["place=quarter"] == 17
    assert kinds["place=neighbourhood"] == 182
    assert kinds["highway=bus_stop"] > 50
    assert kinds["amenity=hospital"] >= 4
    assert kinds["amenity=bank"] > 100


def test_seventeen_subdistricts_tile_the_district() -> None:
    parts, district = areas("subdistrict"), areas("district")
    assert len(parts) == 17
    assert parts["code"].is_unique
    assert set(parts["parent"]) == set(district["code"])
    assert shapely.coverage_is_valid(parts.geometry.to_numpy())
    whole = shapely.union_all(parts.geometry.to_numpy())
    assert shapely.symmetric_difference(whole, district.geometry[0]).area == pytest.approx(
        0, abs=1e-12
    )
    assert areas("city").geometry[0].contains(whole)


def test_the_district_is_as_large_as_its_model() -> None:
    metric = areas("district").to_crs(network().crs)
    assert float(metric.area.iloc[0]) / 1e6 == pytest.approx(41.8, abs=0.3)


def test_tracks_lose_no_fix() -> None:
    with read_tracks([DEMO / "tracks.csv.gz"]) as tracks:
        assert (tracks.workers, tracks.routes) == (24, 24)
        assert not any(tracks.dropped.values())
        assert not tracks.zone_assumed


def test_workers_are_out_from_4_to_half_past_22_in_the_week_of_9_november() -> None:
    with read_tracks([DEMO / "tracks.csv.gz"]) as tracks:
        t_ms = np.concatenate([part.t_ms for part in tracks.parts()])
    local = to_local_ms(t_ms)
    minute = local % 86_400_000 / 60_000
    assert 4 * 60 <= minute.min() < 4 * 60 + 10
    assert 22 * 60 + 20 < minute.max() <= 22 * 60 + 30
    days = np.unique(local // 86_400_000).astype("datetime64[D]")
    assert [str(days[0]), str(days[-1]), len(days)] == ["2026-11-09", "2026-11-15", 7]
    assert set(hour_of_week(local) // 24) == set(range(7))


def test_fixes_lie_on_the_network() -> None:
    with read_tracks([DEMO / "tracks.csv.gz"]) as tracks:
        part = next(tracks.parts())
    snapped = network().snapper.snap(part.lon[::50], part.lat[::50])
    assert snapped.on_network.all()
    assert np.median(snapped.connector_m) < 5


def test_beats_are_the_routes_of_the_tracks() -> None:
    beats = features("beats.geojson")
    with gzip.open(DEMO / "tracks.csv.gz", "rt", encoding="utf-8") as file:
        routes = {row["route"] for row in csv.DictReader(file)}
    assert set(beats["route"]) == routes
    assert Counter(beats["trade"]) == {"sanitation": 12, "courier": 7, "rider": 5}
    assert set(beats.geom_type) == {"LineString"}
    for shift in beats["shift"]:
        check_hours(shift)


def test_candidates_have_known_hosts_and_a_cost() -> None:
    with (DEMO / "candidates.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["code", "name", "lon", "lat", "host", "cost", "note"]
    assert 40 <= len(rows) <= 60
    assert {row["host"] for row in rows} <= set(load_vocab("host"))
    assert all(int(row["cost"]) > 0 for row in rows)
    assert len({row["code"] for row in rows}) == len({row["name"] for row in rows}) == len(rows)
    position = [np.array([float(row[name]) for row in rows]) for name in ("lon", "lat")]
    assert network().snapper.snap(*position).on_network.all()
