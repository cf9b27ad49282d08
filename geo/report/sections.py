"""The tables of a report's page: rows of plain values and texts, ready to be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from geo.report.colours import shade_step
from geo.report.figures import cell_text, percent, points, say_hour
from geo.report.opening import say_opening
from geo.report.window import gap_share
from geo.report.words import DAYS, class_words, page_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.coverage import Coverage

MOST_STATIONS: Final = 10
_HOURS: Final = 24
_MIN_PER_H: Final = 60


class Cell(NamedTuple):
    """One hour of the week: its number, its shade 0 to 5 or "none", and the same in words."""

    text: str
    shade: str
    said: str
    hour: int


class Cause(NamedTuple):
    """One class of the whole time."""

    name: str
    word: str
    hours: str
    km: str
    share: str
    part: float


class Area(NamedTuple):
    """One area: time in it, shares of it, and the time with nowhere."""

    name: str
    hours: str
    nominal: str
    effective: str
    gap: str
    gap_hours: str
    bar: float  # its gap time, of that of the worst area of the layer
    worst: str  # word of the cause with most gap time, "" without a gap


class Layer(NamedTuple):
    """The areas of one layer, most time with nowhere first."""

    name: str
    areas: list[Area]


class Station(NamedTuple):
    """One station: what it serves, in hours of people."""

    code: str
    name: str
    kind: str
    hours: str
    alone: str
    shared: str
    lost: str
    why: str  # it lost time: locked, unverified


def week(summary: dict[str, Any], lang: str) -> list[tuple[str, list[Cell]]]:
    """Return a row per weekday of 24 cells: percent of the time with nowhere."""
    cells = summary["by_hour_of_week"]
    return [
        (day, [_cell(cells[_HOURS * row + hour], _HOURS * row + hour, lang) for hour in range(24)])
        for row, day in enumerate(DAYS[lang])
    ]


def _cell(figures: dict[str, Any] | None, hour: int, lang: str) -> Cell:
    if figures is None:
        return Cell("", "none", page_text("nobody", lang), hour)
    gap = gap_share(figures)
    said = page_text("cell", lang, when=say_hour(hour, lang), share=percent(gap, lang))
    return Cell(cell_text(gap), str(shade_step(gap)), said, hour)


def causes(summary: dict[str, Any], lang: str) -> list[Cause]:
    """Return a row per effective class that has time; the shares add up to the whole."""
    total, effective = summary["duration_min"], summary["effective"]
    sums = {name: (part["min"], part["m"]) for name, part in summary["by_cause"].items()}
    for name, key in (("covered", ""), ("unknown", "unknown_")):
        length_m = (effective[f"{key}share_length"] or 0.0) * summary["length_m"]
        sums[name] = (effective[f"{key}share_time"] or 0.0) * total, length_m
    return [
        Cause(
            name=name,
            word=word,
            hours=f"{sums[name][0] / _MIN_PER_H:,.1f}",
            km=f"{sums[name][1] / 1000:,.1f}",
            share=points(sums[name][0] / total),
            part=sums[name][0] / total,
        )
        for name, word in class_words(lang).items()
        if sums[name][0] or name == "covered"
    ]


def layers(summary: dict[str, Any], lang: str) -> list[Layer]:
    """Return the layers of areas in which somebody walked."""
    found: dict[int, list[dict[str, Any]]] = {}
    for row in summary["by_area"]:
        found.setdefault(row["layer"], []).append(row)
    return [
        Layer(_layer_name(rows[0], len(found), lang), _areas(rows, lang))
        for _, rows in sorted(found.items())
    ]


def _layer_name(row: dict[str, Any], count: int, lang: str) -> str:
    """Return the name of a layer; a number where it has none and is not the only one."""
    name = str(row.get("layer_name") or "")
    if name or count == 1:
        return name
    return page_text("layer", lang, n=row["layer"])


def _areas(rows: list[dict[str, Any]], lang: str) -> list[Area]:
    words = class_words(lang)
    by_gap = sorted(rows, key=lambda row: (-_gap_min(row), row["area"] is None, row["area"] or ""))
    most = max(1e-9, *(_gap_min(row) for row in rows), 1e-9)
    found = []
    for row in by_gap:
        cause = max(row["by_cause"], key=lambda name: row["by_cause"][name]["min"])
        has_gap = row["by_cause"][cause]["min"] > 0
        found.append(
            Area(
                name=page_text("no_area", lang) if row["area"] is None else row["area"],
                hours=f"{row['demand_min'] / _MIN_PER_H:,.1f}",
                nominal=points(row["nominal_share"]),
                effective=points(row["effective_share"]),
                gap=points(gap_share(row)),
                gap_hours=f"{_gap_min(row) / _MIN_PER_H:,.1f}",
                bar=_gap_min(row) / most,
                worst=words[cause] if has_gap else "",
            )
        )
    return found


def _gap_min(row: dict[str, Any]) -> float:
    """Return the minutes with nowhere of an area."""
    return float(sum(part["min"] for part in row["by_cause"].values()))


def station_rows(result: Coverage, lang: str) -> tuple[list[Station], list[Station]]:
    """Return the stations that most time hangs on alone, and those that lost most.

    At most ten each, only with at least some time; ties by code.
    """
    table = result.station_table()
    rows: list[dict[str, Any]] = [
        {str(name): cell for name, cell in cells.items()} | {"hours_text": own}
        for cells, own in zip(
            table.to_dict("records"), result.stations["hours_text"].tolist(), strict=True
        )
    ]
    alone = _most(rows, "effective_alone_min", lang)
    return alone, _most(rows, "lost_min", lang)


def _most(rows: list[dict[str, Any]], by: str, lang: str) -> list[Station]:
    chosen = sorted((row for row in rows if row[by] > 0), key=lambda row: (-row[by], row["code"]))
    return [_station(row, lang) for row in chosen[:MOST_STATIONS]]


def _station(row: Mapping[str, Any], lang: str) -> Station:
    faults = [name for name in ("is_locked", "is_unverified") if row[name]]
    return Station(
        code=row["code"],
        name=row["name"],
        kind=row["kind"],
        hours=say_opening(row, lang),
        alone=f"{row['effective_alone_min'] / _MIN_PER_H:,.1f}",
        shared=f"{row['effective_shared_min'] / _MIN_PER_H:,.1f}",
        lost=f"{row['lost_min'] / _MIN_PER_H:,.1f}",
        why=page_text("list_joint", lang).join(page_text(name, lang) for name in faults)
        or page_text("lost_terms", lang),
    )
