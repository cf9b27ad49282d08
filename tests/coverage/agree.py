"""Compare an answer of the engine with that of the oracle, figure by figure."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from geo.coverage.write import gaps_frame
from tests.oracle import figures
from tests.oracle.coverage import CLASSES, Judged, add_up, group_by
from tests.oracle.lines import find_gap_lines
from tests.oracle.stations import LOCAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import pandas as pd

    from geo.coverage import Coverage
    from geo.tracks import Steps
    from tests.oracle.coverage import ByClass
    from tests.oracle.figures import Run
    from tests.oracle.tracks import Step

    Figures = dict[str, Any]
    Sums = dict[str, tuple[int, int]]

WALK_M: Final = 0.01  # lengths of edges are rounded in another way
QUARTER: Final = dt.timedelta(minutes=15)
BY_ROW: Final = ("by_area", "by_route", "by_shift")


def route_numbers(parts: Iterable[Steps], steps: Iterable[Step]) -> dict[tuple[str, str], int]:
    """Return what a run calls the route of each worker, from where and when their steps begin."""
    number: dict[tuple[int, float, float], int] = {}
    for part in parts:
        places = zip(part.t_ms.tolist(), part.lon.tolist(), part.lat.tolist(), strict=True)
        number |= dict(zip(places, part.route.tolist(), strict=True))
    found: dict[tuple[str, str], int] = {}
    for step in steps:
        fix = step.first
        if (fix.worker, fix.route) not in found:
            at_ms = round(fix.time.timestamp() * 1000)
            found[fix.worker, fix.route] = number[at_ms, *fix.lonlat]
    return found


# Summary


def assert_same_summary(result: Coverage, run: Run) -> None:
    """Compare every figure that the oracle has to 1e-9."""
    ours, theirs = _unhidden(result).summary(), figures.summary(run)
    for name in BY_ROW:
        ours[name] = [row for row in ours[name] if row["demand_min"]]
        theirs[name] = [row for row in theirs[name] if row["demand_min"]]
    fail_on(differences(ours, theirs, "summary"))


def _unhidden(result: Coverage) -> Coverage:
    """Return a run whose gap lines are all to be shown: then none of their figures is left out."""
    return replace(result, gaps=replace(result.gaps, is_hidden=result.gaps.is_hidden & False))


def fail_on(found: Sequence[str]) -> None:
    """Say the first of what is not the same."""
    if found:
        pytest.fail("\n".join([f"{len(found)} differences", *found[:12]]), pytrace=False)


def differences(ours: Any, theirs: Any, path: str) -> list[str]:  # noqa: ANN401 - of any shape
    """Return where not all is the same that the oracle says."""
    if isinstance(theirs, dict):
        if "nearest" in theirs:
            return _differences_of_lines(ours, theirs, path)
        parts = [(ours[name], value, f"{path}.{name}") for name, value in theirs.items()]
    elif isinstance(theirs, list):
        if len(ours) != len(theirs):
            return [f"{path}: {len(ours)} rows, not {len(theirs)}"]
        parts = [(ours[place], value, f"{path}[{place}]") for place, value in enumerate(theirs)]
    else:
        return [] if is_same(ours, theirs) else [f"{path}: {ours!r}, not {theirs!r}"]
    return [difference for part in parts for difference in differences(*part)]


def is_same(ours: Any, theirs: Any) -> bool:  # noqa: ANN401 - of any kind
    """Return whether two figures, times or names are the same."""
    if isinstance(theirs, dt.datetime):
        return is_rounded_to_quarter(ours, theirs)
    if isinstance(theirs, float):
        return bool(ours == pytest.approx(theirs, abs=1e-9, rel=1e-12))
    return bool(ours == theirs)


def is_rounded_to_quarter(ours: str, theirs: dt.datetime) -> bool:
    """Return whether a time is another one rounded to a quarter of an hour."""
    rounded = dt.datetime.fromisoformat(ours)
    is_whole = rounded.minute % 15 == rounded.second == 0
    return is_whole and abs(rounded - theirs) <= QUARTER / 2


# Gap lines


def _differences_of_lines(ours: Figures, theirs: Figures, path: str) -> list[str]:
    """Compare a gap line, or joined ones; of stations equally near any may be named."""
    loose = {"nearest", "worst_walk_m"}
    plain = {name: value for name, value in theirs.items() if name not in loose}
    found = differences(ours, plain, path)
    if not is_about(ours["worst_walk_m"], theirs["worst_walk_m"], WALK_M):
        found.append(f"{path}: worst walk {ours['worst_walk_m']}, not {theirs['worst_walk_m']}")
    code = ours["nearest_code"] or None
    nearest = theirs["nearest"] or {None: ("", [None])}
    if code not in nearest:
        return [*found, f"{path}: nearest {code}, not one of {nearest}"]
    hours, missed_min = nearest[code]
    if (ours["nearest_hours"] or "") != hours:
        found.append(f"{path}: hours {ours['nearest_hours']}, not {hours}")
    if "missed_min" in ours and not any(is_about(ours["missed_min"], m, 1e-3) for m in missed_min):
        found.append(f"{path}: misses {ours['missed_min']} min of {hours}, not {missed_min}")
    return found


def is_about(ours: float | None, theirs: float | None, tolerance: float) -> bool:
    """Return whether two figures agree; None, NaN and infinite all say that there is none."""
    if theirs is None or math.isinf(theirs):
        return ours is None or math.isnan(ours)
    return ours == pytest.approx(theirs, abs=tolerance)


def assert_same_gap_lines(result: Coverage, run: Run) -> None:
    """Compare every column of every gap line."""
    ours = gaps_frame(_unhidden(result)).drop(columns="geometry").to_dict("records")
    for row in ours:
        row |= {name: row[name] or None for name in ("area", "shift")}
    theirs = [figures.gap_row(run, line) for line in find_gap_lines(run.judged)]
    ours.sort(key=lambda row: (row["route"], *_order(row)))
    theirs.sort(key=lambda row: (row["route"], *_order(row)))
    fail_on(differences(ours, theirs, "gaps"))


def _order(row: Mapping[Any, Any]) -> tuple[str, float, float, str]:
    return row["cause"], round(row["duration_min"], 6), round(row["length_m"], 6), row["area"] or ""


# Stretches


def assert_same_stretches(result: Coverage, run: Run, *, are_all: bool) -> None:
    """Compare time and hours of what is drawn, by route, classes, area and shift.

    Of tracks the ends of the days are not drawn: then no group may be new or hold more.
    """
    assert result.stretches is not None
    assert result.stretches.not_drawn == 0
    ours, theirs = _ours_by_group(result), _theirs_by_group(run)
    if are_all:
        assert ours == theirs
    for key, (ms, mm, hours) in ours.items():
        most_ms, most_mm, most_hours = theirs[key]
        assert (ms <= most_ms, mm <= most_mm, hours <= most_hours) == (True, True, True), key


def _ours_by_group(result: Coverage) -> dict[tuple[Any, ...], tuple[int, int, set[int]]]:
    drawn = result.stretches.drawn  # type: ignore[union-attr]  # looked at by the caller
    areas = (*(result.areas[0] if result.areas else ()), None)
    shifts = (*result.shifts, None)
    found: dict[tuple[Any, ...], tuple[int, int, set[int]]] = {}
    for row in range(len(drawn)):
        classes = (CLASSES[one[row]] for one in (drawn.effective, drawn.nominal, drawn.straight))
        key = (int(drawn.route[row]), *classes, areas[drawn.area[row]], shifts[drawn.shift[row]])
        ms, mm, hours = found.get(key, (0, 0, set()))
        here = int(drawn.length_mm[row] * drawn.passes[row] * drawn.workers[row])
        own = set(drawn.hour[drawn.piece == row].tolist())
        found[key] = ms + int(drawn.ms[row]), mm + here, hours | own
    return found


def _theirs_by_group(run: Run) -> dict[tuple[Any, ...], tuple[int, int, set[int]]]:
    found: dict[tuple[Any, ...], tuple[int, int, set[int]]] = {}
    for one in run.judged:
        classes = (one.effective, one.nominal, one.straight)
        key = (run.route(one), *classes, one.areas[0] if one.areas else None, one.shift)
        ms, mm, hours = found.get(key, (0, 0, set()))
        workers = one.step.workers
        here = one.step.length_mm * workers
        found[key] = ms + one.step.duration_ms * workers, mm + here, hours | {one.hour}
    return found


# Integers


def assert_same_tally(result: Coverage, run: Run) -> None:
    """Compare all integers of all tables."""
    tally = result.tally
    layers = run.measure.layers
    assert _both(tally.total)[0] == _sums(run.judged)
    assert _integers(tally.straight.ms[0], tally.straight.mm[0]) == _pairs(
        add_up(run.judged, "straight")
    )
    _assert_same_groups(tally.by_hour, run.judged, lambda one: one.hour)
    _assert_same_groups(tally.by_route, run.judged, run.route)
    for number, layer in enumerate(layers):
        row = {name: place for place, (name, _) in enumerate(layer)}
        _assert_same_groups(
            tally.by_area[number],
            run.judged,
            lambda one, at=number, of=row: of.get(one.areas[at], len(of)),  # type: ignore[misc]
        )


def _assert_same_groups(
    table: Any,  # noqa: ANN401 - tables of the engine
    judged: Sequence[Judged],
    key: Callable[[Judged], int],
) -> None:
    """Compare the groups that hold anything, in their order."""
    ours = [sums for sums in _both(table) if any(map(any, sums[0].values()))]
    groups = sorted(group_by(judged, key).items())
    theirs = [_sums(part) for _, part in groups]
    assert ours == [sums for sums in theirs if any(map(any, sums[0].values()))]


def _both(table: Any) -> list[tuple[Sums, Sums]]:  # noqa: ANN401
    """Return nominal and effective time and length by class, for each group."""
    return [
        (_integers(*nominal), _integers(*effective))
        for nominal, effective in zip(
            zip(table.ms, table.mm, strict=True),
            zip(table.effective_ms, table.effective_mm, strict=True),
            strict=True,
        )
    ]


def _integers(ms: Sequence[int], mm: Sequence[int]) -> Sums:
    return {name: (int(ms[place]), int(mm[place])) for place, name in enumerate(CLASSES)}


def _sums(judged: Iterable[Judged]) -> tuple[Sums, Sums]:
    part = list(judged)
    return _pairs(add_up(part, "nominal")), _pairs(add_up(part, "effective"))


def _pairs(sums: ByClass) -> Sums:
    return {name: (part.ms, part.mm) for name, part in sums.items()}


def assert_same_stations(table: pd.DataFrame, run: Run) -> None:
    """Compare every row of the station table."""
    expected = figures.station_table(run)
    conditions = run.measure.conditions
    assert table["code"].tolist() == [station.code for station in run.counted]
    for station, row in zip(run.counted, table.to_dict("records"), strict=True):
        for name in ("name", "kind", "hours"):
            assert row[name] == station.cells[name], name
        seen = conditions.evidence_of(station)
        assert row["evidence_on"] == (f"{seen.astimezone(LOCAL):%Y-%m-%d}" if seen else "")
        assert row["is_locked"] == (station.code in conditions.locked)
        assert row["is_unverified"] == conditions.is_unverified(station)
        assert (row["lon"], row["lat"]) == station.lonlat
        for name, part in expected[station.code].items():
            where = f"{station.code}: {name}"
            assert round(row[f"{name}_min"] * 60_000) == part.ms, where
            assert round(row[f"{name}_m"] * 1000) == part.mm, where
            assert row[f"{name}_min"] == pytest.approx(part.ms / 60_000, abs=1e-9), where
