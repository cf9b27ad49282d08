"""In which datum a list of stations is: what its names say, and what its positions say.

Nothing is decided by one hint against another. Names of columns and files say a datum; positions
speak for one by three measures, each taken under every hypothesis: two pairs of columns that differ
by exactly the Chinese shift, rows inside the district or subdistrict they name, and the distance to
the walking network. Where the names and the positions contradict each other, or nothing tells,
there is no datum, and somebody must say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from scipy.stats import binom

from geo.area_claims import inside_claims
from geo.coords import DATUMS, SHOWN, in_china_box, require_datum, to_wgs84
from geo.errors import ConvergenceError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.area_claims import Claim
    from geo.coords import Datum

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Distance = Callable[[Floats, Floats], Floats]

Kind = Literal["columns", "file", "format", "pair", "areas", "network"]
Basis = Literal["said", "measured", "format", "contradicted", "unclear"]

SAYING: Final = ("columns", "file")  # kinds of evidence that are somebody's word
_PAIR_M: Final = 3.0  # two positions of one place, converted, are as near
_PAIR_SHARE: Final = 0.9
_PAIR_FEWEST: Final = 3
_FEWEST_M: Final = 50.0  # a pair of columns nearer than this in all rows is one datum twice
_CLEAR: Final = 0.002  # chance of so many rows by luck (sign test), below which areas decide
_LEANING: Final = 0.05
_NETWORK_MOST_M: Final = 51.0  # stands for "not within 50 m of the network"
_NETWORK_FEWEST: Final = 10  # positions within reach of the network
_NETWORK_SHARE: Final = 0.5
_ALIKE_M: Final = 2.0  # a mean gain of less tells nothing
_SIGMAS_CLEAR: Final = 3.5  # of the mean gain, paired by position
_SIGMAS_LEANING: Final = 2.0
_ERROR_M: Final = 5.0  # of a geocoder at its best
_CELL_DEG: Final = 0.0005  # about 50 m: several stations at one door are one position
_METRES_DEG: Final = 111_320.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """One hint.

    ``figures`` are by datum: metres between the two pairs (``pair``), rows inside the area they
    name (``areas``), or median metres to the network (``network``), inf beyond 50 m. ``count`` is
    how many rows could be compared, ``names`` which columns, file or format.
    """

    kind: Kind
    says: Datum | None
    is_clear: bool
    figures: Mapping[str, float]
    count: int = 0
    names: tuple[str, ...] = ()

    def describe(self) -> str:
        """Return the hint as a sentence."""
        return _SAID[self.kind](self)


@dataclass(frozen=True, slots=True)
class DatumGuess:
    """What is taken, why, and all hints; ``datum`` None: somebody must say."""

    datum: Datum | None
    basis: Basis
    evidence: tuple[Evidence, ...]

    def describe(self) -> list[str]:
        """Return the evidence as sentences, after one that says what was concluded."""
        heads = {
            "said": "as its names say",
            "measured": "as its positions show",
            "format": "as this format holds them, and nothing speaks against it",
        }
        head = {
            "contradicted": "The datum is not clear: hints contradict each other.",
            "unclear": "The datum is not clear: nothing tells it.",
        }.get(self.basis) or f"Positions are {SHOWN[self.datum or '']}, {heads[self.basis]}."
        return [head, *(one.describe() for one in self.evidence)]


@dataclass(frozen=True, slots=True)
class Listed:
    """The positions of a list as they stand, n rows; NaN where one is not known."""

    lon: Floats
    lat: Floats
    claims: Sequence[Claim] = ()  # of the same rows, for `areas`
    other: tuple[Floats, Floats] | None = None  # a second pair of columns
    other_said: Datum | None = None


def guess_datum(
    listed: Listed,
    *,
    said: Sequence[Evidence] = (),
    areas: gpd.GeoDataFrame | None = None,
    distance_m: Distance | None = None,
) -> DatumGuess:
    """Tell the datum of a list of stations.

    Parameters
    ----------
    listed : Listed
        Its positions.
    said : sequence of Evidence
        What names say (kinds ``columns``, ``file``), and what the format usually is (``format``).
    areas : GeoDataFrame, optional
        The areas that ``listed.claims`` were read with.
    distance_m : callable, optional
        Of longitudes and latitudes (degrees, WGS-84, shape (n,)) the metres to the walking
        network, inf beyond 50 m, NaN outside its box.

    Returns
    -------
    DatumGuess
        With a clear measure: what it says, unless a name says another datum (``contradicted``).
        Else what names say. Else the usual of the format, unless a measure leans to another.
        Outside the area of the Chinese shift all three are the same, and wgs84 is taken.
    """
    measured = [
        one
        for one in (_by_pair(listed), _by_areas(listed, areas), _by_network(listed, distance_m))
        if one is not None
    ]
    evidence = (*said, *measured)
    told = {one.says for one in said if one.kind in SAYING and one.says}
    clear = {one.says for one in measured if one.is_clear and one.says}
    if len(told) > 1 or len(clear) > 1 or (told and clear and told != clear):
        return DatumGuess(None, "contradicted", evidence)
    if told:
        return DatumGuess(require_datum(str(told.pop())), "said", evidence)
    if clear:
        return DatumGuess(require_datum(str(clear.pop())), "measured", evidence)
    usual = next((one.says for one in said if one.kind == "format" and one.says), None)
    leaning = {one.says for one in measured if one.says}
    if usual and leaning <= {usual}:
        return DatumGuess(usual, "format", evidence)
    if not _is_shifted(listed):
        return DatumGuess("wgs84", "format", evidence)
    return DatumGuess(None, "contradicted" if usual else "unclear", evidence)


def _is_shifted(listed: Listed) -> bool:
    known = np.isfinite(listed.lon) & np.isfinite(listed.lat)
    return bool(in_china_box(listed.lon[known], listed.lat[known]).any())


def _converted(lon: Floats, lat: Floats) -> dict[str, tuple[Floats, Floats]]:
    """Return the positions in WGS-84 under each hypothesis, without one that cannot be."""
    found = {}
    for datum in DATUMS:
        try:
            found[datum] = to_wgs84(lon, lat, datum)
        except ConvergenceError:  # rows on the edge of the shift: no city lies there
            continue
    return found


def _by_pair(listed: Listed) -> Evidence | None:
    """Compare two pairs of columns: in one datum each they mean the same places."""
    if listed.other is None:
        return None
    known = np.isfinite([listed.lon, listed.lat, *listed.other]).all(axis=0)
    one = _converted(listed.lon[known], listed.lat[known])
    other = _converted(*(axis[known] for axis in listed.other))
    count = int(known.sum())
    if count < _PAIR_FEWEST or not _is_shifted(listed):
        return None
    plain = _apart_m((listed.lon[known], listed.lat[known]), tuple(a[known] for a in listed.other))
    apart = {(mine, theirs): _apart_m(one[mine], other[theirs]) for mine in one for theirs in other}
    figures = {
        mine: min(float(np.median(metres)) for (a, _), metres in apart.items() if a == mine)
        for mine in one
    }
    if np.median(plain) < _FEWEST_M:  # the same positions twice: they fit under any datum
        return None
    fits = [pair for pair, metres in apart.items() if np.mean(metres <= _PAIR_M) >= _PAIR_SHARE]
    mine = {pair[0] for pair in fits}
    if len(mine) != 1:
        return Evidence("pair", None, is_clear=False, figures=figures, count=count)
    return Evidence("pair", require_datum(mine.pop()), is_clear=True, figures=figures, count=count)


def _apart_m(one: tuple[Floats, ...], other: tuple[Floats, ...]) -> Floats:
    """Return metres between positions that are near each other, by a plane at their latitude."""
    east = (one[0] - other[0]) * np.cos(np.radians(one[1]))
    return np.asarray(np.hypot(east, one[1] - other[1]) * _METRES_DEG, dtype=np.float64)


def _by_areas(listed: Listed, areas: gpd.GeoDataFrame | None) -> Evidence | None:
    """Count the rows inside the area they name; who gains rows by luck is told by a sign test."""
    named = np.array([bool(claim.area) for claim in listed.claims], dtype=np.bool_)
    if areas is None or areas.empty or not named.any():
        return None
    tried = _converted(listed.lon, listed.lat)
    inside = {
        datum: inside_claims(listed.claims, areas, *place) & named for datum, place in tried.items()
    }
    figures = {datum: float(rows.sum()) for datum, rows in inside.items()}
    best = max(figures, key=lambda datum: figures[datum])
    luck = max(_luck(inside[best], inside[other]) for other in inside if other != best)
    says = require_datum(best) if luck <= _LEANING else None
    return Evidence("areas", says, is_clear=luck <= _CLEAR, figures=figures, count=int(named.sum()))


def _luck(one: Flags, other: Flags) -> float:
    """Return the chance that one hypothesis wins so many of the rows in which they differ."""
    wins, losses = int((one & ~other).sum()), int((other & ~one).sum())
    return float(binom.sf(wins - 1, wins + losses, 0.5)) if wins else 1.0


def _by_network(listed: Listed, distance_m: Distance | None) -> Evidence | None:
    """Compare the distances to the walking network, once per place of about 50 m."""
    if distance_m is None:
        return None
    known = np.isfinite(listed.lon) & np.isfinite(listed.lat)
    places = np.unique(
        np.rint(np.column_stack([listed.lon[known], listed.lat[known]]) / _CELL_DEG),
        axis=0,
        return_index=True,
    )[1]
    lon, lat = listed.lon[known][places], listed.lat[known][places]
    metres = {datum: distance_m(*place) for datum, place in _converted(lon, lat).items()}

    seen = ~np.isnan(list(metres.values())).any(axis=0)
    near = {datum: np.minimum(found[seen], _NETWORK_MOST_M) for datum, found in metres.items()}
    figures = {datum: _median(found) if len(found) else np.inf for datum, found in near.items()}
    count = int(seen.sum())
    if count < _NETWORK_FEWEST:
        return None
    best = min(near, key=lambda datum: float(near[datum].mean()))
    reached = float(np.mean(near[best] < _NETWORK_MOST_M))
    sigmas = min(_sigmas(near[best], near[other]) for other in near if other != best)
    tells = reached >= _NETWORK_SHARE and sigmas >= _SIGMAS_LEANING and _is_shifted(listed)
    return Evidence(
        "network",
        require_datum(best) if tells else None,
        is_clear=tells and sigmas >= _SIGMAS_CLEAR,
        figures=figures,
        count=count,
    )


def _median(metres: Floats) -> float:
    middle = float(np.median(metres))
    return middle if middle < _NETWORK_MOST_M else np.inf


def _sigmas(near: Floats, far: Floats) -> float:
    """Return the mean gain over another hypothesis in its own standard errors; 0 if it is small."""
    gain = far - near
    if gain.mean() < _ALIKE_M:
        return 0.0
    return float(gain.mean() / np.sqrt((gain.var(ddof=1) + _ERROR_M**2) / len(gain)))


def _say_names(one: Evidence) -> str:
    if one.kind == "file":
        return f"The file's name {one.names[0]} says {SHOWN[str(one.says)]}."
    return f"The columns {', '.join(one.names)} say {SHOWN[str(one.says)]}."


def _say_format(one: Evidence) -> str:
    return f"{one.names[0]} are {SHOWN[str(one.says)]} unless somebody says otherwise."


def _say_pair(one: Evidence) -> str:
    columns = f"The other columns with positions ({', '.join(one.names)})"
    if one.says is None:
        return f"{columns} fit these under no datum ({one.count} rows)."
    return (
        f"{columns} are these converted from {SHOWN[one.says]}: in {one.count} rows they are "
        f"{one.figures[one.says]:.1f} m apart then (median)."
    )


def _say_areas(one: Evidence) -> str:
    told = ", ".join(f"{figure:.0f} as {SHOWN[d]}" for d, figure in one.figures.items())
    return f"Of {one.count} rows that name a known area so many lie in it: {told}."


def _say_network(one: Evidence) -> str:
    told = ", ".join(
        f"{f'{figure:.0f} m' if np.isfinite(figure) else 'over 50 m'} as {SHOWN[d]}"
        for d, figure in one.figures.items()
    )
    return f"The median distance of {one.count} places to the walking network: {told}."


_SAID: Final[dict[str, Callable[[Evidence], str]]] = {
    "columns": _say_names,
    "file": _say_names,
    "format": _say_format,
    "pair": _say_pair,
    "areas": _say_areas,
    "network": _say_network,
}
