"""A worst gap in plain words: where, when, how long, why, what is nearest, what would mend it."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from geo.report.figures import (
    say_day,
    say_duration,
    say_hours_of_week,
    say_metres,
    say_start,
    say_within,
)
from geo.report.opening import say_opening
from geo.report.words import class_word, page_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST: Final = 10
_MUCH_MIN: Final = 180  # more is not mended by a station's opening a little longer
_ROUND_MIN: Final = 5
_MIN_PER_H: Final = 60
_WHOLE_WEEK_HOURS: Final = 84  # more of them than half a week are not worth telling one by one
_DAY, _CLOCK = slice(0, 10), slice(11, 16)  # of an ISO moment
_SAME_PLACE: Final = 0.4  # of the boxes' union is common


class GapSaid(NamedTuple):
    """One of the worst gaps, ready for a page."""

    row: int  # among ``worst_gaps``: whose figures and picture stand for the place
    cause: str
    cause_word: str
    area: str  # "" where nobody knows
    when: str
    long: str
    nearest: str  # name of the nearest station, "" without one
    nearest_hours: str
    why: str
    mend: str
    box: list[float] | None  # of what may be shown


def worst_places(summary: Mapping[str, Any]) -> list[list[int]]:
    """Return the rows of ``worst_gaps`` by place, at most ten places, the worst row of each first.

    Two rows are of one place if route, cause and area are the same and the boxes of what may be
    shown have at least 0.4 of their union in common: the same stretch on another day. Places come
    by the time of all their rows, the longest first.
    """
    places: list[list[int]] = []
    gaps = summary["worst_gaps"]
    for row, gap in enumerate(gaps):
        known = next((one for one in places if _is_same(gaps[one[0]], gap)), None)
        if known is None:
            places.append([row])
        else:
            known.append(row)
    places.sort(key=lambda rows: -sum(gaps[row]["duration_min"] for row in rows))
    return places[:MOST]


def _is_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    names = ("route", "cause", "area")
    if any(one[name] != other[name] for name in names) or not one["box"] or not other["box"]:
        return False
    west, south, east, north = (
        pick(pair)
        for pick, pair in zip(
            (max, max, min, min), zip(one["box"], other["box"], strict=True), strict=True
        )
    )
    common: float = max(0.0, east - west) * max(0.0, north - south)
    return common > 0 and common >= _SAME_PLACE * (_size(one["box"]) + _size(other["box"]) - common)


def _size(box: list[float]) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def explain_gaps(
    summary: dict[str, Any], stations: Mapping[str, Mapping[str, Any]], lang: str
) -> list[GapSaid]:
    """Return the worst gaps of a summary in words, a place at a time.

    Parameters
    ----------
    summary : dict
        Of `geo.coverage.Coverage.summary`.
    stations : mapping
        By code: the cells of each.
    lang : str
        "zh" or "en".
    """
    gaps = summary["worst_gaps"]
    return [
        _explain(rows[0], [gaps[row] for row in rows], stations, lang, summary["limit_m"])
        for rows in worst_places(summary)
    ]


def _explain(
    row: int,
    gaps: list[dict[str, Any]],
    stations: Mapping[str, Mapping[str, Any]],
    lang: str,
    limit_m: float,
) -> GapSaid:
    gap = gaps[0]
    station = stations.get(gap["nearest_code"])
    return GapSaid(
        row=row,
        cause=gap["cause"],
        cause_word=class_word(gap["cause"], lang),
        area=gap["area"] or "",
        when=say_when(gaps, lang),
        long=say_long(gaps, lang),
        nearest=station["name"] if station else "",
        nearest_hours=say_opening(station, lang) if station else "",
        why=_why(gap, lang, limit_m),
        mend=_mend(gaps, lang),
        box=gap["box"],
    )


def say_when(gaps: Sequence[Mapping[str, Any]], lang: str) -> str:
    """Return the hours of the week of a plan's gap, else about when it began and on which days."""
    gap = gaps[0]
    if gap["passes"] > 1 and len(gap["hours"]) <= _WHOLE_WEEK_HOURS:
        return say_hours_of_week(gap["hours"], lang)
    if len(gaps) == 1:
        return page_text("gap_from", lang, start=say_start(gap["start"], lang))
    days, clocks = (sorted({one["start"][part] for one in gaps}) for part in (_DAY, _CLOCK))
    return page_text(
        "gap_days", lang,
        first=say_day(days[0], lang), last=say_day(days[-1], lang), n=len(days),
        clock=clocks[0] if len(clocks) == 1 else f"{clocks[0]}–{clocks[-1]}",
    )  # fmt: skip


def say_long(gaps: Sequence[Mapping[str, Any]], lang: str) -> str:
    """Return how long it is in time and way; of several times or a plan also of one of them."""
    gap = gaps[0]
    way = say_metres(gap["length_m"], lang)
    total = say_duration(sum(one["duration_min"] for one in gaps), lang)
    if gap["passes"] > 1:
        return page_text("gap_plan", lang, total=total, way=way)
    if len(gaps) > 1:
        each = say_duration(gap["duration_min"], lang)
        return page_text("gap_times", lang, time=each, way=way, total=total)
    return page_text("gap_long", lang, time=total, way=way)


def _why(gap: dict[str, Any], lang: str, limit_m: float) -> str:
    """Return the cause as a sentence."""
    walk = gap["worst_walk_m"]
    within = say_within(limit_m, lang)
    if gap["cause"] == "closed":
        missed = gap["missed_min"]
        said = page_text("why_closed", lang, within=within)
        if missed:
            said += page_text("why_missed", lang, time=say_duration(missed, lang))
        return said
    said = page_text(f"why_{gap['cause']}", lang, within=within)
    if gap["cause"] == "no_station" and gap["box"] is not None:  # else the walk is not told
        if walk is None:
            return said + page_text("why_no_way", lang)
        return said + page_text("why_walk", lang, way=say_metres(walk, lang))
    return said


def _mend(gaps: Sequence[Mapping[str, Any]], lang: str) -> str:
    """Return what would mend the gaps of one place."""
    cause = gaps[0]["cause"]
    needed = sorted(minutes for gap in gaps for minutes in _needed(gap))
    if cause != "closed" or not needed:
        return page_text(f"mend_{cause}", lang)
    if needed[0] > _MUCH_MIN:
        return page_text("mend_closed_far", lang)
    done = [minutes for minutes in needed if minutes <= _MUCH_MIN]
    key = "mend_closed_by" if len(done) == len(needed) else "mend_closed_some"
    return page_text(key, lang, time=say_duration(done[-1], lang))


def _needed(gap: Mapping[str, Any]) -> list[int]:
    """Return by how many minutes, at most, the nearest station would have to open longer.

    What is missed is so at some moment of the gap: from its begin to an opening, or from a closing
    to its end, it is at most all of its time more. The walks of a plan that follow one another are
    one time; there is a number for each such time, rounded up to 5 minutes.
    """
    if gap["missed_min"] is None:
        return []
    times = [gap["duration_min"]]
    if gap["passes"] > 1:
        times = [min(_MIN_PER_H * hours, times[0]) for hours in _in_a_row(gap["hours"])]
    return [_ROUND_MIN * math.ceil((time + gap["missed_min"]) / _ROUND_MIN) for time in times]


def _in_a_row(hours: Sequence[int]) -> list[int]:
    """Return how many hours of the week, sorted, follow one another, for each such run."""
    cuts = [place for place in range(1, len(hours)) if hours[place] > hours[place - 1] + 1]
    return [stop - start for start, stop in pairwise([0, *cuts, len(hours)])]
