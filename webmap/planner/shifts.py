"""A shift in the planner's words: what it means, or what to write instead."""

from __future__ import annotations

import re
from typing import Final

from flask_babel import gettext

from geo.errors import InvalidHoursError
from geo.hours import read_hours
from geo.tracks import read_shift
from webmap.forms.hours import say_osm

_FIRST_HOUR: Final = re.compile(r"(?<![\d:：.])(\d{1,2})(?=\s*(?:点|时|:|：))")


def read_words(text: str) -> tuple[str, str]:
    """Return the OSM text of a shift, and what is wrong with it, "" if nothing is."""
    if not text:
        return "", gettext("写几点到几点，比如：周一到周五 早上4点到11点。")
    try:
        return read_shift(text), ""
    except InvalidHoursError:
        found = read_hours(text)
    if found.osm:
        said = say_osm(found.osm)
        return "", gettext("只读懂了：%(said)s；没读懂：%(rest)s。", said=said, rest=found.rest)
    if clear := _made_clear(text):
        return "", gettext("分不清是早上还是下午。是早上的话，写成：%(clear)s。", clear=clear)
    return "", gettext("没读懂。写成几点到几点，比如：周一到周五 早上4点到11点。")


def say_understood(shift: str) -> str:
    """Return how a shift, OSM text, was understood."""
    return str(gettext("我们读成：%(said)s。", said=say_osm(shift)))


def _made_clear(text: str) -> str:
    """Return the words with 早上 before the first hour, if they are understood then; else ""."""
    clear = _FIRST_HOUR.sub(r"早上\1", text, count=1)
    return clear if clear != text and read_hours(clear).status == "ok" else ""
