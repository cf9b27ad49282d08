"""How hard property tests try when one example is a whole run of the chain."""

from __future__ import annotations

from hypothesis import settings

_PROFILE = settings()
HEAVY = settings(_PROFILE, max_examples=max(_PROFILE.max_examples // 4, 8))
