"""From tokens to items: a recursive descent.

Each reader tries one thing at the present token, and gives its place back if it is something else.
What nothing reads becomes a ``doubt``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo.hours.chinese.clock import Span, minute_of
from geo.hours.chinese.dates import DateReader, name_dotted
from geo.hours.chinese.items import Item, make_item
from geo.hours.chinese.numbers import NUMBERS, number_of
from geo.hours.chinese.times import HALVES, TimeReader, half_of
from geo.hours.chinese.tokens import Token, read_tokens
from geo.hours.rules import DAY_MIN

if TYPE_CHECKING:
    from collections.abc import Callable


_GAPS: Final = {"space": 1, "and": 2, "comma": 3, "stop": 4, "left": 3, "right": 3, "bullet": 4}
_MIDDAY: Final = (660, 990)  # 11:00-16:30
_PLAIN_ITEMS: Final = frozenset(
    {
        "always", "throughout", "off", "off_label", "notice", "normal", "no_rest", "ignore", "note",
        "besides", "except", "only", "opens", "closes", "break", "last_entry", "label", "suspended",
        "including", "some", "night_note", "rest_off",
    }
)  # fmt: skip


def read_items(words: str) -> tuple[Item, ...]:
    """Return what words say, in order."""
    return tuple(_Reader(name_dotted(read_tokens(words))).read())


class _Reader(TimeReader, DateReader):
    """Reads everything."""

    def read(self) -> list[Item]:
        """Read all."""
        items: list[Item] = []
        gap, group, groups = 0, 0, 0
        while self.place < len(self.tokens):
            token = self.tokens[self.place]
            if token.kind in _GAPS or token.kind in {"colon", "filler"}:
                gap = max(gap, _gap(token))
                if token.kind == "left":
                    groups += 1
                    group = groups
                elif token.kind == "right":
                    group = 0
                self.place += 1
                continue
            items.append(self._item(token, gap, group))
            gap = 0
        return items

    def _item(self, token: Token, gap: int, group: int) -> Item:
        readers: tuple[Callable[[], Item | None], ...] = (
            self._read_hours,
            self._read_period,
            self._read_months,
            self._read_entry,
            self._read_half_off,
            self._read_word,
        )
        begin = self.place
        for reader in readers:
            found = reader()
            if found:
                end = self.tokens[self.place - 1].end
                return Item(
                    found.kind, token.start, end, gap, group,
                    found.period, found.spans, found.minute, found.half,
                )  # fmt: skip
            self.place = begin
        self.place += 1
        return Item("doubt", token.start, token.end, gap, group)

    def _read_hours(self) -> Item | None:
        """Read one span of times, and the word after it that makes it a break."""
        span = self._span() or self._extension()
        if span is None:
            return None
        place = self.place
        self._skip("space", "filler")
        is_pause = self._kind() == "off" or (self._kind() == "break" and _is_midday(span))
        if is_pause and self._kind(1) != "colon":
            self.place += 1
            return make_item("break", spans=(span,))
        self.place = place
        return make_item("hours", spans=(span,))

    def _read_entry(self) -> Item | None:
        """Read 16:30停止入馆 and 闭馆前30分钟停止入馆."""
        if token := self._take("before_end"):
            return make_item("last_entry", minute=-_minutes_before(token.text))
        label = self._take("last_entry")
        self._skip("space", "colon", "filler")
        clock = self._clock(is_start=False)
        self._skip("space", "filler", "comma") if label is None else None
        if clock is None or not (label or self._take("last_entry")):
            return None
        minute = minute_of(clock)
        return make_item("last_entry", minute=minute) if minute else None

    def _read_half_off(self) -> Item | None:
        """Read 下午闭馆."""
        token = self._take(*HALVES)
        self._skip("space", "filler")
        if token and self._take("off"):
            return make_item("half_off", half=half_of(token))
        if token and self._take("opens"):  # in the morning, but from when?
            return make_item("notice")
        return None

    def _read_word(self) -> Item | None:
        kind = self._kind()
        if kind == "break":
            self.place += 1
            place = self.place
            self._skip("space", "colon", "filler")
            span = self._span()
            if span is None:
                self.place = place
            return make_item("break", spans=(span,) if span else ())
        if kind in _PLAIN_ITEMS and kind != "last_entry":
            self.place += 1
            return make_item(kind)
        return None


def _gap(token: Token) -> int:
    is_list = token.kind == "comma" and set(token.text) <= set("/&+")
    return 2 if is_list else _GAPS.get(token.kind, 0)


def _is_midday(span: Span) -> bool:
    """Return True if a span can be a rest at noon (in the far west at 14:00)."""
    return _MIDDAY[0] <= span.start and span.end <= _MIDDAY[1]


def _minutes_before(text: str) -> int:
    if "刻" in text:
        return 15
    if "半" in text:
        return 30
    if "小时" in text:
        return 60
    return number_of(NUMBERS.findall(text)[0]) % DAY_MIN
