"""Which stations may be one and the same, entered twice: questions for a person, never a verdict.

What speaks for it is weighed in ``geo.stations.sameness``; records whose positions differ by a
datum's shift are found by ``geo.stations.twins``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from pandas import DataFrame, Series, concat

from geo.coords import geodesic_m
from geo.stations.near import near_pairs
from geo.stations.sameness import ASK, WITHIN_M, gather, score
from geo.stations.twins import REACH_DEG, find_twins

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geopandas import GeoDataFrame
    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]

USED: Final = (  # the columns that are looked at
    "code", "name", "address", "district", "subdistrict", "phone_public", "status", "lon", "lat",
)  # fmt: skip

_TEXTS: Final = ["name", "address", "district", "subdistrict", "phone_public"]
_MARKS: Final = ["twin_datum", "twin_from", "shifted"]
_ANSWER: Final = ["row", "code", "score", "distance_m", "reasons", *_MARKS]
_OTHER: Final = {"new": "existing", "existing": "new", "": ""}
_GONE: Final = "duplicate_of"  # a status: settled already
_SETTLED: Final = ("closed", _GONE)
_NEAREST: Final = 64  # stations around one that are compared
_METRES_PER_DEG: Final = 110_000.0  # of latitude, no more than there are


def find_alike(
    new: GeoDataFrame, existing: GeoDataFrame, *, within_m: float = WITHIN_M, least: float = ASK
) -> DataFrame:
    """Return for each new station the existing ones that it may be.

    Parameters
    ----------
    new, existing : GeoDataFrame, n and m rows
        Stations as ``geo.stations`` returns them; the columns ``USED`` are read. Positions are
        degrees, WGS-84. Either may be empty. A station never meets one of its own code, nor one
        whose status is ``duplicate_of``; of more than 64 within reach the nearest 64 are compared.
    within_m : float
        Geodesic metres between the two, both ends included. Coordinate twins are found as far as
        their datums lie apart.
    least : float
        The least score that is returned, in [0, 1]; 0 returns all that are within reach.

    Returns
    -------
    DataFrame
        By ``row`` in the order of ``new``, the likeliest first (ties: nearest, then code):
        ``row`` (index of ``new``), ``code`` (of the existing one), ``score`` in [0, 1],
        ``distance_m``, ``reasons`` (tuple of words of ``REASONS``), and of a coordinate twin
        ``twin_datum`` (``gcj02`` or ``bd09``), ``twin_from`` and ``shifted`` (``new`` or
        ``existing``): that one stands where the other would stand if its position, as of
        ``twin_from``, were written in ``twin_datum``. "" of others.
    """
    near = existing[_is_around(new, existing, within_m)]
    pairs = _pair(_positions(new), _positions(near), within_m)
    codes = new["code"].to_numpy(dtype=object), near["code"].to_numpy(dtype=object)
    mine, theirs = codes[0][pairs["left"]], codes[1][pairs["right"]]
    phones = existing["phone_public"].tolist()
    found = _judge(pairs[(mine != theirs) | (mine == "")], new, near, phones, within_m)
    found = found[found["score"] >= least]
    order = ["left", "score", "distance_m", "code"]
    return _answer(found.sort_values(order, ascending=[True, False, True, True]), new)


def find_doubles(
    stations: GeoDataFrame, *, within_m: float = WITHIN_M, least: float = ASK
) -> DataFrame:
    """Return the pairs of stations of one layer that may be one, each pair once.

    Parameters
    ----------
    stations : GeoDataFrame, n rows
        As `find_alike` takes them, codes unique. Those ``closed`` or ``duplicate_of`` are left out.
    within_m, least : float
        As of `find_alike`.

    Returns
    -------
    DataFrame
        The columns of `find_alike`, the likeliest pair first. ``row`` is the index of the station
        whose code comes first, ``code`` is the other's.
    """
    alive = stations[~stations["status"].isin(_SETTLED)].sort_values("code")
    places = _positions(alive)
    pairs = _pair(places, places, within_m)
    once = _turned(pairs).drop_duplicates(["left", "right"])
    phones = alive["phone_public"].tolist()
    found = _judge(once[once["left"] < once["right"]], alive, alive, phones, within_m)
    found = found[found["score"] >= least]
    order = ["score", "left", "code"]
    return _answer(found.sort_values(order, ascending=[False, True, True]), alive)


def _is_around(new: GeoDataFrame, existing: GeoDataFrame, within_m: float) -> Bools:
    """Return which existing stations are near enough to any new one to be looked at."""
    near = (existing["status"] != _GONE).to_numpy(dtype=bool)
    mine, theirs = _positions(new), _positions(existing)
    if not len(mine):
        return np.zeros(len(existing), dtype=bool)
    low, high = mine.min(axis=0), mine.max(axis=0)
    narrow = max(np.cos(np.radians(np.abs(mine[:, 1]).max())), 0.01)
    reach = np.maximum(REACH_DEG, within_m / _METRES_PER_DEG / np.array([narrow, 1.0]))
    inside = ((theirs >= low - reach) & (theirs <= high + reach)).all(axis=1)
    return np.asarray(near & inside, dtype=np.bool_)


def _positions(stations: GeoDataFrame) -> Floats:
    return np.asarray(stations[["lon", "lat"]], dtype=np.float64)


def _pair(mine: Floats, theirs: Floats, within_m: float) -> DataFrame:
    """Return the pairs to compare: those within reach, and those at a datum's shift."""
    # one more: it may be itself
    left, right, _ = near_pairs(mine, theirs, within_m, most=_NEAREST + 1)
    pairs = DataFrame({"left": left, "right": right})
    pairs = pairs.merge(find_twins(mine, theirs), on=["left", "right"], how="outer")
    marks = ["twin_datum", "twin_from", "shifted"]
    pairs[marks] = pairs[marks].astype(object).fillna("")
    ends = mine[pairs["left"]], theirs[pairs["right"]]
    pairs["distance_m"] = geodesic_m(*ends[0].T, *ends[1].T)
    return pairs[(pairs["distance_m"] <= within_m) | (pairs["twin_datum"] != "")]


def _turned(pairs: DataFrame) -> DataFrame:
    """Return pairs of one layer with the lower row left."""
    back = (pairs["left"] > pairs["right"]).to_numpy()
    turned = pairs.copy()
    turned.loc[back, ["left", "right"]] = pairs.loc[back, ["right", "left"]].to_numpy()
    turned.loc[back, "shifted"] = pairs.loc[back, "shifted"].map(_OTHER)
    return turned


def _judge(
    pairs: DataFrame,
    ours: GeoDataFrame,
    theirs: GeoDataFrame,
    phones: Sequence[str],
    within_m: float,
) -> DataFrame:
    """Return the pairs with code, score and reasons; far ones only where they are twins."""
    rows, left = np.unique(pairs["left"].to_numpy(dtype=np.int64), return_inverse=True)
    others, right = np.unique(pairs["right"].to_numpy(dtype=np.int64), return_inverse=True)
    stations = concat([DataFrame(ours[_TEXTS]).iloc[rows], DataFrame(theirs[_TEXTS]).iloc[others]])
    evidence = gather(stations, left, right + len(rows), phones=phones)
    distance_m = pairs["distance_m"].to_numpy()
    is_twin = evidence.is_twin(pairs["off_m"].to_numpy())
    judged = pairs.assign(
        code=theirs["code"].to_numpy(dtype=object)[pairs["right"]],
        score=score(evidence.together(), distance_m, is_twin),
        reasons=Series(evidence.reasons(distance_m, is_twin), index=pairs.index, dtype=object),
        **{name: np.where(is_twin, pairs[name], "") for name in _MARKS},
    )
    return judged[is_twin | (distance_m <= within_m)]


def _answer(found: DataFrame, ours: GeoDataFrame) -> DataFrame:
    return found.assign(row=ours.index[found["left"]])[_ANSWER].reset_index(drop=True)
