"""Two writers changed the same thing: what each wants, and the answer to whose counts.

An amenity is a thing of its own, and so is a position; everything else goes field by field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from flask_babel import gettext

from geo.errors import InvalidCellError
from geo.stations.cells import format_cell, parse_cell
from geo.stations.schema import FIELD_BY_NAME, FieldType
from webmap.forms.labels import AMENITY_WORDS, LABELS
from webmap.forms.say import say_cell
from webmap.words import say_word

if TYPE_CHECKING:
    from collections.abc import Mapping

ASKED: Final = "asked"  # in a form: the keys of what was asked, one field each
MINE: Final = "mine"
THEIRS: Final = "theirs"
_AMENITIES: Final = "amenities"
_PLACE: Final = ("lon", "lat")
_RAW: Final = (FieldType.MOMENT, FieldType.AMENITY_HOURS, FieldType.NUMBER, FieldType.COUNT)


class Clash(NamedTuple):
    """One thing that two writers want different."""

    key: str  # field, or amenities.code
    label: str
    mine: str  # in words
    theirs: str
    who: str  # the other's account

    @property
    def field(self) -> str:
        """The field at which it is asked."""
        return self.key.partition(".")[0]

    @property
    def name(self) -> str:
        """The name of the answer in a form."""
        return answer_name(self.key)


def answer_name(key: str) -> str:
    """Return under which name a form sends the answer for a thing."""
    return f"pick-{key}"


def things_of(texts: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the texts of a form by thing: a position's two, an amenity's state, a field's one."""
    things: dict[str, tuple[str, ...]] = {
        name: (text,) for name, text in texts.items() if name not in {_AMENITIES, *_PLACE}
    }
    things["lon"] = tuple(texts[name] for name in _PLACE)
    for code, state in _amenities(texts[_AMENITIES]).items():
        things[f"{_AMENITIES}.{code}"] = (state,)
    return things


def put_thing(texts: Mapping[str, str], key: str, value: tuple[str, ...]) -> dict[str, str]:
    """Return texts with one thing as ``value``, which `things_of` gave; () = not there."""
    name, _, code = key.partition(".")
    if name == "lon":
        return {**texts, **dict(zip(_PLACE, value, strict=True))}
    if name != _AMENITIES:
        return {**texts, name: value[0]}
    states = _amenities(texts[_AMENITIES])
    states.pop(code, None)
    if value:
        states[code] = value[0]
    return {**texts, _AMENITIES: format_cell(FIELD_BY_NAME[_AMENITIES], states)}


def say_thing(key: str, value: tuple[str, ...]) -> str:
    """Return a thing's value in words."""
    name, _, code = key.partition(".")
    if code:
        return str(AMENITY_WORDS.get(value[0] if value else "", value))
    text = ", ".join(part for part in value if part)
    if not text:
        return gettext("空着")
    kind = FIELD_BY_NAME[name].type
    if name in {*_PLACE, "self_hours"} or kind in _RAW:
        return text.replace("T", " ") if kind is FieldType.MOMENT else text
    return say_cell(name, text) or text


def label_of(key: str) -> str:
    """Return what a thing is called."""
    name, _, code = key.partition(".")
    if name == "lon":
        return gettext("位置")
    return say_word("amenity", code) if code else str(LABELS[name])


def _amenities(text: str) -> dict[str, str]:
    try:
        found = parse_cell(FIELD_BY_NAME[_AMENITIES], text)
    except InvalidCellError:  # an older version stored it
        return {}
    return dict(found) if isinstance(found, dict) else {}
