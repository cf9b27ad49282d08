"""The staff desk: acts upon many stations, keepers, photos, sheets of imports and map platforms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

if TYPE_CHECKING:
    from collections.abc import Iterator

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the columns of history and accounts, and create the tables and their indexes."""
    op.add_column("station_history", *_texts("batch", default=""))
    op.add_column("station_history", *_texts("note", default=""))
    op.create_index("ix_station_history_batch", "station_history", ["batch"])
    op.add_column(
        "users", sa.Column("stations", sa.JSON, nullable=False, server_default=sa.text("'[]'"))
    )
    op.add_column("users", *_texts("link_hash", default=""))
    op.create_table(
        "batches",
        *_texts("id", "kind", "actor", "at", "source", "note", "undone_by"),
        sa.Column("details", sa.JSON, nullable=False),
        sa.Column("last_seq", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_batches"),
    )
    op.create_index("ix_batches_last_seq", "batches", ["last_seq"])
    op.create_table(
        "removed_stations",
        *_texts("code"),
        sa.Column("changed_seq", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_removed_stations"),
    )
    op.create_index("ix_removed_stations_changed_seq", "removed_stations", ["changed_seq"])
    op.create_table(
        "check_acts",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        *_texts("check_id", "kind", "actor", "at", "text"),
        sa.PrimaryKeyConstraint("seq", name="pk_check_acts"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_check_acts_check_id", "check_acts", ["check_id"])
    op.create_table(
        "failed_logins",
        *_texts("key", "last_at"),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_failed_logins"),
    )
    op.create_table(
        "photos",
        *_texts("id", "code", "state", "added_by", "added_at", "judged_by", "judged_at"),
        sa.Column("jpeg", sa.LargeBinary, nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_photos"),
    )
    op.create_index("ix_photos_code", "photos", ["code"])
    op.create_index("ix_photos_state", "photos", ["state"])
    op.create_table(
        "sheets",
        *_texts("direction", "name", "datum", "saved_by", "saved_at"),
        sa.Column("columns", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("direction", "name", name="pk_sheets"),
    )
    op.create_table(
        "platform_states",
        *_texts("platform", "code", "state", "note", "set_by", "set_at"),
        sa.PrimaryKeyConstraint("platform", "code", name="pk_platform_states"),
    )
    op.create_index("ix_platform_states_code", "platform_states", ["code"])
    op.create_table(
        "settled_questions",
        *_texts("kind", "code", "about", "said_by", "said_at"),
        sa.PrimaryKeyConstraint("kind", "code", "about", name="pk_settled_questions"),
    )


def _texts(*names: str, default: str | None = None) -> Iterator[sa.Column[str]]:
    return (sa.Column(name, sa.Text, nullable=False, server_default=default) for name in names)
