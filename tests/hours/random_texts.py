"""Random opening hours in the plain dialect of `minute_by_minute`, and random days to judge."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from geo.hours import Timetable
from tests.hours.minute_by_minute import DAY, MONTHS, WEEKDAYS, kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

Item = TypeVar("Item")

FIRST, LAST = dt.date(2024, 1, 1), dt.date(2027, 2, 28)  # 2027 is not published
DATES = [FIRST + DAY * shift for shift in range((LAST - FIRST).days + 1)]
NEAR_SPECIAL = [date for date in DATES if kind_of(date) != kind_of(date + DAY)]
WEEK = ("Mo-Fr", "Mo-Sa", "Sa-Su", "Tu-Su", "Mo-Su", "Fr-Mo", "Mo,We,Fr", "Tu,Th", "Mo-We,Fr")


class RandomTexts:
    """Texts, timetables and dates from one seed."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)

    def one_of(self, items: Sequence[Item]) -> Item:
        """Return one of the items."""
        return items[int(self.rng.integers(len(items)))]

    def timetable(self) -> Timetable:
        """Return a timetable, one in three with hours of self-service."""
        return Timetable(self.text(), self.text() if self.rng.random() < 1 / 3 else "")

    def text(self) -> str:
        """Return weekly or seasonal hours, some with holidays and dated rules."""
        rules = self.weekly()
        if self.rng.random() < 0.4:
            rules.append(f"PH {self.one_of(('off', 'off', self.times(), 'unknown'))}")
        if self.rng.random() < 0.3:
            rules.append(self.dated())
        if self.rng.random() < 0.2:
            rules = rules[::-1]
        return "; ".join(rules)

    def weekly(self) -> list[str]:
        """Return the rules of a week, in seasons or not."""
        days, times, others = self.days(), self.times(), self.days()
        return self.one_of((
            ["24/7"],
            [times],
            [f"{days} 00:00-24:00"],
            [f"{days} {times}"],
            [f"{days} {times}", f"{others} {self.times()}"],
            [f"{days} {times}", f"{others} off"],
            [f"{times}", f'{others} "ring"'],
            [f"{days} {times}, {self.one_of(WEEK)} {self.times()}"],
            [times, f"{self.season()} {self.times()}"],
            [f"{days} {times}", f"{self.season()} {others} {self.times()}"],
            [f"{self.season()} {times}", f"{self.season()} {self.times()}"],
        ))  # fmt: skip

    def days(self) -> str:
        """Return weekdays, by chance with holidays among them."""
        days = self.one_of(WEEK) if self.rng.random() < 0.6 else self.one_of(WEEKDAYS)
        return f"{days},PH" if self.rng.random() < 0.1 else days

    def times(self) -> str:
        """Return one to three intervals that do not meet; the last may pass midnight."""
        count = 2 * int(self.rng.integers(1, 4))
        shift = int(self.rng.integers(0, 96))
        marks = sorted(self.rng.choice(95, count, replace=False).tolist())
        marks = [mark + shift for mark in marks if mark + shift < 96] or [shift]
        if len(marks) % 2:
            last = int(self.rng.integers(marks[-1] + 1, marks[0] + 96))
            marks.append(last)
        spans = zip(marks[::2], marks[1::2], strict=True)
        return ",".join(f"{clock(15 * start)}-{clock(15 * end)}" for start, end in spans)

    def season(self) -> str:
        """Return months or dates without a year, by chance over New Year."""
        first, last = self.rng.choice(12, 2, replace=False)
        if self.rng.random() < 0.5:
            return f"{MONTHS[first]}-{MONTHS[last]}"
        return f"{MONTHS[first]} {self.rng.integers(1, 29):02}-{MONTHS[last]} 15"

    def dated(self) -> str:
        """Return a rule for some dates of one year."""
        first = self.date()
        last = first + DAY * int(self.rng.integers(0, 10))
        start, end = (f"{d.year} {MONTHS[d.month - 1]} {d.day:02}" for d in (first, last))
        said = self.one_of(("off", "off", self.times(), 'unknown "stocktaking"'))
        return f"{start} {said}" if first == last else f"{start}-{end} {said}"

    def date(self) -> dt.date:
        """Return a date, half of them beside a change of the kind of day."""
        return self.one_of(NEAR_SPECIAL if self.rng.random() < 0.5 else DATES[:-12])


def clock(minute: int) -> str:
    """Write a minute; beyond 24:00 the wall time of the next day."""
    minute = minute if minute <= 24 * 60 else minute % (24 * 60)
    return f"{minute // 60:02}:{minute % 60:02}"
