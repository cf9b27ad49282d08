"""Times of day as people write them: twelve hours with a word, twenty-four, and past midnight."""

from __future__ import annotations

from typing import Final, NamedTuple

from geo.hours.rules import DAY_MIN

NOON: Final = (690, 840)  # 11:30-14:00: a morning ends and an afternoon begins in it
UNSAID: Final = -1  # the start of a span that begins as usual: 延长至20:00
_HOUR_MIN: Final = 60
_NOON_MIN: Final = 720
_NIGHT_FROM_MIN: Final = (
    960  # a span without words may pass midnight if it begins at 16:00 or later
)
_EARLY_MIN: Final = 420  # 6:00 to 9 in the evening may begin in the evening
_EARLY_END_MIN: Final = 600
_DOUBTED_MIN: Final = range(60, 270)  # 2:00 without a word may be meant for the afternoon
_HALF_DAY_H: Final = 12
_HALVES: Final[
    dict[str, tuple[tuple[int, int, int], ...]]
] = {  # first hour, last hour, hours added
    "": ((0, 24, 0),),
    "dawn": ((0, 6, 0), (12, 12, -12)),
    "morning": ((3, 12, 0),),
    "noon": ((11, 14, 0), (1, 2, 12)),
    "afternoon": ((1, 11, 12), (12, 24, 0)),
    "dusk": ((4, 8, 12), (16, 20, 0)),
    "night": ((5, 12, 12), (17, 24, 0), (0, 0, 24)),
    "midnight": ((12, 12, 12), (24, 24, 0), (0, 0, 24)),
    "am": ((12, 12, -12), (0, 11, 0)),
    "pm": ((12, 23, 0), (1, 11, 12)),
}
_LATE: Final = frozenset({"noon", "afternoon", "dusk", "night", "pm"})
_NEXT_MORNING: Final = frozenset({"dawn", "morning", "noon", "am"})


class Clock(NamedTuple):
    """A time as it stands: 下午2:30 is hour 2, minute 30, half "afternoon"."""

    hour: int
    minute: int
    half: str = ""
    is_padded: bool = False  # 02:30: the writer counts to 24
    is_next_day: bool = False
    is_spoken: bool = False  # 6点: it may be in the evening


class Span(NamedTuple):
    """Minutes from midnight of the day on which it begins; the end may lie in the next day."""

    start: int
    end: int


def read_span(start: Clock, end: Clock) -> Span | None:
    """Return the span from one time to another, None where more than one reading is possible."""
    first = _minutes(start)
    last = _minutes(end)
    if first is None or last is None or first >= DAY_MIN:
        return None
    if not start.half and first in _DOUBTED_MIN:
        return None
    if start.half == "morning" and first == _NOON_MIN:  # 上午12:00: a slip
        return None
    if end.is_next_day:
        found = _before_noon_of_next_day(first, last)
    elif end.half:
        found = _with_word(start, first, end, last)
    else:
        found = _without_word(start, first, end, last)
    if found is None or not 0 < found - first <= DAY_MIN:
        return None
    if (first, found) == (0, DAY_MIN - 1):  # 0:00-23:59
        found = DAY_MIN
    return Span(first, found)


def join_spans(spans: tuple[Span, ...]) -> tuple[Span, ...] | None:
    """Return spans in order, touching ones joined; None if they overlap or go backwards."""
    joined: list[Span] = []
    for span in spans:
        if joined and span.start < joined[-1].end:
            return None
        if joined and span.start == joined[-1].end:
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    if len(joined) > 1 and joined[-1].end - DAY_MIN > joined[0].start:
        return None
    return tuple(joined)


def common_spans(one: tuple[Span, ...], other: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return the times in both."""
    both = (Span(max(a.start, b.start), min(a.end, b.end)) for a in one for b in other)
    return tuple(sorted(span for span in both if span.start < span.end))


def without_spans(one: tuple[Span, ...], other: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return the times of the first that are not in the second."""
    left = list(one)
    for hole in other:
        pieces = (_outside(span, hole) for span in left)
        left = [piece for pair in pieces for piece in pair if piece.start < piece.end]
    return tuple(left)


def union_spans(one: tuple[Span, ...], other: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return the times in either."""
    joined: list[Span] = []
    for span in sorted((*one, *other)):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


def minute_of(clock: Clock) -> int | None:
    """Return a time's minute of the day, None if it does not exist or the word does not fit."""
    return _minutes(clock)


def _outside(span: Span, hole: Span) -> tuple[Span, Span]:
    before = Span(span.start, min(span.end, hole.start))
    return before, Span(max(span.start, hole.end), span.end)


def _minutes(clock: Clock) -> int | None:
    for first, last, added in _HALVES[clock.half]:
        if first <= clock.hour <= last:
            minutes = (clock.hour + added) * _HOUR_MIN + clock.minute
            return minutes if clock.minute < _HOUR_MIN and minutes <= DAY_MIN else None
    return None


def _before_noon_of_next_day(first: int, last: int) -> int | None:
    """Return the end of a span to the next day, if that is shorter than a whole day."""
    return last + DAY_MIN if last < first else None


def _with_word(start: Clock, first: int, end: Clock, last: int) -> int | None:
    if not start.half and not start.is_padded and 0 < first < _EARLY_MIN and end.half in _LATE:
        return None  # 2:00 to 5 in the afternoon
    if last > first:
        return last
    if end.half == "dawn" or (end.half in _NEXT_MORNING and first >= _NIGHT_FROM_MIN):
        return last + DAY_MIN
    return None


def _without_word(start: Clock, first: int, end: Clock, last: int) -> int | None:
    counts_to_twelve = start.hour <= _HALF_DAY_H and end.hour <= _HALF_DAY_H
    if start.half in _LATE and counts_to_twelve:
        if first < last + _NOON_MIN <= DAY_MIN:
            return last + _NOON_MIN
    elif last > first:
        return None if _is_early_guess(start, first, end, last) else last
    elif last == 0 and first > 0:
        return DAY_MIN
    return last + DAY_MIN if first >= _NIGHT_FROM_MIN and last <= _NOON_MIN else None


def _is_early_guess(start: Clock, first: int, end: Clock, last: int) -> bool:
    """Return True for a span such as 6点到9点, as likely in the evening."""
    is_plain = not start.half and not start.is_padded and (start.is_spoken or end.is_spoken)
    return is_plain and 0 < first < _EARLY_MIN and last <= _EARLY_END_MIN
