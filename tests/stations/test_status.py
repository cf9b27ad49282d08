"""Stations in use: open ones, and temporary closures whose end has come."""

from __future__ import annotations

import datetime as dt

import pytest

from geo.stations.status import in_use, is_in_use
from tests.networks import stations_at

UNTIL = "2026-03-02T08:00:00+08:00"
BEFORE = dt.datetime.fromisoformat("2026-03-02T07:59+08:00")
THEN = dt.datetime.fromisoformat("2026-03-02T00:00+00:00")  # the same moment, said in UTC


@pytest.mark.parametrize(
    ("status", "until", "before", "then"),
    [
        ("open", "", True, True),
        ("open", UNTIL, True, True),
        ("temporarily_closed", "", False, False),
        ("temporarily_closed", UNTIL, False, True),
        ("closed", UNTIL, False, False),
        ("planned", UNTIL, False, False),
        ("built_not_open", "", False, False),
        ("duplicate_of", "", False, False),
    ],
)
def test_a_closure_ends_at_its_very_moment(
    status: str,
    until: str,
    before: bool,  # noqa: FBT001 - a table
    then: bool,  # noqa: FBT001
) -> None:
    cells = {"status": status, "status_until": until}
    assert is_in_use(cells, BEFORE) is before
    assert is_in_use(cells, THEN) is then
    frame = stations_at([116.4], [39.9], **cells)
    assert in_use(frame, BEFORE).tolist() == [before]
    assert in_use(frame, THEN).tolist() == [then]
