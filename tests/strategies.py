"""Hypothesis strategies that several property tests share."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from pandas import DataFrame

from geo.stations.frames import to_stations
from geo.stations.schema import FIELD_NAMES, FIELDS, REQUIRED, Field, FieldType
from geo.vocab import load_vocab

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

FORMATS = ("csv", "xlsx", "geojson", "gpkg", "parquet")

NASTY_TEXTS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    "'=1+1",
    "''+86 10 1234",
    "+86 10 1234",
    "-3",
    "@SUM(A1)",
    "'",
    "''",
    "'leading apostrophe",
    '"quoted", and, commas',
    '"',
    "{=A1}",
    "_x0041_",
    "_x000D_",
    "<script>alert(1)</script>",
    "&amp; <b>",
    "😀👨‍👩‍👧 𠮷野家",
    "nan",
    "NULL",
    "None",
    "N/A",
    "#N/A",
    "TRUE",
    "no",
    "007",
    "1e5",
    "2024-01-01",
    "2024-01-01T00:00:00",
    "12:30",
    "{}",
    '{"type":"Feature",}',
    "[1,2]",
    "https://example.org/?a=1&b=2",
    "a\u3000b\u200bc",
    "\ufeffmark",
    "\\n",
    "C:\\temp",
    "%s {0}",
)
HOURS_TEXTS = (
    "24/7",
    "Mo-Fr 08:30-11:00,13:30-17:00; PH off",
    "Mo-Su 22:00-06:00",
    'Jul-Sep 09:00-18:00 "dog days"',
)

_letters = st.characters(
    exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="\ufffe\uffff"
)
_marks = st.sampled_from("=+-@'\",;\t|\\<>&{}[]#%：；，。")
_OFFSETS = st.sampled_from((0, 330, 480, -570)).map(lambda m: timezone(timedelta(minutes=m)))


def texts(max_size: int, *, multiline: bool = False) -> st.SearchStrategy[str]:
    """Return text as a cell holds it: no white space around it, no control characters."""
    letters = _letters | _marks.filter(lambda mark: mark != "\t")
    letters = letters | st.just("\n") if multiline else letters
    free = st.text(letters, max_size=min(max_size, 12))
    nasty = st.sampled_from([text for text in NASTY_TEXTS if len(text) <= max_size])
    return (free | nasty | st.builds("{}{}".format, nasty, free)).map(
        lambda text: text[:max_size].strip()
    )


def positions(datum: str = "wgs84") -> st.SearchStrategy[tuple[float, float]]:
    """Return lon, lat: anywhere on Earth in WGS-84, within China's land box in other datums."""
    if datum != "wgs84":
        return st.tuples(st.floats(74.0, 134.0), st.floats(18.0, 53.0))
    return st.tuples(st.floats(-180.0, 180.0), st.floats(-90.0, 90.0)).filter(_is_plausible)


def station_frames(datum: str = "wgs84", *, max_size: int = 4) -> st.SearchStrategy[GeoDataFrame]:
    """Return 1 to ``max_size`` stations in their form in memory, codes unique."""
    rows = st.lists(
        _station_cells(datum), min_size=1, max_size=max_size, unique_by=lambda row: row["code"]
    )
    return rows.map(lambda found: to_stations(DataFrame(found, columns=FIELD_NAMES, dtype=str)))


@st.composite
def _station_cells(draw: st.DrawFn, datum: str) -> dict[str, str]:
    row = {field.name: draw(cells(field)) for field in FIELDS if field.name not in ("lon", "lat")}
    lon, lat = draw(positions(datum))
    return {**row, "lon": repr(lon), "lat": repr(lat)}


def cells(field: Field) -> st.SearchStrategy[str]:
    """Return canonical text of one field; empty too where a station may leave it empty."""
    filled = _filled(field)
    must = field.name in (*REQUIRED, "code", "source_datum") or field.default
    return filled.filter(bool) if must else st.just("") | filled


def _filled(field: Field) -> st.SearchStrategy[str]:
    part = texts(field.max_length, multiline=field.multiline)
    words = st.sampled_from(list(load_vocab(field.vocab))) if field.vocab else st.nothing()
    kinds: dict[FieldType, Any] = {
        FieldType.TEXT: part,
        FieldType.TEXT_LIST: st.lists(part, max_size=3).map(_joined),
        FieldType.CODE: words,
        FieldType.CODE_LIST: st.lists(words, max_size=3, unique=True).map(";".join),
        FieldType.AMENITIES: st.dictionaries(words, st.sampled_from(("", ":no", ":broken"))).map(
            lambda states: ";".join(
                code + states[code] for code in load_vocab("amenity") if code in states
            )
        ),
        FieldType.AMENITY_HOURS: st.dictionaries(
            words, st.sampled_from(HOURS_TEXTS), max_size=3
        ).map(
            lambda own: " | ".join(
                f"{code}: {own[code]}" for code in load_vocab("amenity") if code in own
            )
        ),
        FieldType.HOURS: st.sampled_from(HOURS_TEXTS),
        FieldType.FLAG: st.sampled_from(("yes", "no")),
        FieldType.NUMBER: st.floats(field.low, field.high).map(repr),
        FieldType.COUNT: st.integers(0, 100_000).map(str),
        FieldType.DATE: st.dates(date(1900, 1, 1)).map(date.isoformat),
        FieldType.MOMENT: st.datetimes(datetime(1900, 1, 1), timezones=_OFFSETS).map(  # noqa: DTZ001
            datetime.isoformat
        ),
    }
    strategy: st.SearchStrategy[str] = kinds[field.type]
    return strategy


def _joined(parts: list[str]) -> str:
    clean = (part.replace(";", "").replace("；", "").strip() for part in parts)
    return ";".join(dict.fromkeys(part for part in clean if part))


def _is_plausible(position: tuple[float, float]) -> bool:
    """Leave out what an import refuses on purpose: 0, 0 and China's box with lon, lat swapped."""
    lon, lat = position
    return (lon, lat) != (0.0, 0.0) and not (15.0 <= lon <= 55.0 and lat >= 72.0)
