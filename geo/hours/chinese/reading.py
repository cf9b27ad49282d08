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
from geo.hours.syntax import check_hours

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
        if _OSM.fullmatch(words):
            return Reading(str(check_hours(words)) and words, "ok", "")
        meaning = judge(*make_statements(read_items(words)))
        osm = write_rules(meaning.rules)
        check_hours(osm)
    except (UnclearError, InvalidHoursError):
        return Reading("", "unknown", words.strip())
    pieces = [_quote(words, start, end) for start, end in sorted(set(meaning.doubts))]
    return Reading(osm, "partial" if pieces else "ok", "；".join(pieces))


def _quote(words: str, start: int, end: int) -> str:
    """Return a piece of the words, with the bracket that closes one inside it."""
    piece = words[start:end]
    following = words[end : end + 1]
    is_open = sum(map(piece.count, "（(")) > sum(map(piece.count, "）)"))
    return (piece + following if is_open and following in {"）", ")"} else piece).strip()
