"""The pinyin of each station's name, aliases and address, for the search; it is no field."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from geo.search import spell_cells

revision = "0005"
down_revision = "0004"

_CHUNK = 5_000


def upgrade() -> None:
    """Add the column, and fill it for the stations that are there."""
    op.add_column("stations", sa.Column("pinyin", sa.Text, nullable=False, server_default=""))
    stations = sa.table(
        "stations", *(sa.column(name) for name in ("code", "name", "aliases", "address", "pinyin"))
    )
    connection = op.get_bind()
    spelled = sa.update(stations).where(stations.c.code == sa.bindparam("of_code"))
    spelled = spelled.values(pinyin=sa.bindparam("spelled"))
    read = sa.select(
        stations.c.code, stations.c.name, stations.c.aliases, stations.c.address
    ).order_by(stations.c.code)
    last = None
    while rows := connection.execute(
        (read if last is None else read.where(stations.c.code > last)).limit(_CHUNK)
    ).all():
        filled = [{"of_code": code, "spelled": spell_cells(*cells)} for code, *cells in rows]
        connection.execute(spelled, filled)
        last = rows[-1].code
