"""The figures of summary.json and of the station table, in the same form, from judged steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tests.oracle import lines as gap
from tests.oracle.coverage import (
    GAPS,
    Judged,
    Sum,
    add_up,
    covered_within_ms,
    group_by,
    shift_of,
    whole,
)
from tests.oracle.stations import to_local

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tests.oracle.coverage import ByClass, Measure
    from tests.oracle.stations import Station

    Figures = dict[str, Any]

MINUTES: Final = (5, 10, 15, 20)
FEW_WORKERS: Final = 5
FEW_MS: Final = 20 * 3_600_000


@dataclass(frozen=True)
class Run:
    """A whole run; ``route_number`` is what the product calls the route of each worker."""

    judged: list[Judged]
    measure: Measure
    stations: Sequence[Station]
    route_number: Mapping[tuple[str, str], int]

    @property
    def counted(self) -> list[Station]:
        """The stations that count."""
        return [s for s in self.stations if s.is_counted(self.measure.conditions.as_of)]

    def route(self, judged: Judged) -> int:
        """Return the number of the route of a step."""
        fix = judged.step.first
        return self.route_number[fix.worker, fix.route]


def summary(run: Run) -> Figures:
    """Return every figure of summary.json that follows from steps and stations."""
    nominal, effective, straight = (
        add_up(run.judged, name) for name in ("nominal", "effective", "straight")
    )
    total = whole(nominal)
    never = never_verified_share(run.counted)
    found = gap.find_gap_lines(run.judged)
    off_ms = sum(_weight_ms(one) for one in run.judged if one.seen.off_network)
    return {
        "duration_min": total.ms / 60_000,
        "length_m": total.mm / 1000,
        "limit_m": run.measure.limit_m,
        "nominal": shares(nominal),
        "effective": shares(effective),
        "straight": shares(straight),
        "never_verified_share": never,
        "effective_meaningful": not never > 1 / 2,
        "off_network_share": off_ms / total.ms,
        "longest_gap": longest(run, found),
        "by_cause": causes(effective),
        "by_limit_min": by_limit_min(run),
        "by_hour_of_week": by_hour_of_week(run),
        "by_area": by_area(run),
        "by_route": [
            {"route": number, **demand(part)}
            for number, part in sorted(group_by(run.judged, run.route).items())
        ],
        "by_shift": by_shift(run),
        "worst_gaps": [worst(run, one) for one in worst_places(run, found)],
    }


def never_verified_share(counted: Sequence[Station]) -> float:
    """Return the share of stations that staff never verified; 0 of no stations."""
    never = [s for s in counted if s.verified_at is None]
    return len(never) / len(counted) if counted else 0.0


def shares(sums: ByClass) -> Figures:
    """Return shares of time and length, None of no length, and the sums by cause."""
    total = whole(sums)
    return {
        "share_time": _share(sums["covered"].ms, total.ms),
        "share_length": _share(sums["covered"].mm, total.mm),
        "unknown_share_time": _share(sums["unknown"].ms, total.ms),
        "unknown_share_length": _share(sums["unknown"].mm, total.mm),
        "by_cause": causes(sums),
    }


def causes(sums: ByClass) -> Figures:
    """Return minutes and metres of each gap class."""
    return {name: {"min": sums[name].ms / 60_000, "m": sums[name].mm / 1000} for name in GAPS}


def demand(judged: Iterable[Judged]) -> Figures:
    """Return what is said of a group of steps."""
    part = list(judged)
    nominal, effective = add_up(part, "nominal"), add_up(part, "effective")
    total = whole(nominal)
    return {
        "demand_min": total.ms / 60_000,
        "demand_m": total.mm / 1000,
        **_time_shares(nominal, effective),
        "by_cause": causes(effective),
    }


def _time_shares(nominal: ByClass, effective: ByClass) -> Figures:
    total_ms = whole(nominal).ms
    return {
        "nominal_share": _share(nominal["covered"].ms, total_ms),
        "effective_share": _share(effective["covered"].ms, total_ms),
        "unknown_share": _share(nominal["unknown"].ms, total_ms),
        "effective_unknown_share": _share(effective["unknown"].ms, total_ms),
    }


def _share(part: int, total: int) -> float | None:
    return part / total if total else None


def _weight_ms(judged: Judged) -> int:
    return judged.step.duration_ms * judged.step.workers


def by_hour_of_week(run: Run) -> list[Figures | None]:
    """Return 168 hours; None where nobody was under way."""
    hours: list[Figures | None] = [None] * 168
    for hour, part in group_by(run.judged, lambda one: one.hour).items():
        nominal, effective = add_up(part, "nominal"), add_up(part, "effective")
        total_ms = whole(nominal).ms
        if total_ms:
            hours[hour] = {"demand_min": total_ms / 60_000, **_time_shares(nominal, effective)}
    return hours


def by_area(run: Run) -> list[Figures]:
    """Return the areas of each layer in their order, last the steps on none."""
    rows = []
    for number, layer in enumerate(run.measure.layers):
        parts = group_by(run.judged, lambda one, at=number: one.areas[at])  # type: ignore[misc]
        rows += [
            {"layer": number + 1, "area": name, **demand(parts[name])}
            for name in [*(name for name, _ in layer), None]
            if name in parts
        ]
    return rows


def by_shift(run: Run) -> list[Figures]:
    """Return the shifts that are given or those of planned lines, last the steps of none."""
    parts = group_by(run.judged, lambda one: one.shift)
    if set(parts) <= {None} and not run.measure.shifts:
        return []
    names = [*(run.measure.shifts or sorted(name for name in parts if name)), None]
    return [{"shift": name, **demand(parts[name])} for name in names if name in parts]


def by_limit_min(run: Run) -> dict[str, float]:
    """Return the share of time within some minutes' walk, and that of gaps at the last."""
    total_ms = sum(_weight_ms(one) for one in run.judged)
    seen = [one.seen for one in run.judged]
    found = {}
    for minutes in MINUTES:
        covered, over = covered_within_ms(seen, run.measure.walk_kmh * 1000 * minutes / 60)
        found[str(minutes)] = covered / total_ms
        found["over"] = over / total_ms
    return found


def longest(run: Run, found: Sequence[gap.GapLine]) -> Figures | None:
    """Return the gap line of the greatest duration."""
    if not found:
        return None
    line = gap.in_order(found)[0]
    return {
        "m": line.mm / 1000,
        "min": line.ms / 60_000,
        "route": run.route(line.first),
        "start": line.start,
    }


def gap_row(run: Run, line: gap.GapLine) -> Figures:
    """Return the figures of a gap line; ``nearest``: of every station that may be named."""
    by_code = {station.code: station for station in run.stations}
    return {
        "route": run.route(line.first),
        "start": line.start,
        "end": line.end,
        "length_m": line.mm / 1000,
        "duration_min": line.ms / 60_000,
        "workers": line.first.step.workers,
        "worst_walk_m": line.worst_walk_m,
        "cause": line.cause,
        "nearest": {
            code: (by_code[code].hours, line.missed_min(by_code, code))
            for code in line.nearest_codes
        },
        "area": line.area,
        "shift": shift_of(line.first.step, run.measure.shifts),
    }


def worst_places(run: Run, found: Sequence[gap.GapLine]) -> list[gap.Place]:
    """Return the places of the longest gaps, all walks of a planned line through one as one."""
    is_plan = any(one.step.shift for one in run.judged)  # only planned lines have one of their own
    return gap.in_order(gap.places(gap.join(found), is_plan=is_plan))[: gap.WORST]


def worst(run: Run, place: gap.Place) -> Figures:
    """Return the figures of joined gap lines."""
    one = place.main
    row = gap_row(run, one.main)
    del row["shift"]
    return row | {
        "start": one.start,
        "end": one.end,
        "hours": place.hours,
        "passes": len(place.walks),
        "length_m": one.mm / 1000,
        "duration_min": place.ms / 60_000,
        "worst_walk_m": place.worst_walk_m,
        "pieces": len(one.pieces),
    }


def station_table(run: Run) -> dict[str, dict[str, Sum]]:
    """Return what each counted station serves: by code, then by the table's name of it."""
    table = {s.code: dict.fromkeys(SERVED, Sum()) for s in run.counted}
    for one in run.judged:
        within = one.seen.within(run.measure.limit_m)
        is_open = [code for code, sight in within.items() if sight.state == "open"]
        usable = [code for code in is_open if within[code].usable is True]
        is_lost = one.nominal == "covered" and one.effective != "covered"
        serving = {
            "reach": list(within),
            "nominal_alone" if len(is_open) == 1 else "nominal_shared": is_open,
            "effective_alone" if len(usable) == 1 else "effective_shared": usable,
            "lost": is_open if is_lost else [],
        }
        for name, codes in serving.items():
            for code in codes:
                table[code][name] = table[code][name].plus(one.step)
    return table


SERVED: Final = (
    *("nominal_alone", "nominal_shared", "effective_alone", "effective_shared", "lost", "reach"),
)


def days_of(judged: Iterable[Judged]) -> int:
    """Return the number of local days on which trips began."""
    first: dict[int, Judged] = {}
    for one in judged:
        first.setdefault(one.step.trip, one)
    return len({to_local(one.step.first.time).date() for one in first.values()})
