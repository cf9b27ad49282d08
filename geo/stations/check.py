"""The whole layer gone over: what is not understood, missing or contradictory, by station."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast
from zoneinfo import ZoneInfo

from geo.errors import InvalidHoursError
from geo.hours import check_hours
from geo.stations.cells import show
from geo.stations.entry import ENTRY_FAULTS, find_entry_faults
from geo.stations.schema import FIELD_BY_NAME, FieldType
from geo.stations.spoken import is_same_hours, read_words
from geo.zones import LOCAL_ZONE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

CHECKED: Final = (  # the columns that are looked at
    "code", "name", "status", "status_until", "hours", "hours_text", "self_hours",
    "entry_mode", "self_entry_mode", "needs_phone", "needs_registration", "amenities",
    "amenity_hours",
)  # fmt: skip
OVERDUE_DAYS: Final = 7  # after the end of a closure, when its status should long be another
_IN_USE: Final = ("open", "temporarily_closed")
_HOURS: Final = tuple(name for name in CHECKED if FIELD_BY_NAME[name].type is FieldType.HOURS)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about one station that somebody should look at.

    ``kind`` says in a word what it is, for programs and translations; ``problem`` and ``remedy``
    are sentences. ``words`` are the owner's, where it is about them, and ``osm`` what was read.
    """

    code: str
    name: str
    field: str
    kind: str
    problem: str
    remedy: str
    words: str = ""
    osm: str = ""


def check_stations(stations: pd.DataFrame, *, as_of: dt.datetime) -> tuple[Finding, ...]:
    """Return what somebody should look at, by station in the order of the frame.

    Parameters
    ----------
    stations : DataFrame, n rows
        Canonical cells; the columns ``CHECKED``. Of stations that are not in use (planned, closed,
        duplicates) only invalid hours are told.
    as_of : datetime
        Aware; the moment for which closures are judged.
    """
    rows = cast("list[dict[str, Any]]", stations[list(CHECKED)].to_dict("records"))
    return tuple(finding for row in rows for finding in _check(row, as_of))


def count_kinds(findings: tuple[Finding, ...]) -> dict[str, int]:
    """Return the number of findings of each kind, the commonest first."""
    return dict(Counter(finding.kind for finding in findings).most_common())


def _check(row: Mapping[str, str], as_of: dt.datetime) -> Iterator[Finding]:
    invalid = dict(_invalid_hours(row))
    for name, message in invalid.items():
        what = f"the stored {name} are no OSM text: {message}"
        yield _finding(row, name, "invalid_hours", what, "write them anew", osm=row[name])
    if row["status"] not in _IN_USE:
        return
    if "hours" not in invalid:
        yield from _check_words(row, as_of)
    yield from _check_closure(row, as_of)
    yield from _check_amenities(row)
    if not (row["entry_mode"] or row["self_entry_mode"]):
        what = "nobody said how one gets in"
        yield _finding(row, "entry_mode", "entry_unknown", what, "fill in entry_mode")
    for fault in find_entry_faults(row):
        name, what, remedy = ENTRY_FAULTS[fault]
        yield _finding(row, name, fault, what, remedy)


def _invalid_hours(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in _HOURS:
        try:
            if row[name]:
                check_hours(row[name])
        except InvalidHoursError as error:
            yield name, str(error)


def _check_words(row: Mapping[str, str], as_of: dt.datetime) -> Iterator[Finding]:
    # compares the owner's words with the OSM text beside them
    hours, words = row["hours"], row["hours_text"]
    if not words:
        if not hours and not row["self_hours"]:
            what = "nobody said when it is open"
            yield _finding(row, "hours", "no_hours", what, "ask, and fill in hours_text")
        return
    reading = read_words(words)
    told = {"words": words, "osm": reading.osm}
    if not hours and reading.status == "unknown":
        what = f"the words for the hours are not understood: {words}"
        remedy = "say them in other words, or set hours by hand"
        yield _finding(row, "hours_text", "hours_not_understood", what, remedy, **told)
    elif not hours:
        what = f"the words {show(words)} can be read as {reading.osm}, but hours are empty"
        yield _finding(row, "hours", "hours_not_set", what, "check the reading and save it", **told)
    elif reading.status == "partial" and is_same_hours(hours, reading.osm, as_of.year):
        what = f"the words for the hours are read in part; not understood: {reading.rest}"
        remedy = "say the rest in other words, or set hours by hand"
        yield _finding(row, "hours_text", "hours_partly_read", what, remedy, **told)
    elif reading.status == "ok" and not is_same_hours(hours, reading.osm, as_of.year):
        what = f"hours are {hours}, but the words {show(words)} say {reading.osm}"
        yield _finding(row, "hours", "hours_disagree", what, "keep what is right", **told)


def _check_amenities(row: Mapping[str, str]) -> Iterator[Finding]:
    there = {part for part in row["amenities"].split(";") if ":" not in part}
    for part in filter(None, row["amenity_hours"].split(" | ")):
        code, _, hours = part.partition(": ")
        what = "" if code in there else f"{code} has hours of its own, but is not known to be there"
        try:
            check_hours(hours)
        except InvalidHoursError as error:
            what = f"the stored hours of {code} are no OSM text: {error}"
        if what:
            remedy = "mend amenities or amenity_hours"
            yield _finding(row, "amenity_hours", "amenity_hours_wrong", what, remedy)


def _check_closure(row: Mapping[str, str], as_of: dt.datetime) -> Iterator[Finding]:
    if row["status"] != "temporarily_closed":
        return
    until = row["status_until"]
    if not until:
        what = "it is temporarily closed, and nobody said until when"
        yield _finding(row, "status_until", "closed_without_end", what, "fill in status_until")
    elif dt.datetime.fromisoformat(until) < as_of - dt.timedelta(days=OVERDUE_DAYS):
        day = dt.datetime.fromisoformat(until).astimezone(ZoneInfo(LOCAL_ZONE)).date()
        what = f"it was temporarily closed until {day}, which is past"
        remedy = "set its status, or a later end"
        yield _finding(row, "status", "closure_overdue", what, remedy)


def _finding(
    row: Mapping[str, str],
    field: str,
    kind: str,
    problem: str,
    remedy: str,
    *,
    words: str = "",
    osm: str = "",
) -> Finding:
    return Finding(row["code"], row["name"], field, kind, problem, remedy, words, osm)
