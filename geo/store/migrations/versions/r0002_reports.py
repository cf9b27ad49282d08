"""What workers report of stations: a table of its own, no part of their history."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the table and its indexes."""
    op.create_table(
        "reports",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), autoincrement=True),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("id", "code", "device", "state", "at")
        ),
        sa.Column("near", sa.Boolean, nullable=True),
        sa.Column("received_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_reports"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reports_id", "reports", ["id"], unique=True)
    op.create_index("ix_reports_code_at", "reports", ["code", "at"])
    op.create_index("ix_reports_at", "reports", ["at"])
    op.create_index("ix_reports_device", "reports", ["device"])
