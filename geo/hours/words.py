"""Say OSM ``opening_hours`` texts in plain words, Chinese or English."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from geo.hours.plain_rules import (
    DAY_CODES,
    MONTH_CODES,
    ONE_DAY,
    PlainRule,
    are_clear,
    dates_of,
    days_of,
    has_times,
    read_rules,
)

_SHORT_DAYS: Final = 31


@lru_cache(maxsize=4096)
def say_hours(osm: str, lang: str = "zh") -> str:
    """Return an OSM ``opening_hours`` text in plain words.

    Parameters
    ----------
    osm : str
        Of weekdays, public holidays, months, dates, times, ``off`` and ``unknown``.
    lang : str
        "zh" or "en".

    Returns
    -------
    str
        "" for a text that says more than that. `read_hours` reads the Chinese words back.

    Examples
    --------
    >>> say_hours("Mo-Fr 08:30-12:00,13:30-17:30; PH off")
    '周一至周五 8:30–12:00、13:30–17:30；节假日休息'
    >>> say_hours("Mo-Fr 08:30-12:00,13:30-17:30; PH off", "en")
    'Mon–Fri 8:30–12:00, 13:30–17:30; closed on public holidays'
    """
    rules = read_rules(osm)
    if not are_clear(rules):
        return ""
    speaker = _Chinese(rules) if lang == "zh" else _English(rules)
    said = speaker.joint.join(speaker.say(rule) for rule in rules)
    return said[0].upper() + said[1:]


class _Speaker:
    """What both languages share."""

    joint = "; "

    def __init__(self, rules: list[PlainRule]) -> None:
        self.rules = rules
        self.needs_every_day = any(rule.dates and rule.days for rule in rules)

    def times(self, times: str) -> list[str]:
        """Return spans as pairs of words."""
        return [self.span(*span.split("-")) for span in times.split(",")]

    def span(self, start: str, end: str) -> str:
        """Return a span in words."""
        is_next_day = end <= start
        said = _say_time(end)
        return f"{self.start(start)}–{self.next_day(said) if is_next_day else said}"

    def start(self, time: str) -> str:
        """Return the time at which a span begins in words."""
        return _say_time(time)

    def next_day(self, time: str) -> str:
        """Return a time of the next day in words."""
        raise NotImplementedError

    def say(self, rule: PlainRule) -> str:
        """Return a rule in words."""
        raise NotImplementedError


class _Chinese(_Speaker):
    joint = "；"

    def start(self, time: str) -> str:
        return "凌晨" * ("01:00" <= time < "04:30") + _say_time(time)

    def next_day(self, time: str) -> str:
        return f"次日{time}"

    def say(self, rule: PlainRule) -> str:
        when = " ".join(part for part in (self.dates(rule), self.days(rule)) if part)
        if rule.is_off:
            return f"{when}{'除外' if self.contradicts(rule) else '休息'}"
        if rule.unsure == "all":
            return f"{when}时间不详"
        sure = (
            "24 小时"
            if rule.times == "00:00-24:00"
            else "、".join(self.times(rule.times or rule.unsure))
        )
        if rule.times and rule.unsure:
            return f"{when} {sure}（{'、'.join(self.times(rule.unsure))} 不详）"
        return f"{when} {sure}" + " 不详" * bool(rule.unsure)

    def dates(self, rule: PlainRule) -> str:
        said = "、".join(_say_dates_zh(span) for span in rule.dates.split(",") if span)
        if (
            rule.times
            and rule.days
            and not rule.dates
            and any(_is_season(one) for one in self.rules)
        ):
            return "全年"
        return f"每年{said}" if rule.unsure != "all" and _is_short(rule.dates) else said

    def days(self, rule: PlainRule) -> str:
        if not rule.days:
            is_plain = not rule.dates or (self.needs_every_day and not rule.is_off)
            return "每天" if is_plain and not (rule.is_off or rule.unsure == "all") else ""
        names = [("一二三四五六日"[DAY_CODES.index(day)]) for day in DAY_CODES]
        parts = []
        for part in re.split(", ?", rule.days):
            ends = [f"周{names[DAY_CODES.index(day)]}" for day in part.split("-") if day != "PH"]
            parts.append(("、" if _are_neighbours(part) else "至").join(ends) or "节假日")
        return "、".join(parts)

    def contradicts(self, rule: PlainRule) -> bool:
        """Return True if a closed day has hours of its own, so that 休息 would be doubted."""
        earlier = (one for one in self.rules if one.days and not one.dates and has_times(one))
        return any(days_of(one.days) & days_of(rule.days) - {"PH"} for one in earlier)


class _English(_Speaker):
    def next_day(self, time: str) -> str:
        return f"{time} next day"

    def say(self, rule: PlainRule) -> str:
        dates = ", ".join(_say_dates_en(span) for span in rule.dates.split(",") if span)
        days = self.days(rule)
        if rule.is_off:
            return " ".join(
                part for part in (f"{dates}:" if dates else "", self.closed(days)) if part
            )
        when = f"{dates}: " * bool(dates) + (days or "every day" * (not dates))
        if rule.unsure == "all":
            return f"{when.removesuffix(': ')}: hours not known"
        if rule.times == "00:00-24:00" and not rule.unsure:
            return f"{dates}: " * bool(dates) + f"24 hours, {days or 'every day'}"
        said = ", ".join(self.times(rule.times or rule.unsure))
        if rule.times and rule.unsure:
            said += f" ({', '.join(self.times(rule.unsure))} not certain)"
        return f"{when.rstrip()} {said}" + " (not certain)" * (not rule.times)

    def days(self, rule: PlainRule) -> str:
        names = dict(zip(DAY_CODES, ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True))
        names["PH"] = "public holidays"
        return re.sub(
            f"{ONE_DAY}|PH", lambda day: names[day[0]], re.sub(", ?", ", ", rule.days)
        ).replace("-", "–")

    def closed(self, days: str) -> str:
        return f"closed on {days}" if days else "closed"


def _is_season(rule: PlainRule) -> bool:
    return bool(rule.dates and rule.times) and not rule.dates.startswith("20")


def _say_time(time: str) -> str:
    hour, _, minute = time.partition(":")
    return f"{int(hour)}:{minute}"


def _are_neighbours(days: str) -> bool:
    """Return True for Sa-Su and its like: said 周六、周日."""
    first, _, last = days.partition("-")
    return bool(last) and DAY_CODES.index(last) == DAY_CODES.index(first) + 1


def _say_dates_zh(span: str) -> str:
    ends = dates_of(span)
    said = [
        f"{year}年" * bool(year) + f"{month}月" + f"{int(day or 0)}日" * bool(day)
        for year, month, day in ends
    ]
    if len(ends) == 1:
        return said[0]
    first, last = ends
    if first[0] and first[0] == last[0]:
        said[1] = said[1].removeprefix(f"{last[0]}年")
    passes_new_year = not first[0] and last[1:] < first[1:]
    return f"{said[0]}至{'次年' * passes_new_year}{said[1]}"


def _say_dates_en(span: str) -> str:
    said = [
        " ".join(part for part in (day.lstrip("0"), MONTH_CODES[month - 1], year) if part)
        for year, month, day in dates_of(span)
    ]
    return "–".join(said)


def _is_short(dates: str) -> bool:
    """Return True for a few days of any year: without 每年 they would be taken for this year's."""
    ends = dates_of(dates)
    if not ends or ends[0][0]:
        return False
    if not (ends[0][2] and ends[-1][2]):
        return ends[0] == ends[-1]
    (_, first_month, first_day), (_, last_month, last_day) = ends[0], ends[-1]
    days = (last_month - first_month) % 12 * 30.5 + int(last_day) - int(first_day)
    return 0 <= days <= _SHORT_DAYS + 1
