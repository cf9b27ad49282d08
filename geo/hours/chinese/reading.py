"""Read opening hours in Chinese words: what is certain as OSM text, the rest word for word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from geo.errors import InvalidHoursError
from geo.hours.chinese.grammar import read_items
from geo.hours.chinese.meaning import judge
from geo.hours.chinese.rules import write_rules
from geo.hours.chinese.statement import UnclearError
from geo.hours.chinese.statements import make_statements
from geo.hours.plain_rules import are_clear, read_rules
from geo.hours.syntax import check_hours

_MOST_CHARS: Final = 1000
_DAY: str = "(?:Mo|Tu|We|Th|Fr|Sa|Su|PH)"
_TIME: str = "[0-2][0-9]:[0-5][0-9]"
_OSM: Final = re.compile(  # plain OSM text is no Chinese, but it is certain
    f"(?:(?:^|; )(?!$){_DAY}(?:[-,]{_DAY})* (?:{_TIME}-{_TIME}(?:,{_TIME}-{_TIME})*|off))+"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of hours in words."""

    osm: str  # OSM opening_hours text of what is certain; "" if nothing is
    status: Literal["ok", "partial", "unknown"]
    rest: str  # what was not understood, word for word, pieces joined by "；"; "" if all was


@lru_cache(maxsize=8192)
def read_hours(words: str) -> Reading:
    """Return the certain part of opening hours in Chinese words; nothing is guessed.

    Parameters
    ----------
    words : str
        As people write them: ``周一至周五 上午8点半到12点、下午2点半至6点``. Any text at all.

    Returns
    -------
    Reading
        ``ok``: all was understood. ``partial``: the OSM text is certain, the rest may add to it or
        narrow it only where the text says ``unknown``. ``unknown``: nothing is certain.

    Examples
    --------
    >>> read_hours("周一到周五 8:30-18:30").osm
    'Mo-Fr 08:30-18:30'
    >>> read_hours("24小时响应")
    Reading(osm='', status='unknown', rest='24小时响应')
    """
    try:
        _require_few(words)
        if _OSM.fullmatch(words):
            return _read_osm(words)
        meaning = judge(*make_statements(read_items(words)))
        osm = write_rules(meaning.rules)
        check_hours(osm)
        _require_no_contradiction(osm)
    except (UnclearError, InvalidHoursError):
        return Reading("", "unknown", words.strip())
    pieces = [_quote(words, start, end) for start, end in _apart(meaning.doubts)]
    return Reading(osm, "partial" if pieces else "ok", "；".join(pieces))


def _require_few(words: str) -> None:
    """Check that words are no essay.

    Raises
    ------
    UnclearError
        They are.
    """
    if len(words) > _MOST_CHARS:
        raise UnclearError


def _require_no_contradiction(osm: str) -> None:
    """Check that no rule takes back what an earlier one says of the same days.

    Raises
    ------
    UnclearError
        One does.
    """
    if not are_clear(read_rules(osm)):
        raise UnclearError


def _read_osm(text: str) -> Reading:
    """Return plain OSM text as it is written here.

    Raises
    ------
    UnclearError
        It has no hours.
    InvalidHoursError
        It is not valid.
    """
    if ":" not in text:
        raise UnclearError
    check_hours(text)
    every_day = re.sub("(^|; )Mo-Su (?!off)", r"\1", text)
    return Reading("24/7" if every_day == "00:00-24:00" else every_day, "ok", "")


def _apart(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return places in order, the ones that overlap as one."""
    done: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if done and start < done[-1][1]:
            done[-1] = (done[-1][0], max(end, done[-1][1]))
        else:
            done.append((start, end))
    return done


def _quote(words: str, start: int, end: int) -> str:
    """Return a piece of the words, with the bracket that closes one inside it."""
    piece = words[start:end]
    following = words[end : end + 1]
    is_open = sum(map(piece.count, "（(")) > sum(map(piece.count, "）)"))
    return (piece + following if is_open and following in {"）", ")"} else piece).strip()
