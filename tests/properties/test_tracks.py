"""Tracks: order, blocks, memory and files change no bit; cleaning is the plain walk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.coords import DATUMS, geodesic_m
from geo.tracks import Steps, delimited, read_tracks, spool
from geo.tracks.lengths import is_impossible, is_slow, step_metres
from geo.zones import local_day, to_local_ms
from tests.tracks.build import all_steps, same_bits, write_csv

BASE_S = 1_714_521_600  # 2024-05-01T00:00Z


@dataclass(frozen=True)
class Fix:
    """One fix as a test draws it."""

    worker: str
    route: str
    lon: float
    lat: float
    second: int

    def row(self) -> str:
        """Return its CSV row."""
        return f"{self.worker},{self.route},{self.lon},{self.lat},{BASE_S + self.second}"


def walks(*, distinct: bool) -> st.SearchStrategy[list[Fix]]:
    """Few workers in one block of streets, now and then a jump or a hole."""
    fix = st.builds(
        Fix,
        worker=st.sampled_from(["a", "b", "c"]),
        route=st.sampled_from(["x", "y"]) | st.just("x"),
        lon=st.floats(116.3, 116.31) | st.floats(116, 117),
        lat=st.floats(39.99, 40.0) | st.floats(39.5, 40.5),
        second=st.integers(0, 900) | st.integers(0, 9000),
    )
    key = (lambda f: (f.worker, f.second)) if distinct else None
    return st.lists(fix, min_size=1, max_size=60, unique_by=key)


def steps_from(files: list[list[Fix]], *, max_rows: int = 10**6, datum: str = "wgs84") -> Steps:
    with TemporaryDirectory() as folder:
        paths = [
            write_csv(Path(folder) / f"{number}.csv", [fix.row() for fix in fixes])
            for number, fixes in enumerate(files)
        ]
        with read_tracks(paths, max_rows_in_memory=max_rows, datum=datum) as tracks:
            return all_steps(tracks)


def plain_clean(fixes: list[Fix]) -> list[tuple[str, int, int, int, int]]:
    """Walk fix by fix as definitions.md words it: worker, second, trip, duration_ms, length_mm."""
    out: list[tuple[str, int, int, int, int]] = []
    trip = 0
    for worker in sorted({fix.worker for fix in fixes}):
        good: list[Fix] = []
        seen: set[int] = set()
        for fix in sorted((f for f in fixes if f.worker == worker), key=lambda f: f.second):
            if fix.second in seen:
                continue
            seen.add(fix.second)
            if good and _metres(good[-1], fix) / (fix.second - good[-1].second) > 120 / 3.6:
                continue
            good.append(fix)
        for fix, after in zip(good, [*good[1:], None], strict=True):
            if after and after.second - fix.second <= 1200:
                seconds, metres = after.second - fix.second, _metres(fix, after)
                mm = 0 if metres / seconds < 0.3 else round(metres * 1000)
                out.append((worker, fix.second, trip, seconds * 1000, mm))
            else:
                out.append((worker, fix.second, trip, 0, 0))
                trip += 1
    return out


def _metres(one: Fix, other: Fix) -> float:
    return float(geodesic_m(one.lon, one.lat, other.lon, other.lat))


@given(walks(distinct=False))
def test_cleaning_is_the_plain_walk_through_the_fixes(fixes: list[Fix]) -> None:
    steps = steps_from([fixes])
    plain = plain_clean(fixes)
    names = sorted({fix.worker for fix in fixes})
    assert [names[w - 1] for w in steps.worker] == [row[0] for row in plain]
    assert (steps.t_ms // 1000 - BASE_S).tolist() == [row[1] for row in plain]
    assert np.unique(steps.trip, return_inverse=True)[1].tolist() == [row[2] for row in plain]
    assert steps.duration_ms.tolist() == [row[3] for row in plain]
    assert steps.length_mm.tolist() == [row[4] for row in plain]


@given(
    walks(distinct=True).flatmap(lambda fixes: st.tuples(st.just(fixes), st.permutations(fixes))),
    st.integers(1, 5),
    st.integers(0, 30),
    st.integers(200, 2000),
    st.sampled_from(DATUMS),
)
def test_order_files_blocks_and_memory_change_no_bit(
    orders: tuple[list[Fix], list[Fix]], files: int, max_rows: int, block_bytes: int, datum: str
) -> None:
    wanted = steps_from([orders[0]], datum=datum)
    pieces = [piece for number in range(files) if (piece := orders[1][number::files])]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "BLOCK_BYTES", block_bytes)
        patch.setattr(spool, "_GROUP_ROWS", max(1, max_rows // 2))
        assert same_bits(steps_from(pieces, max_rows=max_rows, datum=datum), wanted)


@given(walks(distinct=True))
def test_durations_and_days_of_trips_add_up(fixes: list[Fix]) -> None:
    steps = steps_from([fixes])
    for trip in np.unique(steps.trip):
        of = steps.trip == trip
        t_ms = steps.t_ms[of]
        assert steps.duration_ms[of].sum() == t_ms[-1] - t_ms[0]
        assert len(np.unique(steps.worker[of])) == 1
        assert set(steps.day[of]) == set(local_day(to_local_ms(t_ms[:1])))


@given(
    st.lists(
        st.tuples(
            st.floats(-180, 180) | st.floats(116.3, 116.302),
            st.floats(-90, 90) | st.floats(39.9, 39.902),
            st.integers(1, 20_000),
        ),
        min_size=2,
        max_size=40,
    )
)
def test_short_lengths_decide_as_the_geodesic_does(points: list[tuple[float, float, int]]) -> None:
    lon, lat, gap = (np.array(column) for column in zip(*points, strict=True))
    gap_ms = gap[1:].astype(np.int64)
    quick = step_metres(lon, lat, gap_ms)
    exact = geodesic_m(lon[:-1], lat[:-1], lon[1:], lat[1:])
    assert np.array_equal(np.rint(quick * 1000), np.rint(exact * 1000))
    assert np.array_equal(is_impossible(quick, gap_ms), is_impossible(exact, gap_ms))
    assert np.array_equal(is_slow(quick, gap_ms), is_slow(exact, gap_ms))


@pytest.mark.parametrize("lat", [-79.0, -30.0, 0.0, 1e-6, 39.9, 60.0, 80.0])
def test_short_lengths_agree_with_the_geodesic_in_the_millimetre(lat: float) -> None:
    rng = np.random.default_rng(7)
    lon = 116.3 + np.cumsum(rng.normal(0, 3e-4, 50_000))
    lats = lat + rng.normal(0, 3e-4, 50_000)
    gap_ms = rng.integers(1000, 60_000, 49_999)
    quick = step_metres(lon, lats, gap_ms)
    exact = geodesic_m(lon[:-1], lats[:-1], lon[1:], lats[1:])
    assert np.max(np.abs(quick - exact)) < 3e-7
    assert np.array_equal(np.rint(quick * 1000), np.rint(exact * 1000))
    assert np.array_equal(is_slow(quick, gap_ms), is_slow(exact, gap_ms))
