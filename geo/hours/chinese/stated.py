"""Hours as they were stated, worked out: breaks, last entries, what carries over to the next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geo.hours.chinese.clock import (
    UNSAID,
    Span,
    common_spans,
    join_spans,
    union_spans,
    without_spans,
)
from geo.hours.chinese.period import ALL_DAYS, Period
from geo.hours.chinese.rules import WHOLE_DAY
from geo.hours.chinese.statement import Statement, UnclearError
from geo.hours.rules import DAY_MIN

if TYPE_CHECKING:
    from geo.hours.chinese.items import Item
    from geo.hours.chinese.rules import Meaning


@dataclass(frozen=True, slots=True)
class StatedHours:
    """A statement of hours, worked out."""

    period: Period
    spans: tuple[Span, ...]
    maybe: tuple[Span, ...]
    place: tuple[int, int]


def split_throughout(statements: list[Statement]) -> list[Statement]:
    """Return the statements, 全天 beside other hours unsure: it may mean from morning to evening.

    Raises
    ------
    UnclearError
        There are no other hours, and it is not about every day.
    """
    stated = [one for one in statements if one.kind == "hours"]
    vague = [one for one in stated if one.is_throughout]
    if not vague or (len(stated) == 1 and _is_every_day(stated[0].period)):
        return statements
    if len(stated) == len(vague):
        raise UnclearError
    return [replace(one, kind="unsure") if one in vague else one for one in statements]


def _is_every_day(period: Period) -> bool:
    return not period.has_season and (not period.has_days or period.days == ALL_DAYS)


def pause(statements: list[Statement], notes: list[Item]) -> list[Statement]:
    """Give a break that stands for itself to the hours, if they are one statement.

    Raises
    ------
    UnclearError
        They are several: it may be meant for one of them.
    """
    own = [span for one in statements for span in one.pause]
    free = [note.spans[0] for note in notes if note.kind == "break" and note.spans]
    free = [span for span in free if span not in own]
    stated = [one for one in statements if one.kind == "hours"]
    if free and len(stated) > 1:
        raise UnclearError
    return [replace(one, pause=(*one.pause, *free)) for one in statements] if free else statements


def extend(stated: list[Statement]) -> list[Statement]:
    """Give 延长至20:00 the beginning of the usual hours.

    Raises
    ------
    UnclearError
        The usual hours are not one statement about all days, or do not end earlier.
    """
    if not any(span.start == UNSAID for one in stated for span in one.spans):
        return stated
    usual, *others = stated
    is_general = _is_every_day(usual.period) and usual.spans and usual.spans[-1].start != UNSAID
    done = [usual]
    for one in others:
        if one.spans and one.spans[0].start == UNSAID:
            end = one.spans[0].end
            if not is_general or len(one.spans) > 1 or end <= usual.spans[-1].end:
                raise UnclearError
            spans = (*usual.spans[:-1], Span(usual.spans[-1].start, end))
            done.append(replace(one, spans=spans))
        else:
            done.append(one)
    if not is_general:
        raise UnclearError
    return done


def work_out(one: Statement, notes: list[Item], meaning: Meaning) -> StatedHours:
    """Return the hours of a statement, its breaks taken out and its last entry heeded.

    Raises
    ------
    UnclearError
        Times overlap, a break is not in them, or a last entry is outside.
    """
    spans = WHOLE_DAY if one.is_always or one.is_throughout else _join_day(one)
    if (
        spans is None
        or (not spans and (one.pause or one.entry))
        or (one.maybe and common_spans(spans, one.maybe))
    ):
        raise UnclearError
    if one.maybe:
        meaning.doubts.append((one.start, one.end))
    for pause in one.pause:
        rest = without_spans(spans, (pause,))
        is_seen = rest == spans and spans[0].end <= pause.start and pause.end <= spans[-1].start
        if len(rest) != len(spans) + 1 and not is_seen:
            raise UnclearError
        spans = rest
    maybe = one.maybe
    entries = [note for note in notes if note.kind == "last_entry"]
    own = one.entry if one.entry is not None else (entries[0].minute if len(entries) == 1 else None)
    if own is not None and not spans:
        raise UnclearError
    if own is not None:
        spans, late = _until_entry(spans, own)
        maybe = union_spans(maybe, late)
        meaning.doubts.extend((note.start, note.end) for note in entries)
    elif entries:
        raise UnclearError
    return StatedHours(one.period, spans, maybe, (one.start, one.end))


def _join_day(one: Statement) -> tuple[Span, ...] | None:
    """Return the spans in order, those from 6:00 to 6:00 as a whole day; None if they overlap."""
    spans = join_spans(one.spans)
    if spans and spans[0].start and spans[0].end - spans[0].start == DAY_MIN:
        return WHOLE_DAY if _is_every_day(one.period) else None
    return spans


def _until_entry(spans: tuple[Span, ...], minute: int) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Return the hours up to the last entry, and the time after it: one may stay, not come in.

    Raises
    ------
    UnclearError
        The minute is not within the last span.
    """
    last = spans[-1]
    at = last.end + minute if minute < 0 else minute
    if not last.start < at < last.end:
        raise UnclearError
    return (*spans[:-1], Span(last.start, at)), (Span(at, last.end),)
