"""Open, closed or unknown for the few weekly texts of the stand-in stations, written out by hand.

Days near public holidays need the national calendar, which this oracle leaves out: it refuses a
day outside the periods below, in each of which no day is a holiday or worked in exchange for one.
"""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")
SATURDAY, SUNDAY = 5, 6
ALL_DAY, SHUT = "all day", "shut"
PLAIN_PERIODS = [  # first and last day
    (date(2008, 10, 6), date(2008, 12, 31)),  # after National Day 2008, before New Year 2009
    (date(2026, 3, 2), date(2026, 3, 31)),  # after Spring Festival, before Qingming
]
WEEKS = {  # the hours of each day from Monday to Friday, of Saturday, of Sunday
    "24/7": (ALL_DAY, ALL_DAY, ALL_DAY),
    "Mo-Su 08:00-22:00": ("08:00-22:00", "08:00-22:00", "08:00-22:00"),
    "Mo-Su 09:00-17:00": ("09:00-17:00", "09:00-17:00", "09:00-17:00"),
    "Mo-Fr 09:00-17:00; Sa,Su 09:30-15:30": ("09:00-17:00", "09:30-15:30", "09:30-15:30"),
    "Mo-Fr 08:30-17:30; Sa 09:00-16:00; PH off": ("08:30-17:30", "09:00-16:00", SHUT),
}


def to_local(moment: datetime) -> datetime:
    """Return a zone-aware moment on the stations' clock."""
    return moment.astimezone(LOCAL)


def hour_of_week(moment: datetime) -> int:
    """Return 24 x weekday + hour on the stations' clock, Monday 00:00 = 0."""
    local = to_local(moment)
    return 24 * local.weekday() + local.hour


def state(text: str, moment: datetime) -> str:
    """Return ``open``, ``closed`` or ``unknown``: open at the opening minute, not at the closing.

    Raises
    ------
    ValueError
        The day may be a holiday, or the text is none of the known ones.
    """
    if not text:
        return "unknown"
    local = to_local(moment)
    if not any(first <= local.date() <= last for first, last in PLAIN_PERIODS):
        msg = f"{local.date()} is outside the plain periods of the oracle; extend PLAIN_PERIODS"
        raise ValueError(msg)
    return "open" if is_open(text, local.weekday(), local.time()) else "closed"


def is_open(text: str, weekday: int, now: time) -> bool:
    """Return True if a plain week's text is open at a local time.

    Raises
    ------
    ValueError
        The text is none of the known ones.
    """
    if text not in WEEKS:
        msg = f"the oracle does not know the hours {text!r}; write them out in WEEKS"
        raise ValueError(msg)
    workday, saturday, sunday = WEEKS[text]
    today = {SATURDAY: saturday, SUNDAY: sunday}.get(weekday, workday)
    if today in {ALL_DAY, SHUT}:
        return today == ALL_DAY
    opens, closes = today.split("-")
    return time.fromisoformat(opens) <= now < time.fromisoformat(closes)
