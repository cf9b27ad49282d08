"""The result of a run in words and numbers, ready for the page."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flask_babel import format_date, gettext, ngettext

from geo.zones import LOCAL_ZONE
from webmap.cities import DEMO_CITY
from webmap.planner.words import CLASS_WORDS, DAYS, percent, say_limit, say_start
from webmap.runs.record import FOR_PAGE
from webmap.words import say_hours

if TYPE_CHECKING:
    from pathlib import Path

_ORDER: Final = ("covered", "unknown", "closed", "no_station", "unusable", "off_network")
_SHADES: Final = 6  # of the table of hours, light to dark
_BARS_MIN: Final = (5, 10, 15)
_DATUMS: Final = {"wgs84": "WGS-84", "gcj02": "GCJ-02", "bd09": "BD-09"}


class Bar(NamedTuple):
    """One bar: its word, its share of the time, and whether it is bad to have much of it."""

    word: str
    share: float
    is_over: bool = False


class Cause(NamedTuple):
    """One class: minutes, metres and share of the whole time."""

    name: str
    word: str
    hours: str
    km: str
    share: str


class Cell(NamedTuple):
    """One hour of the week: its text, its shade, and the same for a reader of the screen."""

    text: str
    shade: str
    said: str


class Area(NamedTuple):
    """One area: hours walked in it, and the shares of it."""

    name: str
    hours: str
    nominal: str
    covered: str
    gap: str


class Gap(NamedTuple):
    """One of the longest gap lines."""

    cause: str
    cause_word: str
    start: str
    minutes: str
    metres: str
    area: str
    station: str
    hours: str
    hours_lang: str
    walk: str
    box: str  # JSON, "" where nothing may be shown


class Result(NamedTuple):
    """All that the page of a result shows."""

    headline: str
    unknown: str
    doubt: str  # why effective figures do not mean much yet, "" if they do
    base: list[str]
    is_representative: bool
    bars: list[Bar]
    over_note: str
    causes: list[Cause]
    hours: list[tuple[str, list[Cell]]]
    gaps: list[Gap]
    areas: list[Area]
    notes: list[tuple[str, str]]
    not_drawn: int


def is_readable(folder: Path) -> bool:
    """Return whether a result was written by a version that measured all that the page shows."""
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    return {"effective", "effective_meaningful", "max_age_days"} <= set(summary)


def present(folder: Path, city: str) -> Result:
    """Read the files of a result and put them into words of the visitor's language.

    Parameters
    ----------
    folder : Path
        Of the result.
    city : str
        Code of the city whose network was used; "" where nobody knows.
    """
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    extra = json.loads((folder / FOR_PAGE).read_text(encoding="utf-8"))
    effective = summary["effective"]
    gap = max(0.0, 1.0 - effective["share_time"] - effective["unknown_share_time"])
    unknown = effective["unknown_share_time"]
    within = summary["by_limit_min"]
    return Result(
        headline=gettext(
            "这些线路有 %(share)s 的时间，%(limit)s内走不到开着、能用的驿站；"
            "名义覆盖 %(nominal)s，实际 %(effective)s。",
            share=percent(gap),
            limit=say_limit(summary["limit_m"]),
            nominal=percent(summary["nominal"]["share_time"]),
            effective=percent(effective["share_time"]),
        ),
        unknown=gettext(
            "还有 %(share)s 的时间说不准：附近的驿站没写开放时间。", share=percent(unknown)
        )
        if unknown
        else "",
        doubt=""
        if summary["effective_meaningful"] or summary["never_verified_share"] is None
        else gettext(
            "%(share)s 的驿站从来没有人核实过，“实际”这个数还不能当真。",
            share=percent(summary["never_verified_share"]),
        ),
        base=_base(summary),
        is_representative=summary["representative"],
        bars=[
            *(Bar(gettext("%(min)s 分钟内", min=limit), within[str(limit)]) for limit in _BARS_MIN),
            Bar(gettext("20 分钟以上"), within["over"], is_over=True),
        ],
        over_note=gettext("走 20 分钟以内能到的，一共 %(share)s。", share=percent(within["20"])),
        causes=_causes(summary),
        hours=_hours(summary["by_hour_of_week"]),
        gaps=[_gap(row, extra["stations"]) for row in extra["longest"]],
        areas=[_area(row) for row in summary["by_area"] if row["layer"] == 1],
        notes=_notes(summary, city),
        not_drawn=extra["not_drawn"],
    )


def stations_said(folder: Path) -> dict[str, dict[str, str]]:
    """Return the stations that lines name, code to name, hours and the language of these."""
    extra = json.loads((folder / FOR_PAGE).read_text(encoding="utf-8"))
    said = ((code, row, say_hours(row)) for code, row in extra["stations"].items())
    return {
        code: {"name": row["name"], "hours": hours.text, "lang": hours.lang}
        for code, row, hours in said
    }


def _base(summary: dict[str, Any]) -> list[str]:
    """Return what every headline carries: workers, routes, hours and days."""
    data = summary["data"]
    first, last = _say_date(data["first_day"]), _say_date(data["last_day"])
    days = first if last == first else gettext("%(first)s 到 %(last)s", first=first, last=last)
    hours = summary["duration_min"] / 60
    return [
        ngettext("%(num)s 个人", "%(num)s 个人", summary["workers"]),
        ngettext("%(num)s 条线路", "%(num)s 条线路", summary["routes"]),
        gettext("%(hours)s 小时", hours=f"{hours:,.1f}"),
        ngettext("%(num)s 天", "%(num)s 天", summary["days"]),
        days,
    ]


def _say_date(text: str) -> str:
    return str(format_date(dt.date.fromisoformat(text), "long"))


def _causes(summary: dict[str, Any]) -> list[Cause]:
    """Return a row per class that has time; the shares add up to the whole."""
    total = summary["duration_min"]
    sums = {name: (part["min"], part["m"]) for name, part in summary["by_cause"].items()}
    effective = summary["effective"]
    for name, key in (("covered", ""), ("unknown", "unknown_")):
        length = (effective[f"{key}share_length"] or 0.0) * summary["length_m"]
        sums[name] = effective[f"{key}share_time"] * total, length
    return [
        Cause(
            name=name,
            word=str(CLASS_WORDS[name]),
            hours=f"{minutes / 60:,.1f}",
            km=f"{metres / 1000:,.1f}",
            share=f"{100 * minutes / total:.1f}",
        )
        for name in _ORDER
        if (minutes := sums[name][0]) or name == "covered"
        for metres in [sums[name][1]]
    ]


def _hours(cells: list[dict[str, Any] | None]) -> list[tuple[str, list[Cell]]]:
    """Return a row per weekday of 24 cells, each with the share of time in a gap."""
    return [
        (str(day), [_cell(cells[24 * weekday + hour]) for hour in range(24)])
        for weekday, day in enumerate(DAYS)
    ]


def _cell(figures: dict[str, Any] | None) -> Cell:
    if figures is None:
        return Cell("", "none", gettext("没有线路"))
    gap = max(0.0, 1.0 - figures["effective_share"] - figures["effective_unknown_share"])
    shade = min(_SHADES - 1, int(gap * _SHADES))
    return Cell(f"{100 * gap:.0f}", str(shade), percent(gap))


def _gap(row: dict[str, Any], stations: dict[str, dict[str, str]]) -> Gap:
    station = stations.get(row["nearest_code"])
    hours = say_hours(station) if station else None
    walk = row["worst_walk_m"]
    return Gap(
        cause=row["cause"],
        cause_word=str(CLASS_WORDS[row["cause"]]),
        start=say_start(row["start"]),
        minutes=f"{row['duration_min']:,.0f}",
        metres=f"{row['length_m']:,.0f}",
        area=row["area"],
        station=station["name"] if station else "",
        hours=hours.text if hours else "",
        hours_lang=hours.lang if hours else "",
        walk="" if walk is None else f"{walk:,.0f}",
        box=json.dumps(row["box"]) if row["box"] else "",
    )


def _area(row: dict[str, Any]) -> Area:
    gap = 1.0 - row["effective_share"] - row["effective_unknown_share"]
    return Area(
        name=row["area"] or "",
        hours=f"{row['demand_min'] / 60:,.1f}",
        nominal=f"{100 * row['nominal_share']:.1f}",
        covered=f"{100 * row['effective_share']:.1f}",
        gap=f"{100 * max(0.0, gap):.1f}",
    )


def _notes(summary: dict[str, Any], city: str) -> list[tuple[str, str]]:
    """Return what the figures rest on, name and text."""
    data, dropped = summary["data"], sum(summary["dropped"].values())
    zone = summary["tz"]["zone"]
    as_of = summary["as_of"]
    network = gettext("%(km)s 公里", km=f"{data['network_m'] / 1000:,.0f}")
    notes = [
        (gettext("走多远算近"), say_limit(summary["limit_m"])),
        (
            gettext("驿站的数目"),
            gettext(
                "%(open)s 个在用，一共 %(all)s 个",
                open=f"{data['stations_open']:,}", all=f"{data['stations']:,}",
            ),
        ),
        (
            gettext("驿站数据的日期"),
            _say_date(as_of[:10]) if as_of else gettext("不详"),
        ),
        (
            gettext("多久没核实就不算"),
            ngettext("%(num)s 天", "%(num)s 天", round(summary["max_age_days"])),
        ),
        (gettext("步行路网"), f"{_say_city(city, data['network'])} · {network}"),
        (gettext("位置点"), gettext(
            "%(all)s 个，没用上 %(dropped)s 个", all=f"{summary['fixes']:,}", dropped=f"{dropped:,}"
        )),
        (gettext("时区"), gettext("北京时间") if zone == LOCAL_ZONE else zone),
        (gettext("坐标"), _DATUMS[summary["datum"]]),
    ]  # fmt: skip
    if summary["outside_fixes"]:
        notes.append((gettext("在城市以外的点"), f"{summary['outside_fixes']:,}"))
    return notes


def _say_city(code: str, extracts: list[str]) -> str:
    """Return what a network is called: cities have no names but their codes, extracts of files."""
    return gettext("演示数据") if code == DEMO_CITY else code or ", ".join(extracts)
