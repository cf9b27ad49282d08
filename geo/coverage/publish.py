"""What may be published of a run: streets at hours of the week that enough people walked.

Tracks are persons. Of them a street, an hour or an area that fewer than five people were in is
withheld, and counted; numbers of people leave rounded down to fives, shares to three decimals, and
no minutes, by which a part that is withheld could be reckoned from the rest. Beats are plans and
nobody's: nothing of them is withheld.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow.parquet as pq

from geo.coverage.classes import CAUSES, CLASS_NAMES, COVERED, UNUSABLE
from geo.coverage.streets_file import PEOPLE, PER_DEGREE, STREETS
from geo.errors import InvalidOptionError

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST_WORKERS: Final = 5  # of tracks, fewer are persons
PUBLISHED: Final = "published.geojson"  # one file: its parts always belong together
_SUMMARY: Final = b'\n],"summary":'  # stands before the last of its lines
_FIVES: Final = 5
_ROWS: Final = 500  # streets in memory at once, with all their hours
_DECIMALS: Final = 3
_PLAIN: Final = (
    "kind", "days", "limit_m", "as_of", "max_age_days", "needs", "no_phone",
    "never_verified_share", "effective_meaningful", "representative", "data", "versions",
)  # fmt: skip
_SHARES: Final = ("nominal_share", "effective_share", "unknown_share", "effective_unknown_share")


@dataclass(frozen=True)
class Published:
    """How much of a run was published, and how much was withheld."""

    min_workers: int  # 0 of beats
    workers: int  # as published
    stretches_kept: int
    stretches_withheld: int
    cells_kept: int  # of a stretch and an hour of the week
    cells_withheld: int
    hours_kept: int
    hours_withheld: int
    areas_kept: int
    areas_withheld: int
    time_kept_share: float  # of all person-time; the rest is withheld or on no street


@dataclass
class _Count:
    stretches: int = 0
    stretches_kept: int = 0
    cells: int = 0
    cells_kept: int = 0
    ms_kept: int = 0


def publish(result: Path, out: Path, *, min_workers: int = LEAST_WORKERS) -> Published:
    """Write what may be published of a run: published.geojson, its figures in ``summary``.

    Parameters
    ----------
    result : Path
        Folder with the files of `write_coverage` and `write_streets`.
    out : Path
        Existing folder; may be the same. The file appears, or is replaced, whole; of several
        callers at once the last wins.
    min_workers : int
        Parts of tracks that fewer people walked are withheld, at least 5. Beats are not asked.

    Returns
    -------
    Published
        What was kept and what was withheld.

    Raises
    ------
    InvalidOptionError
        ``min_workers`` is less than 5, or the folder holds no streets.
    """
    if min_workers < LEAST_WORKERS:
        msg = f"min_workers is {min_workers}; fewer than {LEAST_WORKERS} people are persons"
        raise InvalidOptionError(msg)
    if not all((result / name).exists() for name in ("summary.json", STREETS, PEOPLE)):
        msg = f"{result.name}: holds no streets to publish; measure again, with them"
        raise InvalidOptionError(msg)
    summary, people = (
        json.loads((result / name).read_text(encoding="utf-8")) for name in ("summary.json", PEOPLE)
    )
    rule = _Rule(0 if people["kind"] == "beats" else min_workers)
    with tempfile.TemporaryDirectory(dir=out, prefix=".published-") as folder:
        draft = Path(folder) / PUBLISHED
        with draft.open("wb") as file:
            count = _write_streets(result / STREETS, file, rule)
            public, published = _public_summary(summary, people, count, rule)
            file.write(_SUMMARY + _compact(public) + b"}\n")
        draft.replace(out / PUBLISHED)
    return published


def read_published(folder: Path) -> tuple[bytes, bytes] | None:
    """Return what `publish` wrote into a folder, as JSON: the summary, and the streets.

    Parameters
    ----------
    folder : Path
        Perhaps one in which nothing is published.

    Returns
    -------
    tuple of bytes and bytes, or None
        The streets are a FeatureCollection. None of nothing.
    """
    try:
        data = (folder / PUBLISHED).read_bytes()
    except FileNotFoundError:
        return None
    streets, _, summary = data.rpartition(_SUMMARY)
    return (summary.rstrip()[:-1], streets + b"\n]}") if streets else None


@dataclass(frozen=True)
class _Rule:
    """Who may be shown: of beats everybody."""

    min_workers: int

    def keeps(self, people: int) -> bool:
        """Return whether so many people may be shown."""
        return people >= max(self.min_workers, 1)

    def shown(self, people: int) -> int:
        """Return a number of people as it leaves the run."""
        return people // _FIVES * _FIVES if self.min_workers else people


def _write_streets(source: Path, file: IO[bytes], rule: _Rule) -> _Count:
    """Write the streets that may be shown as GeoJSON, open to its end; return their numbers."""
    count = _Count()
    head = {"type": "FeatureCollection", "name": "coverage"}
    file.write(_compact(head)[:-1] + b',"features":[')
    before = b"\n"
    for feature in _features(source, rule, count):
        file.write(before + _compact(feature))
        before = b",\n"
    return count


def _features(source: Path, rule: _Rule, count: _Count) -> Iterator[dict[str, Any]]:
    """Yield the streets that may be shown, and count all.

    Yields
    ------
    dict
        A GeoJSON feature.
    """
    with pq.ParquetFile(source) as file:
        for batch in file.iter_batches(_ROWS):
            for row in batch.to_pylist():
                times = _times(row, rule, count)
                count.stretches += 1
                count.stretches_kept += bool(times)
                if times:
                    points = np.column_stack([row["lon"], row["lat"]]) / PER_DEGREE
                    yield {
                        "type": "Feature",
                        "properties": {"times": times},
                        "geometry": {"type": "LineString", "coordinates": points.tolist()},
                    }


def _times(row: dict[str, Any], rule: _Rule, count: _Count) -> list[dict[str, Any]]:
    """Return what may be shown of one street, hours of the same figures together."""
    nominal, effective = (
        np.reshape(row[name], (-1, len(CLASS_NAMES))) for name in ("nominal_ms", "effective_ms")
    )
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for hour, people, by_nominal, by_effective in zip(
        row["hour"], row["workers"], nominal, effective, strict=True
    ):
        count.cells += 1
        if not rule.keeps(people):
            continue
        count.cells_kept += 1
        total, gap = int(by_nominal.sum()), by_effective[UNUSABLE:]
        count.ms_kept += total
        figures = {
            "workers": rule.shown(people),
            "nominal_share": _rounded(int(by_nominal[COVERED]) / total),
            "effective_share": _rounded(int(by_effective[COVERED]) / total),
            "gap_share": _rounded(int(gap.sum()) / total),
            "cause": CAUSES[int(gap.argmax())] if gap.any() else None,
        }
        found.setdefault(tuple(figures.values()), {"hours": [], **figures})["hours"].append(hour)
    return list(found.values())


def _public_summary(
    summary: dict[str, Any], people: dict[str, Any], count: _Count, rule: _Rule
) -> tuple[dict[str, Any], Published]:
    """Return the summary as it may be published, and what was kept."""
    keeps_all = rule.keeps(people["workers"])
    hours = [
        _group(figures, workers, rule) if figures and rule.keeps(workers) else None
        for figures, workers in zip(
            summary["by_hour_of_week"], people["by_hour_of_week"], strict=True
        )
    ]
    walked = sum(figures is not None for figures in summary["by_hour_of_week"])
    areas = [
        {
            **{name: area[name] for name in ("layer", "layer_name", "area") if name in area},
            **_group(area, one["workers"], rule),
        }
        for area, one in zip(summary["by_area"], people["by_area"], strict=True)
        if rule.keeps(one["workers"])
    ]
    kept_hours = sum(figures is not None for figures in hours)
    published = Published(
        min_workers=rule.min_workers,
        workers=rule.shown(people["workers"]),
        stretches_kept=count.stretches_kept,
        stretches_withheld=count.stretches - count.stretches_kept,
        cells_kept=count.cells_kept,
        cells_withheld=count.cells - count.cells_kept,
        hours_kept=kept_hours,
        hours_withheld=walked - kept_hours,
        areas_kept=len(areas),
        areas_withheld=len(summary["by_area"]) - len(areas),
        time_kept_share=_rounded(count.ms_kept / people["ms"]),
    )
    whole = _whole(summary) if keeps_all else dict.fromkeys(_WHOLE)
    public = {
        **{name: summary[name] for name in _PLAIN},
        "workers": published.workers,
        **whole,
        "by_hour_of_week": hours,
        "by_area": areas,
        "published": asdict(published),
    }
    return public, published


_WHOLE: Final = (
    "duration_h", "nominal", "effective", "straight", "off_network_share", "by_limit_min",
    "by_cause",
)  # fmt: skip


def _whole(summary: dict[str, Any]) -> dict[str, Any]:
    """Return the figures of the whole run, without minutes and metres."""
    time_min = summary["duration_min"]
    shares = {
        name: {key: _rounded(one) for key, one in summary[name].items() if key != "by_cause"}
        for name in ("nominal", "effective", "straight")
    }
    return {
        "duration_h": round(time_min / 60),
        **shares,
        "off_network_share": _rounded(summary["off_network_share"]),
        "by_limit_min": {key: _rounded(one) for key, one in summary["by_limit_min"].items()},
        "by_cause": {
            key: _rounded(one["min"] / time_min) for key, one in summary["by_cause"].items()
        },
    }


def _group(figures: dict[str, Any], people: int, rule: _Rule) -> dict[str, Any]:
    """Return the figures of an hour or an area as they may be published."""
    return {"workers": rule.shown(people), **{name: _rounded(figures[name]) for name in _SHARES}}


def _rounded(share: float | None) -> Any:  # noqa: ANN401  # a number, or none of an empty whole
    return None if share is None else round(share, _DECIMALS)


def _compact(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode()
