"""What stations serve: by the newest run that may be seen and names one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.webmap.planner.made import other, put_done
from tests.webmap.runs.waiting import put_row
from webmap.planner.files import read_stations
from webmap.runs import DONE, FAILED, Desk, Run
from webmap.served import Served, newest_served

if TYPE_CHECKING:
    from pathlib import Path

    from webmap.settings import Settings

__all__ = ["other"]  # a fixture


Lay = Callable[..., Run]


@pytest.fixture
def lay(settings: Settings, other: Path) -> Lay:
    """Return a function that lays a result under a run."""
    settings.make_instance()
    return lambda day, **cells: put_done(settings, other, finished=f"{day}T04:00:00+00:00", **cells)


def served(settings: Settings, *codes: str, owner: str = "小王", is_demo: bool = False) -> Served:
    """Ask for stations as somebody who sees their own runs."""
    return newest_served(
        Desk(settings).runs(),
        settings.runs,
        codes,
        is_demo=is_demo,
        may_see=lambda run: run.owner == owner,
    )


def code_of(other: Path) -> str:
    return str(read_stations(other)[0]["code"])


def test_the_minutes_are_those_of_the_report(settings: Settings, other: Path, lay: Lay) -> None:
    run = lay("2026-03-01")
    found = served(settings, code_of(other), "other")
    rows = read_stations(other)
    assert found.run is not None
    assert found.run.id == run.id
    minutes = [row["nominal_alone_min"] + row["nominal_shared_min"] for row in rows]
    assert min(minutes) > 0
    assert [found.of(row["code"]) for row in rows] == minutes
    assert found.usual_min == sum(minutes) / 2  # the median of two
    assert found.of("other") == 0


def test_the_newest_that_may_be_seen_and_names_a_station_counts(
    settings: Settings,
    other: Path,
    lay: Lay,
) -> None:
    code = code_of(other)
    old = lay("2026-02-01")
    new = lay("2026-03-01")
    lay("2026-03-03", owner="小李")
    lay("2026-03-04", is_demo=True)
    put_row(settings, b"", state=FAILED, finished="2026-03-05T04:00:00+00:00")
    put_row(settings, b"", state=DONE, finished="2026-03-06T04:00:00+00:00")  # its files are gone
    found = served(settings, code).run
    assert found is not None
    assert (found.id, found.id == old.id) == (new.id, False)
    assert served(settings, "elsewhere") == Served()
    assert served(settings) == Served()
    assert served(settings, code, owner="小赵") == Served()
