"""From an extract to a network: lengths a reader can add up, and the real box of Haidian."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from geo.errors import EmptyNetworkError, SourceFormatError
from geo.network import build_network
from geo.network.graph import make_network
from tests.networks import to_degrees
from tests.oracle import network as oracle
from tests.shared_data import SHARED, needs_shared_data

GRID = Path(__file__).parents[1] / "data" / "grid3x3.osm"
HAIDIAN = SHARED / "beijing-haidian" / "walk.osm.pbf"

OSM = """<osm version='0.6'>{nodes}{ways}</osm>"""


def extract(tmp_path: Path, xy: dict[int, tuple[float, float]], ways: str) -> Path:
    """Write an extract with nodes at metres and ways as XML."""
    lines = []
    for node, (x, y) in xy.items():
        lon, lat = to_degrees(x, y)
        lines.append(f"<node id='{node}' version='1' lon='{lon:.9f}' lat='{lat:.9f}'/>")
    path = tmp_path / "made.osm"
    path.write_text(OSM.format(nodes="".join(lines), ways=ways), encoding="utf-8")
    return path


def way(number: int, nodes: list[int], **tags: str) -> str:
    refs = "".join(f"<nd ref='{node}'/>" for node in nodes)
    keys = "".join(f"<tag k='{key}' v='{value}'/>" for key, value in tags.items())
    return f"<way id='{number}' version='1'>{refs}{keys}</way>"


def test_grid_has_the_length_a_reader_adds_up() -> None:
    facts = build_network([GRID]).summary()
    # 12 blocks of 200 m, 1,000 m to node 10, a square of 400 m; 1,200 m; 300 m
    assert facts.length_m == pytest.approx(2400 + 1000 + 400 + 1200 + 300, abs=0.1)
    assert facts.components == 3
    assert facts.removed_components == 1
    assert facts.removed_length_m == pytest.approx(300, abs=0.05)
    assert facts.barriers == 1


def test_a_shut_gate_ends_every_edge_that_touches_it() -> None:
    network = build_network([GRID])
    copies = np.flatnonzero(network.osm_id == 8)
    assert len(copies) == 3
    ends = np.concatenate([network.u, network.v])
    assert [int(np.sum(ends == copy)) for copy in copies] == [1, 1, 1]


def test_an_open_barrier_is_one_node() -> None:
    network = build_network([GRID])
    assert np.sum(network.osm_id == 2) == 1
    assert np.sum(network.osm_id == 6) == 1


def test_the_same_extract_twice_is_one_network() -> None:
    once, twice = build_network([GRID]), build_network([GRID, GRID])
    assert once.summary().length_m == twice.summary().length_m
    np.testing.assert_array_equal(once.osm_id, twice.osm_id)


def test_a_doubled_way_does_not_double_a_barriers_ends(tmp_path: Path) -> None:
    nodes = {1: (0, 0), 2: (600, 0), 3: (1200, 0)}
    ways = way(1, [1, 2, 3], highway="path") + way(2, [3, 2, 1], highway="path")
    path = extract(tmp_path, nodes, ways)
    text = path.read_text(encoding="utf-8")
    start = text.index("<node id='2'")
    end = text.index("/>", start)
    gate = "><tag k='barrier' v='gate'/><tag k='foot' v='no'/></node>"
    path.write_text(text[:end] + gate + text[end + 2 :], encoding="utf-8")
    with pytest.raises(EmptyNetworkError, match="600 m"):  # two halves of 600 m, both too short
        build_network([path])


def test_a_multipolygon_plaza_is_walked_along_its_outline(tmp_path: Path) -> None:
    nodes = {1: (0, 0), 2: (300, 0), 3: (300, 300), 4: (0, 300)}
    ring = way(1, [1, 2, 3]) + way(2, [3, 4, 1])
    relation = (
        "<relation id='9' version='1'><member type='way' ref='1' role='outer'/>"
        "<member type='way' ref='2' role='outer'/><tag k='type' v='multipolygon'/>"
        "<tag k='highway' v='pedestrian'/></relation>"
    )
    network = build_network([extract(tmp_path, nodes, ring + relation)])
    assert network.summary().length_m == pytest.approx(1200, abs=0.1)


def test_a_way_is_cut_where_the_extract_lacks_a_node(tmp_path: Path) -> None:
    nodes = {1: (0, 0), 2: (1100, 0), 4: (3000, 0), 5: (4200, 0)}
    network = build_network([extract(tmp_path, nodes, way(1, [1, 2, 3, 4, 5], highway="path"))])
    assert network.summary().components == 2
    assert network.summary().length_m == pytest.approx(1100 + 1200, abs=0.1)


def test_a_way_across_the_seam_of_two_extracts_is_whole(tmp_path: Path) -> None:
    whole_way = way(10, [1, 2, 3, 4, 5], highway="path")
    halves = []
    for side, nodes in (("a", (1, 2, 3)), ("b", (3, 4, 5))):
        (tmp_path / side).mkdir()
        xy = {node: (1000.0 * node, 0.0) for node in nodes}
        halves.append(extract(tmp_path / side, xy, whole_way))
    for order in (halves, halves[::-1]):
        assert build_network(order).summary().length_m == pytest.approx(4000, abs=1)


def test_a_component_of_exactly_1_km_is_kept_and_a_shorter_one_removed() -> None:
    lon, lat = to_degrees([0, 500, 1000.2, 0, 998], [0, 0, 0, 500, 500])
    network = make_network(lon, lat, np.arange(5), np.array([[0, 1], [1, 2], [3, 4]]))
    assert network.osm_id.tolist() == [0, 1, 2]


def test_double_edges_and_loops_count_once() -> None:
    lon, lat = to_degrees([0, 1500], [0, 0])
    network = make_network(lon, lat, np.arange(2), np.array([[0, 1], [1, 0], [1, 1]]))
    assert len(network.length_m) == 1
    assert network.summary().length_m == pytest.approx(1500, abs=0.01)


@pytest.mark.parametrize(
    "content", [b"", b"not osm at all", b"<osm version='0.6'><node id='1'", b"\x00\x01\x02" * 99]
)
def test_an_unreadable_extract_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    for name in ("broken.osm", "broken.osm.pbf", "broken.txt"):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(SourceFormatError, match=name):
            build_network([path])


def test_a_missing_extract_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SourceFormatError, match=r"nowhere\.osm\.pbf"):
        build_network([tmp_path / "nowhere.osm.pbf"])


def test_an_extract_without_ways_is_an_empty_network(tmp_path: Path) -> None:
    with pytest.raises(EmptyNetworkError, match=r"made\.osm has 0 m"):
        build_network([extract(tmp_path, {1: (0, 0)}, "")])


@needs_shared_data
def test_haidian_has_the_measured_length_and_one_large_component() -> None:
    network = build_network([HAIDIAN])
    facts = network.summary()
    assert 118_000 < facts.length_m < 128_000
    assert facts.largest_share > 0.95
    assert 97_000 < network.length_inside_m(116.308, 39.991, 116.332, 40.012) < 104_000


@needs_shared_data
def test_haidian_equals_the_oracles_network() -> None:
    ours, theirs = build_network([HAIDIAN]), oracle.read_network(HAIDIAN)
    assert ours.summary().kept_length_m == pytest.approx(theirs.length_m, abs=1e-6)
    assert len(ours.length_m) == len(theirs.segments)


@needs_shared_data
def test_a_truncated_pbf_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "half.osm.pbf"
    path.write_bytes(HAIDIAN.read_bytes()[:60_000])
    with pytest.raises(SourceFormatError, match=r"half\.osm\.pbf"):
        build_network([path])
