"""One change for many stations: regular hours, dated exceptions, status; judged row by row.

Pure: stations come in, what they become goes out, with a reason for each that cannot take it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import pandas as pd

from geo.errors import InvalidCellError, InvalidOptionError
from geo.stations.cells import canonical_cell
from geo.stations.dated import DatedHours, SplitHours, can_split, join_hours, say_words, split_hours
from geo.stations.schema import FIELD_BY_NAME

if TYPE_CHECKING:
    import datetime as dt

NO_HOURS, ODD_HOURS, TOO_LONG = "no_hours", "odd_hours", "too_long"
HOURS_FIELDS: Final = ("hours", "hours_text")
STATUS_FIELDS: Final = ("status", "status_until")
BULK_FIELDS: Final = (*HOURS_FIELDS, "self_hours", *STATUS_FIELDS)


@dataclass(frozen=True, slots=True)
class BulkChange:
    """What many stations are to take; what is None or "" stays as it is."""

    hours: str | None = None  # canonical OSM text, "" empties; with hours_text
    hours_text: str | None = None  # the same in words; "" for none
    exception: DatedHours | None = None
    with_self: bool = False  # the exception holds for the hours without staff as well
    status: str = ""  # a word of the vocabulary
    status_until: str = ""  # canonical moment; of temporarily_closed alone

    @property
    def is_of_hours(self) -> bool:
        """Whether hours change."""
        return self.hours is not None or self.exception is not None

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that it may change, in the order of the schema."""
        own = ("self_hours",) if self.with_self and self.exception else ()
        hours = (*HOURS_FIELDS, *own) if self.is_of_hours else ()
        return (*(STATUS_FIELDS if self.status else ()), *hours)


@dataclass(frozen=True, slots=True)
class BulkPlan:
    """What a change comes to."""

    stations: pd.DataFrame  # code and the fields it may change, of the stations that change
    unchanged: tuple[str, ...]  # codes of stations that are so already
    refused: dict[str, str]  # reason by code: no_hours, odd_hours, too_long


def plan_bulk(stations: pd.DataFrame, change: BulkChange, *, today: dt.date) -> BulkPlan:
    """Return what a change makes of stations.

    Parameters
    ----------
    stations : DataFrame, n rows
        Columns code and `BULK_FIELDS`, canonical cells.
    change : BulkChange
        New regular hours keep the dated exceptions that are still to come. An exception stands
        after the regular hours, in words as well where there are words; it takes the place of
        those that lie within its days. Exceptions that are over go out.
    today : date
        On the stations' calendar.

    Returns
    -------
    BulkPlan
        ``refused``: an exception needs known hours, or all other days would count as closed
        (``no_hours``), and hours that take a rule at their end (``odd_hours``); a text may become
        longer than its field (``too_long``).

    Raises
    ------
    InvalidOptionError
        The change is none.
    """
    if not change.fields:
        msg = "say what to change: hours, a dated exception or a status"
        raise InvalidOptionError(msg)
    columns = ["code", *change.fields]
    changed, unchanged, refused = [], [], {}
    judged: dict[tuple[str, ...], dict[str, str] | str] = {}  # equal cells are judged once
    for row in cast("list[dict[str, Any]]", stations[["code", *BULK_FIELDS]].to_dict("records")):
        key = tuple(row[name] for name in BULK_FIELDS)
        if key not in judged:
            judged[key] = _judge(row, change, today)
        found = judged[key]
        if isinstance(found, str):
            refused[row["code"]] = found
        elif all(row[name] == cell for name, cell in found.items()):
            unchanged.append(row["code"])
        else:
            changed.append({"code": row["code"], **found})
    frame = pd.DataFrame(changed, columns=columns, dtype=str)
    return BulkPlan(frame, tuple(unchanged), refused)


def _judge(row: dict[str, str], change: BulkChange, today: dt.date) -> dict[str, str] | str:
    """Return the cells of a station after the change, or why it cannot take it."""
    cells: dict[str, str] = {}
    if change.status:
        cells |= {"status": change.status, "status_until": change.status_until}
    if change.is_of_hours:
        told = _hours(row, change, today)
        if isinstance(told, str):
            return told
        cells |= told
    try:
        return {
            name: canonical_cell(FIELD_BY_NAME[name], cells[name]) if cells[name] else ""
            for name in change.fields
        }
    except InvalidCellError:
        return TOO_LONG


def _hours(row: dict[str, str], change: BulkChange, today: dt.date) -> dict[str, str] | str:
    """Return the cells of hours after the change, or why there are none."""
    old = split_hours(row["hours"])
    words = _regular_words(row["hours_text"], old)
    if change.hours is not None:
        old, words = replace_regular(old, change.hours), change.hours_text or ""
    if change.exception and not old.regular:
        return NO_HOURS
    if change.exception and not can_split(old.regular):
        return ODD_HOURS
    new = _with_exception(old, change.exception, today)
    said = [words, *map(say_words, new.dated)] if words else []
    cells = {"hours": join_hours(new), "hours_text": "；".join(said)}
    if change.with_self and change.exception:
        own = split_hours(row["self_hours"])
        if own.regular and not can_split(own.regular):
            return ODD_HOURS
        own = _with_exception(own, change.exception, today) if own.regular else own
        cells["self_hours"] = join_hours(own) if own.regular else row["self_hours"]
    return cells


def replace_regular(split: SplitHours, regular: str) -> SplitHours:
    """Return hours with others for the days that have none of their own; without any, no dates."""
    if not regular or not can_split(regular):
        return SplitHours(regular, ())
    fresh = split_hours(regular)
    return SplitHours(fresh.regular, (*split.dated, *fresh.dated))


def _with_exception(split: SplitHours, new: DatedHours | None, today: dt.date) -> SplitHours:
    """Return hours with an exception more, less those that are over or lie within it."""
    kept = [one for one in split.dated if one.last >= today]
    if new is not None:
        kept = [one for one in kept if one.first < new.first or one.last > new.last]
        kept.append(new)
    return SplitHours(split.regular, tuple(dict.fromkeys(kept)))


def _regular_words(words: str, split: SplitHours) -> str:
    """Return words for hours without those of the dated exceptions at their end."""
    for one in reversed(split.dated):
        words = words.removesuffix(say_words(one)).removesuffix("；")
    return words
