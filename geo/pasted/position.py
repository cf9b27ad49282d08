"""What a pasted text says: where, in which datum, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geo.coords import MAX_LAT, MAX_LON, to_wgs84
from geo.errors import UnreadPositionError
from geo.pasted.degrees import read_degrees
from geo.pasted.links import read_link

if TYPE_CHECKING:
    from geo.coords import Datum

LONGEST: Final = 4000  # characters; a map's link has some hundreds


@dataclass(frozen=True, slots=True)
class Pasted:
    """A position that was read of a text, in the datum of its source."""

    lon: float  # degrees in `datum`
    lat: float
    datum: Datum | None  # None: the text does not say, and somebody has to be asked
    source: str  # amap, baidu, tencent, apple, google, osm, geo; "" of typed degrees
    is_sure: bool  # False: the datum is what this source does in China, not what it promises
    is_middle: bool  # it is the middle of the map that was shown, not a place that was chosen

    def wgs84(self, datum: Datum | None = None) -> tuple[float, float]:
        """Return longitude and latitude in degrees, WGS-84.

        Parameters
        ----------
        datum : {"wgs84", "gcj02", "bd09"}, optional
            What somebody said the text is in; goes before ``self.datum``.

        Raises
        ------
        UnreadPositionError
            Neither says a datum (``datum``).
        ConvergenceError
            From `geo.coords.to_wgs84`: on the edge of the area of the shift, at sea.
        """
        settled = datum or self.datum
        if settled is None:
            msg = "the text does not say its datum; pass datum='wgs84', 'gcj02' or 'bd09'"
            raise UnreadPositionError(msg, "datum")
        lon, lat = to_wgs84([self.lon], [self.lat], settled)
        return float(lon[0]), float(lat[0])


def read_pasted(text: str) -> Pasted:
    """Read a position of a text: a link of a map, a ``geo:`` address, or degrees.

    Parameters
    ----------
    text : str
        As pasted; a link may stand among other words, as apps share it.

    Returns
    -------
    Pasted
        Not converted yet: see `Pasted.wgs84`.

    Raises
    ------
    UnreadPositionError
        Nothing was read; its ``code`` says why: ``empty``, ``too_long``, ``short_link`` (only its
        owner's server knows where it leads), ``no_position`` (a known map's link without one),
        ``unknown_link``, ``unreadable``, ``several`` (more than two numbers), ``order`` (which is
        longitude is not clear), ``off_earth``.

    Examples
    --------
    >>> read_pasted("北纬39度54分15秒 东经116度24分14秒").lat
    39.90416666666667
    >>> read_pasted("https://uri.amap.com/marker?position=116.47,39.99").datum
    'gcj02'
    """
    text = text.strip()
    if not text:
        msg = "there is no text to read a position of"
        raise UnreadPositionError(msg, "empty")
    if len(text) > LONGEST:
        msg = f"{len(text)} characters; a position or a map's link has at most {LONGEST}"
        raise UnreadPositionError(msg, "too_long")
    found = read_link(text)
    if found is None:
        lon, lat, datum = read_degrees(text)
        return _on_earth(Pasted(lon, lat, datum, "", is_sure=datum is not None, is_middle=False))
    return _on_earth(
        Pasted(found.lon, found.lat, found.datum, found.source, found.is_sure, found.is_middle)
    )


def _on_earth(pasted: Pasted) -> Pasted:
    """Return a position that is on Earth.

    Raises
    ------
    UnreadPositionError
        It is not.
    """
    if abs(pasted.lon) <= MAX_LON and abs(pasted.lat) <= MAX_LAT:
        return pasted
    msg = f"longitude {pasted.lon:g}, latitude {pasted.lat:g} are not on Earth; was a digit lost?"
    raise UnreadPositionError(msg, "off_earth")
