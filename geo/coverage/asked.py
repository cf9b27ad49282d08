"""What a coverage run may be asked: numbers it can measure with, areas in degrees, names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo.coords import WGS84
from geo.errors import CrsMismatchError, InvalidOptionError, MissingCrsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geopandas import GeoDataFrame

MOST_LIMIT_M: Final = 20_000.0  # five hours' walk; memory grows with the limit's square


def require_numbers(*, limit_m: float, **options: float) -> None:
    """See that options are numbers above 0, and the limit one that can be measured.

    Raises
    ------
    InvalidOptionError
        One is not.
    """
    for name, value in {"limit_m": limit_m, **options}.items():
        if not (np.isfinite(value) and value > 0):
            msg = f"{name} is {value}; it must be a number above 0"
            raise InvalidOptionError(msg)
    if limit_m > MOST_LIMIT_M:
        msg = f"limit_m is {limit_m:g}; walks of more than {MOST_LIMIT_M:g} m are not measured"
        raise InvalidOptionError(msg)


def require_degrees(areas: Sequence[GeoDataFrame]) -> None:
    """See that layers of areas are in degrees, WGS-84.

    Raises
    ------
    MissingCrsError
        A layer says no CRS.
    CrsMismatchError
        A layer is in another one.
    """
    for number, layer in enumerate(areas, start=1):
        if layer.crs is None:
            msg = f"areas, layer {number}: says no coordinate reference system; set it"
            raise MissingCrsError(msg)
        if layer.crs != WGS84:
            msg = f"areas, layer {number}: is in {layer.crs.to_string()}; turn it into EPSG:4326"
            raise CrsMismatchError(msg)


def require_names(names: Sequence[str], areas: Sequence[GeoDataFrame]) -> None:
    """See that there are as many names as layers of areas, or none.

    Raises
    ------
    InvalidOptionError
        There are not.
    """
    if names and len(names) != len(areas):
        msg = f"{len(names)} names were given for {len(areas)} layers of areas; give one each"
        raise InvalidOptionError(msg)
