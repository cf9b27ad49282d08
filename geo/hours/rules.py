"""The rules of an ``opening_hours`` text, sorted by what they speak of: weeks, holidays, dates."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from geo.hours.syntax import check_hours

_COMMENT: Final = re.compile(r'"[^"]*"')
_PART: Final = re.compile(r"((?:(?!; |, | \|\| ).)+)(; |, | \|\| |$)")
_TAIL: Final = re.compile(r"(?:^|(?<= ))(?=\d\d:\d\d|24/7|open\b|closed\b|unknown\b)")
_WEEKDAY: Final = r"(?:Mo|Tu|We|Th|Fr|Sa|Su)"
_DAYS: Final = re.compile(
    rf"(?:^|(?<= ))(?:PH|SH|{_WEEKDAY})(?:-{_WEEKDAY})?(?:\[[\d,-]+\])?"
    rf"(?:,(?:PH|SH|{_WEEKDAY})(?:-{_WEEKDAY})?(?:\[[\d,-]+\])?)*$"
)
_MIXED: Final = re.compile(rf"\b(?:PH|SH)(?: {_WEEKDAY}| [+-]\d)|{_WEEKDAY}\]? (?:PH|SH)\b")
_BEYOND: Final = re.compile(
    r"\b(?:sunrise|sunset|dawn|dusk|SH|easter)\b|\d\d:\d\d(?:\+|/)", re.IGNORECASE
)
_MONTH: Final = re.compile(r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b")
_YEAR: Final = re.compile(r"(?<!\d)\d{4}(?!\d)")
_GLUED: Final = re.compile(r"\b(\d{4}|week)(?=[A-Z\d])")  # so written, not so read by the library
_WEEK: Final = re.compile(r"\bweek ?\d")


SPAN: Final = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
DAY_MIN: Final = 1440


def night_min(span: re.Match[str]) -> int | None:
    """Return how many minutes a span reaches into the next day; None if it ends by midnight."""
    start, end = int(span[1]) * 60 + int(span[2]), int(span[3]) * 60 + int(span[4])
    if start < end <= DAY_MIN:
        return None
    return end - DAY_MIN if end > DAY_MIN else end


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a text in canonical spelling."""

    joint: str  # what stands before it: "; " replaces, ", " adds; "" of the first
    selector: str  # dates and days; "" holds always
    tail: str  # times and state

    @property
    def text(self) -> str:
        """The rule without its joint."""
        return f"{self.selector} {self.tail}".strip() or "open"

    @property
    def days(self) -> str:
        """The weekdays and holidays of the selector, a list with commas."""
        found = _DAYS.search(self.selector)
        return found[0] if found else ""

    @property
    def dates(self) -> str:
        """The selector without its days."""
        return self.selector.removesuffix(self.days).strip()

    @property
    def is_dated(self) -> bool:
        """Whether it speaks of days of one year, whatever their weekday."""
        return bool(not self.days and _YEAR.search(self.dates) and _MONTH.search(self.dates))

    @property
    def is_additional(self) -> bool:
        """Whether it adds to the rules before it; a day off never does."""
        return self.joint == ", " and not self.tail.startswith("closed")

    @property
    def takes_part_away(self) -> bool:
        """Whether it shuts for part of a day."""
        return bool(SPAN.search(self.tail)) and "closed" in self.tail

    @property
    def night_min(self) -> int:
        """How many minutes its spans reach into the next day at the most."""
        return max((night_min(span) or 0 for span in SPAN.finditer(self.tail)), default=0)

    @property
    def is_all_unknown(self) -> bool:
        """Whether it says of whole days that nothing is known."""
        return self.tail == "unknown"


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a text that can be judged, by what they speak of."""

    weekly: tuple[Rule, ...]  # without PH
    holiday: tuple[Rule, ...]  # those of PH, without the word
    dated: tuple[Rule, ...]
    has_fallback: bool  # a ``||`` rule follows, which is not judged

    @property
    def night_min(self) -> int:
        """How many minutes a usual night reaches into the next day at the most."""
        return max((rule.night_min for rule in (*self.weekly, *self.holiday)), default=0)

    @property
    def speaks_of_holidays(self) -> bool:
        """Whether PH is given hours or is off; ``PH unknown`` says nothing of work days."""
        return any(not rule.tail.startswith("unknown") for rule in self.holiday)

    @property
    def has_weekdays(self) -> bool:
        """Whether any weekly rule names weekdays."""
        return any(rule.days for rule in self.weekly)

    @property
    def is_seasonal(self) -> bool:
        """Whether anything depends on the date."""
        rules = (*self.weekly, *self.holiday)
        return bool(self.dated) or any(rule.dates or "[" in rule.days for rule in rules)

    @property
    def is_of_years(self) -> bool:
        """Whether weekly rules name years or numbered weeks."""
        return any(_YEAR.search(rule.dates) or _WEEK.search(rule.dates) for rule in self.weekly)


def read_rules(text: str) -> Rules | None:
    """Return the rules of a text; None if it holds something that nobody here can judge.

    That is: the sun (the library would take 07:00 and 19:00 on any day at any place), school
    holidays and Easter (it knows none), ends left open, repeated times, ``PH`` crossed with
    weekdays or shifted, nights of which a part is taken away again.

    Parameters
    ----------
    text : str
        OSM ``opening_hours`` text; not empty.

    Raises
    ------
    InvalidHoursError
        It is not valid syntax.
    """
    hours = check_hours(text)
    bare = _COMMENT.sub("", text)
    if _BEYOND.search(bare) or _MIXED.search(bare):
        return None
    weekly: list[Rule] = []
    holiday: list[Rule] = []
    dated: list[Rule] = []
    rules, has_fallback = _split(_GLUED.sub(r"\1 ", _COMMENT.sub("", str(hours))))
    if any(rule.takes_part_away for rule in rules) and any(rule.night_min for rule in rules):
        return None
    for rule in rules:
        listed = rule.days.split(",") if rule.days else []
        others = ",".join(day for day in listed if day != "PH")
        if "PH" in listed:
            holiday.append(replace(rule, selector=rule.dates))
        if rule.is_dated:
            dated.append(rule)
        elif others or "PH" not in listed:
            weekly.append(replace(rule, selector=f"{rule.dates} {others}".strip()))
    return Rules(tuple(weekly), tuple(holiday), tuple(dated), has_fallback)


def _split(text: str) -> tuple[list[Rule], bool]:
    """Return the rules of a canonical text before the first ``||``, and whether any follow."""
    rules: list[Rule] = []
    joint = ""
    for found in _PART.finditer(text):
        if joint == " || ":
            return rules, True
        tail = _TAIL.search(found[1])
        at = tail.start() if tail else len(found[1])
        rules.append(Rule(joint, found[1][:at].strip(), found[1][at:].strip()))
        joint = found[2]
    return rules, False
