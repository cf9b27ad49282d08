"""The one schema of a station: every field, its type, its vocabulary, who may see it.

Tables, vector files, the store, forms and the API all read this list; nothing repeats it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class FieldType(StrEnum):
    """How a cell of the field is written in tables and held in memory."""

    TEXT = "text"  # one line of text; "" = not known
    TEXT_LIST = "text_list"  # texts separated by ";"
    CODE = "code"  # one word of the field's vocabulary
    CODE_LIST = "code_list"  # words of the vocabulary separated by ";"
    AMENITIES = "amenities"  # drinking_water;microwave:broken;toilet:no
    AMENITY_HOURS = "amenity_hours"  # toilet: 08:00-20:00 | shower: Sa-Su 10:00-18:00
    HOURS = "hours"  # OSM opening_hours text
    FLAG = "flag"  # yes | no | "" = not known
    NUMBER = "number"  # decimal
    COUNT = "count"  # whole number >= 0
    DATE = "date"  # YYYY-MM-DD
    MOMENT = "moment"  # ISO 8601 with offset


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a station: name, type, and what a value must satisfy."""

    name: str
    type: FieldType
    vocab: str = ""  # file in geo/vocab, for CODE, CODE_LIST and AMENITIES
    default: str = ""  # cell text an import fills in where the cell is empty
    max_length: int = 200  # characters of a TEXT, or of each part of a list
    low: float | None = None  # least NUMBER or COUNT
    high: float | None = None  # greatest NUMBER or COUNT
    multiline: bool = False  # True: inner line breaks are kept, else they become spaces
    public: bool = True  # False: staff only, in no public page, API or published file


T = FieldType

FIELDS: Final[tuple[Field, ...]] = (
    Field("code", T.TEXT, max_length=64),
    Field("name", T.TEXT, max_length=120),
    Field("aliases", T.TEXT_LIST, max_length=120),
    Field("kind", T.CODE, vocab="kind", default="rest_station"),
    Field("status", T.CODE, vocab="status", default="open"),
    Field("status_until", T.MOMENT),
    Field("lon", T.NUMBER, low=-180, high=180),
    Field("lat", T.NUMBER, low=-90, high=90),
    Field("source_datum", T.CODE, vocab="datum"),
    Field("address", T.TEXT),
    Field("district", T.TEXT, max_length=64),
    Field("subdistrict", T.TEXT, max_length=64),
    Field("host", T.CODE, vocab="host"),
    Field("mode", T.CODE, vocab="mode"),
    Field("audience", T.TEXT_LIST, max_length=64),
    Field("hours", T.HOURS, max_length=2000),
    Field("hours_text", T.TEXT, max_length=500),
    Field("self_hours", T.HOURS, max_length=2000),
    Field("entry_mode", T.CODE_LIST, vocab="entry_mode"),
    Field("self_entry_mode", T.CODE_LIST, vocab="entry_mode"),
    Field("needs_phone", T.FLAG),
    Field("needs_registration", T.FLAG),
    Field("dignity", T.CODE, vocab="dignity"),
    Field("amenities", T.AMENITIES, vocab="amenity"),
    Field("amenity_hours", T.AMENITY_HOURS, vocab="amenity", max_length=2000, multiline=True),
    Field("area_m2", T.NUMBER, low=0, high=100_000),
    Field("capacity", T.COUNT, low=0, high=100_000),
    Field("floor", T.TEXT, max_length=16),
    Field("street_front", T.FLAG),
    Field("phone_public", T.TEXT, max_length=64),
    Field("contact", T.TEXT, public=False),
    Field("manager", T.TEXT, public=False),
    Field("photo", T.TEXT),
    Field("has_sign", T.FLAG),
    Field("has_rules", T.FLAG),
    Field("on_amap", T.FLAG),
    Field("on_baidu", T.FLAG),
    Field("opened_on", T.DATE),
    Field("verified_on", T.DATE),
    Field("source", T.TEXT),
    Field("source_id", T.TEXT, max_length=120),
    Field("note", T.TEXT, max_length=2000, multiline=True),
    Field("demo", T.FLAG),
)

FIELD_BY_NAME: Final[dict[str, Field]] = {field.name: field for field in FIELDS}
FIELD_NAMES: Final[tuple[str, ...]] = tuple(FIELD_BY_NAME)
REQUIRED: Final[tuple[str, ...]] = ("name", "lon", "lat")
PUBLIC_NAMES: Final[tuple[str, ...]] = tuple(field.name for field in FIELDS if field.public)
