"""The 168 hours of a week as the pages show them: shares of time in a gap, by judgement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flask_babel import gettext

from geo.report.colours import shade_step
from geo.report.figures import cell_text, say_hour
from geo.report.say import percent
from webmap.planner.words import DAYS
from webmap.preferences import language

if TYPE_CHECKING:
    from collections.abc import Sequence

HOURS: Final = 24
_KEYS: Final = {  # judgement -> covered, unknown
    "effective": ("effective_share", "effective_unknown_share"),
    "nominal": ("nominal_share", "unknown_share"),
}


class Cell(NamedTuple):
    """One hour of the week: its text, its shade, and the same for a reader of the screen."""

    hour: int
    text: str
    shade: str
    said: str


def gap_shares(summary: dict[str, Any], judge: str) -> list[float | None]:
    """Return the share of time in a gap of each hour of the week, None where nobody was.

    Parameters
    ----------
    summary : dict
        Of a result.
    judge : {"effective", "nominal"}
        By hour there are no straight figures.
    """
    covered, unknown = _KEYS[judge]
    return [
        max(0.0, round(1.0 - cell[covered] - cell[unknown], 6)) if cell else None
        for cell in summary["by_hour_of_week"]
    ]


def demand(summary: dict[str, Any]) -> list[float]:
    """Return the minutes walked in each hour of the week."""
    return [round(cell["demand_min"], 2) if cell else 0.0 for cell in summary["by_hour_of_week"]]


def week_rows(shares: Sequence[float | None]) -> list[tuple[str, list[Cell]]]:
    """Return a row per weekday of 24 cells."""
    cells = [_cell(hour, share) for hour, share in enumerate(shares)]
    return [
        (str(day), cells[HOURS * number : HOURS * (number + 1)]) for number, day in enumerate(DAYS)
    ]


def _cell(hour: int, share: float | None) -> Cell:
    when = say_hour(hour, language())
    if share is None:
        nobody = gettext("没有线路")
        return Cell(hour, "", "none", f"{when} {nobody}")
    said = f"{when} {percent(share, language())}"
    return Cell(hour, cell_text(share), str(shade_step(share)), said)
