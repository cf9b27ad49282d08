"""Two results side by side: what was put in differently, and how the figures differ.

Differences are those of the second from the first, taken before anything is rounded; those of
shares are in percentage points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flask_babel import gettext

from geo.report import say
from geo.report.figures import say_hour
from webmap.planner import tables, week
from webmap.planner.present import JUDGEMENTS, judgements
from webmap.planner.week import Cell
from webmap.preferences import language
from webmap.words import say_osm

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Summary = dict[str, Any]

MOST_STATIONS: Final = 25
_POINTS: Final = 100.0
_STEPS: Final = (5.0, 20.0)  # points from which a cell is one shade darker
_NOTHING: Final = 0.05  # points or hours that round to 0
_MINUS: Final = "\N{MINUS SIGN}"
_MUCH: Final = 1.5  # times as many hours: other routes
_LIKE: Final = 0.5  # of the hours of the week must be walked in both


class Difference(NamedTuple):
    """One figure of both results and how they differ; texts."""

    name: str
    a: str
    b: str
    change: str
    trend: str  # "better" | "worse" | "" where neither
    size: float = 0.0  # of the change, without its sign


class AreaTable(NamedTuple):
    """The areas of one layer."""

    title: str
    rows: list[Difference]


class StationRow(NamedTuple):
    """One station in both results: hours served alone and hours lost."""

    code: str
    name: str
    note: str  # new, closed, other hours
    alone: Difference
    lost: Difference


class Comparison(NamedTuple):
    """All that the page of two results shows."""

    warnings: list[str]
    inputs: list[tuple[str, str, str]]  # those that differ: name, first, second
    headlines: tuple[str, str]
    bases: tuple[list[str], list[str]]
    shares: list[Difference]
    reach: list[Difference]
    causes: list[Difference]
    hours: list[tuple[str, list[Cell]]]
    layers: list[AreaTable]
    stations: list[StationRow]


def compare(
    one: Summary,
    other: Summary,
    stations: tuple[Sequence[Mapping[str, Any]], Sequence[Mapping[str, Any]]],
) -> Comparison:
    """Compare two results.

    Parameters
    ----------
    one, other : dict
        Their summaries.
    stations : tuple of two sequences of dict
        Their rows of ``by_station.csv``.
    """
    lang = language()
    return Comparison(
        warnings=_warnings(one, other),
        inputs=_inputs(one, other),
        headlines=(say.headline(one, lang), say.headline(other, lang)),
        bases=(say.base(one, lang), say.base(other, lang)),
        shares=_shares(one, other),
        reach=_reach(one, other),
        causes=_causes(one, other),
        hours=_hours(one, other),
        layers=_layers(one, other),
        stations=_stations(*stations),
    )


def week_change(one: Summary, other: Summary) -> list[float | None]:
    """Return the points by which the gap of each hour of the week differs; None without both."""
    pairs = zip(week.gap_shares(one, "effective"), week.gap_shares(other, "effective"), strict=True)
    return [None if a is None or b is None else _POINTS * (b - a) for a, b in pairs]


def _warnings(one: Summary, other: Summary) -> list[str]:
    """Return why the two must not be compared as they stand."""
    found = []
    if say.kind(one) != say.kind(other):
        found.append(gettext("一边是走过的轨迹，一边是计划的线路，不是一回事。"))
    if one["limit_m"] != other["limit_m"]:
        found.append(gettext("“走多远算近”不一样：差别里分不出是驿站变了，还是标准变了。"))
    if (one["needs"], one["no_phone"]) != (other["needs"], other["no_phone"]):
        found.append(gettext("对驿站的要求不一样，“实际”的数不能直接比。"))
    if one["max_age_days"] != other["max_age_days"]:
        found.append(gettext("“多久没核实就不算”不一样，“实际”的数不能直接比。"))
    if _area_names(one) != _area_names(other):
        found.append(gettext("走到的街道不一样，先看看是不是同一片地方。"))
    if _is_other_work(one, other):
        found.append(gettext("走的线路差得多（时间或钟点很不一样），差别可能来自线路，不是驿站。"))
    return found


def _is_other_work(one: Summary, other: Summary) -> bool:
    """Return whether hours in all, or hours of the week, differ so much that it is other work."""
    lengths = sorted((one["duration_min"], other["duration_min"]))
    a, b = (
        {hour for hour, minutes in enumerate(week.demand(of)) if minutes} for of in (one, other)
    )
    return lengths[1] > _MUCH * lengths[0] or len(a & b) < _LIKE * len(a | b)


def _area_names(summary: Summary) -> set[str | None]:
    return {row["area"] for row in summary["by_area"]}


def _inputs(one: Summary, other: Summary) -> list[tuple[str, str, str]]:
    """Return the options, data and sizes that differ."""
    lang = language()
    name = gettext("多少人和线路")
    sizes = name, " · ".join(say.base(one, lang)), " · ".join(say.base(other, lang))
    a, b = (dict([*say.options_said(of, lang), *say.data_said(of, lang)]) for of in (one, other))
    rows = [sizes, *((name, a.get(name, "–"), b.get(name, "–")) for name in {**a, **b})]
    return [row for row in rows if row[1] != row[2]]


def _shares(one: Summary, other: Summary) -> list[Difference]:
    rows = [
        _points(word.word, one[name]["share_time"], other[name]["share_time"], good=1)
        for name, word in zip(JUDGEMENTS, judgements(one), strict=True)
    ]
    gaps = [say.gap_of(of["effective"]) for of in (one, other)]
    unknown = [of["effective"]["unknown_share_time"] for of in (one, other)]
    rows.append(_points(gettext("走不到（实际）"), *gaps, good=-1))
    rows.append(_points(gettext("说不准"), *unknown, good=0))
    return rows


def _reach(one: Summary, other: Summary) -> list[Difference]:
    lang = language()
    return [
        _points(a.word, a.share, b.share, good=-1 if a.is_over else 1)
        for a, b in zip(say.bars(one, lang), say.bars(other, lang), strict=True)
    ]


def _causes(one: Summary, other: Summary) -> list[Difference]:
    """Return the share of time in a gap by cause; causes that neither has are left out."""
    lang = language()
    a, b = (
        {
            name: part["min"] / of["duration_min"] if of["duration_min"] else 0.0
            for name, part in of["by_cause"].items()
        }
        for of in (one, other)
    )
    names = [name for name in say.class_words(lang) if a.get(name) or b.get(name)]
    return [
        _points(say.class_word(name, lang), a.get(name, 0.0), b.get(name, 0.0), good=-1)
        for name in names
    ]


def _hours(one: Summary, other: Summary) -> list[tuple[str, list[Cell]]]:
    """Return a row per weekday; a cell has the points by which its gap grew or shrank."""
    cells = [_cell(hour, change) for hour, change in enumerate(week_change(one, other))]
    days = week.week_rows([None] * len(cells))
    return [
        (day, cells[week.HOURS * number : week.HOURS * (number + 1)])
        for number, (day, _) in enumerate(days)
    ]


def _cell(hour: int, change: float | None) -> Cell:
    when = say_hour(hour, language())
    if change is None:
        said = gettext("不能比")
        return Cell(hour, "", "none", f"{when} {said}")
    text = signed(change, digits=0)
    size = abs(round(change))
    step = 0 if not size else 1 + sum(size >= least for least in _STEPS)
    shade = f"{'up' if change > 0 else 'down'}{step}" if step else "same"
    return Cell(hour, text, shade, f"{when} {text}")


def _layers(one: Summary, other: Summary) -> list[AreaTable]:
    numbers = sorted({row["layer"] for of in (one, other) for row in of["by_area"]})
    return [AreaTable(*_layer(number, one, other)) for number in numbers]


def _layer(number: int, one: Summary, other: Summary) -> tuple[str, list[Difference]]:
    """Return a layer's title and its areas, those that changed most first."""
    a, b = (
        {row["area"]: row for row in of["by_area"] if row["layer"] == number} for of in (one, other)
    )
    both = {name: (a.get(name), b.get(name)) for name in {**a, **b}}
    rows = {
        name: _points(
            name or "", *(tables.gap_share(row) if row else None for row in pair), good=-1
        )
        for name, pair in both.items()
    }
    title = tables.layer_title(list((a or b).values()), number)
    return title, sorted(rows.values(), key=lambda row: -row.size)


def _stations(
    one: Sequence[Mapping[str, Any]], other: Sequence[Mapping[str, Any]]
) -> list[StationRow]:
    """Return the stations whose service changed most, or that came or went."""
    a, b = ({row["code"]: row for row in rows} for rows in (one, other))
    changed: list[tuple[float, StationRow]] = []
    for code in {**a, **b}:
        pair = a.get(code), b.get(code)
        alone, lost = (_hours_served(pair, name) for name in ("effective_alone_min", "lost_min"))
        note = _station_note(*pair)
        size = sum(abs(_minutes(pair[1], name) - _minutes(pair[0], name)) for name in _SERVED)
        if note or size >= _NOTHING * 60:
            name = (pair[1] or pair[0] or {})["name"]
            changed.append((size, StationRow(code, name, note, alone, lost)))
    changed.sort(key=lambda each: (-each[0], each[1].code))
    return [row for _, row in changed[:MOST_STATIONS]]


_SERVED: Final = ("effective_alone_min", "lost_min")


def _station_note(a: Mapping[str, Any] | None, b: Mapping[str, Any] | None) -> str:
    if a is None:
        return gettext("只在后一次有")
    if b is None:
        return gettext("只在前一次有")
    if a["hours"] != b["hours"]:
        return gettext(
            "时间改了：%(a)s → %(b)s", a=say_osm(a["hours"]).text, b=say_osm(b["hours"]).text
        )
    return ""


def _minutes(row: Mapping[str, Any] | None, name: str) -> float:
    return float(row[name]) if row else 0.0


def _hours_served(
    pair: tuple[Mapping[str, Any] | None, Mapping[str, Any] | None], name: str
) -> Difference:
    a, b = ("–" if row is None else f"{row[name] / 60:,.1f}" for row in pair)
    change = (_minutes(pair[1], name) - _minutes(pair[0], name)) / 60
    trend = _trend(change, good=-1 if name == "lost_min" else 0)  # alone is needed, not good
    return Difference(name, a, b, signed(change), trend, abs(change))


def _points(name: str, a: float | None, b: float | None, *, good: int) -> Difference:
    """Return two shares in percent and their difference in points.

    Parameters
    ----------
    name : str
        Of the figure.
    a, b : float or None
        Shares; None where there is none.
    good : {-1, 0, 1}
        Whether less of it, neither or more of it is better.
    """
    change = None if a is None or b is None else _POINTS * (b - a)
    return Difference(
        name,
        tables.tenths(a),
        tables.tenths(b),
        "–" if change is None else signed(change),
        "" if change is None else _trend(change, good=good),
        abs(change or 0.0),
    )


def _trend(change: float, *, good: int) -> str:
    if not good or abs(change) < _NOTHING:
        return ""
    return "better" if change * good > 0 else "worse"


def signed(change: float, *, digits: int = 1) -> str:
    """Return a difference with its sign; 0 has none."""
    text = f"{abs(change):,.{digits}f}"
    if not float(text.replace(",", "")):
        return "0"
    return f"{'+' if change > 0 else _MINUS}{text}"
