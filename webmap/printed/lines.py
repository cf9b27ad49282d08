"""Break text into lines of a given width, as Chinese and English are set."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_NOT_FIRST: Final = "、，。；：！？）》”’%,.;:!?)"
_NOT_LAST: Final = "（《“‘("  # noqa: RUF001 - as above
_WIDE: Final = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"  # Chinese characters and signs
_PIECE: Final = re.compile(
    rf"\s+|[{_NOT_LAST}]*(?:[{_WIDE}]|[^\s{_WIDE}{_NOT_LAST}]+)?[{_NOT_FIRST}]*"
)


def break_lines(text: str, room: float, width_of: Callable[[str], float]) -> list[str]:
    """Return a text in lines no wider than there is room.

    A line breaks at spaces and between Chinese characters, never before a closing sign or after
    an opening one; what has no such place, like a long address of the web, breaks anywhere.

    Parameters
    ----------
    text : str
        Line breaks in it are kept.
    room : float
        The widest a line may be; at least one character is set on each.
    width_of : callable
        The width of a text, in the unit of ``room``.

    Returns
    -------
    list of str
        Without spaces at their ends; ``[""]`` for an empty text.
    """
    return [line for part in text.split("\n") for line in _break_one(part, room, width_of)]


def _break_one(text: str, room: float, width_of: Callable[[str], float]) -> list[str]:
    lines, line = [], ""
    for piece in (found[0] for found in _PIECE.finditer(text) if found[0]):
        if width_of((line + piece).rstrip()) <= room:
            line += piece
            continue
        if line.strip():
            lines.append(line.strip())
        line = piece.lstrip()
        while len(line) > 1 and width_of(line) > room:
            fits = _fitting(line, room, width_of)
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line.strip()] if line.strip() or not lines else lines


def _fitting(text: str, room: float, width_of: Callable[[str], float]) -> int:
    """Return how many characters of a text fit, at least one."""
    fits = 1
    while fits < len(text) and width_of(text[: fits + 1]) <= room:
        fits += 1
    return fits
