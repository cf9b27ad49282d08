"""What all tests share: the store on both engines, and how hard hypothesis tries."""

from __future__ import annotations

import os

from hypothesis import settings

from tests.postgres import (
    bare_postgres_url,
    empty_sqlite,
    postgres_server,
    postgres_url,
    store,
    store_url,
)

__all__ = [
    "bare_postgres_url",
    "empty_sqlite",
    "postgres_server",
    "postgres_url",
    "store",
    "store_url",
]

# no deadline anywhere: a busy machine is not a wrong answer
settings.register_profile("dev", max_examples=30, deadline=None)
settings.register_profile("ci", max_examples=40, deadline=None, derandomize=True)
settings.register_profile("nightly", max_examples=400, deadline=None)
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") == "true" else "dev")
)
