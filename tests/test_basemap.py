"""The basemap: what is drawn at which zoom, the same bytes, nothing half-written, damage named."""

from __future__ import annotations

import gzip
import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pyogrio
import pytest

from geo.basemap import Basemap, build_basemap
from geo.basemap.layers import MAX_ZOOM, SHEETS
from geo.errors import SourceFormatError
from tests.shared_data import SHARED, needs_shared_data
from tests.test_places import extract, node, way

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

    Draw = Callable[..., Path]

GRID = Path(__file__).parent / "data" / "grid3x3.osm"
LON, LAT = 116.3, 40.0
SIDE_DEG = 0.002


def block(first: int, column: int = 0) -> list[str]:
    """Return the nodes of a square, numbers ``first`` to ``first + 3``."""
    west, south = LON + 3 * column * SIDE_DEG, LAT
    corners = [(0, 0), (1, 0), (1, 1), (0, 1)]
    return [
        node(first + place, west + x * SIDE_DEG, south + y * SIDE_DEG)
        for place, (x, y) in enumerate(corners)
    ]


def ring(first: int) -> list[int]:
    return [first, first + 1, first + 2, first + 3, first]


def street(number: int, first: int, highway: str, **more: str) -> str:
    return way(number, [first, first + 1], highway=highway, **more)


@pytest.fixture
def draw(tmp_path: Path) -> Draw:
    """Return a function that writes an extract of entities and builds its basemap."""

    def _draw(*entities: str) -> Path:
        out = tmp_path / "made.pmtiles"
        build_basemap([extract(tmp_path / "made.osm", *entities)], out)
        return out

    return _draw


def drawn(path: Path, zoom: int = MAX_ZOOM) -> dict[str, gpd.GeoDataFrame]:
    """Return what GDAL finds in the tiles of a zoom, by layer."""
    names = [str(name) for name, _ in pyogrio.list_layers(path)]
    if not Basemap(path).min_zoom <= zoom <= Basemap(path).max_zoom:
        return {}
    frames = {name: pyogrio.read_dataframe(path, layer=name, ZOOM_LEVEL=zoom) for name in names}
    return {name: frame for name, frame in frames.items() if len(frame)}


LINES = [
    ({"highway": "primary_link"}, ("avenues", "primary")),
    ({"highway": "tertiary"}, ("roads", "tertiary")),
    ({"highway": "living_street"}, ("lanes", "street")),
    ({"highway": "footway"}, ("paths", "path")),
    ({"highway": "steps"}, ("paths", "steps")),
    ({"railway": "rail"}, ("rail", "rail")),
    ({"waterway": "river"}, ("water", "river")),
]
AREAS = [
    ({"building": "yes"}, ("buildings", "building")),
    ({"natural": "water"}, ("water", "area")),
    ({"leisure": "park"}, ("ground", "park")),
    ({"landuse": "grass"}, ("ground", "grass")),
    ({"natural": "wood"}, ("ground", "wood")),
    ({"landuse": "residential"}, ("ground", "residential")),
    ({"amenity": "school", "landuse": "residential"}, ("ground", "school")),
]
NOTHING: list[tuple[dict[str, str], None]] = [
    ({"boundary": "administrative", "admin_level": "2"}, None),
    ({"railway": "subway", "tunnel": "yes"}, None),
    ({"highway": "proposed"}, None),
    ({"power": "line"}, None),
    ({"place": "country", "name": "某国"}, None),
]
CASES = [*LINES, *AREAS, *NOTHING]


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> dict[str, gpd.GeoDataFrame]:
    """Draw one thing in each of many blocks."""
    folder = tmp_path_factory.mktemp("everything")
    entities = [corner for column in range(len(CASES)) for corner in block(10 * column + 1, column)]
    for column, (tags, _) in enumerate(CASES):
        shape = ring(10 * column + 1)
        is_area = (tags, _) in AREAS
        entities.append(way(column + 1, shape if is_area else shape[:3], **tags))
    build_basemap([extract(folder / "made.osm", *entities)], folder / "out")
    return {name: frame.to_crs(4326) for name, frame in drawn(folder / "out").items()}


@pytest.mark.parametrize("column", range(len(CASES)), ids=lambda column: str(CASES[column][0]))
def test_a_thing_is_drawn_as_its_kind_and_no_boundary_at_all(
    everything: dict[str, gpd.GeoDataFrame], column: int
) -> None:
    west, edge = LON + 3 * column * SIDE_DEG, SIDE_DEG / 2
    found = {
        (name, kind)
        for name, frame in everything.items()
        for kind in frame.cx[west - edge : west + 3 * edge, :]["kind"]
    }
    expected = CASES[column][1]
    assert found == ({expected} if expected else set())


@pytest.mark.parametrize(
    ("highway", "first"), [("primary", 9), ("secondary", 10), ("residential", 12), ("footway", 14)]
)
def test_lesser_streets_come_later(draw: Draw, highway: str, first: int) -> None:
    made = draw(*block(1), street(9, 1, highway))
    assert drawn(made, first)
    assert Basemap(made).tile(first - 1, *tile_of(LON, LAT, first - 1)) is None


def test_names_stand_in_two_languages(draw: Draw) -> None:
    made = draw(*block(1), street(9, 1, "primary", name="澄清路", name__en="Chengqing Road"))
    row = drawn(made)["avenues"].iloc[0]
    assert (row["name"], row["name_en"]) == ("澄清路", "Chengqing Road")


def test_small_tiles_of_low_zooms_hold_no_names_of_lanes(draw: Draw) -> None:
    made = draw(*block(1), street(9, 1, "residential", name="柳堤街"))
    assert drawn(made, 14)["lanes"]["name"].isna().all()
    assert drawn(made, 15)["lanes"]["name"].unique().tolist() == ["柳堤街"]


def test_the_name_of_an_area_stands_inside_it(draw: Draw) -> None:
    made = draw(*block(1), way(9, ring(1), leisure="park", name="东园"))
    point = drawn(made)["spots"].geometry.iloc[0]
    assert drawn(made)["ground"].to_crs(3857).geometry.iloc[0].contains(point)


def test_small_areas_are_left_out_from_afar(draw: Draw) -> None:
    side = 2e-4  # about 20 m
    corners = [(0, 0), (side, 0), (side, side), (0, side)]
    hut = [node(number, LON + x, LAT + y) for number, (x, y) in enumerate(corners, 1)]
    made = draw(*hut, way(9, ring(1), leisure="park"))
    assert "ground" in drawn(made, 15)
    assert "ground" not in drawn(made, 12)


def test_an_object_of_two_extracts_counts_once(tmp_path: Path) -> None:
    entities = (*block(1), street(9, 1, "primary", name="路"))
    files = [extract(tmp_path / f"{name}.osm", *entities) for name in ("a", "b")]
    for count in (1, 2):
        build_basemap(files[:count], tmp_path / f"{count}.pmtiles")
    one, two = (tmp_path / f"{count}.pmtiles" for count in (1, 2))
    assert one.read_bytes() == two.read_bytes()


def test_of_an_object_cut_by_an_extract_the_longer_part_counts(tmp_path: Path) -> None:
    whole, cut = block(1), block(1)[:2]
    line = way(9, [1, 2, 3], highway="primary")
    files = [extract(tmp_path / "a.osm", *cut, line), extract(tmp_path / "b.osm", *whole, line)]
    build_basemap(files, tmp_path / "out.pmtiles")
    assert Basemap(tmp_path / "out.pmtiles").bounds[3] == pytest.approx(LAT + SIDE_DEG)


def test_the_same_extract_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        build_basemap([GRID], tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_nothing_to_draw_makes_a_basemap_without_drawings(draw: Draw) -> None:
    empty = Basemap(draw(node(1, LON, LAT, highway="crossing")))
    assert gzip.decompress(empty.tile(0, 0, 0) or b"?") == b""
    assert empty.tile(14, *tile_of(LON, LAT, 14)) is None


@pytest.mark.parametrize("content", [None, "", "name,lon\nx,1\n", "<osm version='0.6'><node"])
def test_an_unreadable_extract_is_named_and_changes_nothing(
    tmp_path: Path, content: str | None
) -> None:
    bad, out = tmp_path / "bad.osm", tmp_path / "out.pmtiles"
    if content is not None:
        bad.write_text(content, encoding="utf-8")
    out.write_bytes(b"from the year before")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(SourceFormatError, match=r"bad\.osm"):
        build_basemap([bad], out)
    assert out.read_bytes() == b"from the year before"
    assert sorted(tmp_path.iterdir()) == before


def test_progress_reaches_its_end(tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    build_basemap(
        [GRID], tmp_path / "out", progress=lambda _stage, done, total: told.append((done, total))
    )
    assert told[-1][0] == told[-1][1] == len({sheet.layer for sheet in SHEETS})


def test_zooms_of_a_layer_do_not_overlap() -> None:
    drawn_twice = [
        (sheet.layer, zoom)
        for sheet in SHEETS
        for other in SHEETS
        if sheet.layer == other.layer and sheet.first < other.first
        for zoom in range(other.first, sheet.last + 1)
    ]
    assert drawn_twice == []


# Reading


def tile_of(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    """Return the numbers of the tile that holds a position."""
    across = lon / 360.0 + 0.5
    down = 0.5 - math.asinh(math.tan(math.radians(lat))) / (2.0 * math.pi)
    return int(across * 2**zoom), int(down * 2**zoom)


@pytest.fixture(scope="module")
def grid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the basemap of the made-up grid once."""
    out = tmp_path_factory.mktemp("grid") / "grid.pmtiles"
    build_basemap([GRID], out)
    return out


def test_bounds_hold_the_streets(grid: Path) -> None:
    west, south, east, north = Basemap(grid).bounds
    assert west < LON + 1e-3 < east
    assert south < LAT + 1e-3 < north


@pytest.mark.parametrize("place", [(16, 0, 0), (3, 9, 0), (-1, 0, 0), (15, 0, 0), (9, 0, -1)])
def test_a_tile_outside_is_none(grid: Path, place: tuple[int, int, int]) -> None:
    assert Basemap(grid).tile(*place) is None


def test_many_threads_read_the_same(grid: Path) -> None:
    basemap = Basemap(grid)
    place = (14, *tile_of(LON + 1e-3, LAT + 1e-3, 14))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: basemap.tile(*place), range(200)))
    assert answers[0]
    assert set(answers) == {answers[0]}


@pytest.mark.parametrize("damage", ["missing", "empty", "text", "head", "cut", "directory", "png"])
def test_damage_is_named_with_its_remedy(grid: Path, tmp_path: Path, damage: str) -> None:
    whole = grid.read_bytes()
    contents = {
        "empty": b"",
        "text": b"name,lon\n" * 50,
        "head": whole[:60],
        "cut": whole[:-1],
        "directory": whole[:127] + b"\0" * 60 + whole[187:],
        "png": whole[:99] + b"\2" + whole[100:],
    }
    path = tmp_path / "bad.pmtiles"
    if damage != "missing":
        path.write_bytes(contents[damage])
    with pytest.raises(SourceFormatError, match=r"bad\.pmtiles: .*nuanyi basemap build"):
        Basemap(path)


@needs_shared_data
def test_haidian_shows_its_streets_in_chinese(tmp_path: Path) -> None:
    build_basemap([SHARED / "beijing-haidian" / "walk.osm.pbf"], tmp_path / "haidian.pmtiles")
    names = set(drawn(tmp_path / "haidian.pmtiles")["roads"]["name"].dropna())
    assert "荷清路" in names
