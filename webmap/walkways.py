"""How far positions lie from the walkways of the cities that are installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.city import list_cities
from geo.network import read_network

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from geo.city import City
    from geo.network import Network

    Floats = NDArray[np.float64]


def network_distance(
    cities: Sequence[City], read: Callable[[City], Network]
) -> Callable[[Floats, Floats], Floats]:
    """Return a function of longitudes and latitudes that gives metres to the nearest walkway.

    Parameters
    ----------
    cities : sequence of City
        Whose networks count; one is read only if a position lies in its box.
    read : callable
        Reads a city's network.

    Returns
    -------
    callable
        Of degrees, WGS-84, shape (n,): metres, inf beyond 50 m of any way, NaN in no city's box.
    """

    def _distance_m(lon: Floats, lat: Floats) -> Floats:
        nearest = np.full(lon.shape, np.nan)
        for city in cities:
            inside = (
                (lon >= city.west) & (lon <= city.east) & (lat >= city.south) & (lat <= city.north)
            )
            if inside.any():
                found = read(city).snapper.snap(lon[inside], lat[inside]).connector_m
                nearest[inside] = np.fmin(nearest[inside], found)
        return nearest

    return _distance_m


def folder_distance(folder: Path) -> Callable[[Floats, Floats], Floats]:
    """Return the same for the cities below a folder, whose networks are read at most once."""
    networks: dict[str, Network] = {}

    def _read(city: City) -> Network:
        if city.code not in networks:
            networks[city.code] = read_network(city.network_path)
        return networks[city.code]

    return network_distance(list_cities(folder), _read)
