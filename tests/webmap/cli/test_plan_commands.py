"""``nuanyi plan`` and ``nuanyi work``: runs from the shell."""

from __future__ import annotations

import json
import os
import signal
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from tests.walks import street_walk
from tests.webmap.planner.conftest import CSV, city, light, record
from tests.webmap.runs.waiting import ready, run_of, run_waiting
from webmap.runs import DONE, FAILED, RUNNING, Desk
from webmap.runs.desk import worker_file
from webmap.runs.record import Fault, result_folder

if TYPE_CHECKING:
    from tests.webmap.conftest import Run
    from webmap.settings import Settings

__all__ = ["city", "light"]


def crowd(workers: int) -> bytes:
    """Return the same walk of 3 km from 04:00 by so many workers."""
    walk = street_walk(list(range(0, 3001, 50)), list(range(0, 61 * 40, 40)))
    walks = [walk.assign(worker=f"w{number}", route=f"r{number}") for number in range(workers)]
    return pd.concat(walks).to_csv(index=False, float_format="%.7f").encode()


def test_without_runs_the_list_says_where_they_come_from(run: Run) -> None:
    result = run("plan", "list")
    assert (result.exit_code, result.output) == (0, "No runs yet; planners start them at /plan/.\n")
    assert json.loads(run("plan", "list", "--json").output) == []


def test_runs_are_listed_the_latest_first(run: Run, settings: Settings) -> None:
    settings.make_instance()
    _, old = record(settings, name="旧的", created="2026-01-01T00:00:00.000+00:00", state=DONE)
    _, new = record(
        settings, name="新的", created="2026-01-02T00:00:00.000+00:00", state=RUNNING, share=0.5,
        attempt=1, is_shared=True,
    )  # fmt: skip
    lines = run("plan", "list").output.splitlines()
    assert [line.split()[:2] for line in lines[::2]] == [
        [new.id[:8], "running"],
        [old.id[:8], "done"],
    ]
    assert [line.strip() for line in lines[1::2]] == ["新的", "旧的"]
    assert "50 %" in lines[0]
    assert "shared" in lines[0]
    assert "shared" not in lines[2]


def test_a_run_that_waits_in_vain_is_said_to(run: Run, settings: Settings) -> None:
    settings.make_instance()
    record(settings)
    assert "start nuanyi serve or nuanyi work" in run("plan", "list").stderr
    worker_file(settings).touch()
    assert run("plan", "list").stderr == ""


@pytest.mark.parametrize("part", ["id", "prefix", "name"])
def test_a_run_is_found_by_its_id_the_beginning_of_it_or_its_name(
    run: Run, settings: Settings, part: str
) -> None:
    settings.make_instance()
    _, made = record(settings, name="早班", state=FAILED, fault=Fault("columns", "a.csv", "no lon"))
    record(settings, name="夜班")
    word = {"id": made.id, "prefix": made.id[:9], "name": "早班"}[part]
    told = json.loads(run("plan", "show", word, "--json").output)
    assert told["id"] == made.id
    assert told["state"] == FAILED
    assert told["fault"] == {"code": "columns", "file": "a.csv", "detail": "no lon"}
    assert told["figures"] is None
    assert "no lon" in run("plan", "show", word).output


@pytest.mark.parametrize(
    ("word", "words"), [("早班", "2 runs are called"), ("x", "no run is called")]
)
def test_a_word_that_does_not_name_one_run_is_said(
    run: Run, settings: Settings, word: str, words: str
) -> None:
    settings.make_instance()
    for _ in range(2):
        record(settings, name="早班")
    for command in ("show", "publish"):
        result = run("plan", command, word)
        assert result.exit_code == 1
        assert words in result.stderr


@pytest.mark.usefixtures("city", "light")
def test_a_run_that_is_done_is_shown_with_its_headline_and_files(
    run: Run, settings: Settings
) -> None:
    made = ready(settings, CSV)
    run_waiting(settings)
    shown = run("plan", "show", made.id)
    assert shown.exit_code == 0
    assert "within a 15-minute walk" in shown.output
    assert "1 worker · 1 route · 0.7 hours" in shown.output
    assert "gaps.gpkg" in shown.output
    told = json.loads(run("plan", "show", made.id, "--json").output)
    summary = json.loads(
        (result_folder(settings.runs / made.id) / "summary.json").read_text("utf-8")
    )
    assert told["figures"]["effective"] == summary["effective"]["share_time"]
    assert told["figures"]["workers"] == 1
    assert "summary.json" in told["files"]


@pytest.mark.usefixtures("city", "light")
def test_what_five_workers_walked_is_published_and_noted(run: Run, settings: Settings) -> None:
    made = ready(settings, crowd(5))
    run_waiting(settings)
    result = run("plan", "publish", made.id)
    assert result.exit_code == 0
    assert "Withheld:" in result.output
    folder = result_folder(settings.runs / made.id)
    streets = json.loads((folder / "published.geojson").read_text("utf-8"))
    assert len(streets["features"]) == 1  # of one street
    assert run_of(settings, made.id).published
    counted = json.loads(run("plan", "publish", made.id, "--json").output)
    assert (counted["stretches_kept"], counted["stretches_withheld"]) == (1, 0)


@pytest.mark.usefixtures("city", "light")
@pytest.mark.parametrize(("workers", "least"), [(4, 5), (5, 6)])
def test_what_fewer_walked_is_not_published(
    run: Run, settings: Settings, workers: int, least: int
) -> None:
    made = ready(settings, crowd(workers))
    run_waiting(settings)
    result = run("plan", "publish", made.id, "--min-workers", least)
    assert result.exit_code == 1
    assert f"no street was walked by {least} workers" in result.stderr
    assert not list(result_folder(settings.runs / made.id).glob("published*"))
    assert run_of(settings, made.id).published == ""


def test_fewer_than_five_workers_cannot_be_asked_for(run: Run) -> None:
    assert run("plan", "publish", "x", "--min-workers", "4").exit_code == 2


def test_a_run_that_is_not_done_is_not_published(run: Run, settings: Settings) -> None:
    settings.make_instance()
    _, made = record(settings)
    result = run("plan", "publish", made.id)
    assert result.exit_code == 1
    assert "is queued; only one that is done can be published" in result.stderr


@pytest.mark.parametrize(("words", "at_once"), [([], 2), (["--at-once", "3"], 3)])
def test_a_worker_takes_as_many_runs_at_once_as_it_is_told(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: list[str], at_once: int
) -> None:
    told: dict[str, object] = {}
    monkeypatch.setattr("webmap.runs.worker.work", lambda _, **options: told.update(options))
    result = run("work", *words)
    assert result.output == f"Working off runs, {at_once} at a time; Ctrl-C stops.\n"
    assert told == {"at_once": at_once, "ends_with_input": False}


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_worker_ends_cleanly_by_a_signal(
    run: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    settings.make_instance()
    before = signal.getsignal(number)
    look = Desk.tend

    def _tend(desk: Desk) -> None:  # the worker is at work by now
        look(desk)
        os.kill(os.getpid(), number)

    monkeypatch.setattr(Desk, "tend", _tend)
    monkeypatch.setattr("webmap.runs.worker._TEND_S", 0.01)
    assert run("work").exit_code == 0
    assert signal.getsignal(number) == before
