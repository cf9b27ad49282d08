"""Where the real data lie: beside the checkout, never inside it; tests that need it say so."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"

needs_shared_data = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the real data folder ../shared/data is not beside this checkout"
)
