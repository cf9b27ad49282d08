"""How one gets into a station, as a visitor reads it: with its staff and without."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flask_babel import gettext

from geo.nearest.needs import phone_needed
from webmap.words import say_word

if TYPE_CHECKING:
    from collections.abc import Mapping


class Way(NamedTuple):
    """One of the two ways in: while there is staff, and without."""

    title: str  # "" where there is only one
    words: tuple[str, ...]


class EntryView(NamedTuple):
    """All that is known of the entry, and what nobody has verified."""

    ways: tuple[Way, ...]
    unknown: tuple[str, ...]


def say_entry(row: Mapping[str, str]) -> EntryView:
    """Put the entry of a station into words.

    Parameters
    ----------
    row : mapping of str to str
        Canonical cells.
    """
    staffed = dict(row) | {"self_hours": "", "self_entry_mode": ""}
    alone = staffed | {"entry_mode": row["self_entry_mode"], "needs_phone": ""}
    has_two = bool(row["self_entry_mode"] or row["self_hours"])
    ways = [Way(gettext("有人的时候") if has_two else "", _staffed(staffed))]
    if has_two:
        words = (*_modes(alone), *_phone(alone)) or (gettext("怎么进还没核实"),)
        ways.append(Way(gettext("没人的时候"), words))
    return EntryView(tuple(way for way in ways if way.words), _unknown(staffed))


def _staffed(row: Mapping[str, str]) -> tuple[str, ...]:
    paper = {"yes": gettext("第一次要登记"), "no": gettext("不用登记")}
    said = [
        *_modes(row),
        *_phone(row),
        paper.get(row["needs_registration"], ""),
        say_word("dignity", row["dignity"]),
    ]
    return tuple(word for word in said if word)


def _modes(row: Mapping[str, str]) -> list[str]:
    words = [say_word("entry_mode", code) for code in row["entry_mode"].split(";")]
    return [word for word in words if word]


def _phone(row: Mapping[str, str]) -> list[str]:
    phone = {"yes": gettext("要用手机"), "no": gettext("不用手机")}
    return [phone[needed]] if (needed := phone_needed(row)) else []


def _unknown(row: Mapping[str, str]) -> tuple[str, ...]:
    """Return what a visitor would ask that nobody has verified."""
    asked = {
        gettext("怎么进门"): row["entry_mode"],
        gettext("要不要手机"): phone_needed(row),
        gettext("要不要登记"): row["needs_registration"],
        gettext("接待谁"): row["audience"],
    }
    return tuple(question for question, answer in asked.items() if not answer)
