"""What was said, one thing after the other, and the place of a reader in the tokens."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geo.hours.chinese.period import Period

if TYPE_CHECKING:
    from geo.hours.chinese.clock import Span
    from geo.hours.chinese.tokens import Token


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was said, where it stands in the words, and what stood before it."""

    kind: str  # "period", "hours", "doubt", or the kind of a token that stands for itself
    start: int
    end: int
    gap: int = 0  # 0 nothing, 1 space, 2 and, 3 comma or bracket, 4 full stop or a new line
    group: int = 0  # number of the bracket it stands in, 0 for none
    period: Period = field(default_factory=Period)
    spans: tuple[Span, ...] = ()
    minute: int = 0  # of a last entry: of the day, or before the end if negative
    half: str = ""


class Cursor:
    """A place in a row of tokens."""

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self.tokens = tokens
        self.place = 0

    def _kind(self, ahead: int = 0) -> str:
        place = self.place + ahead
        return self.tokens[place].kind if place < len(self.tokens) else ""

    def _take(self, *kinds: str) -> Token | None:
        if self._kind() in kinds:
            self.place += 1
            return self.tokens[self.place - 1]
        return None

    def _skip(self, *kinds: str) -> None:
        while self._kind() in kinds:
            self.place += 1


def make_item(
    kind: str,
    *,
    period: Period | None = None,
    spans: tuple[Span, ...] = (),
    minute: int = 0,
    half: str = "",
) -> Item:
    """Return an item whose place is not yet known."""
    return Item(kind, 0, 0, 0, 0, period or Period(), spans, minute, half)
