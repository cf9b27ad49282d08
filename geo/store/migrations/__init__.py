"""Alembic migrations of the store, run by ``geo.store.revision``."""
