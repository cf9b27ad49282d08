"""Settle what needs the other items only: what is said twice, and notes that fit or do not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from geo.hours.chinese.clock import NOON
from geo.hours.chinese.rules import WHOLE_DAY
from geo.hours.chinese.statement import UnclearError

if TYPE_CHECKING:
    from geo.hours.chinese.items import Item

_ALWAYS: Final = frozenset({"always", "throughout"})
_HOURS: Final = frozenset({"hours", *_ALWAYS})


def settle(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Return items without those that only say again what others say.

    Raises
    ------
    UnclearError
        A card at night is spoken of, but the hours are not 24 hours.
    """
    row = _without_repeated_days([item for item in items if item.kind != "rest_off"])
    row = _without_closed_halves(row)
    hours = {item.kind for item in row if item.kind in _HOURS}
    if any(item.kind == "night_note" for item in row) and not hours <= _ALWAYS:
        raise UnclearError
    return tuple(replace(item, kind="note") if item.kind == "night_note" else item for item in row)


def _without_repeated_days(items: list[Item]) -> list[Item]:
    """Return 全天（0:00-24:00） as 24 hours."""
    row: list[Item] = []
    for item in items:
        last = row[-1] if row else None
        pair = (last, item)
        is_day = any(one and one.kind == "hours" and one.spans == WHOLE_DAY for one in pair)
        if last and is_day and any(one and one.kind in _ALWAYS for one in pair):
            row[-1] = replace(last, kind="always", end=item.end, spans=())
        else:
            row.append(item)
    return row


def _without_closed_halves(items: list[Item]) -> list[Item]:
    """Return items without the 下午闭馆 behind hours of mornings, or the reverse."""
    spans = [span for item in items for span in item.spans if item.kind == "hours"]
    shut = {
        "afternoon": all(span.end <= NOON[1] for span in spans),
        "morning": all(span.start >= NOON[0] for span in spans),
    }
    row: list[Item] = []
    for item in items:
        follows_hours = bool(row) and row[-1].kind in {"hours", "opens"}
        if not (item.kind == "half_off" and follows_hours and spans and shut.get(item.half)):
            row.append(item)
    return row
