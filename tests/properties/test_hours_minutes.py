"""Hours of random texts: every question about them has the answer of a minute-by-minute judge."""

from __future__ import annotations

import datetime as dt
from itertools import chain, pairwise

import numpy as np
from hypothesis import Phase, given, note, reject, settings
from hypothesis import strategies as st

from geo.errors import InvalidHoursError
from geo.hours import (
    CLOSED,
    OPEN,
    UNKNOWN,
    Timetable,
    check_hours,
    intervals,
    next_change,
    open_mask,
    state_at,
    states,
)
from tests.effort import tries
from tests.hours.minute_by_minute import DAY, day_states, next_change_of
from tests.hours.random_texts import RandomTexts

TEXTS = settings(  # nightly 2,000 texts as issue 4 asks; a seed has no simpler one to shrink to
    tries(nightly=2000, usually=500), phases=(Phase.explicit, Phase.generate)
)
MINUTE = dt.timedelta(minutes=1)
NAMES = {CLOSED: "closed", OPEN: "open", UNKNOWN: "unknown"}
WINDOW_DAYS = 2


seeds = st.integers(0, 2**32 - 1)


def start_of(date: dt.date) -> dt.datetime:
    return dt.datetime.combine(date, dt.time())


def minute_by_minute(table: Timetable, date: dt.date) -> list[str]:
    """Return the state of each minute of the window."""
    days = (date + DAY * shift for shift in range(WINDOW_DAYS))
    return list(chain.from_iterable(day_states(*table, day) for day in days))


@TEXTS
@given(seeds)
def test_every_minute_and_the_next_change_are_those_of_the_plain_judge(seed: int) -> None:
    random = RandomTexts(seed)
    table, date = random.timetable(), random.date()
    start = start_of(date)
    note(f"{table} {start}")
    spans = intervals(table, start, start + DAY * WINDOW_DAYS)
    found: list[str] = []
    for span in spans:
        found += [NAMES[span.state]] * ((span.end - span.start) // MINUTE)
    expected = minute_by_minute(table, date)
    assert found == expected
    chosen = int(random.rng.integers(len(expected)))
    edges = {(span.start - start) // MINUTE + shift for span in spans for shift in (-1, 0, 1)}
    for at in {chosen, *edges} & set(range(len(expected))):
        assert NAMES[state_at(table, start + MINUTE * at)] == expected[at]
    if chosen % 2:  # eight days by the minute take their time
        return
    moment = start + MINUTE * chosen
    change = next_change(table, moment)
    named = None if change is None else (change[0], NAMES[change[1]])
    assert named == next_change_of(*table, moment)


@given(seeds, st.integers(0, 86_399), st.integers(1, 9 * 86_400))
def test_spans_lie_end_to_end_and_neighbours_differ(seed: int, second: int, length_s: int) -> None:
    random = RandomTexts(seed)
    table = random.timetable()
    start = start_of(random.date()) + dt.timedelta(seconds=second)
    end = start + dt.timedelta(seconds=length_s)
    note(f"{table} {start}")
    spans = intervals(table, start, end)
    assert (spans[0].start, spans[-1].end) == (start, end)
    assert all(span.start < span.end for span in spans)
    assert all(a.end == b.start and a.state != b.state for a, b in pairwise(spans))


@given(seeds, st.integers(0, 6), st.integers(0, 8))
def test_arrays_hold_the_states_of_single_moments(seed: int, rows: int, columns: int) -> None:
    random = RandomTexts(seed)
    found = [random.timetable() for _ in range(rows)]
    moments = [
        start_of(random.date()) + MINUTE * int(random.rng.integers(1440)) for _ in range(columns)
    ]
    expected = np.array(
        [[state_at(table, moment) for moment in moments] for table in found], dtype=np.uint8
    ).reshape(rows, columns)
    np.testing.assert_array_equal(states(found, moments), expected)
    np.testing.assert_array_equal(open_mask(found, moments), expected == OPEN)


ODD_DATES = (
    *("", "", "", "Jan", "Nov-Feb", "Feb 29", "Jan 31-Feb 28", "Oct 15+", "easter -2 days"),
    *("2026", "2026-2028", "2026-2050/2", "2027+", "2026 Oct 01-07", "2026 Dec 20-2027 Jan 10"),
    *("week 10", "week 01-53/2", "2026 Nov", "Dec 25-Jan 06", "easter", "1999 Jan 01-2049 Jan 01"),
)
ODD_DAYS = (
    *("", "", "Mo", "Fr-Mo", "Sa[1]", "Su[-1]", "Mo[1-2,4]", "We[1] +1 day", "PH", "SH", "Mo,PH"),
    *("PH,Sa-Su", "PH +1 day", "SH,PH", "Mo-Fr", "Su-Su"),
)
ODD_TIMES = (
    *("", "08:00-18:00", "22:00-06:00", "10:00-34:00", "17:00+", "08:00-18:00+", "00:00-24:00"),
    *("sunrise-sunset", "(sunrise+01:00)-22:00", "10:00-16:00/01:30", "24/7", "20:00-44:00"),
    *("08:00-08:00", "00:00-48:00", "08:00-12:00,10:00-14:00", "dusk-dawn", "23:59-00:00"),
)
ODD_STATES = ("", "", "off", "closed", "unknown", "open", '"ring"', 'off "moving"')
odd_rules = st.tuples(*map(st.sampled_from, (ODD_DATES, ODD_DAYS, ODD_TIMES, ODD_STATES))).map(
    lambda parts: " ".join(part for part in parts if part)
)
odd_joints = st.sampled_from(["; ", "; ", ", ", " || ", ";"])
odd = st.lists(st.tuples(odd_rules, odd_joints), max_size=4).map(
    lambda pairs: "".join(rule + joint for rule, joint in pairs if rule).rstrip(";,| ")
)


def is_accepted(text: str) -> bool:
    try:
        check_hours(text)
    except InvalidHoursError:
        return False
    return True


@given(odd, odd, st.datetimes(dt.datetime(1999, 1, 1), dt.datetime(2050, 1, 1)))  # noqa: DTZ001  # local
def test_what_is_accepted_is_judged_without_an_error(
    hours: str, self_hours: str, moment: dt.datetime
) -> None:
    table = Timetable(hours, self_hours)
    if not (is_accepted(hours) and is_accepted(self_hours)):
        reject()
    state = state_at(table, moment)
    spans = intervals(table, moment, moment + DAY * 2)
    assert spans[0].state == state
    change = next_change(table, moment)
    assert change is None or (change[0] > moment and change[1] != state)
    assert states([table], [moment]).tolist() == [[state]]
