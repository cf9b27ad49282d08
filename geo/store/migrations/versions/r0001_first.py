"""The first schema: stations with append-only history, areas, users, meta, change counter."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from geo.errors import StoreSchemaError

revision = "0001"
down_revision = None

_SQLITE_GUARD = """
CREATE TRIGGER station_history_keeps_{action} BEFORE {action} ON station_history {condition}
BEGIN SELECT RAISE(ABORT, 'station_history is append-only'); END
"""

_POSTGRES_GUARD = """
CREATE FUNCTION station_history_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'station_history is append-only'; END $$;
CREATE TRIGGER station_history_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON station_history
FOR EACH STATEMENT EXECUTE FUNCTION station_history_keeps()
"""

_POSTGIS = """
ALTER TABLE stations ADD COLUMN geom geometry(Point, 4326)
GENERATED ALWAYS AS (ST_SetSRID(ST_MakePoint(lon, lat), 4326)) STORED;
CREATE INDEX ix_stations_geom ON stations USING gist (geom);
ALTER TABLE areas ADD COLUMN geom geometry(MultiPolygon, 4326)
GENERATED ALWAYS AS (ST_GeomFromWKB(wkb, 4326)) STORED;
CREATE INDEX ix_areas_geom ON areas USING gist (geom)
"""


def upgrade() -> None:
    """Create everything in an empty database.

    Raises
    ------
    StoreSchemaError
        PostgreSQL without PostGIS, and no right to add it.
    """
    on_postgres = op.get_bind().dialect.name == "postgresql"
    if on_postgres:
        _require_postgis()
    _create_stations()
    _create_history()
    _create_the_rest()
    if on_postgres:
        op.execute(_POSTGRES_GUARD)
        op.execute(_POSTGIS)
    else:
        _guard_on_sqlite()


def _guard_on_sqlite() -> None:
    # INSERT OR REPLACE would delete the old row without firing the trigger on DELETE
    known = "WHEN EXISTS (SELECT 1 FROM station_history WHERE seq = NEW.seq)"
    for action, condition in (("UPDATE", ""), ("DELETE", ""), ("INSERT", known)):
        op.execute(_SQLITE_GUARD.format(action=action, condition=condition))


def _require_postgis() -> None:
    bind = op.get_bind()
    if bind.execute(sa.text("SELECT 1 FROM pg_extension WHERE extname = 'postgis'")).first():
        return
    try:
        op.execute("CREATE EXTENSION postgis")
    except sa.exc.DBAPIError as error:
        msg = (
            f"the database {bind.engine.url.database} has no PostGIS and it could not be added "
            f"({error.orig}); install PostGIS on the server and let its administrator run "
            "CREATE EXTENSION postgis in this database"
        )
        raise StoreSchemaError(msg) from error


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _create_stations() -> None:
    op.create_table(
        "stations",
        *_text("code", "name", "aliases", "kind", "status", "status_until"),
        sa.Column("lon", sa.Double, nullable=False),
        sa.Column("lat", sa.Double, nullable=False),
        *_text("source_datum", "address", "district", "subdistrict", "host", "mode", "audience"),
        *_text("hours", "hours_text", "self_hours", "entry_mode", "self_entry_mode"),
        *_text("needs_phone", "needs_registration", "dignity", "amenities"),
        sa.Column("area_m2", sa.Double, nullable=True),
        sa.Column("capacity", sa.Integer, nullable=True),
        *_text("floor", "street_front", "phone_public", "contact", "manager", "photo"),
        *_text("has_sign", "has_rules", "on_amap", "on_baidu", "opened_on", "verified_on"),
        *_text("source", "source_id", "note", "demo"),
        sa.Column("changed_seq", sa.BigInteger, nullable=False),
        *_text("created_at", "updated_at"),
        sa.PrimaryKeyConstraint("code", name="pk_stations"),
    )
    op.create_index("ix_stations_changed_seq", "stations", ["changed_seq"])


def _create_history() -> None:
    op.create_table(
        "station_history",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), autoincrement=True),
        *_text("at", "actor", "origin", "code", "action"),
        sa.Column("before", sa.JSON, nullable=False),
        sa.Column("after", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_station_history"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_station_history_code_seq", "station_history", ["code", "seq"])


def _create_the_rest() -> None:
    op.create_table(
        "areas",
        *_text("code", "name", "level", "parent"),
        sa.Column("wkb", sa.LargeBinary, nullable=False),
        *(
            sa.Column(side, sa.Double, nullable=False)
            for side in ("west", "south", "east", "north")
        ),
        sa.Column("changed_seq", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_areas"),
    )
    op.create_table(
        "users",
        *_text("name", "password_hash", "role", "area", "created_at"),
        sa.Column("disabled", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_users"),
    )
    op.create_table("meta", *_text("key", "value"), sa.PrimaryKeyConstraint("key", name="pk_meta"))
    counter = op.create_table(
        "change_counter",
        sa.Column("id", sa.Integer, autoincrement=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_change_counter"),
    )
    op.bulk_insert(counter, [{"id": 1, "seq": 0}])
