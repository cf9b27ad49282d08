"""The result of a run in words and numbers, ready for the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flask import url_for
from flask_babel import gettext

from geo.report import say
from webmap.planner import tables, week
from webmap.planner.files import Head, read_head, read_stations, read_summary
from webmap.planner.words import line_words
from webmap.preferences import language
from webmap.words import say_hours, say_osm

if TYPE_CHECKING:
    from pathlib import Path

    from geo.report.say import Advice, Bar
    from webmap.planner.tables import Cause, Gap, Layer, Shift, Station
    from webmap.planner.week import Cell

JUDGEMENTS: Final = ("effective", "nominal", "straight")
_MOST_ADVICE: Final = 10


class Judgement(NamedTuple):
    """One way to judge: its word, what it means, the share it gives."""

    name: str
    word: str
    help: str
    share: str


class Result(NamedTuple):
    """All that the page of a result shows."""

    headline: str
    overall: str
    stamp: str
    notices: list[str]  # what must be known before a figure is used
    base: list[str]
    judgements: list[Judgement]
    bars: list[Bar]
    bars_note: str
    causes: dict[str, list[Cause]]
    hours: list[tuple[str, list[Cell]]]
    gaps: list[Gap]
    layers: list[Layer]
    shifts: list[Shift]
    stations: list[Station]
    stations_all: int
    advice: list[Advice]
    advice_note: str
    doubts: list[str]
    method: list[str]
    options: list[tuple[str, str]]
    data: list[tuple[str, str]]
    head: Head


def present(folder: Path) -> Result:
    """Read the files of a result and put them into words of the visitor's language."""
    lang = language()
    summary, head, served = read_summary(folder), read_head(folder), read_stations(folder)
    doubts = say.doubts(summary, lang)
    return Result(
        headline=say.headline(summary, lang),
        overall=say.overall(summary, lang),
        stamp=say.stamp(summary, lang),
        notices=say.grave_doubts(summary, lang),
        base=say.base(summary, lang),
        judgements=judgements(summary),
        bars=say.bars(summary, lang),
        bars_note=say.bars_note(summary, lang),
        causes={judge: tables.causes(summary, judge) for judge in JUDGEMENTS},
        hours=week.week_rows(week.gap_shares(summary, "effective")),
        gaps=tables.gaps(summary, head.stations),
        layers=tables.layers(summary),
        shifts=tables.shifts(summary),
        stations=tables.stations(served),
        stations_all=len(served),
        advice=say.advice(summary, lang)[:_MOST_ADVICE],
        advice_note=say.advice_note(summary, lang),
        doubts=doubts,
        method=say.method(lang),
        options=say.options_said(summary, lang),
        data=say.data_said(summary, lang),
        head=head,
    )


def judgements(summary: dict[str, Any]) -> list[Judgement]:
    """Return the three ways to judge with the share of time covered by each."""
    said = {
        "effective": (gettext("实际"), gettext("开着，也用得上")),
        "nominal": (gettext("名义"), gettext("只看开没开门")),
        "straight": (gettext("直线"), gettext("只看开没开门，按直线量，不按路走")),
    }
    return [
        Judgement(name, *said[name], say.percent(summary[name]["share_time"], language()))
        for name in JUDGEMENTS
    ]


def for_scripts(run_id: str, folder: Path, *, has_pages: bool) -> dict[str, Any]:
    """Return what the scripts of a result's page need.

    Parameters
    ----------
    run_id : str
        Of the run.
    folder : Path
        Of its result.
    has_pages : bool
        Whether the stations of the result have pages on this site now.
    """
    summary, head = read_summary(folder), read_head(folder)
    return {
        "lines": url_for("planner.lines", run_id=run_id),
        "stations": url_for("planner.stations", run_id=run_id),
        "stationLink": url_for("public.station", code="-").removesuffix("-") if has_pages else "",
        "classes": [[name, word] for name, word in say.class_words(language()).items()],
        "gaps": {judge: week.gap_shares(summary, judge) for judge in ("effective", "nominal")},
        "demand": week.demand(summary),
        "shifts": {text: say_osm(text).text for text in head.shifts},
        "firstDay": summary["data"]["first_day"],
        "words": line_words(summary["limit_m"]),
    }


def stations_said(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the stations that lines name, code to name, kind, hours and the language of these."""
    said = ((code, row, say_hours(row)) for code, row in read_head(folder).stations.items())
    return {
        code: {"name": row["name"], "kind": row["kind"], "hours": hours.text, "lang": hours.lang}
        for code, row, hours in said
    }
