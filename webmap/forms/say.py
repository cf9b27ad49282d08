"""A station's cells as people read them: words for codes, clock times for moments."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from flask_babel import gettext

from geo.errors import InvalidCellError
from geo.stations.cells import format_number, parse_cell
from geo.stations.schema import FIELD_BY_NAME, FieldType
from geo.zones import LOCAL_ZONE
from webmap.forms.hours import say_osm
from webmap.forms.labels import AMENITY_WORDS, FLAG_WORDS, LABELS
from webmap.forms.station import DEGREES
from webmap.preferences import language
from webmap.words import say_list, say_word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_PLACE: Final = ("lon", "lat")


class Change(NamedTuple):
    """One thing that changed, in words; "" where it was or is not known."""

    what: str
    before: str
    after: str


def say_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Return the changes of one row of history in words, in the order of its fields.

    Parameters
    ----------
    before, after : mapping of str to str, float, int or None
        The changed fields; ``before`` may lack some, which were not known then.

    Returns
    -------
    list of Change
        Amenities one by one.
    """
    return [change for name in after for change in _say_field(name, before.get(name), after[name])]


def say_cell(name: str, value: Any) -> str:  # noqa: ANN401 - a cell of the store
    """Return a cell in words; "" where it is not known."""
    if value in {None, ""} or value != value:  # noqa: PLR0124 - NaN
        return ""
    if isinstance(value, int | float):
        return f"{value:.{DEGREES}f}" if name in _PLACE else format_number(value)
    try:
        field = FIELD_BY_NAME[name]
        say = _SAY.get(field.type)
        return say(field.vocab, str(value)) if say else str(value)
    except InvalidCellError:  # an older schema allowed it
        return str(value)


def say_stamp(moment: dt.datetime) -> str:
    """Return an aware moment on the stations' clock, to the minute, with its year."""
    here = moment.astimezone(ZoneInfo(LOCAL_ZONE))
    clock = f"{here.hour}:{here.minute:02d}"
    if language() == "zh":
        return f"{here.year} 年 {here.month} 月 {here.day} 日 {clock}"
    return f"{here.day} {here:%b} {here.year} {clock}"


def _say_field(name: str, before: Any, after: Any) -> Iterator[Change]:  # noqa: ANN401 - cells
    field = FIELD_BY_NAME.get(name)
    if field and field.type is FieldType.AMENITIES:
        old, new = _amenities(before), _amenities(after)
        for code in dict.fromkeys([*old, *new]):
            if old.get(code) != new.get(code):
                states = [_say_state(each.get(code, "")) for each in (old, new)]
                yield Change(say_word("amenity", code), *states)
    elif field:
        yield Change(str(LABELS[name]), say_cell(name, before), say_cell(name, after))


def _say_state(state: str) -> str:
    """Return the state of an amenity."""
    return str(AMENITY_WORDS[state]) if state else gettext("未核实")


def _say_amenity(code: str, state: str) -> str:
    """Return an amenity that is there by its word, any other with its state."""
    word = say_word("amenity", code)
    if state == "yes":
        return word
    left, right = "（）" if language() == "zh" else (" (", ")")
    return f"{word}{left}{AMENITY_WORDS[state]}{right}"


def _amenities(text: str | None) -> dict[str, str]:
    parsed = parse_cell(FIELD_BY_NAME["amenities"], text or "")
    return parsed if isinstance(parsed, dict) else {}


def _say_own_hours(vocab: str, text: str) -> str:
    """Return the hours of amenities, each after its word."""
    parts = (part.partition(": ") for part in text.split(" | "))
    return say_list(f"{say_word(vocab, code)} {say_osm(hours)}" for code, _, hours in parts)


_SAY: Final[dict[FieldType, Callable[[str, str], str]]] = {  # of vocabulary and text
    FieldType.CODE: lambda vocab, text: say_word(vocab, text) or text,
    FieldType.FLAG: lambda _, text: str(FLAG_WORDS.get(text, text)),
    FieldType.CODE_LIST: lambda vocab, text: say_list(
        say_word(vocab, code) or code for code in text.split(";")
    ),
    FieldType.AMENITIES: lambda _, text: say_list(
        _say_amenity(code, state) for code, state in _amenities(text).items()
    ),
    FieldType.AMENITY_HOURS: _say_own_hours,
    FieldType.HOURS: lambda _, text: say_osm(text),
    FieldType.MOMENT: lambda _, text: say_stamp(dt.datetime.fromisoformat(text)),
}
