"""Opening hours at single moments: a table to read; and spans without holes."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.hours import CLOSED, OPEN, UNKNOWN, Timetable, intervals, is_always_open

MINUTE = dt.timedelta(minutes=1)
NAMES = {CLOSED: "closed", OPEN: "open", UNKNOWN: "unknown"}
OFFICE = "Mo-Fr 08:30-11:30,13:30-17:00"
SHOP = "Mo-Su 09:00-21:00"
NIGHT = "Mo-Su 22:00-06:00"
WORK_NIGHT = "Mo-Fr 22:00-06:00"
NO_HOLIDAYS = "Mo-Fr 09:00-17:00; PH off"

# 2026-03-02 is a Monday; no holiday is near it
TABLE = """
24/7                                        2026-03-02 00:00  open
24/7                                        2026-03-08 23:59  open
OFFICE                                      2026-03-02 08:29  closed
OFFICE                                      2026-03-02 08:30  open      the opening minute
OFFICE                                      2026-03-02 11:29  open
OFFICE                                      2026-03-02 11:30  closed    the closing minute
OFFICE                                      2026-03-02 12:30  closed    between two intervals
OFFICE                                      2026-03-02 13:29  closed
OFFICE                                      2026-03-02 13:30  open
OFFICE                                      2026-03-02 16:59  open
OFFICE                                      2026-03-02 17:00  closed
OFFICE                                      2026-03-06 10:00  open      Friday
OFFICE                                      2026-03-07 10:00  closed    Saturday
OFFICE                                      2026-03-08 10:00  closed    Sunday
SHOP                                        2026-03-08 10:00  open
NIGHT                                       2026-03-02 21:59  closed
NIGHT                                       2026-03-02 22:00  open
NIGHT                                       2026-03-03 00:30  open      past midnight
NIGHT                                       2026-03-03 05:59  open
NIGHT                                       2026-03-03 06:00  closed
WORK_NIGHT                                  2026-03-02 00:30  closed    no night from Sunday
WORK_NIGHT                                  2026-03-07 00:30  open      Friday's night
WORK_NIGHT                                  2026-03-07 22:30  closed
Mo-Fr 08:00-27:00                           2026-03-03 02:59  open      until 3 in the morning
Mo-Fr 08:00-27:00                           2026-03-03 03:00  closed
Mo-Su 00:00-24:00                           2026-03-02 23:59  open
Mo,We,Fr 09:00-12:00                        2026-03-03 10:00  closed
Mo,We,Fr 09:00-12:00                        2026-03-04 10:00  open
Mo-Fr 09:00-18:00; Sa 10:00-16:00           2026-03-07 09:30  closed
Mo-Fr 09:00-18:00; Sa 10:00-16:00           2026-03-07 15:59  open
Mo-Su 09:00-18:00; We off                   2026-03-04 10:00  closed    the later rule replaces
Mo-Su 09:00-12:00; Mo 14:00-16:00           2026-03-02 10:00  closed    the later rule replaces
Mo-Su 09:00-12:00, Mo 14:00-16:00           2026-03-02 10:00  open      a comma adds
Mo-Su 09:00-12:00, Mo 14:00-16:00           2026-03-02 15:00  open
Jul-Sep Mo-Su 09:00-18:00                   2026-07-15 10:00  open
Jul-Sep Mo-Su 09:00-18:00                   2026-03-02 10:00  closed
Nov-Mar 08:00-20:00; Apr-Oct 09:00-21:00    2026-03-02 08:30  open
Nov-Mar 08:00-20:00; Apr-Oct 09:00-21:00    2026-07-15 20:30  open
Mo-Su 09:00-17:00; 2026 Mar 04 off          2026-03-04 10:00  closed    a dated closure
Mo-Su 09:00-17:00; 2026 Mar 04 off          2026-03-05 10:00  open
off                                         2026-03-02 10:00  closed
Mo-Fr                                       2026-03-02 03:00  open      whole days
""                                          2026-03-02 10:00  unknown   no hours
"by appointment"                            2026-03-02 10:00  unknown   comment only
Mo-Fr "by appointment"                      2026-03-02 10:00  unknown
Mo-Fr "by appointment"                      2026-03-07 10:00  closed
OFFICE; Sa "ring"                           2026-03-02 10:00  open
OFFICE; Sa "ring"                           2026-03-07 10:00  unknown
Mo-Fr Off "moving"; Sa "ring"               2026-03-07 10:00  unknown   words in any case
Mo-Fr 09:00-17:00 || "ring"                 2026-03-02 10:00  open      a fallback
Mo-Fr 09:00-17:00 || "ring"                 2026-03-02 20:00  unknown   also on the same day
Mo-Fr 09:00-17:00 || "ring"                 2026-03-07 10:00  unknown
Mo-Fr 09:00-17:00 || Sa 10:00-12:00         2026-03-07 11:00  unknown   fallbacks are not asked
Mo-Fr 09:00-17:00 "a || b"                  2026-03-07 10:00  closed    no fallback in a comment
Mo-Fr 09:00-17:00 "ring, please; twice"     2026-03-02 10:00  open      times speak
Mo-Fr 09:00-17:00 unknown "if staffed"      2026-03-02 10:00  unknown
24/7 "by the guard"                         2026-03-02 10:00  open
Mo-Su closed "moving"                       2026-03-02 10:00  closed
unknown                                     2026-03-02 10:00  unknown
24/7                                        2026-10-01 10:00  open      every day is every day
24/7                                        2026-10-10 10:00  open
SHOP                                        2026-10-02 10:00  open
SHOP                                        2026-10-02 21:00  closed
SHOP                                        2026-02-18 10:00  open
NIGHT                                       2026-10-02 01:00  open
Mo-Fr 09:00-17:00                           2026-09-30 10:00  open      the day before
Mo-Fr 09:00-17:00                           2026-10-01 10:00  unknown   National Day
Mo-Fr 09:00-17:00                           2026-10-02 00:00  unknown   the whole of the holiday
Mo-Fr 09:00-17:00                           2026-10-02 10:00  unknown
Mo-Fr 09:00-17:00                           2026-10-02 23:59  unknown
Mo-Fr 09:00-17:00                           2026-10-08 10:00  open      the day after
Mo-Fr 09:00-17:00                           2026-02-18 10:00  unknown   Spring Festival
Mo-Fr 09:00-17:00                           2026-10-10 10:00  unknown   a Saturday worked
Mo-Fr 09:00-17:00                           2026-09-20 10:00  unknown   a Sunday worked
Mo-Fr 09:00-17:00                           2026-10-11 10:00  closed    a plain Sunday
Mo-Fr 09:00-17:00                           2026-06-13 10:00  closed    a plain Saturday
SHOP; Su off                                2026-06-14 10:00  closed    a plain Sunday
SHOP; Su off                                2026-05-02 10:00  unknown   a Saturday of Labour Day
NO_HOLIDAYS                                 2026-03-02 10:00  open
NO_HOLIDAYS                                 2026-03-08 10:00  closed
Mo-Fr 09:00-17:00                           2027-01-01 10:00  unknown   a holiday every year
Mo-Fr 09:00-17:00                           2027-10-02 10:00  unknown
Mo-Fr 09:00-17:00                           2028-05-01 10:00  unknown
Mo-Fr 09:00-17:00                           2028-10-03 10:00  unknown
Mo-Fr 09:00-17:00                           2027-03-10 10:00  open      never a holiday
Mo-Fr 09:00-17:00                           2028-11-15 10:00  open
Mo-Fr 09:00-17:00                           2028-02-29 10:00  open      no such day in other years
Mo-Fr 09:00-17:00                           2027-03-13 10:00  closed    a Saturday
24/7                                        2027-10-01 10:00  open
SHOP                                        2028-10-01 10:00  open
"""
SHORT = {"OFFICE": OFFICE, "SHOP": SHOP, "WORK_NIGHT": WORK_NIGHT, "NIGHT": NIGHT}


def rows() -> list[tuple[str, str, str]]:
    """Return text, local moment, state of each line of the table."""
    found = []
    for line in TABLE.strip().splitlines():
        text = line[:44].strip().replace("NO_HOLIDAYS", NO_HOLIDAYS)
        for name, hours in SHORT.items():
            text = text.replace(name, hours)
        found.append(("" if text == '""' else text, line[44:60], line[62:].split()[0]))
    return found


def state(text: str, moment: dt.datetime) -> str:
    """Return the state at one local moment."""
    (span,) = intervals(text, moment, moment + MINUTE / 60)
    return NAMES[span.state]


@pytest.mark.parametrize(("text", "moment", "expected"), rows())
def test_state_at_a_moment(text: str, moment: str, expected: str) -> None:
    assert state(text, dt.datetime.fromisoformat(moment)) == expected


def test_hours_that_speak_of_holidays_are_known_on_special_days() -> None:
    assert state(NO_HOLIDAYS, dt.datetime(2026, 10, 1, 10)) == "closed"  # noqa: DTZ001  # local
    assert state(NO_HOLIDAYS, dt.datetime(2026, 10, 10, 10)) == "open"  # noqa: DTZ001  # worked


@pytest.mark.parametrize("text", ["Mo-Fr 8-17", "daily", "周一", ";"])
def test_what_cannot_be_read_is_unknown(text: str) -> None:
    assert state(text, dt.datetime(2026, 3, 2, 10)) == "unknown"  # noqa: DTZ001  # local


def test_a_fallback_does_not_swallow_the_days_after_it() -> None:
    # the library alone says unknown from this Saturday to the end
    start = dt.datetime(2026, 3, 7)  # noqa: DTZ001  # local
    spans = intervals('Mo-Fr 09:00-17:00 || "ring"', start, start + dt.timedelta(days=3))
    assert [span.state for span in spans] == [UNKNOWN, OPEN, UNKNOWN]


texts = st.sampled_from(sorted({text for text, _, _ in rows()}))
starts = st.datetimes(dt.datetime(2025, 12, 20), dt.datetime(2027, 2, 20))  # noqa: DTZ001  # local
lengths = st.timedeltas(dt.timedelta(seconds=1), dt.timedelta(days=12))


@given(texts, starts, lengths)
def test_spans_lie_end_to_end_and_change_their_state(
    text: str, start: dt.datetime, length: dt.timedelta
) -> None:
    spans = intervals(text, start, start + length)
    assert (spans[0].start, spans[-1].end) == (start, start + length)
    assert all(a.end == b.start and a.state != b.state for a, b in pairwise(spans))
    assert all(span.start < span.end for span in spans)


@given(texts, starts, lengths, st.floats(0.01, 0.99))
def test_a_state_does_not_depend_on_the_span_asked_for(
    text: str, start: dt.datetime, length: dt.timedelta, share: float
) -> None:
    moment = (start + length * share).replace(microsecond=0)
    spans = intervals(text, min(start, moment), start + length + MINUTE)
    found = next(span.state for span in spans if span.start <= moment < span.end)
    assert NAMES[found] == state(text, moment)


@pytest.mark.parametrize("date", [dt.date(2026, 10, 1), dt.date(2026, 10, 3), dt.date(2026, 5, 1)])
def test_seasons_that_change_on_a_holiday_are_still_known(date: dt.date) -> None:
    noon = dt.datetime.combine(date, dt.time(12))
    [span] = intervals(
        "May-Sep 08:00-19:00; Oct-Apr 08:00-18:00", noon, noon + dt.timedelta(hours=1)
    )
    assert span.state == OPEN


@pytest.mark.parametrize("text", ["sunrise-sunset", "Mo-Su dawn-20:00", "(Sunrise+01:00)-22:00"])
def test_hours_that_follow_the_sun_are_unknown(text: str) -> None:
    noon = dt.datetime(2026, 3, 2, 12)  # noqa: DTZ001  # local
    [span] = intervals(text, noon, noon + dt.timedelta(hours=1))
    assert span.state == UNKNOWN


def test_the_sun_in_a_comment_changes_nothing() -> None:
    noon = dt.datetime(2026, 3, 2, 12)  # noqa: DTZ001  # local
    [span] = intervals('09:00-17:00 "sunset bar"', noon, noon + dt.timedelta(hours=1))
    assert span.state == OPEN


@pytest.mark.parametrize(
    ("hours", "self_hours", "always"),
    [
        ("24/7", "", True),
        ("Mo-Su 00:00-24:00", "", True),
        ("Mo-Fr 00:00-24:00; Sa-Su 00:00-24:00", "", True),
        ("Mo-Su 06:30-23:00", "Mo-Su 17:00-09:00", True),
        ("Mo-Su 06:30-23:00", "Mo-Su 23:30-09:00", False),
        ("Mo-Fr 06:30-23:00", "Mo-Su 17:00-09:00", False),
        ("24/7; PH off", "", False),
        ("24/7; Mo off", "", False),
        ("Mo-Fr 00:00-24:00", "", False),
        ("Jan-Dec 00:00-24:00", "", False),
        ("", "24/7", True),
        ("", "", False),
    ],
)
def test_open_at_all_hours(
    hours: str,
    self_hours: str,
    always: bool,  # noqa: FBT001  # a table
) -> None:
    assert is_always_open(Timetable(hours, self_hours)) is always


@pytest.mark.parametrize(
    ("text", "moment", "expected"),
    [
        ('Mo-Fr 09:00-17:00 "night desk 22:00-06:00"', "2026-03-03T03:00", "closed"),
        ('Mo-Fr 09:00-17:00 "24:00-02:00 || x"; Sa off', "2026-03-03T10:00", "open"),
        ("22:00-06:00; PH unknown", "2026-10-08T03:00", "unknown"),
        ("22:00-06:00; PH unknown", "2026-10-08T07:00", "closed"),
        ("22:00-06:00; PH unknown", "2026-10-09T03:00", "open"),
        ("22:00-06:00; Su unknown", "2026-03-09T03:00", "unknown"),
        ("22:00-06:00; 2026 Mar 04-2026 Mar 05 unknown", "2026-03-06T05:59", "unknown"),
        ("Mo-Fr 09:00-17:00; PH off; 2026 Oct 02 12:00-13:00 off", "2026-10-02T10:30", "unknown"),
        ("Mo-Fr 09:00-17:00; PH off, 2026 Oct 02 18:00-20:00", "2026-10-02T10:30", "unknown"),
        ("Mo-Fr 09:00-17:00; PH off; 2026 Oct 02 18:00-20:00", "2026-10-02T18:30", "open"),
        ("Mo-Fr 09:00-17:00; PH 12:00-13:00 off", "2026-10-02T10:30", "unknown"),
        ("Mo-Fr 09:00-17:00; PH off", "2032-10-01T10:30", "unknown"),
        ("24/7\ud935", "2026-03-02T10:00", "unknown"),
    ],
)
def test_what_is_not_sure_is_not_said(text: str, moment: str, expected: str) -> None:
    assert state(text, dt.datetime.fromisoformat(moment)) == expected
