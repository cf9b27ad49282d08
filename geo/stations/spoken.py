"""Hours that stand in words in a row: what they become, and what is said about it.

The owner's words are never lost: they stay, or go to ``hours_text``, and OSM text is put beside
them as far as they are certain. What is meant as OSM text and is none is refused instead.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from geo.errors import InvalidCellError, InvalidHoursError
from geo.hours import Reading, check_hours, intervals, read_hours
from geo.stations.cells import canonical_cell, show
from geo.stations.schema import FIELD_BY_NAME

if TYPE_CHECKING:
    from collections.abc import Mapping

HOURS: Final = ("hours", "hours_text", "self_hours")

_CHINESE: Final = re.compile("[\u3400-\u9fff]")
_OSM_WORD: Final = re.compile(
    r"\b(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH|off|week|easter|sunrise|sunset|dawn|dusk|"
    r"Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b"
)
_DAY: Final = re.compile(  # what spreadsheets make of 8-12 typed as hours
    r"(?:\d{4}[-/年])?(\d{1,2})[-/月](\d{1,2})日(?:\s*0?0:00(?::00)?)?|"
    r"\d{4}[-/](\d{1,2})[-/](\d{1,2})(?:[T ]0?0:00(?::00)?)?|[34]\d{4}(?:\.\d+)?"
)
_LOOSE_TIMES: Final = re.compile(r"(?=.*(?<![\d:])\d:\d\d)[\d:,; \-]+")  # 8:30-17:30, not 08:30
_MONTH: Final = dt.timedelta(days=28)
_MONTHS: Final = 27  # over two years


class Spoken(NamedTuple):
    """Words for hours, and what was read of them; ``row`` as in problems."""

    row: int
    field: str  # where the OSM text belongs: hours | self_hours
    words: str
    reading: Reading


class Remark(NamedTuple):
    """A problem of one field, before it has its row."""

    field: str
    code: str
    what: str
    severity: Literal["error", "warning"]


@dataclass(frozen=True)
class Settled:
    """The three fields of hours of one row as they are to be kept."""

    cells: dict[str, str]  # canonical; "" where empty or refused
    filled: tuple[str, ...]  # fields that were empty
    remarks: tuple[Remark, ...]
    spoken: tuple[tuple[str, str, Reading], ...]  # field, words, reading


def read_words(words: str) -> Reading:
    """Return what is certain of hours in words; unknown if it is nothing, or too long to keep."""
    if len(words) > FIELD_BY_NAME["hours_text"].max_length:
        return Reading("", "unknown", words)
    reading = read_hours(words)
    try:
        canonical_cell(FIELD_BY_NAME["hours"], reading.osm)
    except InvalidCellError:
        return Reading("", "unknown", words)
    return reading


def is_meant_as_osm(text: str) -> bool:
    """Return whether text that is no valid OSM text was meant to be: it has its words, in Latin."""
    if _CHINESE.search(text):
        return False
    if _OSM_WORD.search(text):
        return True
    try:
        check_hours(text)
    except InvalidHoursError as error:
        return bool(error.suggestion) and any(letter.isalpha() for letter in text)
    return False  # loose times


def settle_hours(cells: Mapping[str, str], *, read: bool = True) -> Settled:
    """Return what becomes of the cells ``hours``, ``hours_text`` and ``self_hours`` of a row.

    Parameters
    ----------
    cells : mapping of str to str
        The cells of a row as they stand; absent ones are empty.
    read : bool
        Whether words are read; if not, words in the place of OSM text are refused.

    Returns
    -------
    Settled
        Words in ``hours`` are read: what is certain becomes OSM text, the words go to an empty
        ``hours_text``. Words in ``hours_text`` beside empty ``hours`` are read as well. Words in
        ``self_hours`` must be read in full.
    """
    hours, words, self_hours = (cells.get(name, "") for name in HOURS)
    return _settle(hours, words, self_hours, read=read)


@lru_cache(maxsize=8192)  # many rows have the same hours
def _settle(hours: str, words: str, self_hours: str, *, read: bool) -> Settled:
    desk = _Desk()
    desk.put("hours_text", words)
    if read:
        desk.put_hours(hours)
        desk.put_self_hours(self_hours)
    else:
        desk.put("hours", hours)
        desk.put("self_hours", self_hours)
    return Settled(desk.cells, tuple(desk.filled), tuple(desk.remarks), tuple(desk.spoken))


class _Desk:
    """The three fields while they are settled."""

    def __init__(self) -> None:
        self.cells = dict.fromkeys(HOURS, "")
        self.filled: list[str] = []
        self.remarks: list[Remark] = []
        self.spoken: list[tuple[str, str, Reading]] = []

    def put(self, name: str, text: str) -> bool:
        """Put checked text into a field, or say why not; return whether it fitted."""
        try:
            self.cells[name] = canonical_cell(FIELD_BY_NAME[name], text)
        except InvalidCellError as fault:
            self.refuse(name, fault.code, str(fault))
            return False
        return True

    def put_hours(self, text: str) -> None:
        if not text.strip():
            if self.cells["hours_text"]:
                self._read_beside()
            return
        fault = fault_of("hours", text)
        if day := _DAY.fullmatch(text.strip()):
            self.refuse("hours", "date_in_hours", _told_date(text.strip(), day))
        elif fault is None:
            self.put("hours", text)
        elif fault.code != "not_hours" or is_meant_as_osm(text):
            self.refuse("hours", fault.code, str(fault))
        else:
            self._read_in_place(_clean(text), fault)

    def put_self_hours(self, text: str) -> None:
        fault = fault_of("self_hours", text) if text.strip() else None
        if fault is None:
            self.put("self_hours", text)
            return
        if fault.code != "not_hours" or is_meant_as_osm(text):
            self.refuse("self_hours", fault.code, str(fault))
            return
        words = _clean(text)
        reading = read_words(words)
        self.spoken.append(("self_hours", words, reading))
        if reading.status == "ok":
            self.cells["self_hours"] = reading.osm
            self.warn("self_hours", "read_hours", f"self_hours {_told(words, reading)}")
        else:
            what = f"self_hours {_told(words, reading)}; write them like 22:00-06:00"
            self.refuse("self_hours", "not_hours", what)

    def _read_beside(self) -> None:
        """Read the words of ``hours_text``, as ``hours`` is empty."""
        words = self.cells["hours_text"]
        reading = read_words(words)
        self.spoken.append(("hours", words, reading))
        if reading.osm:
            self.cells["hours"] = reading.osm
            self.filled.append("hours")
        if reading.status != "ok":
            code = "read_hours_partly" if reading.osm else "not_hours"
            self.warn("hours_text", code, f"hours_text {_told(words, reading)}")

    def _read_in_place(self, words: str, fault: InvalidCellError) -> None:
        """Read words that stand in ``hours``; without other words they become ``hours_text``."""
        reading = read_words(words)
        other = self.cells["hours_text"]
        if other and other != words and reading.status != "ok":
            what = f"hours {_told(words, reading)}; they do not fit beside hours_text {show(other)}"
            self.refuse("hours", "not_hours", f"{what}; keep one of the two")
            return
        if not other:
            if not self.put("hours_text", words):
                return
            self.filled.append("hours_text")
        self.spoken.append(("hours", words, reading))
        self.cells["hours"] = reading.osm
        if reading.osm:
            code = "read_hours" if reading.status == "ok" else "read_hours_partly"
            self.warn("hours", code, f"hours {_told(words, reading)}")
        else:
            self.warn("hours", fault.code, f"hours {_told(words, reading)}; kept as words only")

    def refuse(self, name: str, code: str, what: str) -> None:
        self.remarks.append(Remark(name, code, what, "error"))

    def warn(self, name: str, code: str, what: str) -> None:
        self.remarks.append(Remark(name, code, what, "warning"))


def fault_of(name: str, text: str) -> InvalidCellError | None:
    """Return why a cell is no OSM text; None if it is.

    Times alone with hours of one digit (``9:00-5:00``) are words: in OSM text that would be the
    night, but people mean the afternoon, or the one who typed them knows.
    """
    if _LOOSE_TIMES.fullmatch(text.strip()):
        return InvalidCellError(f"{name} {show(text)} is no OSM text", "not_hours")
    try:
        canonical_cell(FIELD_BY_NAME[name], text)
    except InvalidCellError as fault:
        return fault
    return None


def _clean(text: str) -> str:
    return " ".join(text.split())


def _told_date(text: str, day: re.Match[str]) -> str:
    """Return what a spreadsheet did to hours, and how to mend it."""
    ends = [part.lstrip("0") for part in day.groups() if part]
    meant = "-".join(ends)
    hint = f"it may have been typed {meant}; " if meant else ""
    what = f"hours {show(text)} is a date that the spreadsheet made of the hours; {hint}"
    return f"{what}set the column to text and type them as 8:00-12:00"


def _told(words: str, reading: Reading) -> str:
    """Return words and what was read of them."""
    if reading.status == "ok":
        return f"{show(words)} was read as {reading.osm}"
    if reading.osm:
        return f"{show(words)} was read in part, as {reading.osm}; not understood: {reading.rest}"
    return f"{show(words)} cannot be read"


@lru_cache(maxsize=8192)
def is_same_hours(one: str, other: str, year: int) -> bool:
    """Return whether two OSM texts have the same states throughout two years from ``year`` on.

    An empty text is the same as an empty one only.

    Raises
    ------
    InvalidHoursError
        One is not valid OSM text.
    """
    if one == other or not (one and other):
        return one == other
    if str(check_hours(one)) == str(check_hours(other)):
        return True
    start = dt.datetime(year, 1, 1)  # noqa: DTZ001 - hours are judged in local wall time
    months = (start + number * _MONTH for number in range(_MONTHS))
    return all(
        intervals(one, month, month + _MONTH) == intervals(other, month, month + _MONTH)
        for month in months
    )
