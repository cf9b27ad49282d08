"""Run the migrations on the connection that ``geo.store.revision`` opened and locked.

The transaction is the caller's: either all steps hold or none.
"""

from __future__ import annotations

from alembic import context

from geo.store.tables import METADATA

if __name__ == "env_py":  # Alembic's name for this file; others (doctest) only import it
    context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
    context.run_migrations()
