"""States of 200,000 stations at one moment and in a week of 15-minute slots.

2,000 distinct texts: 60 % weekly, 20 % alike on all days, 10 % seasonal, 5 % round the clock, 5 %
not known. The peer is a plain loop over `opening_hours`, once per distinct text and moment; it
knows no holidays, so both are asked about a week without any, and must agree on every text whose
hours are known. Cold is a process that has read none of the texts, texts of the peer included.
``python benchmarks/hours.py [--quick]``
"""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from machine import machine_line, print_table, timed
from opening_hours import OpeningHours

sys.path.insert(0, str(Path(__file__).parents[1]))  # measure this checkout, installed or not

from geo.hours import OPEN, states

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Codes = NDArray[np.uint8]

STATIONS: Final = 200_000
TEXTS: Final = 2_000
SHARES: Final = {"weekly": 60, "daily": 20, "seasonal": 10, "always": 5, "unknown": 5}  # per cent
MOMENT: Final = dt.datetime(2026, 3, 4, 8, 40)  # noqa: DTZ001  # local; a Wednesday
WEEK_START: Final = dt.datetime(2026, 3, 2)  # noqa: DTZ001  # local; no holiday in this week
SLOT: Final = dt.timedelta(minutes=15)
SLOTS: Final = 7 * 24 * 4


def main() -> int:
    """Run both tools; return 1 if they differ."""
    parser = argparse.ArgumentParser(description="States of many stations by their hours.")
    parser.add_argument("--quick", action="store_true", help="a tenth the stations and texts")
    part = 10 if parser.parse_args().quick else 1
    print(machine_line("opening-hours-py", "chinesecalendar"))
    return compare(STATIONS // part, TEXTS // part)


def compare(stations: int, count: int) -> int:
    """Ask about one moment and about a week, check, print the table."""
    rng = np.random.default_rng(8)
    distinct = distinct_texts(rng, count)
    at = np.concatenate([np.arange(count), rng.integers(0, count, stations - count)])
    texts = [distinct[row] for row in at]
    week = [WEEK_START + SLOT * slot for slot in range(SLOTS)]
    later = MOMENT + dt.timedelta(minutes=1)
    print(f"\n{stations} stations, {len(set(texts))} distinct texts, {SLOTS} slots of 15 min")
    gc.collect()
    gc.disable()  # as timeit does: hundreds of thousands of texts are no part of the question
    cold_s, now = timed(lambda: states(texts, [MOMENT]))
    warm_s, _ = timed(lambda: states(texts, [later]), repeat=7)
    rows_s, _ = timed(lambda: states(distinct, [later])[at], repeat=7)
    week_s, slots = timed(lambda: states(distinct, week)[at])
    peer_cold_s, peers = timed(lambda: [OpeningHours(text) for text in distinct])
    peer_now_s, peer_now = timed(lambda: peer_is_open(peers, [MOMENT]), repeat=3)
    peer_week_s, peer_week = timed(lambda: peer_is_open(peers, week))
    gc.enable()
    print_table(
        ("", "Nuanyi", "loop over distinct texts", "time: loop / ours"),
        [
            cells("one moment, cold", cold_s, peer_cold_s + peer_now_s),
            cells("another moment, warm", warm_s, peer_now_s),
            cells("the same by row of the distinct texts", rows_s, peer_now_s),
            cells("a week by row of the distinct texts", week_s, peer_week_s),
        ],
    )
    agreed = agrees(distinct, now[:count], peer_now, "one moment")
    return 0 if agrees(distinct, slots[:count], peer_week, "the week") and agreed else 1


def cells(name: str, ours_s: float, peer_s: float) -> tuple[str, str, str, str]:
    """Return the cells of one question."""
    return name, f"{ours_s * 1e3:.1f} ms", f"{peer_s * 1e3:.1f} ms", f"{peer_s / ours_s:.1f}"


def peer_is_open(
    peers: Sequence[OpeningHours], moments: Sequence[dt.datetime]
) -> NDArray[np.bool_]:
    """Ask the library about each text and moment, shape (texts, moments)."""
    return np.array([[hours.is_open(moment) for moment in moments] for hours in peers])


def agrees(distinct: list[str], ours: Codes, peers: NDArray[np.bool_], question: str) -> bool:
    """Say how many answers are the same, over the texts that both can judge."""
    fair = np.array([is_fair(text) for text in distinct])
    same = (ours == OPEN)[fair] == peers[fair]
    agreed = bool(same.all())
    print(
        f"{question}: {'agree' if agreed else 'DIFFER'} on {same.sum()} of {same.size} answers "
        f"({fair.sum()} texts; left out: comment alone, nights beside another rule)"
    )
    return agreed


def is_fair(text: str) -> bool:
    """Return False where the library is known to err.

    A comment alone is open to it, and it ends a night at midnight where another rule has the day.
    """
    if text.startswith('"'):
        return False
    spans = re.findall(r"(\d\d:\d\d)-(\d\d:\d\d)", text)
    return "Mo-Fr" not in text or all(start < end for start, end in spans)


def distinct_texts(rng: np.random.Generator, count: int) -> list[str]:
    """Return different texts in the shares of the kinds."""
    made: dict[str, None] = {}
    for kind, share in SHARES.items():
        until = len(made) + count * share // 100
        while len(made) < until:
            made[text_of(kind, rng, len(made))] = None
    return list(made)


def text_of(kind: str, rng: np.random.Generator, number: int) -> str:
    """Return a text of a kind; the number tells apart those that say the same."""
    if kind == "always":
        return f'24/7 "door {number}"'
    if kind == "unknown":
        return f'"ask at house {number}"'
    if kind == "daily":
        return times(rng)
    if kind == "seasonal":
        return f"Oct 15-Apr 15 {times(rng)}; Apr 16-Oct 14 {times(rng)}"
    holidays = rng.choice(["", "; PH off"])
    return f"Mo-Fr {times(rng)}; {rng.choice(['Sa', 'Sa-Su'])} {times(rng)}{holidays}"


def times(rng: np.random.Generator) -> str:
    """Return one interval, two with a break at noon, or one past midnight."""
    opens, closes = int(rng.integers(12, 40)), int(rng.integers(64, 96))  # quarters of an hour
    noon, after = int(rng.integers(44, 50)), int(rng.integers(52, 60))
    one = f"{_clock(opens)}-{_clock(closes)}"
    two = f"{_clock(opens)}-{_clock(noon)},{_clock(after)}-{_clock(closes)}"
    night = f"{_clock(closes)}-{_clock(opens)}"
    return str(rng.choice([one, two, night], p=[0.5, 0.3, 0.2]))


def _clock(quarter: int) -> str:
    return f"{quarter // 4:02}:{quarter % 4 * 15:02}"


if __name__ == "__main__":
    sys.exit(main())
