"""Rules of OSM ``opening_hours`` texts that are plain enough to be said in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations
from typing import Final

DAY_CODES: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTH_CODES: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
ONE_DAY: Final = f"(?:{'|'.join(DAY_CODES)})"
_DAYS: Final = rf"(?:{ONE_DAY}(?:-{ONE_DAY})?|PH)(?:, ?(?:{ONE_DAY}(?:-{ONE_DAY})?|PH))*"
_DATE: Final = rf"(?:20\d\d )?(?:{'|'.join(MONTH_CODES)})(?: \d\d)?"
_DATES: Final = rf"{_DATE}(?:-{_DATE})?(?:,{_DATE}(?:-{_DATE})?)*"
_TIME: Final = r"\d\d:\d\d-\d\d:\d\d"
_RULE: Final = re.compile(
    rf"(?:(?P<dates>{_DATES})(?: |$))?(?:(?P<days>{_DAYS})(?: |$))?"
    rf"(?:(?P<times>24/7|{_TIME}(?:,{_TIME})*)(?: |$))?(?P<state>off|closed|unknown)?"
)
_ONE_DATE: Final = re.compile(r"(?:(?P<year>20\d\d) )?(?P<month>[A-Z][a-z]{2})(?: (?P<day>\d\d))?")
_YEAR_DAYS: Final = 12 * 31
_ALL_DAYS: Final = frozenset(DAY_CODES)


@dataclass(frozen=True, slots=True)
class PlainRule:
    """One rule, its parts as they stand in the text."""

    dates: str
    days: str
    times: str  # open
    unsure: str = ""  # times that are unknown; "all" for whole days
    is_off: bool = False


def read_rules(osm: str) -> list[PlainRule]:
    """Return the rules of a text, [] if one is beyond words."""
    rules: list[PlainRule] = []
    text = re.sub(r"(?<=\d), (?=\d)", ",", osm.strip("; "))
    for part in re.split("; ?", text):
        found = [_read_rule(piece) for piece in re.split(r"(?<=unknown), ", part)]
        if len(found) == 1 and found[0]:
            rules.append(found[0])
        elif len(found) == 2 and (both := _unsure_and_sure(*found)):  # noqa: PLR2004 - a pair
            rules.append(both)
        else:
            return []
    return rules


def _read_rule(text: str) -> PlainRule | None:
    found = _RULE.fullmatch(text)
    if not found or not (found["times"] or found["state"]):
        return None
    dates, days, times = found["dates"] or "", found["days"] or "", found["times"] or ""
    times = "00:00-24:00" if times == "24/7" else _within_day(times)
    if times is None:
        return None
    if found["state"] == "unknown":
        return PlainRule(dates, days, "", times or "all")
    if found["state"] and times:
        return None
    return PlainRule(dates, "" if days == "Mo-Su" else days, times, is_off=bool(found["state"]))


def _within_day(times: str) -> str | None:
    """Return spans with 26:00 as 02:00, None if one is longer than a day."""
    spans: list[str] = []
    for span in times.split(",") if times else []:
        start, end = span.split("-")
        if end > "24:00":
            end = f"{int(end[:2]) - 24:02d}{end[2:]}"
            if end >= start:
                return None
        if start >= "24:00":
            return None
        spans.append(f"{start}-{end}")
    return ",".join(spans)


def _unsure_and_sure(unsure: PlainRule | None, sure: PlainRule | None) -> PlainRule | None:
    """Return one rule of ``A unknown, B`` for the same days."""
    if not unsure or not sure or unsure.unsure == "all" or not sure.times:
        return None
    if (unsure.dates, unsure.days) != (sure.dates, sure.days):
        return None
    return PlainRule(sure.dates, sure.days, sure.times, unsure.unsure)


def are_clear(rules: list[PlainRule]) -> bool:
    """Return True if there are rules, and none takes days of an earlier one unsaid."""
    return bool(rules) and not any(_hides(one, other) for one, other in combinations(rules, 2))


def _hides(one: PlainRule, other: PlainRule) -> bool:
    """Return True if a later rule takes days of an earlier one, and the words would not tell."""
    days, later = (days_of(rule.days) or _ALL_DAYS for rule in (one, other))
    if "PH" in days & later and one.dates == other.dates and other.unsure != "all":
        return True
    days, later = days - {"PH"}, later - {"PH"}
    if not days & later or one.dates[:2] == "20" != other.dates[:2]:
        return False
    if one.dates == other.dates:
        is_exception = not other.times and other.unsure in {"", "all"}
        return not (later < days and (is_exception or days >= _ALL_DAYS))
    if other.dates:
        earlier = _year_days(one.dates) if one.dates else set()
        return bool(earlier) and earlier <= _year_days(other.dates)
    return has_times(other) and not other.days


def _year_days(dates: str) -> set[int]:
    """Return the days of a year of months of 31 days in dates without years, none of others."""
    found: set[int] = set()
    for span in dates.split(","):
        ends = dates_of(span)
        (year, first_month, first_day), (_, last_month, last_day) = ends[0], ends[-1]
        first = first_month * 31 + int(first_day or 1)
        last = last_month * 31 + int(last_day or 31)
        size = (last - first) % _YEAR_DAYS + 1
        found.update((first + step) % _YEAR_DAYS for step in range(0 if year else size))
    return found


def has_times(rule: PlainRule) -> bool:
    """Return True if a rule names times, certain or not."""
    return bool(rule.times) or rule.unsure not in {"", "all"}


def days_of(days: str) -> set[str]:
    """Return the codes of the days in a selector, ``PH`` among them."""
    found: set[str] = set()
    for part in re.split(", ?", days) if days else []:
        first, _, last = part.partition("-")
        if first == "PH":
            found.add(first)
            continue
        start = DAY_CODES.index(first)
        size = (DAY_CODES.index(last or first) - start) % 7 + 1
        found.update(DAY_CODES[(start + step) % 7] for step in range(size))
    return found


def dates_of(span: str) -> list[tuple[str, int, str]]:
    """Return year, month and day of the ends of a span of dates."""
    return [
        (found["year"] or "", MONTH_CODES.index(found["month"]) + 1, found["day"] or "")
        for found in _ONE_DATE.finditer(span)
    ]
