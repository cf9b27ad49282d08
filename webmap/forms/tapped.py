"""Hours as one taps them: days and the times of these days, where a text is as plain as that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypedDict

from geo.errors import InvalidHoursError
from geo.hours import check_hours
from geo.hours.plain_rules import DAY_CODES, days_of, read_rules
from geo.stations.spoken import is_meant_as_osm, read_words

if TYPE_CHECKING:
    from collections.abc import Sequence

HOLIDAY: Final = "PH"


class Row(TypedDict):
    """Days that have the same times."""

    days: Sequence[str]  # codes, PH the last
    spans: Sequence[Sequence[str]]  # start and end, 08:30; the whole day is 00:00 to 24:00


class Tapped(TypedDict):
    """What the buttons show."""

    rows: list[Row]
    is_off: bool  # closed on public holidays


def tap_osm(osm: str) -> Tapped | None:
    """Return the rows of OSM text; None where it says more: dates, seasons, doubts."""
    if not osm.strip():
        return Tapped(rows=[], is_off=False)
    try:
        check_hours(osm)
    except InvalidHoursError:
        return None
    rules, taken = read_rules(osm), set[str]()
    found = Tapped(rows=[], is_off=False)
    for rule in rules:
        days = days_of(rule.days) or set(DAY_CODES)
        if rule.dates or rule.unsure or days & taken:
            return None
        taken |= days
        if rule.is_off:
            found["is_off"] |= HOLIDAY in days
            continue
        spans: list[list[str]] = [span.split("-") for span in rule.times.split(",")]
        codes = [code for code in (*DAY_CODES, HOLIDAY) if code in days]
        found["rows"].append(Row(days=codes, spans=spans))
    return found if rules else None


def tap_text(text: str) -> Tapped | None:
    """Return the rows of a text that is OSM text or words; None where not all was read."""
    if not text.strip() or is_meant_as_osm(text):
        return tap_osm(text)
    reading = read_words(text)
    return tap_osm(reading.osm) if reading.status == "ok" else None
