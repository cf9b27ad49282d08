"""How many worker-minutes each station serves, by the newest coverage run that somebody may see."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from geo.stations.urgency import typical_min
from webmap.planner.files import is_readable, read_stations
from webmap.runs import DONE
from webmap.runs.record import result_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from pathlib import Path

    from webmap.runs import Run

_MINUTES: Final = ("nominal_alone_min", "nominal_shared_min")  # open, the only one in reach or not
_MOST_TRIED: Final = 10  # runs looked into


@dataclass(frozen=True, slots=True)
class Served:
    """The worker-minutes of one run, by station; without a run nobody is served."""

    run: Run | None = None
    minutes: Mapping[str, float] = field(default_factory=dict)  # by code
    usual_min: float = 1.0  # of a station of the run, its median

    def of(self, code: str) -> float:
        """Return the worker-minutes of a station, 0 where the run does not name it."""
        return self.minutes.get(code, 0.0)


def newest_served(
    runs: Iterable[Run],
    folder: Path,
    codes: Collection[str],
    *,
    is_demo: bool,
    may_see: Callable[[Run], bool],
) -> Served:
    """Return what stations serve by the newest finished run that names one of them.

    Parameters
    ----------
    runs : iterable of Run
        As ``Desk.runs`` returns them.
    folder : Path
        Of all runs.
    codes : collection of str
        The stations in question; a run of another area names none of them and says nothing.
    is_demo : bool
        Whether they are those of the demo.
    may_see : callable
        Whether the visitor may look at a run: what a run of others says stays with them.
    """
    wanted = frozenset(codes)
    done = [run for run in runs if run.state == DONE and run.is_demo == is_demo and may_see(run)]
    done.sort(key=lambda run: run.finished, reverse=True)
    for run in done[:_MOST_TRIED] if wanted else ():
        minutes = _minutes(result_folder(folder / run.id))
        if not wanted.isdisjoint(minutes):
            return Served(run, minutes, typical_min(list(minutes.values())))
    return Served()


def _minutes(folder: Path) -> dict[str, float]:
    """Return the minutes of a result by code; nothing of one that this version cannot read."""
    if not is_readable(folder):
        return {}
    rows: list[dict[str, Any]] = read_stations(folder)
    return {str(row["code"]): sum(row[name] for name in _MINUTES) for row in rows}
