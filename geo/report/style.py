"""Styles for QGIS inside ``gaps.gpkg``: a layer of stations, and how both layers are drawn.

QGIS looks for a table ``layer_styles`` in the file (its own convention, see saveStyle and loadStyle
of QgsOgrProviderMetadata) and takes the row with ``useAsDefault`` of a layer when it is opened.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio

from geo.coords import WGS84
from geo.report.colours import CAUSE_ORDER, LINE_STYLES, LOCKED, OPEN, PAPER
from geo.report.labels import label
from geo.report.words import class_word
from geo.vocab import load_vocab

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from geo.coverage import Coverage
    from geo.report.colours import LineStyle

GAPS: Final = "gaps"
STATIONS: Final = "stations"
STYLES: Final = "layer_styles"
USABLE, NOT_USABLE = "usable", "not_usable"
_GEOMETRY: Final = "geom"  # GDAL's name of the column
_DATE: Final = "2000-01-01T00:00:00Z"  # same input, same bytes
_MM_PER_PX: Final = 0.2
_MARK_MM: Final = 2.6
_MARKS: Final = {"rest_station": "circle", "union_hub": "square", "service_point": "triangle"}
_GAP_FIELDS: Final = {  # field -> label
    "route": "route",
    "start": "start",
    "end": "end",
    "length_m": "length",
    "duration_min": "duration",
    "workers": "workers",
    "worst_walk_m": "worst_walk",
    "cause": "cause",
    "nearest_code": "nearest_code",
    "nearest_hours": "nearest_hours",
    "nearest_self_hours": "self_opening",
    "missed_min": "missed",
    "area": "area",
    "shift": "shift",
}
_STATION_FIELDS: Final = {
    "code": "code",
    "name": "name",
    "kind": "kind",
    "hours": "opening",
    "self_hours": "self_opening",
    "evidence_on": "evidence_on",
    "state": "state",
    "effective_alone_h": "effective_alone",
    "effective_shared_h": "effective_shared",
    "nominal_alone_h": "nominal_alone",
    "nominal_shared_h": "nominal_shared",
    "lost_h": "lost",
    "reach_h": "reach",
}


def style_package(result: Coverage, path: Path, *, language: str) -> None:
    """Add the stations and the styles of both layers to a GeoPackage of gap lines.

    Parameters
    ----------
    result : Coverage
        Whose gap lines the file holds.
    path : Path
        ``gaps.gpkg``, as `geo.coverage.write_coverage` leaves it.
    language : {"zh", "en"}
        Of legends and of the names of fields that QGIS shows.
    """
    styles = {
        GAPS: _style(gap_style(language), label("layer_gaps", language)),
        STATIONS: _style(station_style(language), label("layer_stations", language)),
    }
    with _fixed_date():
        pyogrio.write_dataframe(
            _stations(result), path, driver="GPKG", layer=STATIONS, geometry_type="Point"
        )
        pyogrio.write_dataframe(
            _style_table(styles), path, driver="GPKG", layer=STYLES, layer_options={"FID": "id"}
        )


def gap_style(language: str) -> ET.Element:
    """Return the style of the gap lines, a category per cause, as a QML document."""
    entries = [
        (cause, class_word(cause, language), _line_symbol(LINE_STYLES[cause]))
        for cause in CAUSE_ORDER
    ]
    aliases = {name: label(key, language) for name, key in _GAP_FIELDS.items()}
    return _document("cause", "line", entries, aliases)


def station_style(language: str) -> ET.Element:
    """Return the style of the stations, shape by kind, filled if usable, as a QML document."""
    entries = []
    for kind, word in load_vocab("kind").items():
        for state in (USABLE, NOT_USABLE):
            text = getattr(word, language)
            if state == NOT_USABLE:
                text = f"{text} · {label('not_usable', language)}"
            mark = _mark_symbol(_MARKS[kind], is_filled=state == USABLE)
            entries.append((f"{kind} {state}", text, mark))
    aliases = {name: label(key, language) for name, key in _STATION_FIELDS.items()}
    return _document('"kind" || \' \' || "state"', "marker", entries, aliases)


@contextmanager
def _fixed_date() -> Iterator[None]:
    """Keep the time of the run out of what GDAL writes.

    Yields
    ------
    None
        Once.
    """
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _DATE})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _stations(result: Coverage) -> gpd.GeoDataFrame:
    """Return the stations of the run as points, with what they served in hours."""
    table = result.station_table()
    is_shut = (table["is_locked"] | table["is_unverified"]).to_numpy(dtype=bool)
    columns = {name: table[name].to_numpy(dtype=object) for name in list(_STATION_FIELDS)[:6]}
    columns["state"] = np.where(is_shut, NOT_USABLE, USABLE).astype(object)
    for name in list(_STATION_FIELDS)[7:]:
        columns[name] = table[f"{name.removesuffix('_h')}_min"].to_numpy(dtype=float) / 60
    points = gpd.points_from_xy(table["lon"].astype(float), table["lat"].astype(float))
    return gpd.GeoDataFrame(columns, geometry=points, crs=WGS84)


def _style_table(styles: dict[str, dict[str, object]]) -> pd.DataFrame:
    rows = [
        {"f_table_catalog": "", "f_table_schema": "", "f_table_name": layer, **style}
        for layer, style in styles.items()
    ]
    return pd.DataFrame(rows)


def _style(document: ET.Element, name: str) -> dict[str, object]:
    return {
        "f_geometry_column": _GEOMETRY,
        "styleName": name,
        "styleQML": ET.tostring(document, encoding="unicode"),
        "styleSLD": "",
        "useAsDefault": True,
        "description": name,
        "owner": "",
        "ui": "",
        "update_time": pd.Timestamp(_DATE),
    }


def _document(
    attribute: str,
    kind: str,
    entries: list[tuple[str, str, ET.Element]],
    aliases: dict[str, str],
) -> ET.Element:
    """Return a QML document that draws categories; entries are value, word and symbol layer."""
    root = ET.Element(
        "qgis", {"version": "3.28.0", "styleCategories": "Symbology|Labeling|Fields|Rendering",
                 "labelsEnabled": "0"},
    )  # fmt: skip
    renderer = ET.SubElement(
        root, "renderer-v2",
        {"type": "categorizedSymbol", "attr": attribute, "enableorderby": "0",
         "forceraster": "0", "symbollevels": "1"},
    )  # fmt: skip
    categories = ET.SubElement(renderer, "categories")
    symbols = ET.SubElement(renderer, "symbols")
    for number, (value, word, layer) in enumerate(entries):
        ET.SubElement(
            categories, "category",
            {"symbol": str(number), "value": value, "label": word, "render": "true",
             "type": "string"},
        )  # fmt: skip
        symbol = ET.SubElement(
            symbols, "symbol",
            {"name": str(number), "type": kind, "alpha": "1", "clip_to_extent": "1",
             "force_rhr": "0"},
        )  # fmt: skip
        layer.set("pass", str(len(entries) - number))  # the graver ones above
        symbol.append(layer)
    named = ET.SubElement(root, "aliases")
    for place, (field, word) in enumerate(aliases.items(), start=1):  # 0 is the row's number
        ET.SubElement(named, "alias", {"index": str(place), "field": field, "name": word})
    ET.SubElement(root, "layerGeometryType").text = "1" if kind == "line" else "0"
    return root


def _line_symbol(style: LineStyle) -> ET.Element:
    width = style.width_px * _MM_PER_PX
    dash = ";".join(f"{max(part * width, 0.01):.2f}" for part in style.dash)
    return _symbol_layer(
        "SimpleLine",
        line_color=_rgba(style.light),
        line_style="solid",
        line_width=f"{width:.2f}",
        line_width_unit="MM",
        capstyle="round" if style.is_round else "flat",
        joinstyle="round",
        use_custom_dash="1" if style.dash else "0",
        customdash=dash or "5;2",
        customdash_unit="MM",
    )


def _mark_symbol(shape: str, *, is_filled: bool) -> ET.Element:
    return _symbol_layer(
        "SimpleMarker",
        name=shape,
        size=f"{_MARK_MM}",
        size_unit="MM",
        color=_rgba(OPEN if is_filled else PAPER),
        outline_color=_rgba(PAPER if is_filled else LOCKED),
        outline_style="solid",
        outline_width="0.4",
        outline_width_unit="MM",
        scale_method="diameter",
    )


def _symbol_layer(kind: str, /, **options: str) -> ET.Element:
    layer = ET.Element("layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"})
    values = ET.SubElement(layer, "Option", {"type": "Map"})
    for key, value in options.items():
        ET.SubElement(values, "Option", {"name": key, "type": "QString", "value": value})
    return layer


def _rgba(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},255"
