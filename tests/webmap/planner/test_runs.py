"""Runs: what becomes of them, whoever dies meanwhile."""

from __future__ import annotations

import json
import os
import signal
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.webmap.planner.conftest import CSV, record
from webmap.runs import DONE, FAILED, QUEUED, RUNNING, STOPPED, Desk, work
from webmap.runs.lock import is_held, take_lock
from webmap.runs.record import (
    File,
    Run,
    is_id,
    lock_file,
    new_id,
    read_run,
    stop_file,
    upload_folder,
    write_run,
)

if TYPE_CHECKING:
    from pathlib import Path

    from webmap.settings import Settings

PATIENCE_S = 120.0  # a process that has not ended by then has failed


def state_of(folder: Path) -> str:
    run = read_run(folder)
    assert run is not None
    return run.state


def wait_for(desk: Desk, run_id: str, *states: str) -> Run:
    """Return a run once it is in one of these states."""
    limit = time.monotonic() + PATIENCE_S
    while time.monotonic() < limit:
        desk.tend()
        run = desk.find(run_id)
        if run is not None and run.state in states:
            return run
        time.sleep(0.05)
    pytest.fail(f"the run did not become {' or '.join(states)}")


def ready(settings: Settings, content: bytes = CSV) -> Run:
    """Put a run with its upload on the desk."""
    desk = Desk(settings)
    draft = desk.draft()
    (draft / "upload" / "001").mkdir()
    (draft / "upload" / "001" / "a.csv").write_bytes(content)
    files = (File("a.csv", len(content)),)
    return desk.add(draft, Run(id="", owner="小王", name="早班", files=files))


def test_a_record_is_read_as_it_was_written(settings: Settings) -> None:
    folder, run = record(settings, files=(File("a.csv", 3),))
    assert read_run(folder) == run
    assert (folder / "run.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"id": 3}'])
def test_a_damaged_record_is_no_run(settings: Settings, text: str) -> None:
    folder, run = record(settings)
    (folder / "run.json").write_text(text, encoding="utf-8")
    assert Desk(settings).find(run.id) is None
    assert Desk(settings).runs() == []
    Desk(settings).tend()


@pytest.mark.parametrize("text", ["../../etc", "", "A" * 22, "a" * 21, ".draft-aaa", "a/b"])
def test_only_an_id_finds_a_run(settings: Settings, text: str) -> None:
    assert Desk(settings).find(text) is None


def test_ids_are_long_plain_and_never_the_same() -> None:
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(map(is_id, ids))


def test_a_run_whose_process_is_gone_has_failed_and_its_upload_too(settings: Settings) -> None:
    folder, run = record(settings, state=RUNNING)
    Desk(settings).tend()
    ended = Desk(settings).find(run.id)
    assert ended is not None
    assert ended.state == FAILED
    assert ended.fault is not None
    assert ended.fault.code == "died"
    assert not upload_folder(folder).exists()


def test_a_run_that_was_to_stop_and_whose_process_is_gone_has_stopped(settings: Settings) -> None:
    folder, _ = record(settings, state=RUNNING)
    stop_file(folder).touch()
    Desk(settings).tend()
    assert state_of(folder) == STOPPED
    assert not upload_folder(folder).exists()


def test_a_run_whose_lock_is_held_is_alive(settings: Settings) -> None:
    folder, _ = record(settings, state=RUNNING)
    descriptor = take_lock(lock_file(folder))
    Desk(settings).tend()
    assert state_of(folder) == RUNNING
    os.close(descriptor)
    Desk(settings).tend()
    assert state_of(folder) == FAILED


def test_a_run_that_ended_while_one_looked_stays_as_it_ended(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, run = record(settings, state=RUNNING)
    before = [run]
    write_run(folder, replace(run, state=DONE))
    monkeypatch.setattr(Desk, "runs", lambda _: before)
    Desk(settings).tend()
    assert state_of(folder) == DONE


@pytest.mark.usefixtures("asleep")
def test_a_run_that_waits_stops_at_once(settings: Settings) -> None:
    folder, run = record(settings)
    Desk(settings).stop(run.id)
    assert state_of(folder) == STOPPED
    assert not upload_folder(folder).exists()


def test_a_run_that_has_ended_is_not_stopped(settings: Settings) -> None:
    folder, run = record(settings, state=DONE)
    Desk(settings).stop(run.id)
    assert state_of(folder) == DONE


@pytest.mark.usefixtures("asleep")
def test_a_run_that_is_deleted_leaves_nothing(settings: Settings) -> None:
    folder, run = record(settings, state=DONE)
    other, _ = record(settings, state=DONE)
    Desk(settings).delete(run.id)
    assert not folder.exists()
    assert other.exists()
    assert sorted(path.name for path in settings.runs.iterdir()) == [".lock", other.name]


def test_no_more_runs_at_once_than_allowed_and_the_earliest_first(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []
    monkeypatch.setattr(Desk, "_start", lambda _, run: started.append(run.name))
    busy, _ = record(settings, name="busy", state=RUNNING)
    held = take_lock(lock_file(busy))
    for name, created in (
        ("third", "2026-01-03"),
        ("first", "2026-01-01"),
        ("second", "2026-01-02"),
    ):
        record(settings, name=name, created=created, state=QUEUED)
    Desk(replace(settings, runs_at_once=3)).tend()
    os.close(held)
    assert started == ["first", "second"]


def test_drafts_of_a_killed_server_are_swept_after_a_day(settings: Settings) -> None:
    desk = Desk(settings)
    old, new = desk.draft(), desk.draft()
    os.utime(old, (time.time() - 90_000, time.time() - 90_000))
    desk.tend()
    assert not old.exists()
    assert new.exists()


@pytest.mark.usefixtures("city", "at_once")
def test_a_run_leaves_its_result_and_no_upload(settings: Settings) -> None:
    run = ready(settings)
    folder = settings.runs / run.id
    done = read_run(folder)
    assert done is not None
    assert (done.state, done.share, done.city, done.fault) == (DONE, 1.0, "street", None)
    assert not upload_folder(folder).exists()
    names = sorted(path.name for path in (folder / "result").iterdir())
    assert names == [
        "by_area.csv", "by_hour.csv", "by_station.csv", "gaps.geojson", "gaps.gpkg", "page.json",
        "stretches.geojson", "summary.json",
    ]  # fmt: skip
    assert all(path.stat().st_mode & 0o077 == 0 for path in (folder / "result").iterdir())


@pytest.mark.usefixtures("city", "at_once")
def test_two_runs_of_the_same_tracks_give_the_same_bytes(settings: Settings) -> None:
    folders = [settings.runs / ready(settings).id / "result" for _ in range(2)]
    for path in folders[0].iterdir():
        assert path.read_bytes() == (folders[1] / path.name).read_bytes()


@pytest.mark.usefixtures("city", "at_once")
def test_a_run_that_fails_says_why_and_leaves_no_result(settings: Settings) -> None:
    run = ready(settings, b"time,lon\n1,2\n")
    folder = settings.runs / run.id
    failed = read_run(folder)
    assert failed is not None
    assert failed.state == FAILED
    assert failed.fault is not None
    assert (failed.fault.code, failed.fault.file) == ("columns", "a.csv")
    assert not (folder / "result").exists()
    assert not upload_folder(folder).exists()


@pytest.mark.usefixtures("city", "at_once")
def test_an_error_nobody_foresaw_ends_the_run_without_a_stack_on_the_page(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def _fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret")  # noqa: EM101 - made up

    monkeypatch.setattr("webmap.runs.measure.coverage", _fail)
    failed = read_run(settings.runs / ready(settings).id)
    assert failed is not None
    assert failed.fault is not None
    assert (failed.fault.code, failed.fault.detail) == ("unforeseen", "ZeroDivisionError")


@pytest.mark.usefixtures("city", "at_once")
def test_a_wish_to_stop_is_heard_at_the_next_progress(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    tend = Desk.tend
    monkeypatch.setattr(Desk, "tend", lambda _: None)
    run = ready(settings)
    folder = settings.runs / run.id
    stop_file(folder).touch()
    monkeypatch.setattr(Desk, "tend", tend)
    assert work.main(folder) == 1
    assert state_of(folder) == STOPPED
    assert not upload_folder(folder).exists()


def test_progress_only_grows_and_is_written_now_and_then(settings: Settings) -> None:
    folder, run = record(settings, files=(File("a.csv", 4_000),))
    reporter = work.Reporter(folder, run)
    shares = []
    for stage, done, total in (
        ("prepare", 0, 1), ("read tracks", 50, None), ("read tracks", 100_000, None),
        ("measuring coverage", 0, 100), ("measuring coverage", 100, 100), ("write", 0, 1),
    ):  # fmt: skip
        reporter(stage, done, total)
        written = read_run(folder)
        assert written is not None
        shares.append(written.share)
    assert shares == sorted(shares)
    assert shares[-1] == 0.95
    assert 0 < shares[1] < 0.35


@pytest.mark.usefixtures("city")
def test_the_work_is_done_in_a_process_of_its_own(settings: Settings) -> None:
    run = ready(settings)
    assert run.state == RUNNING
    assert is_held(lock_file(settings.runs / run.id))
    done = wait_for(Desk(settings), run.id, DONE, FAILED)
    assert done.state == DONE, done.fault
    summary = json.loads((settings.runs / run.id / "result" / "summary.json").read_text("utf-8"))
    assert summary["duration_min"] == 40.0


@pytest.mark.usefixtures("city")
def test_a_killed_process_is_noticed_and_its_upload_forgotten(settings: Settings) -> None:
    desk, run = Desk(settings), ready(settings)
    limit = time.monotonic() + PATIENCE_S
    pid = 0
    while not pid and time.monotonic() < limit:
        again = desk.find(run.id)
        pid = again.pid if again else 0
        time.sleep(0.01)
    os.kill(pid, signal.SIGKILL)
    ended = wait_for(desk, run.id, FAILED, DONE)
    assert ended.state == FAILED
    assert ended.fault is not None
    assert ended.fault.code == "died"
    assert not upload_folder(settings.runs / run.id).exists()


@pytest.fixture(autouse=True)
def _quiet(settings: Settings) -> None:
    settings.make_instance()
    settings.runs.mkdir(mode=0o700, exist_ok=True)
