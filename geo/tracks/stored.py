"""Beats that were kept as rows, such as ``Store.read_beats`` gives them, as beats of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from geo.errors import EmptyTracksError
from geo.tracks.beat_files import Beat
from geo.tracks.beats import Beats
from geo.tracks.shifts import read_shift
from geo.tracks.spacing import count_points

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geo.tracks.spacing import Line


def beats_of(frame: GeoDataFrame, *, source: str = "beats") -> Beats:
    """Return stored beats as the beats of a run, not planned yet.

    Parameters
    ----------
    frame : GeoDataFrame, n rows
        Columns ``id`` (which becomes the route), ``name``, ``shift`` (OSM text or words),
        ``workers`` (>= 1); lines in EPSG:4326.
    source : str
        Where they come from, as ``Beats.files`` says it.

    Returns
    -------
    Beats
        A line without a length is left out and said in its ``notes``.

    Raises
    ------
    EmptyTracksError
        No beat with a length.
    InvalidHoursError
        From `geo.tracks.read_shift`.
    """
    beats: list[Beat] = []
    bare: list[str] = []
    cells = zip(frame["id"], frame["name"], frame["shift"], frame["workers"], strict=True)
    for (route, name, shift, workers), shape in zip(cells, frame.geometry, strict=True):
        lines = lines_of(shape)
        if lines:
            points = sum(count_points(line) for line in lines)
            said = read_shift(str(shift), source=str(name))
            beats.append(Beat(str(route), str(name), said, int(workers), lines, points))
        else:
            bare.append(str(name))
    if not beats:
        msg = f"{source}: no beat with a length; draw one, or choose others"
        raise EmptyTracksError(msg, "no_lines")
    notes = tuple(f"{source}, {name}: no line with a length; left out" for name in bare)
    return Beats(beats, files=(source,), datum="wgs84", notes=notes)


def lines_of(shape: shapely.Geometry) -> tuple[Line, ...]:
    """Return the parts of a line that have a length, each of shape (k, 2), degrees."""
    parts = [shapely.get_coordinates(part) for part in shapely.get_parts(shape)]
    return tuple(part for part in parts if len(part) > 1 and count_points(part))
