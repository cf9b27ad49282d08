"""What the tests of accounts share: two subdistricts, a station in each, who is logged in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.webmap.staff.conftest import areas, login

if TYPE_CHECKING:
    import geopandas as gpd

    from tests.webmap.conftest import Save

__all__ = ["areas", "login"]  # fixtures of the desk's tests

DISTRICT, WEST, EAST = "110101", "110101005", "110101010"  # 东城区, 东四街道, 朝阳门街道


@pytest.fixture(autouse=True)
def two(save: Save, areas: gpd.GeoDataFrame) -> None:
    """Save a station in each of the two subdistricts."""
    assert len(areas) == 3
    save(
        {"code": "W", "name": "西", "lon": "116.41", "lat": "39.93", "subdistrict": "东四街道"},
        {"code": "E", "name": "东", "lon": "116.43", "lat": "39.93", "subdistrict": "朝阳门街道"},
    )
