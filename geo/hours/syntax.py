"""The syntax of OSM ``opening_hours`` texts: check one, and say what was probably meant."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from opening_hours import OpeningHours, ParserError  # type: ignore[attr-defined]  # not in its stub

from geo.errors import InvalidHoursError

_POSITION: Final = re.compile(r"--> (\d+):(\d+)")
_RULE: Final = re.compile(r'((?:[^";,|]|"[^"]*"|,(?! )|\|(?!\|))+)')  # up to ; or ", " or ||
_STATED: Final = re.compile(
    r"\d:\d\d|24/7|\b(?:open|off|closed|unknown)\b|\b(?:sun|dawn|dusk)", re.IGNORECASE
)
_DAY: Final = r"\b(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH)\b"
_LOOSE_LIST: Final = re.compile(rf"({_DAY}), (?={_DAY})")  # the library ends a rule there
_DASHES: Final = re.compile(r"\s*(?:[‐-―−~～〜－]|--|-|\bto\b)+\s*", re.IGNORECASE)  # noqa: RUF001
_DAY_NAMES: Final = tuple(
    (re.compile(rf"\b{short}[a-z]*\b\.?", re.IGNORECASE), short)
    for short in ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
)
_HOUR: Final = re.compile(r"(?<![\d:/])(\d{1,2})(?:[:.h](\d{2}))?(?![\d:/])")


@lru_cache(maxsize=4096)
def check_hours(text: str) -> OpeningHours:
    """Return the parsed ``opening_hours`` text.

    A rule that is only a comment (``"by appointment"``) gets the state ``unknown``: the library
    would evaluate it as open. No country is given to the library: day types are ours to say.

    Parameters
    ----------
    text : str
        OSM ``opening_hours`` syntax; not empty.

    Returns
    -------
    OpeningHours
        Of opening-hours-py; ``str()`` gives the text in one canonical spelling.

    Raises
    ------
    InvalidHoursError
        The text does not parse; the message names the position of the fault, 1 = first character,
        and what was probably meant.
    """
    if not text.isprintable():
        at = next(place for place, letter in enumerate(text, 1) if not letter.isprintable())
        msg = f"opening hours {text!r}: character {at} cannot be printed; remove it"
        raise InvalidHoursError(msg, at)
    try:
        return OpeningHours(_RULE.sub(_state_comment, _LOOSE_LIST.sub(r"\1,", text)))
    except ParserError:
        pass
    try:
        return OpeningHours(text)
    except ParserError as error:
        found = _POSITION.search(str(error))
        at = int(found.group(2)) if found else 1
        meant = _tidied(text)
        hint = f"did you mean {meant}?" if meant else "write them like"
        example = "" if meant else " Mo-Fr 08:30-12:00,13:30-17:00; Sa 09:00-12:00; PH off"
        msg = (
            f"opening hours {text!r} cannot be read from character {at} ({text[at - 1 :][:12]!r}); "
            f"{hint}{example}"
        )
        raise InvalidHoursError(msg, at, meant) from error


def _state_comment(found: re.Match[str]) -> str:
    """Write ``unknown`` before the comment of a rule that states neither times nor a state."""
    rule = found.group(0)
    before, quote, after = rule.partition('"')
    if not quote or _STATED.search(before) or _STATED.search(after.rpartition('"')[2]):
        return rule
    return f"{before}unknown {quote}{after}"


def _tidied(text: str) -> str:
    """Return a text in which usual slips are mended, if it is valid then; else ""."""
    tidy = unicodedata.normalize("NFKC", text).strip(" ;,。")
    tidy = _DASHES.sub("-", tidy).replace("、", ",").replace(":", ":")
    for name, short in _DAY_NAMES:
        tidy = name.sub(short, tidy)
    tidy = re.sub(rf"({_DAY}):(?= )", r"\1", tidy)  # Mo-Fr: 08:00
    tidy = re.sub(r"\s*;\s*", "; ", re.sub(r"\s*,\s*", ",", tidy))
    if not re.search(r"[A-Z][a-z]{2} \d", tidy):  # a number after a month is a day
        tidy = _HOUR.sub(lambda hour: f"{int(hour[1]):02d}:{hour[2] or '00'}", tidy)
    try:
        OpeningHours(tidy)
    except ParserError:
        return ""
    return tidy if tidy != text else ""
