"""What the words of a query mean; each refusal names the parameter, what was given, the remedy."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from geo.coords import MAX_LAT, MAX_LON
from geo.errors import InvalidOptionError
from geo.zones import LOCAL_ZONE

if TYPE_CHECKING:
    from collections.abc import Collection

    from werkzeug.datastructures import MultiDict

    Query = MultiDict[str, str]
    Box = tuple[float, float, float, float]

_YES: Final = frozenset({"", "1", "true", "yes", "on"})  # "" : the bare word, ?no_phone
_NO: Final = frozenset({"0", "false", "no", "off"})
_LOST_PLUS: Final = re.compile(r" (\d\d:?\d\d)$")  # a query turns an unescaped + into a space
_YEARS: Final = range(1980, 2100)
_SHOWN: Final = 40  # characters of what was given that a refusal repeats


class BadParameterError(InvalidOptionError):
    """A parameter of the query is missing or cannot be used."""

    def __init__(self, message: str, parameter: str) -> None:
        super().__init__(message)
        self.parameter = parameter


def read_position(query: Query) -> tuple[float, float]:
    """Return ``lon``, ``lat`` in degrees.

    Raises
    ------
    BadParameterError
        One is missing, no number, or not on Earth; swapped ones are named as such.
    """
    lon, lat = _number(query, "lon"), _number(query, "lat")
    if abs(lat) > MAX_LAT:
        hint = "; are lon and lat swapped?" if abs(lon) <= MAX_LAT and abs(lat) <= MAX_LON else ""
        msg = f"lat {lat:g} is outside [-90, 90]{hint}"
        raise BadParameterError(msg, "lat")
    if abs(lon) > MAX_LON:
        msg = f"lon {lon:g} is outside [-180, 180]; give degrees east, WGS-84"
        raise BadParameterError(msg, "lon")
    return lon, lat


def read_box(query: Query, name: str = "bbox") -> Box | None:
    """Return west, south, east, north in degrees; None if not given.

    Raises
    ------
    BadParameterError
        Not four numbers, or not a box on Earth.
    """
    text = query.get(name)
    if text is None:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        west = south = east = north = math.nan
    fits = -MAX_LON <= west <= east <= MAX_LON and -MAX_LAT <= south <= north <= MAX_LAT
    if not fits:
        msg = f"{name} {_show(text)} is no box; give west,south,east,north in degrees"
        raise BadParameterError(msg, name)
    return west, south, east, north


def read_moment(query: Query, name: str) -> dt.datetime | None:
    """Return an ISO 8601 moment; without an offset it is on the stations' clock. None: not given.

    Raises
    ------
    BadParameterError
        It is no moment, or not in 1980-2099.
    """
    text = query.get(name)
    if not text:
        return None
    try:
        moment = dt.datetime.fromisoformat(_LOST_PLUS.sub(r"+\1", text))
    except ValueError:
        moment = None
    if moment is None or moment.year not in _YEARS:
        msg = (
            f"{name} {_show(text)} is no moment of 1980-2099; write it like 2026-01-31T04:30+08:00"
        )
        raise BadParameterError(msg, name)
    zone = ZoneInfo(LOCAL_ZONE)
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)


def read_count(query: Query, name: str, *, default: int, most: int) -> int:
    """Return a whole number from 1 to ``most``.

    Raises
    ------
    BadParameterError
        It is none.
    """
    text = query.get(name) or str(default)
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= most):
        msg = f"{name} {_show(text)} is not a whole number from 1 to {most}"
        raise BadParameterError(msg, name)
    return int(text)


def read_words(query: Query, name: str, known: Collection[str]) -> tuple[str, ...]:
    """Return words, each once, from a parameter that may be repeated or hold commas.

    Raises
    ------
    BadParameterError
        One is not among the ``known``.
    """
    parts = ",".join(query.getlist(name)).split(",")
    words = tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
    strange = [word for word in words if word not in known]
    if strange:
        msg = f"unknown {name} {_show(strange[0])}; use {', '.join(known)}"
        raise BadParameterError(msg, name)
    return words


def read_choice(query: Query, name: str, known: Collection[str], *, default: str) -> str:
    """Return one of the ``known`` words.

    Raises
    ------
    BadParameterError
        It is none of them.
    """
    word = query.get(name) or default
    if word not in known:
        msg = f"unknown {name} {_show(word)}; use {' or '.join(known)}"
        raise BadParameterError(msg, name)
    return word


def read_flag(query: Query, name: str) -> bool:
    """Return whether a flag is set, by its bare name or by 1, true, yes, on.

    Raises
    ------
    BadParameterError
        It is neither yes nor no.
    """
    text = query.get(name, "no").casefold()
    if text not in _YES | _NO:
        msg = f"{name} {_show(text)} is neither 1 nor 0"
        raise BadParameterError(msg, name)
    return text in _YES


def _number(query: Query, name: str) -> float:
    """Return a finite number.

    Raises
    ------
    BadParameterError
        It is missing or none.
    """
    text = query.get(name)
    if not text:
        msg = f"{name} is missing; give the position as lon and lat in degrees, WGS-84"
        raise BadParameterError(msg, name)
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        msg = f"{name} {_show(text)} is not a number of degrees such as 116.39"
        raise BadParameterError(msg, name)
    return number


def _show(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")
