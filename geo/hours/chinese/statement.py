"""What was said of one period of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geo.hours.chinese.clock import Span
    from geo.hours.chinese.period import Period


class UnclearError(Exception):
    """More than one reading is possible, or none: nothing is certain."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What was said of one period."""

    kind: str  # "hours", "off", "unsure", "normal", "half_off", "except"
    period: Period
    start: int
    end: int
    spans: tuple[Span, ...] = ()
    is_always: bool = False  # 24小时
    is_throughout: bool = False  # 全天: from morning to evening, or 24 hours
    half: str = ""
    after_off: bool = False  # an exception from a closure: 周一闭馆（节假日除外）
    entry: int | None = None  # its own last entry
    pause: tuple[Span, ...] = ()  # its own break: 9:00-17:00（12:00-13:00休息）
    maybe: tuple[Span, ...] = ()  # hours that are not certain: 9:00-17:00（8:00-9:00不详）
