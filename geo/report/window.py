"""The hours of the week in which it is worst: the window that the headline names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ENOUGH_SHARE: Final = 0.02  # of the whole time must fall into a window
ENOUGH_MIN: Final = 60.0  # and at least an hour
AS_BAD: Final = 0.9  # of the worst share: as good as the worst
CLEAR_TIMES: Final = 1.25  # the whole's share: a window is worth naming
CLEAR_MORE: Final = 0.05  # above the whole's share
_SETS: Final = (tuple(range(7)), tuple(range(5)), (5, 6))  # every day, Monday to Friday, weekend
_HOURS: Final = 24
_ROUNDING: Final = 1e-12  # of shares that add up to 1: no gap, and not "less than 1 %"


@dataclass(frozen=True)
class Window:
    """Some hours of some days of the week, and the figures of the time in them."""

    days: tuple[int, ...]  # Monday = 0; on which somebody walked in these hours
    start: int  # hour of the day
    hours: int  # how many; past midnight they belong to the day after
    demand_min: float
    gap_min: float
    nominal_min: float
    effective_min: float
    unknown_min: float  # effective

    @property
    def gap_share(self) -> float:
        """Share of the window's time in a gap, effective."""
        return self.gap_min / self.demand_min

    @property
    def nominal_share(self) -> float:
        """Share of the window's time covered nominally."""
        return self.nominal_min / self.demand_min

    @property
    def effective_share(self) -> float:
        """Share of the window's time covered effectively."""
        return self.effective_min / self.demand_min

    @property
    def unknown_share(self) -> float:
        """Share of the window's time of which nobody can say, effective."""
        return self.unknown_min / self.demand_min


def worst_window(cells: Sequence[dict[str, Any] | None]) -> Window | None:
    """Return the window of the week that a headline should name; None if none stands out.

    Parameters
    ----------
    cells : sequence of dict or None, 168
        ``by_hour_of_week`` of a summary.

    Returns
    -------
    Window or None
        A window is a run of 1 to 24 clock hours (past midnight: of the day after) on every day,
        on Monday to Friday or on the weekend, with somebody walking in each of its clock hours on
        one of the days. It counts if at least 2 % of the whole time and at least an hour of it
        falls into it. Let w be the greatest share of time in a gap of the windows that count. Of
        those with at least 0.9 w it is the one with most time in a gap; ties: fewer hours, then
        the order every day, Monday to Friday, weekend, then the earlier start. None if its share
        is below 1.25 times the share of the whole time or less than 5 points above it.
    """
    whole = _sum((), 0, 0, [cell for cell in cells if cell])
    if whole.demand_min < ENOUGH_MIN:
        return None
    least = max(ENOUGH_MIN, ENOUGH_SHARE * whole.demand_min)
    windows = [window for window in _windows(cells) if window.demand_min >= least]
    if not windows:
        return None
    worst = max(window.gap_share for window in windows)
    bad = [window for window in windows if window.gap_share >= AS_BAD * worst]
    chosen = min(bad, key=lambda window: (-window.gap_min, window.hours))  # first of equals
    clear = max(CLEAR_TIMES * whole.gap_share, whole.gap_share + CLEAR_MORE)
    return chosen if chosen.gap_share >= clear else None


def _windows(cells: Sequence[dict[str, Any] | None]) -> Iterator[Window]:
    """Yield all windows in which somebody walked at each clock hour.

    Yields
    ------
    Window
        By set of days, then start, then length.
    """
    for days in _SETS:
        for start in range(_HOURS):
            for hours in range(1, _HOURS + 1):
                window = _window(cells, days, start, hours)
                if window is None:
                    break  # a longer one has the same empty hour
                yield window


def _window(
    cells: Sequence[dict[str, Any] | None], days: Sequence[int], start: int, hours: int
) -> Window | None:
    """Return the window of these hours; None if nobody walks in one of its clock hours."""
    by_day: dict[int, list[dict[str, Any]]] = {}
    seen: set[int] = set()
    for day in days:
        for clock in range(start, start + hours):
            cell = cells[(_HOURS * day + clock) % len(cells)]
            if cell is not None:
                by_day.setdefault(day, []).append(cell)
                seen.add(clock)
    if len(seen) < hours:
        return None
    return _sum(tuple(by_day), start, hours, [cell for some in by_day.values() for cell in some])


def _sum(days: tuple[int, ...], start: int, hours: int, cells: list[dict[str, Any]]) -> Window:
    """Return the figures of some cells as a window."""
    return Window(
        days=days,
        start=start,
        hours=hours,
        demand_min=sum(cell["demand_min"] for cell in cells),
        gap_min=sum(gap_share(cell) * cell["demand_min"] for cell in cells),
        nominal_min=sum(cell["nominal_share"] * cell["demand_min"] for cell in cells),
        effective_min=sum(cell["effective_share"] * cell["demand_min"] for cell in cells),
        unknown_min=sum(cell["effective_unknown_share"] * cell["demand_min"] for cell in cells),
    )


def gap_share(figures: dict[str, Any]) -> float:
    """Return the effective share of time in a gap of a group of `geo.coverage.result.group`."""
    gap = 1.0 - figures["effective_share"] - figures["effective_unknown_share"]
    return float(gap) if gap > _ROUNDING else 0.0
