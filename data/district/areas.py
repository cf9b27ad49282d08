"""The district and its 17 subdistricts: whole faces of the street map, so borders follow it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from district import skeleton
from district.plane import to_degrees

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from district.town import Town

CITY_M: Final = 900.0  # the city reaches so far beyond its one district


@dataclass(frozen=True)
class Areas:
    """The subdistricts in metres, in the order of `skeleton.SUBDISTRICTS`."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    shapes: tuple[shapely.Geometry, ...]

    def find(self, xy: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return each position's subdistrict, the nearest if it lies in none; shape (n,)."""
        away = np.array([shapely.distance(shape, shapely.points(xy)) for shape in self.shapes])
        return np.asarray(np.argmin(np.round(away, 2), axis=0))


def make_areas(town: Town) -> Areas:
    """Give every face to the subdistrict whose middle is nearest."""
    middles = np.array([(x, y) for _, _, x, y in skeleton.SUBDISTRICTS], dtype=float)
    given: list[list[shapely.Polygon]] = [[] for _ in middles]
    for face in town.ground.faces:
        point = np.array(face.representative_point().coords[0])
        given[int(np.argmin(np.hypot(*(middles - point).T)))].append(face)
    shapes = tuple(shapely.union_all(faces) for faces in given)
    codes = tuple(f"{skeleton.DISTRICT[0]}{nth:03d}" for nth in range(1, len(shapes) + 1))
    return Areas(codes, tuple(row[0] for row in skeleton.SUBDISTRICTS), shapes)


def features(areas: Areas) -> dict[str, list[dict[str, Any]]]:
    """Return the GeoJSON features of each level: city, district, subdistrict."""
    around = shapely.buffer(shapely.union_all(areas.shapes), CITY_M, quad_segs=4).simplify(40.0)
    shapes = [_in_degrees(shape) for shape in areas.shapes]
    code, parent = skeleton.DISTRICT[0], skeleton.CITY[0]
    rows = zip(areas.codes, skeleton.SUBDISTRICTS, shapes, strict=True)
    return {
        "city": [_feature(skeleton.CITY, "city", "", _in_degrees(around))],
        "district": [
            _feature(skeleton.DISTRICT, "district", parent, shapely.union_all(shapes)),
        ],
        "subdistrict": [
            _feature((own, row[0], row[1]), "subdistrict", code, shape) for own, row, shape in rows
        ],
    }


def _in_degrees(shape: shapely.Geometry) -> shapely.Geometry:
    return shapely.transform(shape, lambda xy: to_degrees(xy, 6))


def _feature(
    title: tuple[str, str, str], level: str, parent: str, shape: shapely.Geometry
) -> dict[str, Any]:
    code, name, en = title
    properties = {"code": code, "name": name, "name_en": en, "level": level, "parent": parent}
    geometry = json.loads(shapely.to_geojson(shapely.orient_polygons(shape)))
    return {"type": "Feature", "properties": {**properties, "demo": "yes"}, "geometry": geometry}
