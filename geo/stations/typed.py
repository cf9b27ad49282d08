"""Typed cells of workbooks and vector files as the text that a table would hold."""

from __future__ import annotations

from datetime import datetime, time

from pandas import NA

from geo.stations.cells import format_number


def is_known(value: object) -> bool:
    """Return whether a typed cell holds anything: not None, NA, NaN or NaT."""
    return not (value is None or value is NA or value != value)  # noqa: PLR0124  # NaN != NaN


def cell_text(value: object) -> str:
    """Return what a typed cell of a workbook or vector file says, as a table would write it."""
    if not is_known(value):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return format_number(value)
    if isinstance(value, datetime):
        is_day = value.time() == time() and value.tzinfo is None
        return value.date().isoformat() if is_day else value.isoformat()
    return str(getattr(value, "text", value))  # an array formula keeps its words in .text
