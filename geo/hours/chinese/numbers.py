"""Numbers up to 99, in digits or in Chinese."""

from __future__ import annotations

import re
from typing import Final

NUMBER: Final = (
    "(?:[0-9]{1,2}|[二三四五六七八九]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?"
    "|[零〇]?[一二两三四五六七八九]|[零〇])"
)
NUMBERS: Final = re.compile(NUMBER)
_DIGITS: Final = {"零": 0, "〇": 0, "两": 2} | {  # noqa: RUF001 - a Chinese zero
    char: i for i, char in enumerate("一二三四五六七八九", 1)
}


def number_of(text: str) -> int:
    """Return the number that a text of digits (09) or Chinese numerals (廿四) stands for."""
    if text.isdecimal():
        return int(text)
    if "十" not in text and "廿" not in text:
        return int("".join(str(_DIGITS[char]) for char in text))
    tens, _, ones = text.replace("廿", "二十").partition("十")
    return 10 * (number_of(tens) if tens else 1) + (number_of(ones) if ones else 0)
