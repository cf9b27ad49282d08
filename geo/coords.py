"""Datums and metric coordinates: WGS-84, GCJ-02, BD-09, and a local metric CRS.

Longitude and latitude are degrees in this order everywhere. GCJ-02 and BD-09 have no EPSG code, so
they never sit in a ``.crs``: positions are converted here, on the way in or out, and nowhere else.

Sources
-------
GCJ-02: the publicly known form of the shift on the Krasovsky 1940 ellipsoid ("eviltransform",
https://github.com/googollee/eviltransform, first published 2013); the state keeps the
specification secret, so agreement with official converters is empirical, about 1 m.
BD-09: Baidu's further rotation and scaling of GCJ-02, in the same publication.
The inverse is a fixed-point iteration, not the common one-step approximation.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, get_args

import numpy as np
from pyproj import CRS, Geod, Transformer
from scipy.spatial import KDTree

from geo.errors import AmbiguousDatumError, ConvergenceError, InvalidDatumError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

Datum = Literal["wgs84", "gcj02", "bd09"]
DATUMS: Final[tuple[str, ...]] = get_args(Datum)
AUTO: Final = "auto"  # as a datum: by the file's name, else WGS-84

_NAMED: Final = re.compile(rf"(?:^|[^a-z0-9])({'|'.join(DATUMS)})(?:\.[a-z0-9.]+)?$")
SHOWN: Final[dict[str, str]] = {"wgs84": "WGS-84", "gcj02": "GCJ-02", "bd09": "BD-09"}

MAX_LON: Final = 180.0  # degrees; what is beyond is not on Earth
MAX_LAT: Final = 90.0

WGS84: Final = CRS.from_epsg(4326)
GEOD: Final = Geod(ellps="WGS84")

_KRASOVSKY_A_M: Final = 6378245.0
_KRASOVSKY_E2: Final = 0.00669342162296594323
_BD_TURN: Final = np.pi * 3000.0 / 180.0
_CHINA: Final = (
    72.004,
    0.8293,
    137.8347,
    55.8271,
)  # the published box outside which GCJ-02 = WGS-84
_TOLERANCE_DEG: Final = 1e-10  # about 0.01 mm
_MAX_ROUNDS: Final = 50


def require_datum(name: str) -> Datum:
    """Return ``name`` if it is a datum this module converts.

    Raises
    ------
    InvalidDatumError
        It is not one of ``DATUMS``.
    """
    if name not in DATUMS:
        msg = f"unknown datum {name!r}; use one of {', '.join(DATUMS)}"
        raise InvalidDatumError(msg)
    return name  # type: ignore[return-value]  # narrowed by the test above


def named_datum(name: str) -> Datum | None:
    """Return the datum that a column or file is named after (``lng_gcj02``, ``a_bd09.csv``).

    None where the name says none; GeoJSON and CSV cannot say GCJ-02, so names do.
    """
    found = _NAMED.search(name.strip().casefold())
    return require_datum(found[1]) if found else None


def settle_datum(asked: str, name: str) -> str:
    """Return the datum asked for; for ``auto`` that of the file's name, else ``wgs84``."""
    return asked if asked != AUTO else named_datum(name) or "wgs84"


def agreed_datum(asked: str, names: Iterable[str]) -> str:
    """Return the datum of several files: what was asked for, else what their names say.

    Returns
    -------
    str
        "" where nobody says any.

    Raises
    ------
    InvalidDatumError
        ``asked`` is not known.
    AmbiguousDatumError
        The names say two datums, or some say one that is not WGS-84 and others say none.
    """
    if asked != AUTO:
        return require_datum(asked)
    said = {named_datum(name) or "" for name in names}
    if len(said) > 1 and said != {"", "wgs84"}:
        told = " and ".join(SHOWN.get(datum, "none named") for datum in sorted(said))
        msg = (
            f"by their names the files are in {told}; say which datum all are in (--datum), or "
            "measure them apart"
        )
        raise AmbiguousDatumError(msg)
    return said.pop() if len(said) == 1 else ""


def describe_datum(known: str, *, asked: str, of: str = "", option: str = "--datum") -> str:
    """Return a sentence for the user: in which datum positions were read, and why.

    Parameters
    ----------
    known : {"wgs84", "gcj02", "bd09"}
        What was taken.
    asked : str
        What the user said, ``auto`` for nothing.
    of : str
        Whose positions, such as a file.
    option : str
        Where the user says it; "" where only the name of the file can.
    """
    head = f"Positions{of and f' of {of}'} read as {SHOWN[known]}"
    if asked != AUTO:
        return f"{head}, as {option} says."
    if known != "wgs84":
        return f"{head}, as the names of file or columns say."
    if not option:
        return f"{head}; end the file's name in _gcj02 or _bd09 if they are in one of these."
    return (
        f"{head}, as no {option} was given; positions from Amap or Tencent "
        f"need {option} gcj02, from Baidu {option} bd09."
    )


def to_wgs84(lon: ArrayLike, lat: ArrayLike, datum: str) -> tuple[Floats, Floats]:
    """Convert positions of ``datum`` to WGS-84.

    Parameters
    ----------
    lon, lat : array_like, shape (n,)
        Degrees in ``datum``; NaN stays NaN.
    datum : {"wgs84", "gcj02", "bd09"}
        The datum they are in.

    Returns
    -------
    tuple of ndarray, each shape (n,)
        Degrees, WGS-84; exact inverse of `from_wgs84` to 1e-9 degrees. GCJ-02 positions outside
        the box of the shift come back unchanged.

    Raises
    ------
    InvalidDatumError
        ``datum`` is not known.
    ConvergenceError
        The iteration did not reach 1e-10 degrees in 50 rounds: a position on the box's edge,
        where the shift begins with a jump and some positions have no inverse.
    """
    lon, lat = _pair(lon, lat)
    known = require_datum(datum)
    if known == "wgs84":
        return lon, lat
    return _invert(_FORWARD[known], lon, lat)


def from_wgs84(lon: ArrayLike, lat: ArrayLike, datum: str) -> tuple[Floats, Floats]:
    """Convert WGS-84 positions to ``datum``; shapes, units and errors as in `to_wgs84`.

    Raises
    ------
    InvalidDatumError
        ``datum`` is not known.
    """
    lon, lat = _pair(lon, lat)
    known = require_datum(datum)
    return (lon, lat) if known == "wgs84" else _FORWARD[known](lon, lat)


def gcj02_to_bd09(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """Convert GCJ-02 positions to BD-09; shapes and units as in `to_wgs84`."""
    return _bd_from_gcj(*_pair(lon, lat))


def in_china_box(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Return True where GCJ-02 differs from WGS-84: the published box, wider than China itself."""
    x, y = _pair(lon, lat)
    west, south, east, north = _CHINA
    inside = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    return np.asarray(inside, dtype=np.bool_)


def geodesic_m(lon1: ArrayLike, lat1: ArrayLike, lon2: ArrayLike, lat2: ArrayLike) -> Floats:
    """Return geodesic distances on the WGS-84 ellipsoid in metres, shape (n,).

    Positions are degrees, WGS-84, shape (n,) or broadcast to it (Karney 2013,
    doi:10.1007/s00190-012-0578-z, through PROJ).
    """
    a, b, c, d = np.broadcast_arrays(*_pair(lon1, lat1), *_pair(lon2, lat2))
    _, _, metres = GEOD.inv(a, b, c, d)
    return np.asarray(metres, dtype=np.float64)


def bearing_deg(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Return the azimuth in degrees from the first to the second position, 0 = north, [0, 360)."""
    azimuth, _, _ = GEOD.inv(lon1, lat1, lon2, lat2)
    return float(azimuth) % 360.0 % 360.0  # the first turns -1e-16 into 360.0 itself


def local_metric_crs(lon: float, lat: float) -> CRS:
    """Return a transverse Mercator CRS in metres, true to scale along the meridian of ``lon``.

    Conformal; lengths are too long by (distance east or west of the meridian)^2 / (2 R^2):
    3e-5 at 50 km, 1.2e-4 at 100 km. Take the middle of the city as ``lon, lat``.
    """
    return CRS.from_proj4(
        f"+proj=tmerc +approx +lat_0={lat:.6f} +lon_0={lon:.6f} +k=1 +x_0=0 +y_0=0 "
        "+ellps=WGS84 +units=m +no_defs +type=crs"
    )


def project(crs: CRS, lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """Project WGS-84 degrees to ``x, y`` metres of a CRS on the same ellipsoid, each shape (n,)."""
    x, y = Transformer.from_crs(WGS84, crs, always_xy=True).transform(*_pair(lon, lat))
    return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)


def _pair(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)


def _gcj_offset(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Return the GCJ-02 shift of WGS-84 positions in degrees, ignoring the box."""
    x, y = lon - 105.0, lat - 35.0
    common = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    dy = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + common
    dy += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    dy += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    dx = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + common
    dx += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    dx += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    phi = np.radians(lat)
    w = 1.0 - _KRASOVSKY_E2 * np.sin(phi) ** 2
    meridian_m = _KRASOVSKY_A_M * (1.0 - _KRASOVSKY_E2) / (w * np.sqrt(w))
    parallel_m = _KRASOVSKY_A_M / np.sqrt(w) * np.cos(phi)
    return np.degrees(dx / parallel_m), np.degrees(dy / meridian_m)


def _gcj_from_wgs(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    dlon, dlat = _gcj_offset(lon, lat)
    inside = in_china_box(lon, lat)
    return np.where(inside, lon + dlon, lon), np.where(inside, lat + dlat, lat)


def _bd_from_gcj(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    z = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_TURN)
    theta = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_TURN)
    return z * np.cos(theta) + 0.0065, z * np.sin(theta) + 0.006


def _bd_from_wgs(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    moved = _bd_from_gcj(*_gcj_from_wgs(lon, lat))
    inside = in_china_box(lon, lat)
    return np.where(inside, moved[0], lon), np.where(inside, moved[1], lat)


_FORWARD: Final[dict[str, Callable[[Floats, Floats], tuple[Floats, Floats]]]] = {
    "gcj02": _gcj_from_wgs,
    "bd09": _bd_from_wgs,
}


def _invert(
    forward: Callable[[Floats, Floats], tuple[Floats, Floats]], lon: Floats, lat: Floats
) -> tuple[Floats, Floats]:
    """Solve forward(x) = (lon, lat) by x <- x + ((lon, lat) - forward(x)); it contracts ~100-fold.

    A position that is its own image lies outside the box and is its own inverse, tested last:
    near the edge both branches may hold, and the shifted one is the inverse of a shifted point.

    Raises
    ------
    ConvergenceError
        A position has no inverse.
    """
    x, y = lon.copy(), lat.copy()
    left = np.ones(x.shape, dtype=np.bool_)  # each stops by itself: no answer depends on another
    for _ in range(_MAX_ROUNDS):
        fx, fy = forward(x, y)
        ex, ey = lon - fx, lat - fy
        x, y = np.where(left, x + ex, x), np.where(left, y + ey, y)
        left &= np.fmax(np.abs(ex), np.abs(ey)) > _TOLERANCE_DEG
        if not left.any():
            return x, y
    own_x, own_y = forward(lon, lat)
    identity = left & (own_x == lon) & (own_y == lat)
    if np.array_equal(identity, left):
        return np.where(identity, lon, x), np.where(identity, lat, y)
    where = int(np.flatnonzero(left & ~identity)[0])
    msg = (
        f"position {where} ({np.ravel(lon)[where]:.6f}, {np.ravel(lat)[where]:.6f}) has no WGS-84 "
        "inverse: it lies on the edge of the area where the Chinese shift begins"
    )
    raise ConvergenceError(msg)


class GeodesicIndex:
    """Finds the nearest of fixed places in a straight line: a KD-tree over geocentric positions.

    The order of chords through the ellipsoid is the order of geodesics to 1e-7 at city distances;
    the distance given back is the geodesic itself.
    """

    def __init__(self, lon: ArrayLike, lat: ArrayLike) -> None:
        self.lon, self.lat = _pair(lon, lat)
        self._tree = KDTree(geocentric_m(self.lon, self.lat))

    def nearest(self, lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, NDArray[np.int64]]:
        """Return geodesic metres to, and index of, the nearest place, each shape (n,).

        Without any place the distance is inf and the index -1.
        """
        x, y = _pair(lon, lat)
        if not len(self.lon):
            return np.full(x.shape, np.inf), np.full(x.shape, -1, dtype=np.int64)
        _, index = self._tree.query(geocentric_m(x, y))
        index = np.asarray(index, dtype=np.int64)
        return geodesic_m(x, y, self.lon[index], self.lat[index]), index

    def chords(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.float32]:
        """Return metres through the ellipsoid to the nearest place, shape (n,); inf without any."""
        x, y = _pair(lon, lat)
        if not len(self.lon):
            return np.full(x.shape, np.inf, dtype=np.float32)
        return np.asarray(self._tree.query(geocentric_m(x, y))[0], dtype=np.float32)

    def first(
        self, lon: float, lat: float, count: int, *, within_m: float = np.inf
    ) -> tuple[NDArray[np.int64], float]:
        """Return the nearest places to a position, and the least distance of all others.

        Parameters
        ----------
        lon, lat : float
            Degrees, WGS-84.
        count : int
            So many at most, >= 1.
        within_m : float
            None that is surely farther. (A chord is never longer than a geodesic.)

        Returns
        -------
        tuple of ndarray, float
            Indices, nearest first; metres such that no other place is nearer, inf without others.
        """
        if not len(self.lon):
            return np.empty(0, dtype=np.int64), np.inf
        here = geocentric_m(*_pair(lon, lat))[0]
        most = min(count, len(self.lon))
        found = self._tree.query(here, k=most, distance_upper_bound=within_m)
        chord, index = np.atleast_1d(found[0]), np.atleast_1d(found[1])
        near = chord < np.inf
        if near.all():
            return index.astype(np.int64), float(chord[-1]) if len(self.lon) > most else np.inf
        return index[near].astype(np.int64), within_m


def geocentric_m(lon: Floats, lat: Floats) -> Floats:
    """Return geocentric x, y, z in metres on the WGS-84 ellipsoid, shape (n, 3).

    Positions are degrees, WGS-84, shape (n,).
    """
    lam, phi = np.radians(lon), np.radians(lat)
    normal_m = GEOD.a / np.sqrt(1.0 - GEOD.es * np.sin(phi) ** 2)
    across = normal_m * np.cos(phi)
    up = normal_m * (1.0 - GEOD.es) * np.sin(phi)
    return np.column_stack([across * np.cos(lam), across * np.sin(lam), up])
