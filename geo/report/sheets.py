"""The tables of the workbook as plain rows: what each sheet holds, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from geo.coverage.classes import CAUSES
from geo.report.figures import say_hours_of_week
from geo.report.labels import label
from geo.report.opening import say_opening, say_osm
from geo.report.say import advice, advice_note
from geo.report.window import gap_share
from geo.report.words import DAYS, class_word
from geo.vocab import load_vocab

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

Cell = str | float | None

TEXT: Final = "text"
PERCENT: Final = "percent"  # of a share in [0, 1]
HOURS: Final = "hours"  # of minutes
MINUTES: Final = "minutes"
METRES: Final = "metres"
KILOMETRES: Final = "kilometres"  # of metres
COUNT: Final = "count"
DEGREES: Final = "degrees"
_PER_UNIT: Final = {HOURS: 60.0, KILOMETRES: 1000.0}


@dataclass(frozen=True)
class Column:
    """A column of a sheet: its head, what its cells are, how wide it is in characters."""

    head: str
    unit: str
    width: float


@dataclass(frozen=True)
class Sheet:
    """One table with its head; numbers are in the units of their columns."""

    key: str  # its name is label("sheet_" + key)
    columns: tuple[Column, ...]
    rows: list[list[Cell]] = field(default_factory=list)
    note: str = ""
    frozen: int = 1  # columns that stay when scrolled


def hours_sheet(summary: dict[str, Any], language: str) -> Sheet:
    """Return a row per hour of the week in which somebody walked."""
    columns = _columns(
        language, ("day", TEXT, 8), ("hour", TEXT, 7), ("demand_h", HOURS, 13), *_SHARE_COLUMNS
    )
    rows: list[list[Cell]] = [
        [
            DAYS[language][hour // 24],
            f"{hour % 24:02}:00",
            figures["demand_min"],
            *_shares(figures),
        ]
        for hour, figures in enumerate(summary["by_hour_of_week"])
        if figures
    ]
    return Sheet("hours", columns, _in_units(columns, rows))


def areas_sheet(summary: dict[str, Any], language: str) -> Sheet:
    """Return a row per layer and area, those with most time in a gap first."""
    columns = _columns(language, ("layer", TEXT, 10), ("area", TEXT, 22), *_GROUP_COLUMNS)
    columns = (*columns, *_cause_columns(language))
    found = sorted(summary["by_area"], key=lambda row: (row["layer"], -_gap_min(row)))
    rows: list[list[Cell]] = [
        [
            row.get("layer_name") or str(row["layer"]),
            label("no_area", language) if row["area"] is None else row["area"],
            *_group(row),
        ]
        for row in found
    ]
    return Sheet("areas", columns, _in_units(columns, rows), label("areas_note", language), 2)


def routes_sheet(summary: dict[str, Any], language: str) -> Sheet:
    """Return a row per route, those with most time in a gap first."""
    columns = (*_columns(language, ("route", COUNT, 8), *_GROUP_COLUMNS), *_cause_columns(language))
    found = sorted(summary["by_route"], key=lambda row: (-_gap_min(row), row["route"]))
    rows: list[list[Cell]] = [[row["route"], *_group(row)] for row in found]
    return Sheet("routes", columns, _in_units(columns, rows), label("routes_note", language))


def shifts_sheet(summary: dict[str, Any], language: str) -> Sheet:
    """Return a row per shift."""
    columns = (
        *_columns(language, ("shift", TEXT, 26), *_GROUP_COLUMNS),
        *_cause_columns(language),
        *_columns(language, ("raw_shift", TEXT, 26)),
    )
    rows: list[list[Cell]] = [
        [
            say_osm(row["shift"], language) if row["shift"] else label("no_shift", language),
            *_group(row),
            row["shift"] or "",
        ]
        for row in summary["by_shift"]
    ]
    return Sheet("shifts", columns, _in_units(columns, rows), label("shifts_note", language))


def gaps_sheet(
    summary: dict[str, Any], stations: Mapping[str, Mapping[str, Any]], language: str
) -> Sheet:
    """Return a row per worst gap; ``stations`` are the cells of each by code."""
    columns = _columns(
        language, ("rank", COUNT, 6), ("cause", TEXT, 20), ("area", TEXT, 16), ("route", COUNT, 7),
        ("start", TEXT, 11), ("end", TEXT, 11), ("hours_of_week", TEXT, 24),
        ("passes", COUNT, 8), ("duration", MINUTES, 11), ("length", METRES, 11),
        ("workers", COUNT, 9), ("worst_walk", METRES, 12), ("nearest", TEXT, 26),
        ("nearest_code", TEXT, 13), ("nearest_hours", TEXT, 24), ("missed", MINUTES, 13),
        ("raw_opening", TEXT, 24),
    )  # fmt: skip
    rows: list[list[Cell]] = [
        [
            rank,
            class_word(gap["cause"], language),
            gap["area"],
            gap["route"],
            _moment(gap["start"]),
            _moment(gap["end"]),
            say_hours_of_week(gap["hours"], language),
            gap["passes"],
            gap["duration_min"],
            gap["length_m"],
            gap["workers"],
            gap["worst_walk_m"],
            *_nearest(gap, stations, language),
            gap["missed_min"],
            gap["nearest_hours"],
        ]
        for rank, gap in enumerate(summary["worst_gaps"], start=1)
    ]
    return Sheet("gaps", columns, rows, label("gaps_note", language))


def _nearest(
    gap: dict[str, Any], stations: Mapping[str, Mapping[str, Any]], language: str
) -> tuple[str, str, str]:
    """Return name, code and hours of the station nearest to a gap; "" without one."""
    station = stations.get(gap["nearest_code"])
    if station is None:
        return "", gap["nearest_code"], ""
    return station["name"], gap["nearest_code"], say_opening(station, language)


def stations_sheet(table: pd.DataFrame, language: str) -> Sheet:
    """Return a row per station, those that serve most alone first.

    Parameters
    ----------
    table : DataFrame
        Of `Coverage.station_table`, and ``hours_text``, the owners' words.
    language : {"zh", "en"}
        Of the heads.
    """
    columns = _columns(
        language, ("name", TEXT, 26), ("code", TEXT, 13), ("kind", TEXT, 12), ("opening", TEXT, 24),
        ("self_opening", TEXT, 14), ("evidence_on", TEXT, 11), ("is_locked", TEXT, 8),
        ("is_unverified", TEXT, 8), *((name, HOURS, 10) for name in _SERVED), ("lon", DEGREES, 11),
        ("lat", DEGREES, 11), ("raw_opening", TEXT, 24),
    )  # fmt: skip
    kinds = load_vocab("kind")
    found = table.sort_values(
        ["effective_alone_min", "lost_min", "code"], ascending=[False, False, True], kind="stable"
    )
    rows: list[list[Cell]] = [
        [
            row["name"],
            row["code"],
            getattr(kinds[row["kind"]], language),
            say_opening({name: row[name] for name in ("hours", "hours_text")}, language),
            say_osm(row["self_hours"], language),
            row["evidence_on"],
            label("yes", language) if row["is_locked"] else "",
            label("yes", language) if row["is_unverified"] else "",
            *(row[f"{name}_min"] for name in _SERVED),
            row["lon"],
            row["lat"],
            row["hours"],
        ]
        for row in found.to_dict("records")
    ]
    note = label("stations_note", language)
    return Sheet("stations", columns, _in_units(columns, rows), note)


def advice_sheet(
    summary: dict[str, Any], stations: Mapping[str, Mapping[str, Any]], language: str
) -> Sheet:
    """Return a row per station, end of its day and number of minutes; ``stations`` by code."""
    columns = _columns(
        language, ("name", TEXT, 28), ("code", TEXT, 13), ("opening", TEXT, 28),
        ("change", TEXT, 12), ("by_min", COUNT, 11), ("gain_h", MINUTES, 13),
        ("raw_opening", TEXT, 24),
    )  # fmt: skip
    rows: list[list[Cell]] = [
        [
            one.name,
            one.code,
            say_opening(stations.get(one.code, {"hours": one.hours}), language),
            label("early" if one.is_early else "late", language),
            minutes,
            gain_h,
            one.hours,
        ]
        for one in advice(summary, language)
        for minutes, gain_h in one.gains
    ]
    return Sheet("advice", columns, rows, advice_note(summary, language) if rows else "")


_SHARE_COLUMNS: Final = (
    ("gap_share", PERCENT, 10),
    ("nominal_share", PERCENT, 10),
    ("effective_share", PERCENT, 10),
    ("nominal_unknown", PERCENT, 12),
    ("effective_unknown", PERCENT, 12),
)
_GROUP_COLUMNS: Final = (
    ("gap_h", HOURS, 11),
    ("demand_h", HOURS, 13),
    ("demand_km", KILOMETRES, 12),
    *_SHARE_COLUMNS,
)
_SERVED: Final = (
    "effective_alone", "effective_shared", "nominal_alone", "nominal_shared", "lost", "reach",
)  # fmt: skip


def _columns(language: str, *columns: tuple[str, str, float]) -> tuple[Column, ...]:
    return tuple(Column(label(key, language), unit, width) for key, unit, width in columns)


def _cause_columns(language: str) -> tuple[Column, ...]:
    """Return a column per cause of gaps."""
    unit = label("hours_of_time", language)
    stop = "（{}）" if language == "zh" else " ({})"
    return tuple(
        Column(class_word(cause, language) + stop.format(unit.lower()), HOURS, 14)
        for cause in CAUSES
    )


def _shares(figures: dict[str, Any]) -> list[Cell]:
    return [
        gap_share(figures),
        figures["nominal_share"],
        figures["effective_share"],
        figures["unknown_share"],
        figures["effective_unknown_share"],
    ]


def _group(row: dict[str, Any]) -> list[Cell]:
    causes = [row["by_cause"][cause]["min"] for cause in CAUSES]
    return [_gap_min(row), row["demand_min"], row["demand_m"], *_shares(row), *causes]


def _gap_min(row: dict[str, Any]) -> float:
    return float(sum(row["by_cause"][cause]["min"] for cause in CAUSES))


def _in_units(columns: Sequence[Column], rows: list[list[Cell]]) -> list[list[Cell]]:
    """Return rows of minutes and metres in the units of their columns."""
    return [
        [
            cell / _PER_UNIT[column.unit]
            if column.unit in _PER_UNIT and isinstance(cell, (int, float))
            else cell
            for column, cell in zip(columns, row, strict=True)
        ]
        for row in rows
    ]


def _moment(text: str) -> str:
    """Return an ISO moment as local date and time."""
    return text[:16].replace("T", " ")
