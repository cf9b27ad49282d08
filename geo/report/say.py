"""What a report says: pure functions of a summary (``summary.json``) and a language.

A summary is the plain data of `geo.coverage.Coverage.summary`. Nothing here reads a file, a clock
or a setting, so that the report, the workbook and the web page say the same words.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from geo.report.figures import (
    percent,
    say_dates,
    say_days,
    say_hours_of_week,
    say_limit,
    say_span,
    say_start,
    say_within,
)
from geo.report.notes import data_said, definitions, doubts, grave_doubts, method, options_said
from geo.report.window import gap_share, worst_window
from geo.report.words import LANGUAGES, class_word, class_words, count, say

__all__ = [
    "LANGUAGES",
    "Advice",
    "Bar",
    "Figure",
    "advice",
    "advice_note",
    "bars",
    "bars_note",
    "base",
    "class_word",
    "class_words",
    "data_said",
    "definitions",
    "doubts",
    "gap_of",
    "gap_share",
    "grave_doubts",
    "headline",
    "judgements",
    "method",
    "options_said",
    "overall",
    "percent",
    "say_hours_of_week",
    "say_limit",
    "say_start",
    "stamp",
    "unknown_more",
]

TRACKS: Final = "tracks"
BEATS: Final = "beats"
_FEW_WORKERS: Final = 5
_LEAST_H: Final = 0.05  # of a gain, to be told
_MUCH_UNKNOWN: Final = 0.05  # of the time spoken of: to be said with its figures
_BARS_MIN: Final = (5, 10, 15)
_JUDGEMENTS: Final = ("nominal", "effective", "straight")


class Bar(NamedTuple):
    """One bar: its word, its share of the time, and whether it is bad to have much of it."""

    word: str
    share: float
    is_over: bool = False


class Figure(NamedTuple):
    """One judgement's figures of the whole time."""

    name: str  # nominal | effective | straight
    covered: float | None
    unknown: float | None
    gap: float | None
    covered_length: float | None


class Advice(NamedTuple):
    """What longer hours of one station alone would mend, in the words of a language."""

    code: str
    name: str
    hours: str  # OSM text
    is_early: bool
    words: tuple[str, ...]  # a sentence per number of minutes
    gains: tuple[tuple[int, float], ...]  # minutes earlier or later, hours gained


def headline(summary: dict[str, Any], lang: str) -> str:
    """Return the first sentence of a report.

    It names the worst window of the week if one stands out (`worst_window` says which), with the
    share of its time in an effective gap, nominal and effective coverage, all of that window;
    else the same figures of the whole time. What is not known of a twentieth or more is said too.
    """
    within = say_within(summary["limit_m"], lang)
    window = worst_window(summary["by_hour_of_week"])
    if window is not None:
        when = f"{say_days(window.days, lang)} {say_span(window.start, window.hours, lang)}"
        return say(
            "headline_window", lang, when=when, within=within,
            gap=percent(window.gap_share, lang),
            nominal=percent(window.nominal_share, lang),
            effective=percent(window.effective_share, lang),
            unknown=unknown_more(window.unknown_share, lang),
        )  # fmt: skip
    if summary["effective"]["share_time"] == 1:
        return say("headline_covered", lang, within=within)
    return say("headline_whole", lang, within=within, **_shares(summary, lang))


def overall(summary: dict[str, Any], lang: str) -> str:
    """Return the figures of the whole time as a sentence; "" where the headline gives them."""
    if worst_window(summary["by_hour_of_week"]) is None:
        return ""
    return say("overall", lang, **_shares(summary, lang))


def base(summary: dict[str, Any], lang: str) -> list[str]:
    """Return what every headline carries: workers, routes, hours, days, dates."""
    data, is_plan = summary["data"], kind(summary) == BEATS
    return [
        count("base_workers_planned" if is_plan else "base_workers", lang, summary["workers"]),
        count("base_beats" if is_plan else "base_routes", lang, summary["routes"]),
        _hours(summary["duration_min"] / 60, lang),
        count("base_days", lang, summary["days"]),
        say_dates(data["first_day"], data["last_day"], lang),
    ]


def stamp(summary: dict[str, Any], lang: str) -> str:
    """Return the stamp of tracks of fewer than 5 workers; "" of more, and of plans."""
    is_few = kind(summary) == TRACKS and summary["workers"] < _FEW_WORKERS
    return say("stamp", lang) if is_few else ""


def kind(summary: dict[str, Any]) -> str:
    """Return what was measured, "tracks" or "beats"; a summary that does not say is of tracks."""
    return str(summary.get("kind", TRACKS))


def bars(summary: dict[str, Any], lang: str) -> list[Bar]:
    """Return the four bars: the time with an open station within 5, 10, 15 and not in 20 min."""
    within = summary["by_limit_min"]
    near = [Bar(count("bar_within", lang, limit), within[str(limit)]) for limit in _BARS_MIN]
    return [*near, Bar(say("bar_over", lang), within["over"], is_over=True)]


def bars_note(summary: dict[str, Any], lang: str) -> str:
    """Return what the bars leave out: the share within 20 minutes, and much that is not known."""
    within = summary["by_limit_min"]
    unknown = max(0.0, 1.0 - within["20"] - within["over"])
    return say(
        "bars_note", lang, share=percent(within["20"], lang), unknown=unknown_more(unknown, lang)
    )


def judgements(summary: dict[str, Any]) -> list[Figure]:
    """Return the figures of nominal, effective and straight, in this order."""
    return [
        Figure(
            name=name,
            covered=summary[name]["share_time"],
            unknown=summary[name]["unknown_share_time"],
            gap=gap_of(summary[name]),
            covered_length=summary[name]["share_length"],
        )
        for name in _JUDGEMENTS
    ]


def gap_of(shares: dict[str, Any]) -> float | None:
    """Return the share of time in a gap of the shares of a judgement; None of no time."""
    if shares["share_time"] is None:
        return None
    return float(max(0.0, 1.0 - shares["share_time"] - shares["unknown_share_time"]))


def advice(summary: dict[str, Any], lang: str) -> list[Advice]:
    """Return what longer hours of one station alone would mend, per station and end of its day.

    Parameters
    ----------
    summary : dict
        Its ``longer_hours`` are as of `geo.coverage.longer.longer_hours`; without, there is none.
    lang : str
        "zh" or "en".
    """
    found = []
    for row in summary.get("longer_hours", ()):
        is_early = row["end"] == "early"
        gains = tuple((int(step["by_min"]), step["gain_min"] / 60) for step in row["gains"])
        key = "advice_early" if is_early else "advice_late"
        words = tuple(
            say(key, lang, minutes=minutes, hours=f"{hours:,.1f}")
            for minutes, hours in gains
            if hours >= _LEAST_H
        )
        found.append(Advice(row["code"], row["name"], row["hours"], is_early, words, gains))
    return found


def advice_note(summary: dict[str, Any], lang: str) -> str:
    """Return what the gains of `advice` are, and that they do not add up."""
    return say("advice_note", lang, days=count("base_days", lang, summary["days"]))


def unknown_more(share: float | None, lang: str) -> str:
    """Return ", and for another N % nobody can say" of 5 % or more; "" of less."""
    if share is None or share < _MUCH_UNKNOWN:
        return ""
    return say("unknown_more", lang, share=percent(share, lang))


def _shares(summary: dict[str, Any], lang: str) -> dict[str, str]:
    effective = summary["effective"]
    return {
        "gap": percent(gap_of(effective), lang),
        "nominal": percent(summary["nominal"]["share_time"], lang),
        "effective": percent(effective["share_time"], lang),
        "unknown": unknown_more(effective["unknown_share_time"], lang),
    }


def _hours(hours: float, lang: str) -> str:
    """Return hours with a decimal while they are few."""
    shown = f"{hours:,.1f}" if hours < 100 else f"{hours:,.0f}"  # noqa: PLR2004
    return count("base_hours", lang, hours, shown.removesuffix(".0"))
