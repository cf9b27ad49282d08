"""The desk of a small city, as the planner's pages know it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.webmap.planner.conftest import at_once, city, light
from webmap.runs import Desk

if TYPE_CHECKING:
    from webmap.settings import Settings

__all__ = ["at_once", "city", "light"]


@pytest.fixture
def desk(settings: Settings) -> Desk:
    """Return the desk of the installation, whose folder is there."""
    settings.make_instance()
    settings.runs.mkdir(mode=0o700, exist_ok=True)
    return Desk(settings)
