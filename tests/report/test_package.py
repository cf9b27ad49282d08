"""The GeoPackage carries its own styles for QGIS: read by GDAL, every category there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pyogrio
import pytest

from geo.coverage.classes import CAUSES
from geo.report.colours import LINE_STYLES
from geo.report.style import gap_style
from geo.report.words import class_word
from geo.vocab import load_vocab
from tests.report.folders import REPORTED, report_of

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("rest_station", "union_hub", "service_point")


def styles_of(name: str) -> pd.DataFrame:
    path = report_of(name) / "gaps.gpkg"
    return pyogrio.read_dataframe(path, layer="layer_styles").set_index("f_table_name")


def style_of(name: str, layer: str) -> ET.Element:
    return ET.fromstring(styles_of(name).loc[layer, "styleQML"])  # noqa: S314 - our own


def categories_of(style: ET.Element) -> dict[str, tuple[str, dict[str, str]]]:
    """Return label and options of the symbol of each category."""
    symbols = {
        symbol.get("name"): {
            str(option.get("name")): str(option.get("value"))
            for option in symbol.iterfind("layer/Option/Option")
        }
        for symbol in style.iterfind("renderer-v2/symbols/symbol")
    }
    return {
        str(category.get("value")): (str(category.get("label")), symbols[category.get("symbol")])
        for category in style.iterfind("renderer-v2/categories/category")
    }


@pytest.mark.parametrize("name", REPORTED)
def test_both_layers_and_their_styles_are_there(name: str) -> None:
    path = report_of(name) / "gaps.gpkg"
    layers = dict(pyogrio.list_layers(path).tolist())
    assert layers == {"gaps": "LineString", "stations": "Point", "layer_styles": None}
    styles = styles_of(name)
    assert set(styles.index) == {"gaps", "stations"}
    # what QGIS filters by: an empty schema, not a missing one, and the column's name
    assert set(styles["f_table_schema"]) == set(styles["f_table_catalog"]) == {""}
    assert styles["useAsDefault"].all()
    for layer, row in styles.iterrows():
        found = pyogrio.read_info(path, layer=str(layer))
        assert found["geometry_name"] == row["f_geometry_column"]
        assert ET.fromstring(row["styleQML"]).tag == "qgis"  # noqa: S314 - our own


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_cause_has_its_word_colour_and_dashes(language: str) -> None:
    style = gap_style(language) if language == "en" else style_of("nasty", "gaps")
    renderer = style.find("renderer-v2")
    assert renderer is not None
    assert (renderer.get("type"), renderer.get("attr")) == ("categorizedSymbol", "cause")
    categories = categories_of(style)
    assert set(categories) == set(CAUSES)
    for cause, (word, symbol) in categories.items():
        assert word == class_word(cause, language)
        red, green, blue, alpha = map(int, symbol["line_color"].split(","))
        assert f"#{red:02x}{green:02x}{blue:02x}" == LINE_STYLES[cause].light
        assert alpha == 255
        assert symbol["use_custom_dash"] == str(int(bool(LINE_STYLES[cause].dash)))
        if LINE_STYLES[cause].dash:
            assert all(float(part) > 0 for part in symbol["customdash"].split(";"))
    assert style.get("labelsEnabled") == "0"


def test_every_gap_and_every_station_falls_into_a_category() -> None:
    path = report_of("nasty") / "gaps.gpkg"
    gaps = pyogrio.read_dataframe(path, layer="gaps")
    assert set(gaps["cause"]) <= set(categories_of(style_of("nasty", "gaps")))
    stations = pyogrio.read_dataframe(path, layer="stations")
    found = set(stations["kind"] + " " + stations["state"])
    categories = categories_of(style_of("nasty", "stations"))
    assert found <= set(categories)
    assert (
        {value.partition(" ")[0] for value in categories} == set(load_vocab("kind")) == set(KINDS)
    )
    assert stations.loc[stations["code"] == "S000", "state"].item() == "not_usable"  # locked


@pytest.mark.parametrize("layer", ["gaps", "stations"])
def test_every_field_has_an_alias_and_every_alias_a_field(layer: str) -> None:
    fields = list(pyogrio.read_info(report_of("nasty") / "gaps.gpkg", layer=layer)["fields"])
    aliases = {
        str(alias.get("field")): alias
        for alias in style_of("nasty", layer).iterfind("aliases/alias")
    }
    assert list(aliases) == fields
    assert [int(str(alias.get("index"))) for alias in aliases.values()] == list(
        range(1, len(fields) + 1)
    )
    assert all(alias.get("name") for alias in aliases.values())


def test_gap_lines_are_kept_as_they_were_written() -> None:
    path = report_of("nasty")
    from_package = pyogrio.read_dataframe(path / "gaps.gpkg", layer="gaps")
    from_json = pyogrio.read_dataframe(path / "gaps.geojson")
    assert len(from_package) == len(from_json) > 0
    assert from_package["duration_min"].tolist() == pytest.approx(
        from_json["duration_min"].tolist()
    )


def test_empty_layers_are_valid() -> None:
    assert pyogrio.read_info(report_of("covered") / "gaps.gpkg", layer="gaps")["features"] == 0
    assert pyogrio.read_info(report_of("bare") / "gaps.gpkg", layer="stations")["features"] == 0
