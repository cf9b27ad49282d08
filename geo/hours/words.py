"""Say OSM ``opening_hours`` texts in plain words, Chinese or English."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_DAY_CODES: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_MONTH_CODES: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
_DAY: Final = f"(?:{'|'.join(_DAY_CODES)})"
_DAYS: Final = rf"(?:{_DAY}(?:-{_DAY})?|PH)(?:, ?(?:{_DAY}(?:-{_DAY})?|PH))*"
_DATE: Final = rf"(?:20\d\d )?(?:{'|'.join(_MONTH_CODES)})(?: \d\d)?"
_DATES: Final = rf"{_DATE}(?:-{_DATE})?(?:,{_DATE}(?:-{_DATE})?)*"
_TIME: Final = r"\d\d:\d\d-\d\d:\d\d"
_RULE: Final = re.compile(
    rf"(?:(?P<dates>{_DATES})(?: |$))?(?:(?P<days>{_DAYS})(?: |$))?"
    rf"(?:(?P<times>24/7|{_TIME}(?:,{_TIME})*)(?: |$))?(?P<state>off|closed|unknown)?"
)
_ONE_DATE: Final = re.compile(r"(?:(?P<year>20\d\d) )?(?P<month>[A-Z][a-z]{2})(?: (?P<day>\d\d))?")
_SHORT_DAYS: Final = 31


@dataclass(frozen=True, slots=True)
class _Rule:
    """One rule, its parts as they stand in the text."""

    dates: str
    days: str
    times: str  # open
    unsure: str = ""  # times that are unknown; "all" for whole days
    is_off: bool = False


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
    rules = _read_rules(osm)
    if not rules:
        return ""
    speaker = _Chinese(rules) if lang == "zh" else _English(rules)
    said = speaker.joint.join(speaker.say(rule) for rule in rules)
    return said[0].upper() + said[1:]


def _read_rules(osm: str) -> list[_Rule]:
    """Return the rules of a text, [] if one is beyond words."""
    rules: list[_Rule] = []
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


def _read_rule(text: str) -> _Rule | None:
    found = _RULE.fullmatch(text)
    if not found or not (found["times"] or found["state"]):
        return None
    dates, days, times = found["dates"] or "", found["days"] or "", found["times"] or ""
    times = "00:00-24:00" if times == "24/7" else times
    if found["state"] == "unknown":
        return _Rule(dates, days, "", times or "all")
    if found["state"] and times:
        return None
    return _Rule(dates, "" if days == "Mo-Su" else days, times, is_off=bool(found["state"]))


def _unsure_and_sure(unsure: _Rule | None, sure: _Rule | None) -> _Rule | None:
    """Return one rule of ``A unknown, B`` for the same days."""
    if not unsure or not sure or unsure.unsure == "all" or not sure.times:
        return None
    if (unsure.dates, unsure.days) != (sure.dates, sure.days):
        return None
    return _Rule(sure.dates, sure.days, sure.times, unsure.unsure)


class _Speaker:
    """What both languages share."""

    joint = "; "

    def __init__(self, rules: list[_Rule]) -> None:
        self.rules = rules
        self.needs_every_day = any(rule.dates and rule.days for rule in rules)

    def times(self, times: str) -> list[str]:
        """Return spans as pairs of words."""
        return [self.span(*span.split("-")) for span in times.split(",")]

    def span(self, start: str, end: str) -> str:
        """Return a span in words."""
        is_next_day = end <= start
        first = start if "00:00" < start < "07" else _say_time(start)
        return f"{first}–{self.next_day(_say_time(end)) if is_next_day else _say_time(end)}"

    def next_day(self, time: str) -> str:
        """Return a time of the next day in words."""
        raise NotImplementedError

    def say(self, rule: _Rule) -> str:
        """Return a rule in words."""
        raise NotImplementedError


class _Chinese(_Speaker):
    joint = "；"

    def next_day(self, time: str) -> str:
        return f"次日{time}"

    def say(self, rule: _Rule) -> str:
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

    def dates(self, rule: _Rule) -> str:
        said = "、".join(_say_dates_zh(span) for span in rule.dates.split(",") if span)
        if (
            rule.times
            and rule.days
            and not rule.dates
            and any(_is_season(one) for one in self.rules)
        ):
            return "全年"
        return f"每年{said}" if rule.unsure != "all" and _is_short(rule.dates) else said

    def days(self, rule: _Rule) -> str:
        if not rule.days:
            is_plain = not rule.dates or (self.needs_every_day and not rule.is_off)
            return "每天" if is_plain and not (rule.is_off or rule.unsure == "all") else ""
        names = [("一二三四五六日"[_DAY_CODES.index(day)]) for day in _DAY_CODES]
        parts = []
        for part in re.split(", ?", rule.days):
            ends = [f"周{names[_DAY_CODES.index(day)]}" for day in part.split("-") if day != "PH"]
            parts.append(("、" if _are_neighbours(part) else "至").join(ends) or "节假日")
        return "、".join(parts)

    def contradicts(self, rule: _Rule) -> bool:
        """Return True if a closed day has hours of its own, so that 休息 would be doubted."""
        earlier = (one for one in self.rules if one.days and not one.dates and _has_times(one))
        return any(_days_of(one.days) & _days_of(rule.days) - {"PH"} for one in earlier)


class _English(_Speaker):
    def next_day(self, time: str) -> str:
        return f"{time} next day"

    def say(self, rule: _Rule) -> str:
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

    def days(self, rule: _Rule) -> str:
        names = dict(
            zip(_DAY_CODES, ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True)
        )
        names["PH"] = "public holidays"
        return re.sub(
            f"{_DAY}|PH", lambda day: names[day[0]], re.sub(", ?", ", ", rule.days)
        ).replace("-", "–")

    def closed(self, days: str) -> str:
        return f"closed on {days}" if days else "closed"


def _has_times(rule: _Rule) -> bool:
    return bool(rule.times) or rule.unsure not in {"", "all"}


def _is_season(rule: _Rule) -> bool:
    return bool(rule.dates and rule.times) and not rule.dates.startswith("20")


def _say_time(time: str) -> str:
    hour, _, minute = time.partition(":")
    return f"{int(hour)}:{minute}"


def _are_neighbours(days: str) -> bool:
    """Return True for Sa-Su and its like: said 周六、周日."""
    first, _, last = days.partition("-")
    return bool(last) and _DAY_CODES.index(last) == _DAY_CODES.index(first) + 1


def _days_of(days: str) -> set[str]:
    found: set[str] = set()
    for part in re.split(", ?", days) if days else []:
        first, _, last = part.partition("-")
        if first == "PH":
            found.add(first)
            continue
        start = _DAY_CODES.index(first)
        size = (_DAY_CODES.index(last or first) - start) % 7 + 1
        found.update(_DAY_CODES[(start + step) % 7] for step in range(size))
    return found


def _dates_of(span: str) -> list[tuple[str, int, str]]:
    """Return year, month and day of the ends of a span of dates."""
    return [
        (found["year"] or "", _MONTH_CODES.index(found["month"]) + 1, found["day"] or "")
        for found in _ONE_DATE.finditer(span)
    ]


def _say_dates_zh(span: str) -> str:
    ends = _dates_of(span)
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
        " ".join(part for part in (day.lstrip("0"), _MONTH_CODES[month - 1], year) if part)
        for year, month, day in _dates_of(span)
    ]
    return "–".join(said)


def _is_short(dates: str) -> bool:
    """Return True for a few days of any year: without 每年 they would be taken for this year's."""
    ends = _dates_of(dates)
    if not ends or ends[0][0] or not (ends[0][2] and ends[-1][2]):
        return False
    (_, first_month, first_day), (_, last_month, last_day) = ends[0], ends[-1]
    days = (last_month - first_month) % 12 * 30.5 + int(last_day) - int(first_day)
    return 0 <= days <= _SHORT_DAYS + 1
