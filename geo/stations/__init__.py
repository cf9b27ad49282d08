"""Stations: the schema, files in and out, checks of every row, and which stored one a row is."""

from geo.stations.files import load_stations, read_stations, write_stations
from geo.stations.frames import to_stations
from geo.stations.match import find_namesakes, match_rows, stable_code
from geo.stations.problems import Problem
from geo.stations.schema import (
    FIELD_BY_NAME,
    FIELD_NAMES,
    FIELDS,
    PUBLIC_NAMES,
    REQUIRED,
    Field,
    FieldType,
)
from geo.stations.validate import Validated, validate_stations

__all__ = [
    "FIELDS",
    "FIELD_BY_NAME",
    "FIELD_NAMES",
    "PUBLIC_NAMES",
    "REQUIRED",
    "Field",
    "FieldType",
    "Problem",
    "Validated",
    "find_namesakes",
    "load_stations",
    "match_rows",
    "read_stations",
    "stable_code",
    "to_stations",
    "validate_stations",
    "write_stations",
]
