"""A run that is stopped leaves nothing behind and says so in one line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from tests.webmap.cli.conftest import STATION
from webmap.cli import progress

if TYPE_CHECKING:
    from pathlib import Path

    from tests.webmap.conftest import Run, Save

SCRIPT = """
import sys, time
from webmap.cli import main, progress

class Slow(progress.Notices):
    def __call__(self, stage, done, total):
        print(stage, flush=True)
        if stage == sys.argv[1]:
            time.sleep(60)

progress.Notices = Slow
main(sys.argv[2:], prog_name="nuanyi")
"""


@pytest.mark.parametrize("stage", ["read tracks", "measuring coverage"])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.usefixtures("run")
def test_a_signal_ends_a_run_cleanly(
    save: Save, network: Path, track: Path, tmp_path: Path, *, stage: str, number: int, code: int
) -> None:
    save(STATION)
    spool, out = tmp_path / "spool", tmp_path / "out"
    spool.mkdir()
    words = [sys.executable, "-c", SCRIPT, stage]
    words += ["coverage", "--no-report", str(track), "--network", str(network), "--out", str(out)]
    with subprocess.Popen(  # noqa: S603 - our own command
        words,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(spool), "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        assert process.stdout is not None
        while process.stdout.readline().strip() != stage:
            pass
        time.sleep(0.2)
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
    assert process.returncode == code
    assert said == f"Stopped; nothing was written to {out}.\n"
    assert not out.exists()
    assert list(spool.iterdir()) == []
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".nuanyi-")]


def test_handlers_are_as_before_after_a_run(
    run: Run, save: Save, network: Path, track: Path, tmp_path: Path
) -> None:
    save(STATION)
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    assert (
        run(
            "coverage", "--no-report", track, "--network", network, "--out", tmp_path / "o"
        ).exit_code
        == 0
    )
    assert (
        run(
            "coverage", "--no-report", "nowhere", "--network", network, "--out", tmp_path / "p"
        ).exit_code
        == 1
    )
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


def test_without_a_screen_a_line_comes_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = iter([0.0, 1.0, 20.0, 21.0, 22.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    tell = progress.Notices()
    for done in (0, 100_000, 2_000_000, 2_100_000):
        tell("measuring coverage", done, 10_000_000)
    tell("write", 1, None)
    assert capsys.readouterr().err == (
        "measuring coverage: 2,000,000 of 10,000,000 fixes, 100,000/s, about 80 s left\n"
    )


def test_a_rate_without_a_total_has_no_time_left() -> None:
    said = progress.tell_rate("read tracks", 1_200_000, None, seconds=3.0)
    assert said == "read tracks: 1,200,000 fixes, 400,000/s"
    assert progress.tell_rate("x", 0, 5, seconds=1.0) == "x: 0 of 5, 0/s"


def test_more_tracks_than_memory_holds_leave_no_spool_behind(
    run: Run, save: Save, network: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(STATION)
    spool = tmp_path / "spool"
    spool.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(spool))
    frame = pd.DataFrame({"lon": [116.3, 116.3001], "lat": 40.0, "time": ["no", "way"]})
    frame.to_csv(tmp_path / "t.csv", index=False)
    result = run(
        "coverage", "--no-report", tmp_path / "t.csv", "--network", network, "--out", tmp_path / "o"
    )
    assert result.exit_code == 1
    assert list(spool.iterdir()) == []
