"""Hours of amenities that have their own; of the stations already stored none are known."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column."""
    column = sa.Column("amenity_hours", sa.Text, nullable=False, server_default="")
    op.add_column("stations", column)
