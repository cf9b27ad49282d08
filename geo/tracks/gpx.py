"""GPX 1.0 and 1.1 tracks, streamed; document types and entities are refused (defusedxml)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import errors
from xml.parsers.expat.errors import codes

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from geo.errors import SourceFormatError
from geo.tracks.points import Points
from geo.tracks.rows import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO
    from xml.etree.ElementTree import Element

    from geo.tracks.archive import Source
    from geo.tracks.rows import Rows

_NOTHING: Final = codes[errors.XML_ERROR_NO_ELEMENTS]
_DONE: Final = frozenset({"trkpt", "trkseg", "trk", "wpt", "rte"})  # emptied when they end
_MARKS: Final = frozenset({"trkpt", "rte", "wpt"})  # counted


def read_gpx(source: Source) -> Iterator[Rows]:
    """Yield the track points of a GPX file in blocks.

    The worker is the name of ``trk``, or the file and the track's number. Segments mean nothing:
    holes are judged by time alone. Way points and routes have no times and are passed over; where
    there is nothing else, that is refused.

    Parameters
    ----------
    source : Source
        The file.

    Yields
    ------
    Rows
        Positions and times as text, "" where missing.

    Raises
    ------
    SourceFormatError
        Cut off, not XML, not GPX, or with a document type or entities.
    """
    with source.open() as stream:
        try:
            yield from _read_points(stream, source)
        except ParseError as error:
            line, column = error.position
            if error.code == _NOTHING and (line, column) == (1, 0):  # else it breaks off later
                msg = f"{source.name}: the file is empty; export it again"
                raise SourceFormatError(msg, "empty") from error
            msg = (
                f"{source.name}: the XML breaks at line {line}, column {column}; the file is cut "
                "off or damaged, and nothing of it was used. Export it again"
            )
            raise SourceFormatError(msg, "damaged") from error
        except DefusedXmlException as error:
            msg = (
                f"{source.name}: it declares a document type or entities, which GPX has no use for "
                "and an attack may have: refused; export the tracks again as plain GPX"
            )
            raise SourceFormatError(msg, "refused") from error
        except SourceFormatError:
            raise
        except (LookupError, ValueError) as error:  # expat knows few encodings beyond UTF-8
            msg = f"{source.name}: its XML encoding cannot be read ({error}); save it as UTF-8"
            raise SourceFormatError(msg, "encoding") from error


def _read_points(stream: IO[bytes], source: Source) -> Iterator[Rows]:
    points = Points(source.name)
    track = _Track(source.unnamed_worker)
    counts = Counter[str]()
    root = ""
    for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
        tag = _local(element)
        root = root or _require_gpx(tag, source.name)
        if event == "start":
            track.enter(tag)
            continue
        if tag == "trkpt":
            lon, lat = element.get("lon", ""), element.get("lat", "")
            points.add(lon, lat, _child_text(element, "time"), track.worker)
            yield from points.blocks()
        counts[tag] += tag in _MARKS
        track.leave(tag, element)
        if tag in _DONE:
            element.clear()
    if counts["rte"] and not counts["trkpt"]:
        points.refused_as = Fault.PLANNED
        why = "a route is a planned way without times: give the shift it is walked in, as --shift"
        points.refuse(f"{counts['rte']} routes, no track", why)
    elif counts["wpt"] and not counts["trkpt"]:
        points.refused_as = Fault.WAYPOINTS
        points.refuse(f"{counts['wpt']} way points, no track", "export the track itself")
    yield from points.blocks(last=True)


class _Track:
    """Which track the parser is in, and so whose points they are."""

    def __init__(self, unnamed_worker: str) -> None:
        self._unnamed = unnamed_worker
        self._number = 0
        self._open: list[str] = []
        self.worker = ""

    def enter(self, tag: str) -> None:
        self._open.append(tag)
        if tag == "trk":
            self._number += 1
            self.worker = f"{self._unnamed}#{self._number}"

    def leave(self, tag: str, element: Element) -> None:
        self._open.pop()
        if tag == "name" and self._open[-1:] == ["trk"]:
            self.worker = (element.text or "").strip() or self.worker


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _require_gpx(tag: str, name: str) -> str:
    if tag != "gpx":
        msg = f"{name}: the XML root is <{tag}>, not <gpx>; export the tracks as GPX"
        raise SourceFormatError(msg, "disguised")
    return tag


def _child_text(element: Element, tag: str) -> str:
    return next((child.text or "" for child in element if _local(child) == tag), "")
