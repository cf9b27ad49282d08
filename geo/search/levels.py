"""How good a hit is: less is better. Words of one question add up."""

from __future__ import annotations

from enum import IntEnum
from typing import Final, NamedTuple


class Of(IntEnum):
    """Which text of a thing."""

    NAME = 0
    ALIAS = 1
    AREA = 2
    ADDRESS = 3


class Levels(NamedTuple):
    """What a hit in one kind of text is worth, by where it stands."""

    inside: int
    word: int  # a word begins there
    begin: int  # the text, or its core
    core: int  # all of it without words for a station
    whole: int


MISS: Final = 0xFFFF
SIGNS: Final = {
    Of.NAME: Levels(4, 3, 2, 1, 0),
    Of.ALIAS: Levels(6, 6, 6, 5, 5),
    Of.AREA: Levels(7, 7, 7, 7, 7),
    Of.ADDRESS: Levels(8, 8, 8, 8, 8),
}
PINYIN: Final = {
    Of.NAME: Levels(12, 12, 11, 10, 10),
    Of.ALIAS: Levels(14, 14, 14, 13, 13),
    Of.AREA: Levels(15, 15, 15, 15, 15),
    Of.ADDRESS: Levels(16, 16, 16, 16, 16),
}
INITIALS: Final = {
    Of.NAME: Levels(22, 22, 21, 20, 20),
    Of.ALIAS: Levels(24, 24, 24, 23, 23),
}
PARTS: Final = 40  # more, where a word was found only in two parts
GUESS: Final = 80  # more, where a word was found only with a slip
