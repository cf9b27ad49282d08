"""A writer killed at any moment: every acknowledged save is there, and no half of another."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from geo.store import open_store
from tests.store.frames import BY, count_history, make_stations

ROOT = Path(__file__).resolve().parents[2]
STATIONS = 200  # of one save
ROUNDS = 8


def write_forever(url: str, first: int) -> None:
    """Save STATIONS new stations at a time, and say each save's number when it is done."""
    with open_store(url, create=False) as store:
        for turn in range(first, first + 10_000):
            codes = [f"{turn}-{place}" for place in range(STATIONS)]
            store.save_stations(make_stations(codes, lon=[116.3] * STATIONS), **BY)
            sys.stdout.write(f"{turn}\n")
            sys.stdout.flush()


@pytest.mark.long
def test_a_writer_killed_at_any_moment_loses_and_halves_nothing(store_url: str) -> None:
    chance = random.Random(2026)  # noqa: S311  # a moment to kill at, no secret
    open_store(store_url).close()
    turn = 0
    for _ in range(ROUNDS):
        call = f"write_forever({store_url!r}, {turn})"
        code = f"from tests.store.test_kill import write_forever; {call}"
        command = [sys.executable, "-c", code]
        with subprocess.Popen(  # noqa: S603  # our own code
            command, stdout=subprocess.PIPE, text=True, cwd=ROOT
        ) as writer:
            assert writer.stdout is not None
            for _ in range(chance.randrange(1, 5)):
                acknowledged = int(writer.stdout.readline())
            os.kill(writer.pid, signal.SIGKILL)
            acknowledged = max([acknowledged, *map(int, writer.stdout.read().split())])
        with open_store(store_url, create=False) as store:
            saves, rest = divmod(store.count_stations(), STATIONS)
            assert rest == 0
            assert acknowledged + 1 <= saves <= acknowledged + 2  # the last may not have been said
            assert count_history(store) == saves * STATIONS
            assert store.change_seq() == saves
            turn = saves
