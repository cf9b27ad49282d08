"""Which hours a sent form means: its words are read, and where words and OSM text differ it asks.

Nothing typed is replaced silently: the OSM text follows the words only where it had been read of
them, or where there was none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from flask_babel import gettext

from geo.errors import InvalidHoursError
from geo.stations.spoken import fault_of, is_meant_as_osm, is_same_hours, read_words
from webmap.forms.hours import say_osm, say_osm_fault, say_reading, say_unread
from webmap.moments import now

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.hours import Reading
    from webmap.forms.faults import Faults

_CHINESE: Final = re.compile("[\u3400-\u9fff]")
CHOICE: Final = "hours_choice"  # in a form: the answer to the question which text counts
BY_WORDS: Final = "words"
BY_OSM: Final = "osm"


class Typed(NamedTuple):
    """The three texts of hours."""

    words: str = ""
    osm: str = ""
    own: str = ""  # without staff

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> Typed:
        """Return those among the texts of a form."""
        return cls(texts["hours_text"], texts["hours"], texts["self_hours"])


class Option(NamedTuple):
    """One answer to the question which text counts."""

    value: str
    word: str


@dataclass
class Verdict:
    """The three texts to save, with what is to be said."""

    words: str
    osm: str
    own: str
    faults: Faults = field(default_factory=dict)
    news: list[str] = field(default_factory=list)
    question: tuple[Option, ...] = ()

    def cells(self) -> dict[str, str]:
        """Return the texts by field."""
        return {"hours_text": self.words, "hours": self.osm, "self_hours": self.own}


def judge_hours(typed: Typed, opened: Typed, stored: Typed, choice: str) -> Verdict:
    """Return which hours a form means.

    Parameters
    ----------
    typed : Typed
        What was sent.
    opened, stored : Typed
        The texts as the form showed them and as they are stored; empty for a new station.
    choice : {"words", "osm", ""}
        The answer to the question which text counts, if it was asked.
    """
    verdict = Verdict(*typed)
    _judge_words(verdict, opened, stored, choice)
    _judge_own(verdict, opened, stored)
    return verdict


def open_question(stored: Typed) -> tuple[Option, ...]:
    """Return the answers to offer for stored words that can be read, but do not count."""
    if stored.osm or not stored.words or not (reading := read_words(stored.words)).osm:
        return ()
    return (_by_words(reading),)


def _judge_words(verdict: Verdict, opened: Typed, stored: Typed, choice: str) -> None:
    """Settle words and OSM text of the hours with staff."""
    is_new_osm = verdict.osm != opened.osm
    if is_new_osm and verdict.osm and fault_of("hours", verdict.osm):
        if _take_as_words(verdict):
            _follow(verdict, read_words(verdict.words), had=False)
        return
    is_new_words = verdict.words != opened.words
    reading = read_words(verdict.words) if verdict.words else None
    if not is_new_osm and is_new_words and _follows(stored):
        _follow(verdict, reading, had=bool(stored.osm))
    elif is_new_osm and is_new_words and not verdict.osm:
        _follow(verdict, reading, had=False)
    elif reading and choice == BY_WORDS:
        _follow(verdict, reading, had=bool(stored.osm))
    elif reading and verdict.osm and choice != BY_OSM and (is_new_osm or is_new_words):
        unsure = is_new_words and not is_new_osm  # set by hand, for words that were others
        if (reading.status == "ok" or unsure) and not _is_same(verdict.osm, reading.osm):
            _ask(verdict, reading)


def _take_as_words(verdict: Verdict) -> bool:
    """Move words out of the field of OSM text, if their own field is free; else refuse them."""
    text = verdict.osm
    is_words = bool(_CHINESE.search(text) or read_words(text).osm) and not is_meant_as_osm(text)
    if not is_words or verdict.words not in {"", text}:
        verdict.faults["hours"] = [say_osm_fault(text)]
        return False
    verdict.words, verdict.osm = text, ""
    verdict.news.append(gettext("开放时间是用平常的话写的，已经挪到那一行。"))
    return True


def _follows(stored: Typed) -> bool:
    """Return whether the OSM text was read of the words, or there is none."""
    return not stored.osm or (
        bool(stored.words) and _is_same(stored.osm, read_words(stored.words).osm)
    )


def _follow(verdict: Verdict, reading: Reading | None, *, had: bool) -> None:
    """Take what is read of the words as OSM text, and say so."""
    verdict.osm = reading.osm if reading else ""
    if reading:
        verdict.news.append(_say_news(reading))
    elif had:
        verdict.news.append(gettext("开放时间空着，网页会写“时间不详”。"))


def _say_news(reading: Reading) -> str:
    """Return what was read, for the page after the form."""
    if reading.status == "ok":
        return gettext("开放时间读成：%(said)s。", said=say_osm(reading.osm))
    return " ".join([gettext("开放时间："), *say_reading(reading)])


def _ask(verdict: Verdict, reading: Reading) -> None:
    """Ask which of two texts counts."""
    verdict.faults["hours_text"] = [gettext("两种写法说的不一样，下面选一个。")]
    said = gettext("按网页能算的那一行：%(said)s", said=say_osm(verdict.osm))
    verdict.question = (_by_words(reading), Option(BY_OSM, said))


def _by_words(reading: Reading) -> Option:
    said = say_osm(reading.osm) if reading.osm else gettext("时间不详")
    return Option(BY_WORDS, gettext("按平常的话：%(said)s", said=said))


def _judge_own(verdict: Verdict, opened: Typed, stored: Typed) -> None:
    """Settle the hours without staff; words must be read in full, as they have no other place."""
    if verdict.own == opened.own:
        verdict.own = stored.own
        return
    if not verdict.own or fault_of("self_hours", verdict.own) is None:
        return
    if is_meant_as_osm(verdict.own):
        verdict.faults["self_hours"] = [say_osm_fault(verdict.own)]
        return
    reading = read_words(verdict.own)
    if reading.status != "ok":
        verdict.faults["self_hours"] = [say_unread(reading)]
        return
    verdict.own = reading.osm
    said = say_osm(reading.osm)
    verdict.news.append(gettext("没人值守的时间读成：%(said)s。", said=said))


def _is_same(one: str, other: str) -> bool:
    try:
        return is_same_hours(one, other, now().year)
    except InvalidHoursError:  # an older version stored it
        return False
