"""The tables of a result: causes, areas, stations, shifts, worst gaps; numbers ready to be read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flask_babel import gettext, ngettext

from geo.report.explain import say_long, say_when, worst_places
from geo.report.figures import say_duration
from geo.report.say import class_word
from webmap.preferences import language
from webmap.words import Hours, say_hours, say_osm

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_STATIONS: Final = 12  # of each kind of merit
_GRAVE: Final = ("covered", "unknown", "closed", "no_station", "unusable", "off_network")


class Cause(NamedTuple):
    """One class: minutes, metres and share of the whole time."""

    name: str
    word: str
    hours: str
    km: str
    share: str


class Area(NamedTuple):
    """One area: hours walked in it, and the shares of it."""

    name: str
    hours: str
    nominal: str
    covered: str
    gap: str
    gap_hours: str


class Layer(NamedTuple):
    """One layer of areas, those with most time in a gap first."""

    title: str
    rows: list[Area]


class Shift(NamedTuple):
    """One shift: hours walked in it, and the shares of it."""

    name: str
    hours: str
    nominal: str
    covered: str
    gap: str


class Station(NamedTuple):
    """One station: hours of work it serves alone and with others, and those it lost."""

    code: str
    name: str
    hours: str
    hours_lang: str
    alone: float
    shared: float
    lost: float
    reach: float
    doubt: str


class Gap(NamedTuple):
    """One of the worst gaps."""

    cause: str
    cause_word: str
    when: str
    long: str
    area: str
    station: str
    code: str
    hours: str
    hours_lang: str
    missed: str
    walk: str
    seen: str  # JSON of hours and box for the map, "" where nothing may be shown


def causes(summary: Mapping[str, Any], judge: str) -> list[Cause]:
    """Return a row per class that has time; the shares add up to the whole."""
    total, figures = summary["duration_min"], summary[judge]
    sums = {name: (part["min"], part["m"]) for name, part in figures["by_cause"].items()}
    for name, key in (("covered", ""), ("unknown", "unknown_")):
        length = (figures[f"{key}share_length"] or 0.0) * summary["length_m"]
        sums[name] = (figures[f"{key}share_time"] or 0.0) * total, length
    return [
        Cause(
            name=name,
            word=class_word(name, language()),
            hours=f"{minutes / 60:,.1f}",
            km=f"{metres / 1000:,.1f}",
            share=f"{100 * minutes / total:.1f}" if total else "–",
        )
        for name in _GRAVE
        if (minutes := sums[name][0]) or name == "covered"
        for metres in [sums[name][1]]
    ]


def layers(summary: Mapping[str, Any]) -> list[Layer]:
    """Return the tables of areas, the finest first."""
    rows = summary["by_area"]
    numbers = sorted({row["layer"] for row in rows})
    return [_layer(number, [row for row in rows if row["layer"] == number]) for number in numbers]


def shifts(summary: Mapping[str, Any]) -> list[Shift]:
    """Return a row per shift; time outside all of them last."""
    return [
        Shift(
            say_osm(row["shift"]).text if row["shift"] else gettext("不在这些班次里"),
            f"{row['demand_min'] / 60:,.1f}",
            tenths(row["nominal_share"]),
            tenths(row["effective_share"]),
            tenths(gap_share(row)),
        )
        for row in summary["by_shift"]
    ]


def stations(rows: Sequence[Mapping[str, Any]]) -> list[Station]:
    """Return the stations that serve most alone, and those that lost most."""
    alone = sorted(rows, key=lambda row: -row["effective_alone_min"])[:MOST_STATIONS]
    lost = sorted(rows, key=lambda row: -row["lost_min"])[:MOST_STATIONS]
    chosen = {row["code"]: row for row in (*alone, *lost)}
    named = [_station(row) for row in chosen.values()]
    return [row for row in named if row.alone or row.lost]


def gaps(summary: Mapping[str, Any], named: Mapping[str, Mapping[str, str]]) -> list[Gap]:
    """Return the worst gaps in words, a row per place, as in the report.

    ``named`` are the stations of the result's stretches.
    """
    found = summary["worst_gaps"]
    return [_gap([found[row] for row in rows], named) for rows in worst_places(summary)]


def gap_share(row: Mapping[str, Any]) -> float | None:
    """Return the effective share of time in a gap of a group; None of no time."""
    if row["effective_share"] is None:
        return None
    return float(max(0.0, 1.0 - row["effective_share"] - row["effective_unknown_share"]))


def tenths(share: float | None) -> str:
    """Return a share in percent with one decimal, for a table."""
    return "–" if share is None else f"{100 * share:.1f}"


def layer_title(rows: Sequence[Mapping[str, Any]], number: int) -> str:
    """Return what the areas of a layer are called."""
    known = {"街道": gettext("分街道"), "区": gettext("分区")}
    given = str(rows[0].get("layer_name") or "")
    return known.get(given, given) or (gettext("分街道") if number == 1 else gettext("分区"))


def _layer(number: int, rows: Sequence[Mapping[str, Any]]) -> Layer:
    ordered = sorted(rows, key=lambda row: -(gap_share(row) or 0.0) * row["demand_min"])
    return Layer(layer_title(rows, number), [_area(row) for row in ordered])


def _area(row: Mapping[str, Any]) -> Area:
    gap = gap_share(row)
    return Area(
        name=row["area"] or "",
        hours=f"{row['demand_min'] / 60:,.1f}",
        nominal=tenths(row["nominal_share"]),
        covered=tenths(row["effective_share"]),
        gap=tenths(gap),
        gap_hours=f"{(gap or 0.0) * row['demand_min'] / 60:,.1f}",
    )


def _station(row: Mapping[str, Any]) -> Station:
    hours = say_osm(row["hours"])
    doubt = ""
    if row["is_locked"]:
        doubt = gettext("有人报锁门")
    elif row["is_unverified"]:
        doubt = gettext("太久没核实")
    return Station(
        code=row["code"],
        name=row["name"],
        hours=hours.text,
        hours_lang=hours.lang,
        alone=round(row["effective_alone_min"] / 60, 1),
        shared=round(row["effective_shared_min"] / 60, 1),
        lost=round(row["lost_min"] / 60, 1),
        reach=round(row["reach_min"] / 60, 1),
        doubt=doubt,
    )


def _gap(rows: Sequence[Mapping[str, Any]], named: Mapping[str, Mapping[str, str]]) -> Gap:
    """Return the gaps of one place; the first stands for all."""
    row, lang = rows[0], language()
    station = named.get(row["nearest_code"])
    hours = say_hours(station) if station else Hours("", "")
    at = sorted({hour for one in rows for hour in one["hours"]})
    return Gap(
        cause=row["cause"],
        cause_word=class_word(row["cause"], lang),
        when=say_when(rows, lang),
        long=say_long(rows, lang),
        area=row["area"] or "",
        station=station["name"] if station else "",
        code=row["nearest_code"],
        hours=hours.text,
        hours_lang=hours.lang,
        missed=_say_missed(row["missed_min"]),
        walk=_say_walk(row["worst_walk_m"]),
        seen=json.dumps({"hours": at, "box": row["box"]}) if row["box"] else "",
    )


def _say_missed(minutes: float | None) -> str:
    if minutes is None:
        return ""
    return gettext("跟它的开放时间差 %(time)s", time=say_duration(minutes, language()))


def _say_walk(metres: float | None) -> str:
    if metres is None:
        return ""
    minutes = -int(-metres * 60 // 4000)
    return ngettext("最远要走 %(num)s 分钟", "最远要走 %(num)s 分钟", minutes)
