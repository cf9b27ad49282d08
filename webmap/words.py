"""How a station's cells are said to a reader: kinds, states and hours, in either language."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flask_babel import gettext

from geo import hours
from geo.vocab import load_vocab
from webmap.preferences import language

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Hours(NamedTuple):
    """Opening hours as a reader's line of text, and the language it is written in."""

    text: str
    lang: str  # "zh" | "en" | "" where it is neither


def say_word(vocab: str, code: str) -> str:
    """Return a word of a vocabulary in the visitor's language; "" for an unknown code."""
    word = load_vocab(vocab).get(code)
    if word is None:
        return ""
    return word.zh if language() == "zh" else word.en


def say_list(words: Iterable[str]) -> str:
    """Return words one after the other, as the visitor's language sets them apart."""
    return ("、" if language() == "zh" else ", ").join(words)


def say_hours(row: Mapping[str, str]) -> Hours:
    """Return the hours of a station: in the owner's words, else those of its OSM text.

    An English page prefers OSM text it can put into English, as owners write in Chinese. OSM text
    beyond plain words is shown as it stands.
    """
    own = row["hours_text"]
    if own and (language() == "zh" or not hours.say_hours(row["hours"], "en")):
        return Hours(own, "zh")
    return say_osm(row["hours"])


def say_osm(text: str) -> Hours:
    """Return OSM hours in words; beyond plain words as they stand."""
    if not text:
        return Hours(gettext("开放时间不详"), language())
    plain = hours.say_hours(text, language())
    return Hours(plain, language()) if plain else Hours(text, "")
