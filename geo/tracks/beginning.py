"""The beginning of a file of tracks, cut after a whole row or point, as a source of its own.

So the readers of whole files read beginnings as well, and 200 MB cost no more than two.
"""

from __future__ import annotations

import codecs
import io
import json
import re
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.tracks.archive import Source

_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_QUOTED_LINES: Final = 20  # a cell may run over so many; then a quote was left open
_POINT_END: Final = re.compile(rb"</(\w+:)?trkpt\s*>|<(\w+:)?trkpt\b[^<>]*/>")
_FEATURES: Final = re.compile(r'"features"\s*:\s*\[')
_BETWEEN: Final = re.compile(r"[\s,]*")


@dataclass(frozen=True, slots=True)
class Beginning:
    """What was read of a source."""

    source: Source  # opens what was read, whole rows; the source itself where it cannot be cut
    data: bytes  # the same, unpacked
    is_whole: bool  # nothing was left out


def begin(source: Source, most_bytes: int) -> Beginning:
    """Return the beginning of a source.

    Parameters
    ----------
    source : Source
        Of any kind.
    most_bytes : int
        No more is read of it, unpacked; > 0.

    Returns
    -------
    Beginning
        A GPX or GeoJSON file that has no whole point or feature by then is not cut.

    Raises
    ------
    SourceFormatError
        The packed data are damaged.
    """
    with source.open() as stream:
        data = stream.read(most_bytes + 1)
    if len(data) <= most_bytes:
        return Beginning(_opening(source, data), data, is_whole=True)
    cut = _CUTS[source.kind](data[:most_bytes])
    if not cut:
        return Beginning(source, data[:most_bytes], is_whole=True)
    return Beginning(_opening(source, cut), cut, is_whole=False)


def _opening(source: Source, data: bytes) -> Source:
    return replace(source, open=lambda: io.BytesIO(data))


def _cut_rows(data: bytes) -> bytes:
    """Cut CSV after its last whole row; inside a quoted cell a line end ends no row."""
    if data.startswith(_UTF16):
        text = data[: len(data) // 2 * 2].decode("utf-16", "ignore")
        return text[: text.rfind("\n") + 1].encode("utf-16")
    end = max(data.rfind(b"\n"), data.rfind(b"\r")) + 1
    last = end
    for _ in range(_QUOTED_LINES):
        if not data.count(b'"', 0, last) % 2:
            return data[:last]
        last = data.rfind(b"\n", 0, last - 1) + 1
    return data[:end] or data


def _cut_points(data: bytes) -> bytes:
    """Cut GPX after its last whole point, and close what is open."""
    ends = deque(_POINT_END.finditer(data), maxlen=1)
    if not ends:
        return b""
    found = ends.pop()
    prefix = found[1] or found[2] or b""
    closed = b"".join(b"</" + prefix + name + b">" for name in (b"trkseg", b"trk", b"gpx"))
    return data[: found.end()] + closed


def _cut_features(data: bytes) -> bytes:
    """Return the whole features of a GeoJSON file as a collection, with what stands before them."""
    text = data.decode("utf-8-sig", "ignore")
    found = _FEATURES.search(text)
    if found is None:
        return b""
    decoder, features = json.JSONDecoder(), list[Any]()
    place = found.end()
    while True:
        place = _end_of(_BETWEEN, text, place)
        try:
            feature, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            break
        features.append(feature)
    if not features:
        return b""
    try:
        head = json.loads(text[: found.end()] + "]}")
    except (ValueError, RecursionError):
        head = {"type": "FeatureCollection"}
    return json.dumps({**head, "features": features}).encode()


def _end_of(pattern: re.Pattern[str], text: str, place: int) -> int:
    found = pattern.match(text, place)
    return found.end() if found else place


_CUTS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "csv": _cut_rows,
    "gpx": _cut_points,
    "geojson": _cut_features,
}
