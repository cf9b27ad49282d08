"""Baidu's metres against the polynomials of Baidu's own scripts.

Their source: the function ``convertLL2MC`` of api.map.baidu.com/getscript, as many programs have
copied it since 2011; each row holds for the latitudes of its band upwards.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.coords import geodesic_m
from geo.pasted import read_pasted

BANDS = (60, 45, 30, 15, 0)
LL2MC = (
    (0.0008277824516172526, 111320.7020463578, 647795574.6671607, -4082003173.641316,
     10774905663.51142, -15171875531.51559, 12053065338.62167, -5124939663.577472,
     913311935.9512032, 67.5),
    (0.00337398766765, 111320.7020202162, 4481351.045890365, -23393751.19931662,
     79682215.47186455, -115964993.2797253, 97236711.15602145, -43661946.33752821,
     8477230.501135234, 52.5),
    (0.00220636496208, 111320.7020209128, 51751.86112841131, 3796837.749470245,
     992013.7397791013, -1221952.21711287, 1340652.697009075, -620943.6990984312,
     144416.9293806241, 37.5),
    (-0.0003441963504368392, 111320.7020576856, 278.2353980772752, 2485758.690035394,
     6070.750963243378, 54821.18345352118, 9540.606633304236, -2710.55326746645,
     1405.483844121726, 22.5),
    (-0.0003218135878613132, 111320.7020701615, 0.00369383431289, 823725.6402795718,
     0.46104986909093, 2351.343141331292, 1.58060784298199, 8.77738589078284,
     0.37238884252424, 7.45),
)  # fmt: skip
TOLERANCE_M = 0.3  # of the polynomials themselves; they jump by as much between two bands


def metres(lon: float, lat: float) -> tuple[float, float]:
    """Return Baidu's metres of degrees, BD-09, by its polynomials."""
    row = LL2MC[next(place for place, least in enumerate(BANDS) if lat >= least)]
    share = lat / row[9]
    y = sum(factor * share**power for power, factor in enumerate(row[2:9]))
    return row[0] + row[1] * lon, y


@given(st.floats(73.0, 135.0), st.floats(4.0, 54.0))
def test_metres_of_a_view_lead_back_to_the_degrees(lon: float, lat: float) -> None:
    x, y = metres(lon, lat)
    found = read_pasted(f"https://map.baidu.com/@{x:.6f},{y:.6f},18z")
    away = geodesic_m(
        np.array([found.lon]), np.array([found.lat]), np.array([lon]), np.array([lat])
    )
    assert away[0] < TOLERANCE_M
    swapped = read_pasted(
        f"http://api.map.baidu.com/marker?location={y:.6f},{x:.6f}&coord_type=bd09mc"
    )
    assert (swapped.lon, swapped.lat) == (found.lon, found.lat)


def test_web_mercator_would_be_wrong_by_kilometres() -> None:
    """The common mistake: a sphere in the place of the ellipsoid."""
    x, y = metres(116.404, 39.915)
    sphere = np.degrees(2 * np.arctan(np.exp(y / 6378137.0)) - np.pi / 2)
    assert abs(sphere - 39.915) > 0.1
    assert read_pasted(f"https://map.baidu.com/@{x},{y},18z").lat == pytest.approx(39.915, abs=2e-6)
