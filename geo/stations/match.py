"""Which stored station a row of a file is: by code, by source, or by name and place."""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from typing import TYPE_CHECKING, Final

import numpy as np
from pandas import DataFrame, factorize
from scipy.spatial import KDTree

from geo.coords import geodesic_m

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray

CODE_MARK: Final = "NY-"  # begins every code made here, so that it is told from a typed one
_HASH_BYTES: Final = 7  # 50 bits are used: of 200,000 stations two clash with p = 2e-5
_CODE_LETTERS: Final = 10
_MEAN_RADIUS_M: Final = 6_371_008.8  # of WGS-84 (IUGG R1)
SAME_PLACE_M: Final = 30.0  # a name this near is the same station (design.md, Fields)


def stable_code(area: str, name: str, lon: float, lat: float) -> str:
    """Return a code made from area, name and position: the same row gives the same code.

    Parameters
    ----------
    area : str
        District, or "" when not known.
    name : str
        Name; width of characters, case and spaces do not count.
    lon, lat : float
        Degrees, WGS-84; rounded to 1e-4 (about 10 m), so conversion between datums seldom
        changes the code.

    Returns
    -------
    str
        ``NY-`` and 10 characters of A-Z, 2-7.
    """
    text = "\n".join((_folded(area), _folded(name), f"{lon:.4f}", f"{lat:.4f}"))
    digest = hashlib.sha256(text.replace("-0.0000", "0.0000").encode()).digest()
    return CODE_MARK + base64.b32encode(digest[:_HASH_BYTES]).decode()[:_CODE_LETTERS]


def match_rows(incoming: GeoDataFrame, existing: GeoDataFrame) -> DataFrame:
    """Find for each incoming station the existing one that it is.

    The rules are tried in turn over all rows: the same ``code``; the same ``source`` and
    ``source_id``; the same name within 30 m (geodesic), nearest first. An existing station is
    given to one row only. Two different codes that people typed never meet by name.

    Parameters
    ----------
    incoming, existing : GeoDataFrame, n and m rows
        Stations as `validate_stations` returns them; either may be empty.

    Returns
    -------
    DataFrame, n rows
        Index of ``incoming``; ``code`` of the existing station or "", and ``how``: ``code``,
        ``source``, ``name`` or ``new``.
    """
    matches = DataFrame({"code": "", "how": "new"}, index=incoming.index, dtype=str)
    for how, find in (("code", _by_code), ("source", _by_source), ("name", find_namesakes)):
        left = incoming[matches["how"] == "new"]
        free = existing[~existing["code"].isin(matches["code"])]
        found = _one_to_one(find(left, free))
        matches.loc[list(found), "code"] = list(found.values())
        matches.loc[list(found), "how"] = how
    return matches


def _one_to_one(pairs: DataFrame) -> dict[int, str]:
    """Return row to code, best pairs first, each row and each code once."""
    found: dict[int, str] = {}
    taken: set[str] = set()
    for row, code in zip(pairs["row"], pairs["code"], strict=True):
        if row not in found and code not in taken:
            found[row] = code
            taken.add(code)
    return found


def _by_code(incoming: GeoDataFrame, existing: GeoDataFrame) -> DataFrame:
    """Return pairs (row, code) whose codes are equal; the rules below return the same columns."""
    codes = incoming["code"][incoming["code"].isin(existing["code"]) & (incoming["code"] != "")]
    return DataFrame({"row": codes.index, "code": codes.to_numpy()})


def _by_source(incoming: GeoDataFrame, existing: GeoDataFrame) -> DataFrame:
    keys = ["source", "source_id"]
    known = incoming[(incoming[keys] != "").all(axis="columns")]
    rows = DataFrame(known[keys]).assign(row=known.index)
    return rows.merge(DataFrame(existing[[*keys, "code"]]), on=keys)


def find_namesakes(incoming: GeoDataFrame, existing: GeoDataFrame) -> DataFrame:
    """Return the pairs of stations with one name within 30 m (geodesic), nearest first.

    Parameters
    ----------
    incoming, existing : GeoDataFrame, n and m rows
        As `match_rows` takes them; both may be the same, then each row meets itself.

    Returns
    -------
    DataFrame
        ``row`` (index of ``incoming``), ``other`` (index of ``existing``), ``code`` of the other,
        ``away_m``. Two different codes that people typed never meet.
    """
    near = KDTree(_metres(incoming)).sparse_distance_matrix(
        KDTree(_metres(existing)), SAME_PLACE_M * 1.01, output_type="coo_matrix"
    )
    names = [_folded(name) for name in (*incoming["name"], *existing["name"])]
    key, typed = factorize(np.array(names, dtype=object))[0], ~_is_made(incoming, existing)
    left, right = near.row, near.col + len(incoming)
    wanted = (key[left] == key[right]) & ~(typed[left] & typed[right])
    row, col = near.row[wanted], near.col[wanted]
    ours, theirs = (frame[["lon", "lat"]].to_numpy() for frame in (incoming, existing))
    away_m = geodesic_m(*ours[row].T, *theirs[col].T)
    codes = existing["code"].to_numpy(dtype=object)[col]
    labels = {"row": incoming.index[row], "other": existing.index[col]}
    pairs = DataFrame({**labels, "code": codes, "away_m": away_m})
    return pairs[away_m <= SAME_PLACE_M].sort_values(["away_m", "row", "code"])


def _metres(stations: GeoDataFrame) -> NDArray[np.float64]:
    """Return positions on a sphere of the ellipsoid's mean radius, shape (n, 3): within 0.6 %."""
    lon, lat = np.radians(stations["lon"]), np.radians(stations["lat"])
    level = np.cos(lat)
    return _MEAN_RADIUS_M * np.column_stack((level * np.cos(lon), level * np.sin(lon), np.sin(lat)))


def _is_made(incoming: GeoDataFrame, existing: GeoDataFrame) -> NDArray[np.bool_]:
    """Return for the rows of both whether their code is none that a person chose."""
    codes = (*incoming["code"], *existing["code"])
    return np.array([code == "" or code.startswith(CODE_MARK) for code in codes], dtype=bool)


def _folded(text: str) -> str:
    """Return the text without what the eye does not see: width, case, spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
