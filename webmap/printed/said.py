"""A station in words that stay true on paper: nothing of today, only what is kept of it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple

from flask_babel import gettext

from geo import hours
from geo.nearest.arrival import wall_time
from geo.nearest.needs import amenity_hours, amenity_states
from geo.stations.status import is_in_use, reopens_at
from geo.vocab import load_vocab
from webmap.entry import say_entry
from webmap.moments import say_date
from webmap.preferences import language
from webmap.words import say_list, say_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from webmap.entry import Way


class Said(NamedTuple):
    """A text and the language it is written in: the owner's words are Chinese on every page."""

    text: str
    lang: str  # "zh" | "en" | "" where it is neither

    @property
    def parts(self) -> tuple[str, ...]:
        """The text with each of its statements by itself, as on the lines of a door sheet."""
        joint = "；" if self.lang == "zh" else ";"
        return tuple(part.strip() for part in self.text.split(joint) if part.strip())


class Group(NamedTuple):
    """Amenities that work, of one group of the vocabulary."""

    name: str
    words: tuple[str, ...]


class Station(NamedTuple):
    """What of a station is printed."""

    code: str
    name: str
    kind: str
    kind_word: str
    address: str
    area: str  # district and subdistrict
    hours: Said
    self_hours: Said | None  # without staff; None where there are none
    ways: tuple[Way, ...]
    groups: tuple[Group, ...]
    phone: str
    notice: str  # why it cannot be used at present; "" of one in use
    checked: str  # when it was last verified; "" if never

    @property
    def things(self) -> tuple[str, ...]:
        """The amenities of all groups."""
        return tuple(word for group in self.groups for word in group.words)


def say_station(row: Mapping[str, Any], at: dt.datetime) -> Station:
    """Put the public cells of a station into words; ``at``, aware, tells closures that are over."""
    return Station(
        code=row["code"],
        name=row["name"],
        kind=row["kind"],
        kind_word=say_word("kind", row["kind"]),
        address=row["address"],
        area=" ".join(part for part in (row["district"], row["subdistrict"]) if part),
        hours=_hours(row["hours"], row["hours_text"]),
        self_hours=_hours(row["self_hours"], "") if row["self_hours"] else None,
        ways=say_entry(row).ways,
        groups=_groups(row),
        phone=row["phone_public"],
        notice=_notice(row, at),
        checked=say_day(dt.date.fromisoformat(row["verified_on"])) if row["verified_on"] else "",
    )


def say_way(way: Way) -> str:
    """Say one of the ways in, on one line."""
    words = say_all(way.words)
    return say_titled(way.title, words) if way.title else words


def say_all(words: Iterable[str]) -> str:
    """Return words as one line; in English as a sentence begins, with one capital letter."""
    if language() == "zh":
        return say_list(words)
    said = say_list(word[:1].lower() + word[1:] if word[1:].islower() else word for word in words)
    return said[:1].upper() + said[1:]


def say_titled(title: str, text: str) -> str:
    """Return ``title: text``."""
    name = title if language() == "zh" else title[:1].upper() + title[1:]
    return gettext("%(title)s：%(text)s", title=name, text=text)


def say_day(date: dt.date) -> str:
    """Say a day with its year, as paper has to.

    Examples
    --------
    ``2026 年 3 月 9 日`` or ``9 Mar 2026``.
    """
    if language() == "zh":
        return f"{date.year} 年 {say_date(date)}"
    return f"{say_date(date)} {date.year}"


def _hours(osm: str, own: str) -> Said:
    """Say hours: the timetable in plain words, else the owner's words, else that nobody knows."""
    plain = hours.say_hours(osm, language()) if osm else ""
    if plain:
        return Said(plain, language())
    if own:
        return Said(own, "zh")
    if osm:
        return Said(osm, "")
    return Said(gettext("开放时间不详"), language())


def _groups(row: Mapping[str, str]) -> tuple[Group, ...]:
    """Return the amenities that are there and work, each with its own hours if they differ."""
    states, own = amenity_states(row["amenities"]), amenity_hours(row["amenity_hours"])
    groups: dict[str, list[str]] = {}
    for code, word in load_vocab("amenity").items():
        if states.get(code) == "yes":
            times = hours.say_hours(own[code], language()) or own[code] if code in own else ""
            said = say_word("amenity", code)
            text = gettext("%(what)s（%(times)s）", what=said, times=times) if times else said
            groups.setdefault(word.group, []).append(text)
    return tuple(
        Group(say_word("amenity_group", group), tuple(words)) for group, words in groups.items()
    )


def _notice(row: Mapping[str, str], at: dt.datetime) -> str:
    """Say that a station is not in use, and until when if that is known."""
    if is_in_use(row, at):
        return ""
    status, end = say_word("status", row["status"]), reopens_at(row["status"], row["status_until"])
    if end is None:
        return status
    return gettext("%(status)s，到 %(until)s", status=status, until=say_day(wall_time(end).date()))
