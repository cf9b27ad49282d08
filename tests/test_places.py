"""Named places of an extract: which count, what kind, where."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.errors import SourceFormatError
from geo.places import CANDIDATE_COLUMNS, COLUMNS, HOSTS, find_candidates, read_places
from geo.vocab import load_vocab
from tests.shared_data import SHARED, needs_shared_data

GRID = Path(__file__).parent / "data" / "grid3x3.osm"


def tags(**pairs: str) -> str:
    keys = (name.replace("__", ":") for name in pairs)
    return "".join(f"<tag k='{k}' v='{v}'/>" for k, v in zip(keys, pairs.values(), strict=True))


def node(number: int, lon: float, lat: float, **pairs: str) -> str:
    return f"<node id='{number}' version='1' lon='{lon}' lat='{lat}'>{tags(**pairs)}</node>"


def way(number: int, nodes: list[int], **pairs: str) -> str:
    refs = "".join(f"<nd ref='{ref}'/>" for ref in nodes)
    return f"<way id='{number}' version='1'>{refs}{tags(**pairs)}</way>"


def extract(path: Path, *entities: str) -> Path:
    path.write_text(f"<osm version='0.6'>{''.join(entities)}</osm>", encoding="utf-8")
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return where a test writes its extract."""
    return tmp_path / "made.osm"


def test_a_named_node_is_a_place_with_its_kind_and_position(file: Path) -> None:
    named = node(7, 116.3, 40.0, amenity="library", name="图书馆", name__en="Library")
    places = read_places([extract(file, named)])
    expected = ["n7", "图书馆", "Library", "amenity=library", 116.3, 40.0]
    assert places.iloc[0][list(COLUMNS)].tolist() == expected


def test_geometry_is_the_position_in_wgs84(file: Path) -> None:
    places = read_places([extract(file, node(7, 116.3, 40.0, shop="books", name="书店"))])
    assert places.crs.to_epsg() == 4326
    assert (places.geometry.x[0], places.geometry.y[0]) == (116.3, 40.0)


def test_a_way_lies_in_the_middle_of_its_box_though_its_nodes_have_no_name(file: Path) -> None:
    corners = [node(1, 116.30, 40.00), node(2, 116.32, 40.00), node(3, 116.32, 40.04)]
    hall = way(9, [1, 2, 3, 1], building="yes", name="会馆")
    places = read_places([extract(file, *corners, hall)])
    assert places["osm"].tolist() == ["w9"]
    assert (places["lon"][0], places["lat"][0]) == (pytest.approx(116.31), pytest.approx(40.02))


def test_a_way_of_which_the_extract_holds_one_node_lies_there(file: Path) -> None:
    hall = way(9, [1, 2], building="yes", name="会馆")
    places = read_places([extract(file, node(1, 116.3, 40.0), hall)])
    assert (places["lon"][0], places["lat"][0]) == (116.3, 40.0)


def test_a_way_without_any_node_in_the_extract_is_left_out(file: Path) -> None:
    assert read_places([extract(file, way(9, [1, 2], building="yes", name="会馆"))]).empty


def test_without_a_name_it_is_no_place(file: Path) -> None:
    assert read_places([extract(file, node(7, 116.3, 40.0, amenity="toilets"))]).empty


def test_a_named_street_is_no_place(file: Path) -> None:
    ends = node(1, 116.3, 40.0), node(2, 116.31, 40.0)
    street = way(9, [1, 2], highway="primary", name="中关村大街")
    assert read_places([extract(file, *ends, street)]).empty


def test_a_bus_stop_is_a_place(file: Path) -> None:
    stop = node(7, 116.3, 40.0, highway="bus_stop", public_transport="platform", name="站")
    assert read_places([extract(file, stop)])["kind"].tolist() == ["highway=bus_stop"]


def test_the_most_telling_key_is_the_kind(file: Path) -> None:
    park = node(7, 116.3, 40.0, building="yes", leisure="park", amenity="cafe", name="园")
    assert read_places([extract(file, park)])["kind"].tolist() == ["amenity=cafe"]


def test_a_place_that_stands_in_two_extracts_counts_once(file: Path) -> None:
    path = extract(file, node(7, 116.3, 40.0, shop="books", name="书店"))
    other = extract(
        file.with_name("other.osm"),
        node(7, 116.3, 40.0, shop="books", name="书店"),
        node(8, 116.3, 40.0, shop="tea", name="茶"),
    )
    assert read_places([path, other])["osm"].tolist() == ["n7", "n8"]


def test_an_extract_without_places_has_all_columns() -> None:
    places = read_places([GRID])
    assert places.empty
    assert [*COLUMNS, "geometry"] == list(places.columns)


@pytest.mark.parametrize("content", [None, "", "name,lon\nx,1\n", "<osm version='0.6'><node"])
def test_an_unreadable_extract_is_refused_by_name(file: Path, content: str | None) -> None:
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(SourceFormatError, match=r"made\.osm"):
        read_places([file])


def test_a_candidate_site_is_a_place_of_a_known_host(file: Path) -> None:
    shop = node(7, 116.3, 40.0, shop="convenience", name="便民店")
    mount = node(8, 116.3, 40.0, tourism="attraction", name="山")
    candidates = find_candidates(read_places([extract(file, shop, mount)]))
    expected = ["OSM-n7", "便民店", 116.3, 40.0, "convenience", "", ""]
    assert candidates.to_numpy().tolist() == [expected]


def test_hosts_of_candidates_are_words_of_the_vocabulary(file: Path) -> None:
    kinds = [kind.partition("=") for kind in HOSTS]
    nodes = [
        node(n, 116.3, 40.0, **{key: value}, name="点") for n, (key, _, value) in enumerate(kinds)
    ]
    candidates = find_candidates(read_places([extract(file, *nodes)]))
    assert len(candidates) == len(HOSTS)
    assert set(candidates["host"]) <= load_vocab("host").keys()


def test_without_any_place_there_is_no_candidate() -> None:
    assert list(find_candidates(read_places([GRID])).columns) == list(CANDIDATE_COLUMNS)


@needs_shared_data
def test_the_haidian_extract_has_named_places_in_its_box() -> None:
    places = read_places([SHARED / "beijing-haidian" / "walk.osm.pbf"])
    assert len(places) > 100
    assert places["osm"].is_unique
    assert places["osm"].is_monotonic_increasing
    assert places["name"].str.len().gt(0).all()
