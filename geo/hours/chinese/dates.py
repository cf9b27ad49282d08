"""Read days of the week, seasons and dates from tokens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from geo.hours.chinese.items import Cursor, Item, make_item
from geo.hours.chinese.numbers import NUMBER, NUMBERS, number_of
from geo.hours.chinese.period import ALL_DAYS, WEEKEND, DateSpan, Period, YearDay

if TYPE_CHECKING:
    from geo.hours.chinese.tokens import Token

_LAST_NUMBER: Final = 99
_DAY_WORDS: Final = "一二三四五六日天"
_DAY_MARK: Final = re.compile(
    r"(?P<to>-+|至|到|一(?= ?(?:周|星期|礼拜)))|(?P<day>[一二三四五六日天1-7])|."
)
_PERIODS: Final[dict[str, Period]] = {
    "every": Period(every=True),
    "weekend": Period(days=WEEKEND),
    "workday": Period(work=True),
    "plain_day": Period(plain=True),
    "holiday": Period(holidays=True),
    "festival": Period(festival=True),
    "special": Period(special=True),
    "rest": Period(rest=True),
    "yearly": Period(yearly=True),
}


class DateReader(Cursor):
    """Reads periods."""

    def _read_period(self) -> Item | None:
        kind = self._kind()
        if kind == "weekdays":
            token = self._take("weekdays")
            days = _days_of(token.text) if token else frozenset()
            return make_item("period", period=Period(days=days)) if days else None
        if kind == "season":
            token = self._take("season")
            return make_item(
                "period", period=Period(season=_season_of(token.text if token else ""))
            )
        if kind in _PERIODS:
            self.place += 1
            return make_item("period", period=_PERIODS[kind])
        return self._read_dates()

    def _read_months(self) -> Item | None:
        """Read 7、8月."""
        months: list[int] = []
        while token := self._take("number"):
            months.append(number_of(token.text))
            if not self._take("comma", "and"):
                return None
        last = self._take("month") if months else None
        if last is None:
            return None
        months.append(number_of(NUMBERS.findall(last.text)[0]))
        days = [YearDay(0, month, 0) for month in months]
        if not all(day.exists() for day in days) or self._kind() == "dash":
            return None
        if months == list(range(months[0], months[-1] + 1)):
            return make_item("period", period=Period(dates=(DateSpan(days[0], days[-1]),)))
        return make_item("period", period=Period(dates=tuple(DateSpan(day, day) for day in days)))

    def _read_dates(self) -> Item | None:
        first = self._date(None)
        if first is None:
            return None
        last = first
        place = self.place
        self._skip("space")
        if self._take("dash"):
            self._skip("space")
            next_year = self._take("next_year") is not None
            self._skip("space", "filler")
            found = self._date(first, next_year=next_year)
            if found is None:
                return None
            last = found
        else:
            self.place = place
        self._skip("filler")
        span = DateSpan(first, last)
        if not (first.exists() and last.exists()) or bool(first.day) != bool(last.day):
            return None
        if first.year and (last < first):
            return None
        return make_item("period", period=Period(dates=(span,)))

    def _date(self, since: YearDay | None, *, next_year: bool = False) -> YearDay | None:
        """Read a date; the end of a range takes year and month of its start where it has none."""
        token = self._take("iso_date", "date", "month", "dotted_date")
        year = since.year + next_year if since and since.year else 0
        if token:
            numbers = [
                number_of(number) for number in re.findall(r"[0-9]{4}|" + NUMBER, token.text)
            ]
            if numbers[0] > _LAST_NUMBER:  # a year
                year, *numbers = numbers
            return YearDay(year, numbers[0], numbers[1] if len(numbers) > 1 else 0)
        if since and since.day and (token := self._take("day_number")):
            return YearDay(year, since.month, number_of(NUMBERS.findall(token.text)[0]))
        if since is None and self._kind() == "number":
            return self._bare_month()
        return None

    def _bare_month(self) -> YearDay | None:
        """Read the 7 of 7-9月."""
        token = self._take("number")
        place = self.place
        self._skip("space")
        dash = self._take("dash")
        self._skip("space", "next_year")
        follows = self._kind()
        self.place = place
        if token and dash and follows == "month":
            return YearDay(0, number_of(token.text), 0)
        return None


def name_dotted(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Say of 8.30 and 5.1 whether they are times or dates, all alike; a doubt if both can be."""
    dotted = [token for token in tokens if token.kind == "dotted"]
    if not dotted:
        return tokens
    are_times = all(_can_be_time(token.text) for token in dotted)
    are_dates = all(_can_be_date(token.text) for token in dotted)
    kind = {(True, False): "dotted", (False, True): "dotted_date"}.get(
        (are_times, are_dates), "other"
    )
    return tuple(token._replace(kind=kind) if token.kind == "dotted" else token for token in tokens)


def _can_be_time(text: str) -> bool:
    hour, _, minute = text.partition(".")
    return len(minute) == 2 and int(hour) <= 24 and int(minute) < 60  # noqa: PLR2004 - a clock


def _can_be_date(text: str) -> bool:
    month, _, day = text.partition(".")
    return bool(int(month) and int(day)) and YearDay(0, min(int(month), 13), int(day)).exists()


def _days_of(text: str) -> frozenset[int]:
    """Return the days of 周一至周三、五."""
    days: set[int] = set()
    last, is_range = -1, False
    for found in _DAY_MARK.finditer(text):
        if found["to"]:
            is_range = True
        elif found["day"]:
            day = _DAY_WORDS.find(found["day"])
            day = min(day, 6) if day >= 0 else int(found["day"]) - 1
            steps = (day - last) % 7 if is_range else 0
            days.update((day - step) % 7 for step in range(steps + 1))
            last, is_range = day, False
    return frozenset(days) & ALL_DAYS


def _season_of(text: str) -> frozenset[str]:
    return frozenset(text) & frozenset("春夏秋冬旺淡")
