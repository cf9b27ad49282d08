"""Writing stations and reading them again gives the same stations, in every format and datum."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.stations import FIELDS, Field, read_stations, write_stations
from geo.stations.cells import format_cell, parse_cell
from tests.effort import tries
from tests.stations.compare import assert_same_stations
from tests.strategies import FORMATS, cells, station_frames

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


def _require_identity(stations: GeoDataFrame, datum: str, *, tolerance_deg: float) -> None:
    """Send the stations through a file of every format (drawing them is the costly part)."""
    with TemporaryDirectory() as folder:
        for extension in FORMATS:
            path = Path(folder) / f"stations.{extension}"
            write_stations(stations, path, datum=datum)
            found = read_stations(path, datum=datum)
            assert_same_stations(found, stations, tolerance_deg=tolerance_deg)


@tries(nightly=200, usually=8)  # of up to four stations, each in five formats
@given(stations=station_frames())
def test_write_then_read_is_the_identity_in_every_format(stations: GeoDataFrame) -> None:
    _require_identity(stations, "wgs84", tolerance_deg=0.0)


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
@tries(nightly=66, usually=3)
@given(stations=station_frames("gcj02", max_size=2))
def test_write_then_read_in_a_chinese_datum_keeps_positions_within_a_millionth_of_a_degree(
    datum: str, stations: GeoDataFrame
) -> None:
    _require_identity(stations, datum, tolerance_deg=1e-6)


@given(case=st.sampled_from(FIELDS).flatmap(lambda field: st.tuples(st.just(field), cells(field))))
def test_a_canonical_cell_is_the_format_of_its_value(case: tuple[Field, str]) -> None:
    field, text = case
    value = parse_cell(field, text)
    canonical = format_cell(field, value)
    assert parse_cell(field, canonical) == value
    assert format_cell(field, parse_cell(field, canonical)) == canonical
