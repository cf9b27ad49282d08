"""The files of a result as the pages read them: figures, stations, areas and shifts."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from geo.stations.tables import unguard_formula
from webmap.runs.record import STRETCHES

if TYPE_CHECKING:
    from pathlib import Path

_FEATURES: Final = '"features":['  # no name can hold it: its quotes would be escaped
_PIECE: Final = 1 << 16  # characters read at once
_NEEDED: Final = ("effective", "effective_meaningful", "max_age_days", "straight")
_KEPT: Final = 32  # results in memory
_TEXTS: Final = ("code", "name", "kind", "hours", "self_hours", "evidence_on")


@dataclass(frozen=True)
class Head:
    """What stands before the features of a result's stretches."""

    areas: tuple[str, ...]  # of the first layer
    shifts: tuple[str, ...]
    stations: dict[str, dict[str, Any]]  # by code, those that stretches name
    not_drawn: int


def is_readable(folder: Path) -> bool:
    """Return whether a result was written by a version that measured all that the page shows."""
    try:
        return set(_NEEDED) <= set(read_summary(folder)) and bool(read_head(folder))
    except (OSError, ValueError, KeyError):
        return False


def read_summary(folder: Path) -> dict[str, Any]:
    """Return the figures of a result; nobody changes them."""
    return _summary(folder / "summary.json", _changed(folder / "summary.json"))


def read_head(folder: Path) -> Head:
    """Return what a result's stretches are numbered by."""
    return _head(folder / STRETCHES, _changed(folder / STRETCHES))


def read_stations(folder: Path) -> list[dict[str, Any]]:
    """Return a row per station that counted, as of ``by_station.csv``, numbers as numbers."""
    path = folder / "by_station.csv"
    return _stations(path, _changed(path))


def _changed(path: Path) -> int:
    return path.stat().st_mtime_ns


@lru_cache(_KEPT)
def _summary(path: Path, _changed_ns: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@lru_cache(_KEPT)
def _head(path: Path, _changed_ns: int) -> Head:
    """Read no more of the file than it needs: the features are megabytes.

    Raises
    ------
    ValueError
        There is no such head.
    """
    text = ""
    with path.open(encoding="utf-8") as file:
        while _FEATURES not in text:
            piece = file.read(_PIECE)
            if not piece:
                msg = f"{path} has no features"
                raise ValueError(msg)
            text += piece
    cells = json.loads(text[: text.index(_FEATURES)] + f"{_FEATURES}]}}")
    return Head(
        areas=tuple(cells["areas"]),
        shifts=tuple(cells["shifts"]),
        stations=cells["stations"],
        not_drawn=cells["not_drawn"],
    )


@lru_cache(_KEPT)
def _stations(path: Path, _changed_ns: int) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [_plain(row) for row in csv.DictReader(file)]


def _plain(row: dict[str, str]) -> dict[str, Any]:
    """Return a row as it was before it was made fit for spreadsheets."""
    cells: dict[str, Any] = {name: unguard_formula(row[name]) for name in _TEXTS}
    for name, cell in row.items():
        if name.startswith("is_"):
            cells[name] = cell == "yes"
        elif name not in _TEXTS:
            cells[name] = float(cell)
    return cells
