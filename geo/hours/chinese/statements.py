"""From items to statements: periods joined, closures and exceptions bound, hours in order."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from geo.hours.chinese.order import AND, COMMA, HOURS, bind_hours
from geo.hours.chinese.period import Period, also, within
from geo.hours.chinese.settle import settle
from geo.hours.chinese.statement import Statement, UnclearError

if TYPE_CHECKING:
    from geo.hours.chinese.items import Item


_KINDS_BEFORE: Final = {
    "except": "except",
    "off_label": "off",
    "including": "normal",
    "some": "unsure",
}
_KINDS_AFTER: Final = {
    "notice": "unsure",
    "no_rest": "normal",
    "besides": "except",
    "suspended": "off",
}
_MOST: Final = 5  # days of a week
_FACTS: Final = frozenset({"off", "notice", "normal", "half_off", "no_rest"})


def make_statements(items: tuple[Item, ...]) -> tuple[list[Statement], list[Item]]:
    """Return the statements of items in the order of the words, and the items that are notes.

    Raises
    ------
    UnclearError
        The items fit no order of periods and hours.
    """
    if any(item.kind in {"doubt", "closes"} for item in items):
        raise UnclearError
    items = settle(items)
    _require_notes_apart(items)
    notes = [
        item for item in items if item.kind in {"note", "last_entry", "break", "no_rest", "ignore"}
    ]
    _require_only_periods(items)
    row = [item for item in items if item.kind not in {"note", "only"}]
    row = _join_periods(_name_unsure(_without_plain_openings(row)))
    facts, row = _bind_facts(row)
    return sorted(facts + bind_hours(row), key=lambda one: one.start), notes


def _require_notes_apart(items: tuple[Item, ...]) -> None:
    """Check that no note stands beside hours as if they were its own (24小时热水).

    Raises
    ------
    UnclearError
        One does.
    """
    for before, after in pairwise(items):
        kinds = (before.kind, after.kind)
        gap = COMMA if "always" in kinds or before.kind == "note" else 1
        if "note" in kinds and set(kinds) & {*HOURS, "opens", "label"} and after.gap < gap:
            raise UnclearError


def _require_only_periods(items: tuple[Item, ...]) -> None:
    """Check that 仅 is said of a period: 仅工作日, not 仅对会员开放.

    Raises
    ------
    UnclearError
        It is said of something else.
    """
    for item, following in pairwise((*items, None)):
        if item and item.kind == "only" and (following is None or following.kind != "period"):
            raise UnclearError


def _without_plain_openings(row: list[Item]) -> list[Item]:
    """Return the row without the 开放 of 全年开放."""
    return [
        item
        for before, item in zip([None, *row], row, strict=False)
        if not (item.kind == "opens" and before and before.kind == "period" and before.period.every)
    ]


def _name_unsure(row: list[Item]) -> list[Item]:
    """Return the row with the hours before a 不详 named "maybe"."""
    named: list[Item] = []
    for item in row:
        hours = 0
        while item.kind == "notice" and hours < len(named):
            before = named[-1 - hours]
            if (
                before.kind != "hours"
                or before.group != item.group
                or (hours == 0 and item.gap > 1)
            ):
                break
            hours += 1
        if hours:
            named[-hours:] = [replace(one, kind="maybe") for one in named[-hours:]]
        else:
            named.append(item)
    return named


def _join_periods(row: list[Item]) -> list[Item]:
    """Return the row with neighbouring periods made one: lists, and ones that narrow another."""
    joined: list[Item] = []
    for place, item in enumerate(row):
        one = joined[-1] if joined else None
        both = (
            _both(joined, item, is_list=_is_list(row, place))
            if one and one.kind == item.kind == "period"
            else None
        )
        if both and one:
            joined[-1] = replace(one, end=item.end, period=both)
        else:
            joined.append(item)
    return joined


def _is_list(row: list[Item], place: int) -> bool:
    """Return True for one of the days listed behind hours, with nothing behind: （周五，周六）."""
    group = row[place].group
    if group:
        return all(item.kind == "period" for item in row if item.group == group)
    first = place
    while first and row[first - 1].kind == "period":
        first -= 1
    return row[first].gap < COMMA and all(item.kind == "period" for item in row[place:])


def _both(joined: list[Item], item: Item, *, is_list: bool) -> Period | None:
    one = joined[-1]
    if one.group != item.group:
        return within(one.period, item.period) if item.group else None
    before = joined[-2].kind if len(joined) > 1 else ""
    follows_hours = before in HOURS or before == "last_entry"
    if item.gap >= COMMA and follows_hours and not is_list:
        return None
    listed = also(one.period, item.period) if item.gap <= COMMA else None
    if listed or item.gap == AND or (item.period.every and item.gap > AND):
        return listed
    return within(one.period, item.period)


def _bind_facts(row: list[Item]) -> tuple[list[Statement], list[Item]]:
    """Take closures, exceptions and uncertainties with their periods out of the row.

    Raises
    ------
    UnclearError
        One of them has no period, and is not about everything.
    """
    facts: list[Statement] = []
    left: list[Item] = []
    place = 0
    while place < len(row):
        taken = _fact(row, place, after_off=bool(facts) and _is_last_off(facts, left))
        if taken:
            fact, place = taken
            facts.append(fact)
        else:
            left.append(row[place])
            place += 1
    return facts, left


def _is_last_off(facts: list[Statement], left: list[Item]) -> bool:
    """Return True if the last thing said was a closure."""
    after = [item for item in left if item.start > facts[-1].start and item.kind in HOURS]
    return facts[-1].kind in {"off", "half_off"} and not after


def _fact(row: list[Item], place: int, *, after_off: bool) -> tuple[Statement, int] | None:
    """Return what is said of a period at a place of the row, and the place behind it."""
    item = row[place]
    following = row[place + 1 : place + 4]
    if item.kind == "period":
        one = following[0] if following else None
        _require_own_day(row, place)
        fact = _said_after(item, one, following, after_off=after_off) if one else None
        return (fact, place + 2) if fact else None
    if not following or following[0].kind != "period":
        return None
    kinds = [one.kind for one in following]
    size = _size_after(item.kind, kinds)
    kind = _KINDS_BEFORE.get(item.kind)
    if kind is None or (item.kind == "some" and following[0].gap >= COMMA):
        return None
    end = following[size - 1].end
    fact = Statement(kind, following[0].period, item.start, end, after_off=after_off)
    return fact, place + size + 1


def _require_own_day(row: list[Item], place: int) -> None:
    """Check that a closed day is not one of a list behind the hours.

    Raises
    ------
    UnclearError
        It may be: 9:00-17:00 周一，周二休息.
    """
    before = [item for item in row[:place] if item.kind in {*HOURS, "period"}]
    last = before[-1] if before else None
    is_list = last and last.kind == "period" and [item.kind for item in before].count("period") == 1
    days = last.period.weekdays() if last and is_list else frozenset()
    is_off = len(row) > place + 1 and row[place + 1].kind == "off"
    is_near = row[place].gap <= COMMA and row[place].group == 0
    if is_off and is_near and last and not last.group and len(before) > 1 and 0 < len(days) < _MOST:
        raise UnclearError


def _said_after(
    item: Item, one: Item, following: list[Item], *, after_off: bool
) -> Statement | None:
    """Return what the item behind a period says of it: 周一闭馆, 节假日除外.

    Raises
    ------
    UnclearError
        Hours follow, and it is not clear of which days: 周末正常开放 9:00-17:00.
    """
    kind = _KINDS_AFTER.get(one.kind, one.kind)
    if one.kind == "opens" and after_off and item.group and item.period.holidays:
        kind = "normal"  # 周一闭馆（节假日开放）
    is_fact = (
        kind == "normal" or one.kind in _FACTS or (one.kind == "suspended" and item.period.is_dated)
    )
    is_near = one.gap <= COMMA and (not item.group or one.group == item.group)
    if not ((is_fact and is_near) or (one.kind == "besides" and one.gap < COMMA)):
        return None
    hours = following[1] if len(following) > 1 and following[1].kind in HOURS else None
    if kind == "normal" and hours and hours.gap < COMMA:
        raise UnclearError
    after_off = after_off and kind in {"except", "normal"}
    return Statement(kind, item.period, item.start, one.end, half=one.half, after_off=after_off)


def _size_after(kind: str, kinds: list[str]) -> int:
    """Return how many items behind 除, 闭馆日, 含 or 每月第一个 belong to it."""
    if kind == "except":
        return _exception_size(kinds)
    follows = kinds[1] if len(kinds) > 1 else ""
    return 2 if kind == "some" and follows in {*_FACTS, *HOURS, "opens"} else 1


def _exception_size(kinds: list[str]) -> int:
    """Return how many items after 除 belong to it: a period, 闭馆, 外."""
    size = 1
    if kinds[size : size + 1] == ["off"]:
        size += 1
    if kinds[size : size + 1] == ["besides"]:
        size += 1
    return size
