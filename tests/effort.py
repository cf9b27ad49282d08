"""How hard property tests try: in every run, and nightly, when there is time."""

from __future__ import annotations

import os

from hypothesis import settings

_PROFILE = settings()
IS_NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
HEAVY = settings(  # where one example is a whole run of the chain
    _PROFILE, max_examples=max(_PROFILE.max_examples // 4, 8) if IS_NIGHTLY else 6
)


def tries(*, nightly: int, usually: int) -> settings:
    """Return how often a test whose single example is dear tries."""
    return settings(_PROFILE, max_examples=nightly if IS_NIGHTLY else usually)
