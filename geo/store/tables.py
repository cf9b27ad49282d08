"""The tables, as SQLAlchemy sees them on both engines.

The migrations build them; a test compares the two. PostgreSQL has in addition a generated
``geom`` column in ``stations`` and ``areas`` for QGIS and PostGIS, which nothing here reads.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

from geo.stations.schema import FIELDS, REQUIRED, Field, FieldType

METADATA: Final = MetaData(
    naming_convention={"pk": "pk_%(table_name)s", "ix": "ix_%(table_name)s_%(column_0_N_name)s"}
)


def _station_column(field: Field) -> Column[Any]:
    """Return the column of a station field; text is never NULL, "" means not known."""
    if field.name == "code":
        return Column("code", Text, primary_key=True)
    if field.type is FieldType.NUMBER:
        return Column(field.name, Double, nullable=field.name not in REQUIRED)
    if field.type is FieldType.COUNT:
        return Column(field.name, Integer, nullable=True)
    return Column(field.name, Text, nullable=False)


STATIONS: Final = Table(
    "stations",
    METADATA,
    *(_station_column(field) for field in FIELDS),
    Column("changed_seq", BigInteger, nullable=False, index=True),
    Column("created_at", Text, nullable=False),
    Column("updated_at", Text, nullable=False),
    # of name, aliases and address, for the search; made from them, so no field and no history
    Column("pinyin", Text, nullable=False, server_default=""),
)

HISTORY: Final = Table(
    "station_history",
    METADATA,
    # SQLite numbers rows by itself only where the type is exactly INTEGER
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("action", Text, nullable=False),  # create | update | remove
    Column("before", JSON, nullable=False),  # changed fields only; {} of a new station
    Column("after", JSON, nullable=False),
    Column("batch", Text, nullable=False, server_default=""),  # the act of many it belongs to
    Column("note", Text, nullable=False, server_default=""),  # why, in the words of its actor
    Index(None, "code", "seq"),
    Index(None, "batch"),
    sqlite_autoincrement=True,  # a number is never given twice
)

BATCHES: Final = Table(  # acts upon many stations, each undone as a whole
    "batches",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),  # import | bulk | undo
    Column("actor", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("source", Text, nullable=False),  # a file's name, what a list was filtered by, ...
    Column("note", Text, nullable=False),
    Column("details", JSON, nullable=False),  # counts and options
    Column("undone_by", Text, nullable=False),  # the batch that undid it; "" while it stands
    Column("last_seq", BigInteger, nullable=False, index=True),  # of its rows in the history
)

REMOVED: Final = Table(  # stations that an undo took out; their history stays
    "removed_stations",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("changed_seq", BigInteger, nullable=False, index=True),
)

REPORTS: Final = Table(
    "reports",
    METADATA,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("id", Text, nullable=False),  # a UUID, the sender's or ours
    Column("code", Text, nullable=False),
    Column("device", Text, nullable=False),  # a name that lives for a day
    Column("state", Text, nullable=False),  # open | locked | gone | broken | missing
    Column("at", Text, nullable=False),  # when it was seen
    Column("near", Boolean, nullable=True),
    Column("received_at", Text, nullable=False),
    Column("amenity", Text, nullable=False, server_default=""),  # what is broken or missing
    Index(None, "id", unique=True),
    Index(None, "code", "at"),
    Index(None, "at"),
    Index(None, "device"),
    sqlite_autoincrement=True,
)

CHECKS: Final = Table(
    "checks",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("code", Text, nullable=False),
    Column("reason", Text, nullable=False),  # of geo.stations.doubts.REASONS
    Column("amenity", Text, nullable=False),  # "" of the door; of "alike" another station's code
    Column("opened_at", Text, nullable=False),
    Column("told_at", Text, nullable=False),  # when the last of what it stands on was seen
    Column("taken_by", Text, nullable=False),
    Column("taken_at", Text, nullable=False),  # "" as long as it did not come
    Column("answer", Text, nullable=False),  # of who was asked to look
    Column("answered_by", Text, nullable=False),
    Column("answered_at", Text, nullable=False),
    Column("outcome", Text, nullable=False),  # fine | mended | true | over | "" while open
    Column("note", Text, nullable=False),
    Column("done_by", Text, nullable=False),
    Column("done_at", Text, nullable=False),  # "" while open
    Index(
        "ix_checks_open",
        "code",
        "reason",
        "amenity",
        unique=True,
        sqlite_where=text("done_at = ''"),
        postgresql_where=text("done_at = ''"),
    ),
    Index(None, "code"),
    Index(None, "done_at"),
)

CHECK_ACTS: Final = Table(  # who did what with a check; nothing here is ever changed
    "check_acts",
    METADATA,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("check_id", Text, nullable=False),
    Column("kind", Text, nullable=False),  # taken | put_back | answered | done
    Column("actor", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("text", Text, nullable=False),
    Index(None, "check_id"),
    sqlite_autoincrement=True,
)

WISHES: Final = Table(
    "wishes",
    METADATA,
    Column("cell", Text, primary_key=True),  # about 500 m wide; never a position
    Column("week", Text, primary_key=True),  # 2026-W10
    Column("device", Text, primary_key=True),  # a name that lives for a day
    Index(None, "week"),
)

AREAS: Final = Table(
    "areas",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("level", Text, nullable=False),  # city | district | subdistrict
    Column("parent", Text, nullable=False),
    Column("wkb", LargeBinary, nullable=False),  # a MultiPolygon, EPSG:4326
    Column("west", Double, nullable=False),
    Column("south", Double, nullable=False),
    Column("east", Double, nullable=False),
    Column("north", Double, nullable=False),
    Column("changed_seq", BigInteger, nullable=False),
)

USERS: Final = Table(
    "users",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("password_hash", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("stations", JSON, nullable=False, server_default="[]"),  # codes that a keeper keeps
    Column("link_hash", Text, nullable=False, server_default=""),  # of a keeper's link
)

LOGINS: Final = Table(  # logins that failed, by account and by address
    "failed_logins",
    METADATA,
    Column("key", Text, primary_key=True),  # an HMAC: no name and no address stands here
    Column("failures", Integer, nullable=False),
    Column("last_at", Text, nullable=False),
)

PHOTOS: Final = Table(
    "photos",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("code", Text, nullable=False),
    Column("state", Text, nullable=False),  # waiting | shown | refused
    Column("jpeg", LargeBinary, nullable=False),  # made anew: no metadata
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("added_at", Text, nullable=False),
    Column("judged_by", Text, nullable=False),
    Column("judged_at", Text, nullable=False),
    Index(None, "code"),
    Index(None, "state"),
)

SHEETS: Final = Table(  # which column of a foreign table is which field, as somebody settled it
    "sheets",
    METADATA,
    Column("direction", Text, primary_key=True),  # in | out
    Column("name", Text, primary_key=True),  # of the headers in; of the map platform out
    Column("columns", JSON, nullable=False),
    Column("datum", Text, nullable=False),
    Column("saved_by", Text, nullable=False),
    Column("saved_at", Text, nullable=False),
)

PLATFORMS: Final = Table(  # how far a station has come onto a map platform
    "platform_states",
    METADATA,
    Column("platform", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("state", Text, nullable=False),  # sent | accepted | wrong
    Column("note", Text, nullable=False),
    Column("set_by", Text, nullable=False),
    Column("set_at", Text, nullable=False),
    Index(None, "code"),
)

SETTLED: Final = Table(  # questions about records that somebody answered: all is right
    "settled_questions",
    METADATA,
    Column("kind", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("about", Text, primary_key=True),
    Column("said_by", Text, nullable=False),
    Column("said_at", Text, nullable=False),
)

RUNS: Final = Table(
    "runs",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("source", Text, nullable=False),  # where its tracks or beats come from
    Column("options", JSON, nullable=False),
    Column("files", JSON, nullable=False),  # of an upload: names and sizes
    Column("state", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("share", Double, nullable=False),  # of the work, 0 to 1
    Column("attempt", Integer, nullable=False),  # how often it was begun
    Column("worker", Text, nullable=False),  # who works on it, host and process
    Column("stop_wanted", Boolean, nullable=False),
    Column("is_shared", Boolean, nullable=False),  # with all planners of the installation
    Column("keeps_upload", Boolean, nullable=False),
    Column("is_demo", Boolean, nullable=False),
    Column("city", Text, nullable=False),
    Column("fault", JSON, nullable=False),  # why it failed; {} while it did not
    Column("log", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("started_at", Text, nullable=False),  # "" as long as it did not come
    Column("heard_at", Text, nullable=False),  # the last sign of life
    Column("finished_at", Text, nullable=False),
    Column("published_at", Text, nullable=False),
    Index(None, "state"),
    Index(None, "owner"),
)

BEATS: Final = Table(
    "beats",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("area", Text, nullable=False),  # code
    Column("trade", Text, nullable=False),
    Column("shift", Text, nullable=False),  # OSM hours
    Column("shift_text", Text, nullable=False),  # the same in the owner's words
    Column("workers", Integer, nullable=False),
    Column("wkb", LargeBinary, nullable=False),  # a line or several, EPSG:4326
    Column("source", Text, nullable=False),  # drawn | the file it was imported from
    Column("note", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("updated_by", Text, nullable=False),
    Column("updated_at", Text, nullable=False),
    Index(None, "area"),
)

META: Final = Table(
    "meta",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

COUNTER: Final = Table(
    "change_counter",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),  # one row, id 1
    Column("seq", BigInteger, nullable=False),
)
