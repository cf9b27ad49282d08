"""The nearest street with a name: what an address can begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geo.network.names import NAMELESS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.network.graph import Network
    from geo.network.names import Street

_DEGREE_M: Final = 111_320.0  # metres of a degree of latitude; only to leave far edges out
_MARGIN: Final = 1.5  # on both sides of it


class NearStreet(NamedTuple):
    """A street and how far it is."""

    street: Street
    away_m: float  # in a straight line, to the middle of the way


def nearest_street(
    network: Network, lon: float, lat: float, *, within_m: float
) -> NearStreet | None:
    """Return the nearest street that has a name.

    Parameters
    ----------
    network : Network
        One that knows its streets' names; of any other nothing is found.
    lon, lat : float
        Degrees, WGS-84.
    within_m : float
        Metres in a straight line, > 0; a street farther away is none.

    Returns
    -------
    NearStreet or None
        Of streets equally far the first by its edges.
    """
    if network.names is None:
        return None
    edges = _edges_near(network, lon, lat, within_m * _MARGIN)
    named = edges[network.names.of[edges] != 0]  # the first street is `NAMELESS`
    if not len(named):
        return None
    away_m = _distance_m(network, named, lon, lat)
    best = int(np.argmin(away_m))
    if away_m[best] > within_m:
        return None
    street = network.street_of(int(named[best]))
    return None if street == NAMELESS else NearStreet(street, float(away_m[best]))


def _edges_near(network: Network, lon: float, lat: float, reach_m: float) -> NDArray[np.int64]:
    """Return the edges whose box touches a square around a position."""
    high = reach_m / _DEGREE_M
    wide = high / max(np.cos(np.radians(lat)), 0.01)
    is_out = np.zeros(len(network.u), dtype=np.bool_)
    for axis, at, reach in ((network.lon, lon, wide), (network.lat, lat, high)):
        one, other = axis[network.u], axis[network.v]
        is_out |= np.maximum(one, other) < at - reach
        is_out |= np.minimum(one, other) > at + reach
    return np.flatnonzero(~is_out)


def _distance_m(
    network: Network, edges: NDArray[np.int64], lon: float, lat: float
) -> NDArray[np.float64]:
    """Return metres from a position to edges, on a plane that touches the Earth there."""
    scale = np.array([_DEGREE_M * np.cos(np.radians(lat)), _DEGREE_M])
    start, stop = (
        (np.column_stack([network.lon[ends[edges]], network.lat[ends[edges]]]) - (lon, lat)) * scale
        for ends in (network.u, network.v)
    )
    along = stop - start
    square = np.einsum("ij,ij->i", along, along)
    share = -np.einsum("ij,ij->i", start, along) / np.where(square > 0, square, 1.0)
    foot = start + np.clip(share, 0.0, 1.0)[:, None] * along
    away: NDArray[np.float64] = np.hypot(foot[:, 0], foot[:, 1])
    return away
