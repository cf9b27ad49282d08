"""The JSON interface ``/api/v1``: one file per noun; every error is an RFC 9457 problem."""

from __future__ import annotations

from webmap.api import coverage, grid, nearest, reports, search, stations, wishes
from webmap.api.base import blueprint

__all__ = ["blueprint", "coverage", "grid", "nearest", "reports", "search", "stations", "wishes"]
