"""The planner's desk: runs of coverage, and beats, which are plans and no persons."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create both tables and their indexes."""
    op.create_table(
        "runs",
        sa.Column("id", sa.Text, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("owner", "name", "source")),
        sa.Column("options", sa.JSON, nullable=False),
        sa.Column("files", sa.JSON, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("state", "stage")),
        sa.Column("share", sa.Double, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("worker", sa.Text, nullable=False),
        *(
            sa.Column(name, sa.Boolean, nullable=False)
            for name in ("stop_wanted", "is_shared", "keeps_upload", "is_demo")
        ),
        sa.Column("city", sa.Text, nullable=False),
        sa.Column("fault", sa.JSON, nullable=False),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in (
                "log", "created_at", "started_at", "heard_at", "finished_at", "published_at",
            )
        ),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )  # fmt: skip
    op.create_index("ix_runs_state", "runs", ["state"])
    op.create_index("ix_runs_owner", "runs", ["owner"])
    op.create_table(
        "beats",
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("id", "name", "area", "trade", "shift", "shift_text")
        ),
        sa.Column("workers", sa.Integer, nullable=False),
        sa.Column("wkb", sa.LargeBinary, nullable=False),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in (
                "source", "note", "created_by", "created_at", "updated_by", "updated_at",
            )
        ),
        sa.PrimaryKeyConstraint("id", name="pk_beats"),
    )  # fmt: skip
    op.create_index("ix_beats_area", "beats", ["area"])
