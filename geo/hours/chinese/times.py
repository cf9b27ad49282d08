"""Read times of day from tokens: 9:00-17:00, 上午9点半到下午5点, 8:30开馆，17:30闭馆.

Each reader tries one thing at the present token and leaves the place to its caller if it fails.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from geo.hours.chinese.clock import UNSAID, Clock, Span, minute_of, read_span
from geo.hours.chinese.items import Cursor
from geo.hours.chinese.numbers import NUMBERS, number_of

if TYPE_CHECKING:
    from geo.hours.chinese.tokens import Token


HALVES: Final = frozenset(
    {"dawn", "morning", "noon", "afternoon", "dusk", "night", "midnight", "ampm"}
)
_TIMES: Final = frozenset({"clock", "hour", "dotted"})
_DAYS: Final = frozenset(
    {"weekdays", "weekend", "workday", "plain_day", "holiday", "festival", "date", "dotted_date"}
)
_MIDNIGHT_H: Final = 12  # 夜里12点到凌晨5点: the same night every day
_YEARS: Final = range(1900, 2100)
_JOINTS: Final = frozenset({"space", "colon", "stop", "comma", "opens", "label", "left"})


class TimeReader(Cursor):
    """Reads times of day."""

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        super().__init__(tokens)
        self.ampm_first = _ampm_first(tokens)
        self.names_days = any(token.kind in _DAYS for token in tokens)

    def _span(self) -> Span | None:
        for reader in (
            self._early_late,
            self._compact,
            self._opens_closes,
            self._opening_closing,
            self._from_to,
        ):
            place = self.place
            span = reader()
            if span:
                return span
            self.place = place
        return None

    def _extension(self) -> Span | None:
        """Read 延长至20:00: the beginning is that of the usual hours."""
        if not self._take("extend"):
            return None
        end = self._clock(is_start=False)
        minute = minute_of(end) if end else None
        return Span(UNSAID, minute) if minute else None

    def _early_late(self) -> Span | None:
        token = self._take("early_late")
        if not token:
            return None
        first, last = (number_of(number) for number in NUMBERS.findall(token.text))
        return read_span(Clock(first, 0, "morning"), Clock(last, 0, "night"))

    def _compact(self) -> Span | None:
        token = self._take("compact")
        if not token:
            return None
        first, last = re.findall("[0-9]{4}", token.text)
        if all(int(number) in _YEARS for number in (first, last)):  # 2015-2020
            return None
        return read_span(
            Clock(int(first[:2]), int(first[2:]), "", True),  # noqa: FBT003 - a NamedTuple's field
            Clock(int(last[:2]), int(last[2:]), "", True),  # noqa: FBT003 - a NamedTuple's field
        )

    def _from_to(self) -> Span | None:
        first = self._clock(is_start=True)
        if first is None:
            return None
        self._skip("space")
        is_early_late = first.half == "morning" and self._kind() == "night"  # 早8点晚8点
        if not self._take("dash") and not is_early_late:
            return None
        self._skip("space", "dash")
        last = self._clock(is_start=False)
        if first.half == "night" and last and last.half == "dawn" and not self.names_days:
            first = first._replace(half="dawn") if first.hour == _MIDNIGHT_H else first
        return read_span(first, last) if last else None

    def _opens_closes(self) -> Span | None:
        """Read 8:30开馆，17:30闭馆 and 8:00开放至20:00."""
        first = self._clock(is_start=True)
        self._skip("space")
        if first is None or not self._take("opens"):
            return None
        self._skip("space", "comma", "stop")
        is_range = self._take("dash") is not None
        last = self._clock(is_start=False)
        self._skip("space")
        is_end = last and (self._take("off", "closes") or is_range)
        return read_span(first, last) if last and is_end else None

    def _opening_closing(self) -> Span | None:
        """Read 开馆9:00 闭馆17:00."""
        if not self._take("opens"):
            return None
        self._skip("space", "colon", "label")
        first = self._clock(is_start=True)
        self._skip("space", "comma", "stop")
        if first is None or not self._take("off", "off_label", "closes"):
            return None
        self._skip("space", "colon", "label")
        last = self._clock(is_start=False)
        return read_span(first, last) if last else None

    def _clock(self, *, is_start: bool) -> Clock | None:
        """Read a time with the words before it (次日, 下午, AM) or the PM after it."""
        is_next_day = self._take("next_day") is not None
        self._skip("space", "filler")
        half = self._half()
        token = self._take("clock", "hour", "dotted")
        if token is None:
            token = self._bare_hour(half, is_start=is_start)
        if token is None:
            return None
        if not self.ampm_first:
            half = self._half_after() or half
        return _clock_of(token, half, is_next_day=is_next_day)

    def _half(self) -> str:
        """Read 下午 and what may stand between it and its time."""
        place = self.place
        token = self._take(*HALVES) if self.ampm_first or self._kind() != "ampm" else None
        if token is None:
            return ""
        self._skip(*_JOINTS)
        if self._kind() not in {*_TIMES, "number"}:
            self.place = place
            return ""
        return half_of(token)

    def _half_after(self) -> str:
        place = self.place
        self._skip("space")
        token = self._take("ampm")
        if token is None:
            self.place = place
            return ""
        return half_of(token)

    def _bare_hour(self, half: str, *, is_start: bool) -> Token | None:
        """Read the 9 of 9-17点, 上午9-11:30 and 早9-晚9."""
        token = self._take("number")
        if token is None:
            return None
        if not self.ampm_first and self._kind() == "ampm":  # 9am
            return token
        if not is_start:
            return token if half else None
        place = self.place
        self._skip("space")
        dash = self._take("dash")
        self._skip("space")
        follows = self._kind()
        self.place = place
        if dash and (follows == "hour" or (half and follows in {"clock", *HALVES})):
            return token
        return None


def _clock_of(token: Token, half: str, *, is_next_day: bool) -> Clock:
    """Return the time of a token: 9:00, 九点半, 8.30, 9."""
    text = token.text.replace(" ", "")
    numbers = [number_of(number) for number in NUMBERS.findall(text.replace("刻", ""))]
    minute = numbers[1] if len(numbers) > 1 else 0
    if "半" in text:
        minute = 30
    elif "刻" in text:
        minute *= 15
    padded = text[0] == "0" and text[1:2].isdigit()
    is_spoken = not text.isdecimal() and text[-1] not in "0123456789"
    return Clock(numbers[0], minute, half, padded, is_next_day, is_spoken)


def half_of(token: Token) -> str:
    """Return the part of the day that a word stands for."""
    if token.kind != "ampm":
        return token.kind
    return "am" if token.text.startswith("a") else "pm"


def _ampm_first(tokens: tuple[Token, ...]) -> bool:
    """Return True if AM stands before its time, judged by the first."""
    kinds = [token.kind for token in tokens if token.kind in {"ampm", "number", *_TIMES}]
    return "ampm" in kinds and kinds.index("ampm") == 0
