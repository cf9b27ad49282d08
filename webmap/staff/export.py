"""Export: the stations of a filtered list as a file, in any format and datum."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from flask import Response, abort, render_template, request
from flask_babel import lazy_gettext

from geo.coords import DATUMS
from geo.stations import write_stations
from webmap.roles import needs_role
from webmap.staff.base import blueprint, roll_of
from webmap.staff.bulk import say_wish, wish_of
from webmap.staff.desk import open_desk
from webmap.staff.roll import find

FORMATS: Final = {
    "xlsx": lazy_gettext("Excel 表格"),
    "csv": lazy_gettext("CSV 表格"),
    "geojson": "GeoJSON",
    "gpkg": "GeoPackage",
    "parquet": "GeoParquet",
}
DATUM_WORDS: Final = {
    "wgs84": lazy_gettext("WGS-84（手机定位、国际通用）"),
    "gcj02": lazy_gettext("GCJ-02（高德、腾讯地图）"),
    "bd09": lazy_gettext("BD-09（百度地图）"),
}
_MIME: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    "parquet": "application/vnd.apache.parquet",
}


@blueprint.get("/export")
@needs_role("viewer")
def export() -> str:
    """Show what can be exported of a filtered list."""
    desk, wish = open_desk(), wish_of(request.args)
    return render_template(
        "staff/export.html",
        desk=desk,
        wish=wish,
        said=say_wish(wish),
        total=len(find(roll_of(desk.store), wish)),
        formats=FORMATS.items(),
        datums=[(datum, DATUM_WORDS[datum]) for datum in DATUMS],
    )


@blueprint.get("/export/file")
@needs_role("viewer")
def export_file() -> Response:
    """Send the stations of a filtered list as a file."""
    desk, wish = open_desk(), wish_of(request.args)
    ending, datum = request.args.get("format", ""), request.args.get("datum", "")
    if ending not in FORMATS or datum not in DATUMS:
        abort(400)
    codes = find(roll_of(desk.store), wish)["code"].tolist()
    stations = desk.store.read_stations(codes=codes)
    name = f"nuanyi-{'demo-' if desk.is_demo else ''}stations-{datum}.{ending}"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        write_stations(stations, file, datum=datum, public_only=request.args.get("all") != "yes")
        content = file.read_bytes()
    response = Response(content, mimetype=_MIME[ending])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
