"""The syntax of OSM ``opening_hours`` texts: check one, and split it into rules."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from opening_hours import OpeningHours, ParserError  # type: ignore[attr-defined]  # not in its stub

from geo.errors import InvalidHoursError

_POSITION: Final = re.compile(r"--> (\d+):(\d+)")
_RULE: Final = re.compile(r'((?:[^";,|]|"[^"]*"|,(?! )|\|(?!\|))+)')  # up to ; or ", " or ||
_SURE: Final = re.compile(r'((?:[^"|]|"[^"]*"|\|(?!\|))+)\|\|')  # up to the first ||
_COMMENT: Final = re.compile(r'"[^"]*"')
_SUN: Final = re.compile(r"\b(?:sunrise|sunset|dawn|dusk)\b", re.IGNORECASE)
_STATED: Final = re.compile(
    r"\d:\d\d|24/7|\b(?:open|off|closed|unknown)\b|\b(?:sun|dawn|dusk)", re.IGNORECASE
)


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
        Of opening-hours-py; ``str()`` gives the text back.

    Raises
    ------
    InvalidHoursError
        The text does not parse; the message names the position of the fault, 1 = first character.
    """
    try:
        return OpeningHours(_RULE.sub(_state_comment, text))
    except ParserError:
        pass
    try:
        return OpeningHours(text)
    except ParserError as error:
        found = _POSITION.search(str(error))
        at = int(found.group(2)) if found else 1
        msg = (
            f"opening hours {text!r} cannot be read from character {at} ({text[at - 1 :][:12]!r}); "
            "write them like Mo-Fr 08:30-12:00,13:30-17:00; Sa 09:00-12:00; PH off"
        )
        raise InvalidHoursError(msg) from error


@lru_cache(maxsize=4096)
def split_fallback(text: str) -> tuple[OpeningHours, bool]:
    """Return the rules before the first ``||``, and whether any follow it.

    The library judges a fallback by whole days, and its intervals over days with and without one
    disagree with its own single judgements; so it is not asked about them.

    Raises
    ------
    InvalidHoursError
        The text does not parse, fallback included.
    """
    whole = check_hours(text)
    sure = _SURE.match(text)
    return (check_hours(sure.group(1)), True) if sure else (whole, False)


def depends_on_sun(text: str) -> bool:
    """Return True if a text names sunrise, sunset, dawn or dusk outside its comments.

    The library takes them for 07:00 and 19:00 on every day of the year where it knows no place,
    and a place would switch on its own calendar.

    Raises
    ------
    InvalidHoursError
        The text is not valid syntax.
    """
    check_hours(text)
    return _SUN.search(_COMMENT.sub("", text)) is not None


def _state_comment(found: re.Match[str]) -> str:
    """Write ``unknown`` before the comment of a rule that states neither times nor a state."""
    rule = found.group(0)
    before, quote, after = rule.partition('"')
    if not quote or _STATED.search(before) or _STATED.search(after.rpartition('"')[2]):
        return rule
    return f"{before}unknown {quote}{after}"
