"""City folders: made whole or not at all, found by position."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from geo.basemap import Basemap
from geo.city import City, build_city, find_city, list_cities
from geo.errors import EmptyNetworkError, InvalidOptionError, SourceFormatError
from geo.network import build_network, read_network
from tests.shared_data import SHARED, needs_shared_data

GRID = Path(__file__).parent / "data" / "grid3x3.osm"
SHORT = """<osm version='0.6'><node id='1' version='1' lon='116.3' lat='40'/>
<node id='2' version='1' lon='116.301' lat='40'/><way id='1' version='1'><nd ref='1'/>
<nd ref='2'/><tag k='highway' v='path'/></way></osm>"""


def content(directory: Path) -> dict[str, bytes]:
    """Return every file below a directory."""
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file()
    }


def write_about(root: Path, code: str, box: tuple[float, float, float, float]) -> None:
    """Write a city's description without its data."""
    (root / code).mkdir(parents=True)
    about = {"code": code, **dict(zip(("west", "south", "east", "north"), box, strict=True))}
    text = json.dumps({**about, "sources": ["made.osm"]})
    (root / code / "city.json").write_text(text, encoding="utf-8")


def test_a_city_holds_the_network_of_its_extract(tmp_path: Path) -> None:
    city = build_city([GRID], tmp_path, code="grid")
    assert read_network(city.network_path).summary() == build_network([GRID]).summary()


def test_a_city_holds_its_places(tmp_path: Path) -> None:
    city = build_city([GRID], tmp_path, code="grid")
    assert gpd.read_parquet(city.places_path).empty  # the grid has no names


def test_a_city_holds_its_basemap(tmp_path: Path) -> None:
    city = build_city([GRID], tmp_path, code="grid")
    assert Basemap(city.basemap_path).max_zoom == 15


def test_a_city_holds_its_candidate_sites_safe_for_a_spreadsheet(tmp_path: Path) -> None:
    text = GRID.read_text(encoding="utf-8")
    bank = (
        "<node id='99' version='1' lon='116.3' lat='40'><tag k='amenity' v='bank'/>"
        "<tag k='name' v='=1+1'/></node>"
    )
    made = tmp_path / "made.osm"
    made.write_text(text.replace("</osm>", f"{bank}</osm>"), encoding="utf-8")
    city = build_city([made], tmp_path / "cities", code="grid")
    assert city.candidates_path.read_text(encoding="utf-8-sig").splitlines() == [
        "code,name,lon,lat,host,cost,note",
        "OSM-n99,'=1+1,116.3,40.0,bank,,",
    ]


def test_the_box_is_that_of_the_network(tmp_path: Path) -> None:
    city = build_city([GRID], tmp_path, code="grid")
    box = (city.west, city.south, city.east, city.north)
    assert box == read_network(city.network_path).bounds


def test_a_folder_that_is_missing_is_made(tmp_path: Path) -> None:
    assert build_city([GRID], tmp_path / "a" / "b", code="grid").directory.is_dir()


def test_nothing_but_the_city_is_left_behind(tmp_path: Path) -> None:
    build_city([GRID], tmp_path, code="grid")
    build_city([GRID], tmp_path, code="grid")
    assert [path.name for path in tmp_path.iterdir()] == ["grid"]


def test_others_may_read_the_folder(tmp_path: Path) -> None:
    mode = build_city([GRID], tmp_path, code="grid").directory.stat().st_mode
    assert mode & 0o055 == 0o055


def test_building_again_replaces_the_folder_whole(tmp_path: Path) -> None:
    city = build_city([GRID], tmp_path, code="grid")
    (city.directory / "old").write_text("from the year before", encoding="utf-8")
    build_city([GRID], tmp_path, code="grid")
    files = ["basemap.pmtiles", "candidates.csv", "city.json", "network", "places.parquet"]
    assert sorted(content(city.directory)) == files


def test_building_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    first = build_city([GRID], tmp_path / "a", code="grid")
    second = build_city([GRID], tmp_path / "b", code="grid")
    assert content(first.directory) == content(second.directory)


@pytest.mark.parametrize(
    ("text", "error"), [("not an extract", SourceFormatError), (SHORT, EmptyNetworkError)]
)
def test_a_bad_extract_leaves_the_old_city_in_place(
    tmp_path: Path, text: str, error: type[Exception]
) -> None:
    root = tmp_path / "cities"
    city = build_city([GRID], root, code="grid")
    before = content(root)
    bad = tmp_path / "bad.osm"
    bad.write_text(text, encoding="utf-8")
    with pytest.raises(error):
        build_city([bad], root, code="grid")
    assert content(root) == before
    assert list_cities(root) == [city]


def test_a_failed_write_leaves_the_old_city_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_city([GRID], tmp_path, code="grid")
    before = content(tmp_path)
    monkeypatch.setattr(gpd.GeoDataFrame, "to_parquet", _disk_full)
    with pytest.raises(OSError, match="No space"):
        build_city([GRID], tmp_path, code="grid")
    assert content(tmp_path) == before


def test_a_failed_exchange_puts_the_old_city_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    city = build_city([GRID], tmp_path, code="grid")
    before = content(tmp_path)
    rename = Path.rename

    def once_new_is_busy(self: Path, target: Path) -> Path:
        if target == city.directory and self.name != "old":
            _disk_full()
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", once_new_is_busy)
    with pytest.raises(OSError, match="No space"):
        build_city([GRID], tmp_path, code="grid")
    assert content(tmp_path) == before


def _disk_full(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    "code", ["", ".", "..", "../x", "a/b", "/x", "Beijing", "北京", "a b", "a\n", "-a", "x" * 33]
)
def test_a_code_unfit_for_a_folder_is_refused(tmp_path: Path, code: str) -> None:
    root = tmp_path / "cities"
    with pytest.raises(InvalidOptionError, match="lower-case letters"):
        build_city([GRID], root, code=code)
    assert list(tmp_path.iterdir()) == []


# Finding


def test_a_built_city_is_listed_as_it_was_built(tmp_path: Path) -> None:
    city = build_city([GRID], tmp_path, code="grid")
    assert list_cities(tmp_path) == [city]


def test_cities_are_listed_by_code(tmp_path: Path) -> None:
    for code in ("b", "a", "c"):
        write_about(tmp_path, code, (116.0, 40.0, 117.0, 41.0))
    assert [city.code for city in list_cities(tmp_path)] == ["a", "b", "c"]


def test_half_written_folders_are_not_listed(tmp_path: Path) -> None:
    write_about(tmp_path, ".grid-k3j2", (116.0, 40.0, 117.0, 41.0))
    assert list_cities(tmp_path) == []


def test_a_missing_root_has_no_cities(tmp_path: Path) -> None:
    assert list_cities(tmp_path / "none") == []


def test_the_city_of_a_position_is_the_one_whose_box_holds_it(tmp_path: Path) -> None:
    write_about(tmp_path, "a", (116.0, 40.0, 117.0, 41.0))
    write_about(tmp_path, "b", (118.0, 40.0, 119.0, 41.0))
    assert getattr(find_city(tmp_path, 118.5, 40.5), "code", None) == "b"


def test_of_several_boxes_the_smallest_counts(tmp_path: Path) -> None:
    write_about(tmp_path, "a-province", (110.0, 35.0, 120.0, 45.0))
    write_about(tmp_path, "city", (116.0, 40.0, 117.0, 41.0))
    assert getattr(find_city(tmp_path, 116.5, 40.5), "code", None) == "city"


def test_the_edge_of_the_box_is_inside(tmp_path: Path) -> None:
    write_about(tmp_path, "a", (116.0, 40.0, 117.0, 41.0))
    assert find_city(tmp_path, 116.0, 41.0) is not None


def test_no_city_holds_a_position_elsewhere(tmp_path: Path) -> None:
    write_about(tmp_path, "a", (116.0, 40.0, 117.0, 41.0))
    assert find_city(tmp_path, 8.5, 47.4) is None


def test_a_damaged_description_is_named(tmp_path: Path) -> None:
    write_about(tmp_path, "a", (116.0, 40.0, 117.0, 41.0))
    (tmp_path / "a" / "city.json").write_text('{"code": "a"', encoding="utf-8")
    with pytest.raises(SourceFormatError, match=r"city\.json"):
        list_cities(tmp_path)


def test_a_description_of_another_version_is_named(tmp_path: Path) -> None:
    write_about(tmp_path, "a", (116.0, 40.0, 117.0, 41.0))
    (tmp_path / "a" / "city.json").write_text('{"code": "a", "era": 2}', encoding="utf-8")
    with pytest.raises(SourceFormatError, match="build the city again"):
        list_cities(tmp_path)


@needs_shared_data
def test_the_haidian_city_holds_its_box(tmp_path: Path) -> None:
    extract = SHARED / "beijing-haidian" / "walk.osm.pbf"
    city = build_city([extract], tmp_path, code="haidian")
    assert find_city(tmp_path, 116.32, 40.0) == city
    assert isinstance(city, City)
    assert len(gpd.read_parquet(city.places_path)) > 100
    hosts = set(pd.read_csv(city.candidates_path)["host"])
    assert {"bank", "convenience", "library"} <= hosts
