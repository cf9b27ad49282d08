"""What becomes of workers' reports: checks for staff, amenities in reports, wishes for stations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the column of reports, and create both tables and their indexes."""
    amenity = sa.Column("amenity", sa.Text, nullable=False, server_default="")
    op.add_column("reports", amenity)
    op.create_table(
        "checks",
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in (
                "id", "code", "reason", "amenity", "opened_at", "told_at",
                "taken_by", "taken_at", "answer", "answered_by", "answered_at",
                "outcome", "note", "done_by", "done_at",
            )
        ),
        sa.PrimaryKeyConstraint("id", name="pk_checks"),
    )  # fmt: skip
    is_open = sa.text("done_at = ''")
    op.create_index(
        "ix_checks_open",
        "checks",
        ["code", "reason", "amenity"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_index("ix_checks_code", "checks", ["code"])
    op.create_index("ix_checks_done_at", "checks", ["done_at"])
    op.create_table(
        "wishes",
        *(sa.Column(name, sa.Text, nullable=False) for name in ("cell", "week", "device")),
        sa.PrimaryKeyConstraint("cell", "week", "device", name="pk_wishes"),
    )
    op.create_index("ix_wishes_week", "wishes", ["week"])
