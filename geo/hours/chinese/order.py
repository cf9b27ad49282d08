"""Which hours belong to which period, told from the order in which they stand.

Hours may stand behind their period (周一至周五 9:00-17:00) or before it (9:00-17:00（周一至周五）);
the row as a whole must fit one of these orders, else nothing is certain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from geo.hours.chinese.clock import NOON
from geo.hours.chinese.period import Period, within
from geo.hours.chinese.statement import Statement, UnclearError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geo.hours.chinese.clock import Span
    from geo.hours.chinese.items import Item


HOURS: Final = frozenset({"hours", "always", "throughout"})
COMMA: Final = 3  # gaps, as in Item
AND: Final = 2
_SILENT: Final = frozenset({"opens", "label", "only", "normal", "ignore"})
_ALWAYS: Final = frozenset({"always", "throughout"})
_MOST_DAYS: Final = 5
_ORDERS: Final = {
    "periods first": re.compile("(?:PH)+"),
    "hours first": re.compile("(?:HP)+"),
    "general first": re.compile("H(?:PH)*"),
}


@dataclass(frozen=True, slots=True)
class _Run:
    """Hours that stand together, and the period in brackets behind them."""

    letter: str  # "P" a period, "H" hours, "h" hours with their period behind them
    items: tuple[Item, ...]
    behind: Item | None = None
    entry: int | None = None
    pause: tuple[Span, ...] = ()
    maybe: tuple[Span, ...] = ()


def bind_hours(row: list[Item]) -> list[Statement]:
    """Return the statements of the hours in a row.

    Raises
    ------
    UnclearError
        Hours or periods stand alone, or in no order.
    """
    runs = _runs(row)
    _require_own_mornings([run for run in runs if run.letter == "h"])
    letters = "".join(run.letter for run in runs)
    done: list[Statement] = []
    while match := re.match("P?h", letters):
        before = runs[0].items[0] if match[0] == "Ph" else None
        done.append(_statement(before, runs[match.end() - 1]))
        runs, letters = runs[match.end() :], letters[match.end() :]
    if not letters:
        return done
    if _ORDERS["periods first"].fullmatch(letters):
        pairs = [(runs[i], runs[i + 1]) for i in range(0, len(runs), 2)]
    elif _ORDERS["hours first"].fullmatch(letters) and not done:
        pairs = [(runs[i + 1], runs[i]) for i in range(0, len(runs), 2)]
        _require_own_mornings(runs[::2])
        _require_nearer(runs[1::2], runs[2::2])
        _require_same_sentence(runs[1].items[0])
    elif _ORDERS["general first"].fullmatch(letters) and not done:
        done.append(_statement(None, runs[0]))
        pairs = [(runs[i], runs[i + 1]) for i in range(1, len(runs), 2)]
        _require_farther([run for run, _ in pairs], [run for _, run in pairs])
        _require_own_afternoons(runs[0], [run for _, run in pairs])
    else:
        raise UnclearError
    return done + [_statement(period.items[0], hours) for period, hours in pairs]


def _runs(row: list[Item]) -> list[_Run]:
    """Return the row as letters.

    Raises
    ------
    UnclearError
        Something stands where it says nothing, such as 开放 behind a weekend without hours.
    """
    runs: list[_Run] = []
    labels = 0
    for place, item in enumerate(row):
        last = runs[-1] if runs else None
        if item.kind == "period":
            labels = 0
            behind = last and last.letter == "H" and _is_behind(row, place)
            if last and behind:
                runs[-1] = replace(last, letter="h", behind=item)
            else:
                runs.append(_Run("P", (item,)))
        elif item.kind in {*HOURS, "maybe"}:
            _add_hours(runs, item, is_new=labels >= AND)
        elif item.kind in {"break", "last_entry"}:
            _add_limit(runs, item)
        else:
            labels += item.kind == "label"
            _require_silent(row, place)
    return runs


def _require_own_mornings(runs: list[_Run]) -> None:
    """Check that no hours before their period may share the morning of the ones before.

    Raises
    ------
    UnclearError
        They may: 8:00-12:00，15:00-18:00（5月-9月），14:30-17:30（10月-4月）.
    """
    mornings = False
    for run in runs:
        spans = [span for item in run.items for span in item.spans]
        if mornings and spans and spans[0].start >= NOON[0]:
            raise UnclearError
        mornings = mornings or (len(spans) > 1 and spans[0].start < NOON[0])


def _require_own_afternoons(general: _Run, others: list[_Run]) -> None:
    """Check that general hours are no morning that all periods share.

    Raises
    ------
    UnclearError
        They may be: 8:00-12:00，夏季15:00-18:00，冬季14:30-17:30.
    """
    ends = [span.end for item in general.items for span in item.spans]
    starts = [run.items[0].spans[0].start for run in others if run.items[0].spans]
    if ends and max(ends) <= NOON[1] and starts and max(starts) >= NOON[0]:
        raise UnclearError


def _add_hours(runs: list[_Run], item: Item, *, is_new: bool) -> None:
    """Add hours to the run they stand in, or as a new one.

    Raises
    ------
    UnclearError
        Hours that are not certain stand in brackets of their own.
    """
    last = runs[-1] if runs else None
    if item.kind == "maybe":
        if last and last.letter in "Hh":
            runs[-1] = replace(last, maybe=last.maybe + item.spans)
        elif item.group:
            raise UnclearError
        else:
            runs.append(_Run("H", (replace(item, spans=()),), maybe=item.spans))
    elif last and last.letter == "H" and not is_new:
        runs[-1] = replace(last, items=(*last.items, item))
    else:
        runs.append(_Run("H", (item,)))


def _add_limit(runs: list[_Run], item: Item) -> None:
    """Give a break or a last entry to the hours before it.

    Raises
    ------
    UnclearError
        It stands behind a period, or a last entry before all hours.
    """
    last = runs[-1] if runs else None
    if (last and last.letter == "P") or (last is None and item.kind == "last_entry"):
        raise UnclearError
    if last and item.kind == "last_entry":
        runs[-1] = replace(last, entry=item.minute)
    elif last and item.group and item.spans:
        runs[-1] = replace(last, pause=last.pause + item.spans)


def _is_behind(row: list[Item], place: int) -> bool:
    """Return True if a period in brackets belongs to the hours before them."""
    group = row[place].group
    others = [item for item in row if item.group == group and item.kind in HOURS]
    return bool(group) and not others


def _require_silent(row: list[Item], place: int) -> None:
    item = row[place]
    before = row[place - 1] if place else None
    after = row[place + 1].kind if place + 1 < len(row) else ""
    names_days = before is not None and before.kind == "period" and before.period.has_days
    is_alone = item.kind == "opens" and names_days and after not in {*HOURS, "label"}
    if is_alone or item.kind not in {*_SILENT, "no_rest"}:
        raise UnclearError


def _require_nearer(periods: Iterable[_Run], hours: Iterable[_Run]) -> None:
    """Check that each period stands no farther from its hours before than from the next ones.

    Raises
    ------
    UnclearError
        One stands nearer to the next.
    """
    for period, following in zip(periods, hours, strict=False):
        if period.items[0].gap > following.items[0].gap:
            raise UnclearError


def _require_same_sentence(period: Item) -> None:
    """Check that a period behind hours is not a new sentence about a few days.

    Raises
    ------
    UnclearError
        It is: 9:00-17:00；周一.
    """
    days = period.period.weekdays()
    if period.gap > COMMA and days and len(days) < _MOST_DAYS:
        raise UnclearError


def _require_farther(periods: Iterable[_Run], hours: Iterable[_Run]) -> None:
    """Check that each period stands nearer to its hours behind than to the ones before.

    Raises
    ------
    UnclearError
        One does not.
    """
    for period, following in zip(periods, hours, strict=True):
        if period.items[0].gap <= following.items[0].gap:
            raise UnclearError


def _statement(before: Item | None, run: _Run) -> Statement:
    """Return hours with their period.

    Raises
    ------
    UnclearError
        The period before and the one behind do not fit, or the hours say two things.
    """
    period = before.period if before else Period()
    full = within(period, run.behind.period) if run.behind else period
    named = [item for item in (before, run.behind, *run.items) if item]
    kinds = {item.kind for item in run.items}
    if full is None or (kinds & _ALWAYS and not kinds <= _ALWAYS):
        raise UnclearError
    return Statement(
        "hours",
        full,
        min(item.start for item in named),
        max(item.end for item in named),
        spans=tuple(span for item in run.items for span in item.spans),
        is_always="always" in kinds,
        is_throughout=kinds == {"throughout"},
        entry=run.entry,
        pause=run.pause,
        maybe=run.maybe,
    )
