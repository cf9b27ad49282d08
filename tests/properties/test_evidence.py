"""``find_locked`` equals a plain re-reading of the definition, which looks for each lock's end."""

from __future__ import annotations

import datetime as dt
from itertools import combinations

from hypothesis import example, given
from hypothesis import strategies as st

from geo.hours import CLOSED, OPEN
from geo.stations.evidence import Report, drop_bursts, find_locked

START = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
SHUT_AT = (22, 2)  # hours of UTC in which the station is posted as closed


REPORTS = st.lists(
    st.builds(
        Report,
        code=st.just("A"),
        device=st.sampled_from("abcd"),
        state=st.sampled_from(("locked", "locked", "locked", "open", "open", "gone")),
        at=st.integers(0, 50).map(lambda n: START + 2 * n * HOUR),
    ),
    max_size=20,
).map(lambda reports: [_numbered(report, place) for place, report in enumerate(reports)])


def _numbered(report: Report, place: int) -> Report:
    return Report(report.code, report.device, report.state, report.at, id=f"{place:04}")


def posted(_code: str, at: dt.datetime) -> int:
    return CLOSED if at.hour in SHUT_AT else OPEN


def is_locked(reports: list[Report], at: dt.datetime) -> bool:
    """Return whether a lock stands: what was seen before the end of one says nothing any more."""
    since: list[Report] = []
    for report in sorted((r for r in reports if r.at <= at), key=lambda r: r.at):
        if report.state == "gone" or (report.state == "locked" and posted("", report.at) == CLOSED):
            continue
        if _has_run_out(since, report.at):
            since = []
        since.append(report)
        if report.state == "open" and _ends(since):
            since = []
    return _begin(since) is not None and not _has_run_out(since, at)


def _begin(since: list[Report]) -> int | None:
    """Return the place of the first "locked" with another device's in the 24 h before it."""
    said = [(place, report) for place, report in enumerate(since) if report.state == "locked"]
    pairs = (
        there
        for (_, a), (there, b) in combinations(said, 2)
        if a.device != b.device and b.at - a.at <= 24 * HOUR
    )
    return min(pairs, default=None)


def _has_run_out(since: list[Report], at: dt.datetime) -> bool:
    last = max((report.at for report in since if report.state == "locked"), default=START)
    return _begin(since) is not None and at >= last + 72 * HOUR


def _ends(since: list[Report]) -> bool:
    """Return whether the last of these, an "open", takes away all that was said."""
    *before, report = since
    begin = _begin(before)
    start = report.at if begin is None else before[begin].at
    said = {r.device for r in before if r.state == "locked" and r.at >= start - 24 * HOUR}
    if report.device not in said or begin is None:
        return report.device not in said
    return len({r.device for r in since[begin + 1 :] if r.state == "open"}) >= 2


@given(REPORTS)
@example([])
def test_the_lock_is_that_of_the_definition(reports: list[Report]) -> None:
    for moment in {report.at for report in reports} | {START}:
        for later in (0, 24, 71.5, 72):
            at = moment + later * HOUR
            assert bool(find_locked(reports, at=at, hours_of=posted)) is is_locked(reports, at)


SPREAD = st.lists(
    st.builds(
        Report,
        code=st.sampled_from("ABCDEF"),
        device=st.sampled_from("ab"),
        state=st.sampled_from(("locked", "open")),
        at=st.integers(0, 300).map(lambda n: START + dt.timedelta(minutes=n)),
    ),
    max_size=14,
    unique_by=lambda report: (report.device, report.at),
)


@given(SPREAD)
def test_what_is_in_no_burst_is_kept(reports: list[Report]) -> None:
    bursts = [
        four
        for four in combinations(reports, 4)
        if len({r.device for r in four}) == 1
        and len({r.code for r in four}) == 4
        and max(r.at for r in four) - min(r.at for r in four) <= HOUR
    ]
    void = set()
    for four in bursts:
        low, high = min(r.at for r in four), max(r.at for r in four)
        for report in reports:
            if report.device == four[0].device and high - HOUR <= report.at <= low + HOUR:
                void.add(report)
    assert set(drop_bursts(reports)) == set(reports) - void
