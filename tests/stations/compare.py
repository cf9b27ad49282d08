"""Whether two frames of stations are the same, to the last bit or within a tolerance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pandas.testing import assert_frame_equal

from geo.stations import FIELD_NAMES

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


def assert_same_stations(
    found: GeoDataFrame, wanted: GeoDataFrame, *, tolerance_deg: float = 0.0
) -> None:
    """Fail unless columns, types, CRS and cells are equal and positions within the tolerance."""
    assert list(found.columns) == [*FIELD_NAMES, "geometry"]
    assert found.crs == wanted.crs
    rest = [name for name in FIELD_NAMES if name not in ("lon", "lat")]
    assert_frame_equal(found[rest], wanted[rest], check_exact=True)
    for name in ("lon", "lat"):
        assert np.abs(found[name] - wanted[name]).max() <= tolerance_deg
    assert (found.geometry.x == found["lon"]).all()
    assert (found.geometry.y == found["lat"]).all()
