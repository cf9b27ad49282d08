"""The station form as WTForms sees it: one field per field of the schema, as text in and out.

Nothing is judged here: `geo.stations.validate_stations` is the one place that knows what a station
may hold. Between form and station stands the *shown* text of each field, so that a field nobody
touched is known to be untouched, whatever was lost in showing it (digits, seconds, order).
"""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from wtforms import (
    Field,
    Form,
    FormField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from geo.stations.cells import format_cell, format_number, parse_cell
from geo.stations.schema import FIELD_BY_NAME, REQUIRED, FieldType
from geo.stations.schema import Field as StationField
from geo.vocab import load_vocab
from geo.zones import LOCAL_ZONE
from webmap.forms.hours import shown_hours
from webmap.forms.labels import AMENITY_WORDS, FLAG_WORDS, LABELS, NAMES
from webmap.words import say_word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask_babel import LazyString
    from werkzeug.datastructures import MultiDict

DEGREES: Final = 6  # decimals of a position in the form: 0.1 m
_PLACE: Final = ("lon", "lat")
_RADIOS: Final = ("kind",)  # vocabularies short enough to lie open
_NUMBERS: Final = (FieldType.NUMBER, FieldType.COUNT)


def _words(vocab: str, *, blank: bool) -> dict[str, str]:
    """Return the words of a vocabulary by code, in the visitor's language."""
    words = {code: say_word(vocab, code) for code in load_vocab(vocab)}
    return {"": str(FLAG_WORDS[""])} | words if blank else words


def _said(words: Mapping[str, LazyString]) -> dict[str, str]:
    """Return words in the visitor's language."""
    return {value: str(word) for value, word in words.items()}


def _unbound(field: StationField) -> Any:  # noqa: ANN401 - WTForms' unbound fields have no common type
    """Return the WTForms field of a field of the schema."""
    label = LABELS[field.name]
    if field.type is FieldType.AMENITIES:
        return FormField(AmenityForm, label=label)
    if field.type is FieldType.FLAG:
        return RadioField(label, choices=partial(_said, FLAG_WORDS), default="")
    if field.type is FieldType.CODE_LIST:
        choices = partial(_words, field.vocab, blank=False)
        return SelectMultipleField(label, choices=choices)
    if field.type is FieldType.CODE:
        kind = RadioField if field.name in _RADIOS else SelectField
        choices = partial(_words, field.vocab, blank=not field.default)
        return kind(label, choices=choices, default=field.default)
    return TextAreaField(label) if field.multiline else StringField(label)


class AmenityForm(Form):
    """The state of every amenity."""


for _code in load_vocab("amenity"):
    setattr(AmenityForm, _code, RadioField(choices=partial(_said, AMENITY_WORDS), default=""))


def amenity_groups(field: FormField[AmenityForm]) -> list[tuple[str, list[Field]]]:
    """Return the fields of the amenities by group, groups in the order of their vocabulary."""
    groups: dict[str, list[Field]] = {code: [] for code in load_vocab("amenity_group")}
    for one in field:
        one.label.text = say_word("amenity", one.short_name)
        groups[load_vocab("amenity")[one.short_name].group].append(one)
    return [(say_word("amenity_group", code), fields) for code, fields in groups.items()]


class StationForm(Form):
    """All fields of a station that people type."""

    def texts(self) -> dict[str, str]:
        """Return what was typed, field by field, in the form of `shown_texts`."""
        return {name: _typed(name, self[name].data) for name in NAMES}


for _name in NAMES:
    setattr(StationForm, _name, _unbound(FIELD_BY_NAME[_name]))


def typed_form(typed: MultiDict[str, str]) -> StationForm:
    """Return the form as it was sent."""
    return StationForm(typed)


def filled_form(texts: Mapping[str, str]) -> StationForm:
    """Return a form that shows texts; a field without a text shows its default."""
    return StationForm(data={name: _data(name, text) for name, text in texts.items()})


def shown_texts(cells: Mapping[str, Any]) -> dict[str, str]:
    """Return the text that the form shows for each of its fields.

    Parameters
    ----------
    cells : mapping of str to str, float, int or None
        A station as the store gives it; NaN and None are not known.

    Returns
    -------
    dict of str to str
        By field of the form; "" where not known.
    """
    return {name: _shown(FIELD_BY_NAME[name], cells.get(name)) for name in NAMES}


def stored_cells(cells: Mapping[str, Any]) -> dict[str, str]:
    """Return a station's cells as canonical text, "" where not known."""
    return {name: _as_text(FIELD_BY_NAME[name], cells.get(name)) for name in NAMES}


def _as_text(field: StationField, value: Any) -> str:  # noqa: ANN401 - a cell of the store
    if value is None or value != value:  # noqa: PLR0124 - NaN
        return ""
    if field.type is FieldType.COUNT:
        return str(int(value))
    return format_number(value) if field.type is FieldType.NUMBER else str(value)


def _shown(field: StationField, value: Any) -> str:  # noqa: ANN401 - a cell of the store
    """Return one cell as the form shows it."""
    text = _as_text(field, value)
    if not text:
        return ""
    if field.name in _PLACE:
        return f"{float(text):.{DEGREES}f}"
    if field.type is FieldType.MOMENT:
        moment = dt.datetime.fromisoformat(text).astimezone(ZoneInfo(LOCAL_ZONE))
        return f"{moment:%Y-%m-%dT%H:%M}"
    if field.type is FieldType.AMENITY_HOURS:
        parts = (part.partition(": ") for part in text.split(" | "))
        return "\n".join(f"{say_word(field.vocab, code)}: {hours}" for code, _, hours in parts)
    if field.name == "self_hours":
        return shown_hours(text)
    return _in_order(field, text.split(";")) if field.type is FieldType.CODE_LIST else text


def _in_order(field: StationField, codes: list[str]) -> str:
    """Return codes in the order of their vocabulary, unknown ones last."""
    order = {code: place for place, code in enumerate(load_vocab(field.vocab))}
    return ";".join(sorted(codes, key=lambda code: order.get(code, len(order))))


def _typed(name: str, data: Any) -> str:  # noqa: ANN401 - text, list or dict by type of field
    """Return the data of a WTForms field as text."""
    field = FIELD_BY_NAME[name]
    if field.type is FieldType.AMENITIES:
        return format_cell(field, {code: str(state) for code, state in data.items() if state})
    if field.type is FieldType.CODE_LIST:
        return _in_order(field, list(data or ()))
    return (data or "").replace("\r\n", "\n").strip()


def _data(name: str, text: str) -> Any:  # noqa: ANN401 - as WTForms wants it
    """Return a shown text as the data of its WTForms field."""
    field = FIELD_BY_NAME[name]
    if field.type is FieldType.AMENITIES:
        return parse_cell(field, text)
    if field.type is FieldType.CODE_LIST:
        return text.split(";") if text else []
    return text


def is_required(name: str) -> bool:
    """Return whether a station cannot do without the field."""
    return name in REQUIRED


def input_type(name: str, text: str) -> str:
    """Return the ``type`` of a field's ``<input>``.

    A date that the browser's own field could not show stays visible as plain text.
    """
    kind = FIELD_BY_NAME[name].type
    try:
        if kind is FieldType.DATE:
            return "date" if not text or dt.date.fromisoformat(text) else "text"
        if kind is FieldType.MOMENT:
            return "datetime-local" if not text or _is_local(text) else "text"
    except ValueError:
        return "text"
    return "tel" if name == "phone_public" else "text"


def _is_local(text: str) -> bool:
    return "T" in text and dt.datetime.fromisoformat(text).tzinfo is None


def input_mode(name: str) -> str:
    """Return the ``inputmode`` of a field: which keyboard a phone shows; "" for the usual one."""
    kind = FIELD_BY_NAME[name].type
    return {FieldType.NUMBER: "decimal", FieldType.COUNT: "numeric"}.get(kind, "")
