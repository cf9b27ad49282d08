"""Hand-made tracks: few rows, written to files as a test wants them."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np

from geo.tracks import Steps, Tracks, read_tracks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

HEADER = "worker,route,lon,lat,time"
THREE = (
    "a,r,116.3,39.9,2024-05-01 08:00:00",
    "a,r,116.3001,39.9,2024-05-01 08:00:10",
    "a,r,116.3002,39.9,2024-05-01 08:00:20",
)


def write_csv(path: Path, rows: Sequence[str] = THREE, *, header: str = HEADER) -> Path:
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8", newline="")
    return path


def all_steps(tracks: Tracks) -> Steps:
    """Return the parts put in (worker, time) order."""
    parts = list(tracks.parts())
    joined = [np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Steps)]
    steps = Steps(*joined)
    order = np.lexsort((steps.t_ms, steps.worker))
    return Steps(*(column[order] for column in joined))


def steps_of(path: Path, **options: object) -> Steps:
    with read_tracks([path], **options) as tracks:  # type: ignore[arg-type]  # passed on as given
        return all_steps(tracks)


def same_bits(one: Steps, other: Steps) -> bool:
    pairs = ((getattr(one, f.name), getattr(other, f.name)) for f in fields(Steps))
    return all(a.dtype == b.dtype and a.tobytes() == b.tobytes() for a, b in pairs)
