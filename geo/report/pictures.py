"""What the pictures of a report draw: stretches as they were written, or else the gap lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.coverage.classes import CLASS_NAMES
from geo.coverage.lines import points_of, take_lines
from geo.report.hours_picture import hours_picture
from geo.report.labels import label
from geo.report.map_picture import Drawn, map_picture

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.coverage import Coverage

    Floats = NDArray[np.float64]

__all__ = ["Drawn", "drawn_lines", "hours_picture", "map_picture"]

_MOST_POINTS: Final = 100_000  # of gap lines; of stretches the run itself takes care


def drawn_lines(result: Coverage, stretches: dict[str, Any] | None, *, language: str) -> Drawn:
    """Return what the maps of a report draw.

    Parameters
    ----------
    result : Coverage
        Whose gap lines are drawn where there are no stretches.
    stretches : dict or None
        As ``stretches.geojson`` has them.
    language : {"zh", "en"}
        Of what is said about the lines.
    """
    if stretches is None:
        return drawn_gaps(result, language=language)
    return drawn_stretches(stretches, language=language)


def drawn_stretches(collection: dict[str, Any], *, language: str) -> Drawn:
    """Return the lines of stretches by effective class, the same line once each."""
    lines: dict[str, list[Floats]] = {}
    known: set[tuple[str, bytes]] = set()
    for feature in collection["features"]:
        name: str = feature["properties"]["effective"]
        line = np.array(feature["geometry"]["coordinates"], dtype=np.float64)
        if (name, line.tobytes()) not in known:
            known.add((name, line.tobytes()))
            lines.setdefault(name, []).append(line)
    notes = [label("hidden", language)] if collection["hidden_min"] else []
    if collection["not_drawn"]:
        notes.append(label("no_more", language))
    return Drawn(lines, tuple(notes))


def drawn_gaps(result: Coverage, *, language: str) -> Drawn:
    """Return the gap lines by cause, those of the longest time if there are very many.

    The first and last 100 m of a worker's day are left out.
    """
    gaps = result.gaps
    gaps = take_lines(gaps, np.argsort(-gaps.duration_ms, kind="stable"))
    fits = np.cumsum(gaps.size) <= _MOST_POINTS
    line, point = points_of(take_lines(gaps, np.flatnonzero(fits)))
    shown = ~gaps.is_hidden[point]
    line, point = line[shown], point[shown]
    size = np.bincount(line, minlength=len(gaps))
    points = np.column_stack([gaps.lon[point], gaps.lat[point]])
    lines: dict[str, list[Floats]] = {}
    for row, part in enumerate(np.split(points, np.cumsum(size)[:-1])):
        if len(part) > 1:
            lines.setdefault(CLASS_NAMES[gaps.found[row]], []).append(part)
    notes = [label("gaps_only", language)]
    if gaps.is_hidden.any():
        notes.append(label("hidden", language))
    if not fits.all():
        notes.append(label("no_more", language))
    return Drawn(lines, tuple(notes))
