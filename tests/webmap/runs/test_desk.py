"""The desk: drafts, runs that wait, stop, go, come again; and those whose process died."""

from __future__ import annotations

import json
import os
import shutil
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.webmap.planner.conftest import CSV, record
from tests.webmap.runs.waiting import ready, run_of
from webmap.runs import DONE, DRAFT, FAILED, QUEUED, RUNNING, STOPPED, Desk, Run
from webmap.runs.attempts import MOST_ATTEMPTS, claim
from webmap.runs.desk import worker_file
from webmap.runs.own import own_store
from webmap.runs.queue import waiting
from webmap.runs.record import (
    BEATS,
    DEMO,
    Fault,
    File,
    Options,
    is_id,
    moment_now,
    new_id,
    result_folder,
    to_row,
    to_run,
    upload_folder,
)
from webmap.runs.sweep import tidy

if TYPE_CHECKING:
    from pathlib import Path

    from webmap.settings import Settings

EIGHT_DAYS_AGO = (datetime.now(UTC) - timedelta(days=8)).isoformat(timespec="milliseconds")
LONG_AGO = (datetime.now(UTC) - timedelta(days=2)).isoformat(timespec="milliseconds")
FULL = Options(
    limit_m=500.0,
    columns={"lon": "经度"},
    needs=("toilet",),
    shifts=("Mo-Fr 04:00-11:00",),
    beats=("a", "b"),
    language="en",
)


def drafted(settings: Settings, **cells: object) -> Run:
    """Put a draft with an upload on the desk."""
    return ready(settings, CSV, state=DRAFT, **cells)


def test_a_run_comes_back_from_its_row_as_it_was() -> None:
    run = Run(
        "a", "小王", "早班", options=FULL, files=(File("a.csv", 3),), fault=Fault("died", "a")
    )
    assert to_run(json.loads(json.dumps(to_row(run)))) == run


def test_options_of_a_later_version_are_passed_over() -> None:
    row = to_row(Run("a", "小王", "早班"))
    row["options"] = {"limit_m": 500.0, "colour": "red"}
    assert to_run(row).options == Options(limit_m=500.0)


@pytest.mark.parametrize("text", ["../../etc", "", "A" * 22, "a" * 21, ".draft-aaa", "a/b"])
def test_only_an_id_finds_a_run(desk: Desk, text: str) -> None:
    assert desk.find(text) is None
    desk.delete(text)
    desk.stop(text)
    desk.rename(text, "x")


def test_ids_are_long_plain_and_never_the_same() -> None:
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(map(is_id, ids))


def test_a_draft_waits_for_its_planner_and_not_for_a_worker(desk: Desk, settings: Settings) -> None:
    run = drafted(settings)
    assert (run.state, run.has_begun, run.has_ended) == (DRAFT, False, False)
    assert waiting(settings) == []
    again = desk.adjust(run.id, name="周一", options=FULL, keeps_upload=True)
    assert again is not None
    assert (again.name, again.options, again.keeps_upload, again.state) == (
        "周一",
        FULL,
        True,
        DRAFT,
    )


def test_a_draft_begins_once(desk: Desk, settings: Settings) -> None:
    run = drafted(settings)
    begun = desk.begin(run.id, "周一", FULL)
    assert begun is not None
    assert (begun.state, begun.name, begun.options) == (QUEUED, "周一", FULL)
    assert waiting(settings) == [run.id]
    assert desk.begin(run.id) is None
    assert desk.adjust(run.id, name="late") is None
    assert run_of(settings, run.id).name == "周一"


def test_a_run_that_waits_is_in_the_queue_once(desk: Desk, settings: Settings) -> None:
    run = ready(settings, CSV)
    for _ in range(3):
        desk.tend()
    assert waiting(settings) == [run.id]


def test_a_run_that_was_lost_from_the_queue_is_put_in_again_the_earliest_first(
    desk: Desk, settings: Settings
) -> None:
    for name, created in (
        ("third", "2026-01-03"),
        ("first", "2026-01-01"),
        ("second", "2026-01-02"),
    ):
        record(settings, name=name, created=created)
    desk.tend()
    assert [run_of(settings, run_id).name for run_id in waiting(settings)] == [
        "first",
        "second",
        "third",
    ]


def test_a_run_whose_files_lie_on_another_machine_is_left_to_it(
    desk: Desk, settings: Settings
) -> None:
    folder, run = record(settings)
    shutil.rmtree(folder)
    desk.tend()
    assert waiting(settings) == []
    assert run_of(settings, run.id).state == QUEUED


def test_a_run_at_work_that_gave_no_sign_of_life_is_tried_again(
    desk: Desk, settings: Settings
) -> None:
    folder, run = record(settings, state=RUNNING, attempt=1, heard=LONG_AGO, share=0.5)
    (folder / "result.draft-1").mkdir()
    desk.tend()
    again = run_of(settings, run.id)
    assert (again.state, again.attempt, again.share) == (QUEUED, 1, 0.0)
    assert waiting(settings) == [run.id]
    assert upload_folder(folder).exists()
    assert not (folder / "result.draft-1").exists()
    claimed = claim(own_store(settings), run.id)
    assert claimed is not None
    assert claimed.attempt == 2


def test_a_run_that_lives_is_left_alone(desk: Desk, settings: Settings) -> None:
    _, run = record(settings, state=RUNNING, attempt=1)
    desk.tend()
    assert run_of(settings, run.id) == run


def test_a_run_whose_process_died_too_often_has_failed_and_can_be_tried_again(
    desk: Desk, settings: Settings
) -> None:
    folder, run = record(settings, state=RUNNING, attempt=MOST_ATTEMPTS, heard=LONG_AGO)
    desk.tend()
    ended = run_of(settings, run.id)
    assert (ended.state, ended.fault) == (FAILED, Fault("died"))
    assert ended.finished
    assert upload_folder(folder).exists()
    assert desk.can_retry(ended)


def test_the_upload_of_a_run_that_failed_goes_after_a_week(desk: Desk, settings: Settings) -> None:
    old, _ = record(settings, state=FAILED, finished=EIGHT_DAYS_AGO)
    new, failed = record(settings, state=FAILED, finished=moment_now())
    tidy(settings.runs, own_store(settings))
    assert not upload_folder(old).exists()
    assert upload_folder(new).exists()
    desk.keep_upload(failed.id, keeps=False)
    assert not upload_folder(new).exists()


def test_a_run_that_was_to_stop_and_whose_process_is_gone_has_stopped(
    desk: Desk, settings: Settings
) -> None:
    folder, run = record(settings, state=RUNNING, attempt=1, heard=LONG_AGO, stop_wanted=True)
    desk.tend()
    assert run_of(settings, run.id).state == STOPPED
    assert not upload_folder(folder).exists()


def test_a_run_that_waits_stops_at_once(desk: Desk, settings: Settings) -> None:
    folder, run = record(settings)
    desk.stop(run.id)
    assert run_of(settings, run.id).state == STOPPED
    assert not upload_folder(folder).exists()
    assert claim(own_store(settings), run.id) is None


def test_a_run_at_work_is_asked_to_stop(desk: Desk, settings: Settings) -> None:
    _, run = record(settings, state=RUNNING, attempt=1)
    desk.stop(run.id)
    assert run_of(settings, run.id).waits_for_stop


@pytest.mark.parametrize("state", [DONE, FAILED, STOPPED, DRAFT])
def test_a_run_that_has_ended_or_not_begun_is_not_stopped(
    desk: Desk, settings: Settings, state: str
) -> None:
    _, run = record(settings, state=state)
    desk.stop(run.id)
    assert run_of(settings, run.id) == run


@pytest.mark.parametrize("state", [DONE, QUEUED, RUNNING, DRAFT])
def test_a_run_that_is_deleted_leaves_nothing(desk: Desk, settings: Settings, state: str) -> None:
    _, run = record(settings, state=state)
    other, _ = record(settings, state=DONE)
    desk.delete(run.id)
    assert desk.find(run.id) is None
    assert [path.name for path in settings.runs.iterdir()] == [other.name]


def test_a_run_is_renamed_shared_and_published(desk: Desk, settings: Settings) -> None:
    _, run = record(settings, state=DONE)
    desk.rename(run.id, "周一")
    desk.share(run.id, is_shared=True)
    desk.note_published(run.id, LONG_AGO)
    changed = run_of(settings, run.id)
    assert (changed.name, changed.is_shared, changed.published) == ("周一", True, LONG_AGO)
    desk.share(run.id, is_shared=False)
    desk.note_published(run.id, "")
    changed = run_of(settings, run.id)
    assert (changed.is_shared, changed.published) == (False, "")


def test_an_upload_kept_on_purpose_goes_when_it_is_no_longer(
    desk: Desk, settings: Settings
) -> None:
    folder, run = record(settings, state=DONE, keeps_upload=True)
    tidy(settings.runs, own_store(settings))
    assert upload_folder(folder).exists()
    desk.keep_upload(run.id, keeps=False)
    assert not upload_folder(folder).exists()


def test_a_run_comes_again_with_its_upload_and_stays_its_owners(
    desk: Desk, settings: Settings
) -> None:
    folder, run = record(settings, state=DONE, keeps_upload=True, files=(File("a.csv", len(CSV)),))
    again = desk.retry(run.id, owner="小李", options=FULL)
    assert again is not None
    assert (again.state, again.owner, again.name, again.files) == (
        QUEUED,
        run.owner,
        run.name,
        run.files,
    )
    assert (again.options, again.keeps_upload) == (FULL, True)
    desk.delete(run.id)
    assert not folder.exists()
    [file] = upload_folder(settings.runs / again.id).glob("*/*")
    assert file.read_bytes() == CSV


def test_a_run_whose_upload_is_gone_does_not_come_again(desk: Desk, settings: Settings) -> None:
    folder, run = record(settings, state=DONE)
    shutil.rmtree(upload_folder(folder))
    assert not desk.can_retry(run)
    assert desk.retry(run.id) is None


@pytest.mark.parametrize("source", [DEMO, BEATS])
def test_the_demo_s_tracks_and_beats_can_always_be_measured_again(
    desk: Desk, settings: Settings, source: str
) -> None:
    folder, run = record(settings, state=DONE, source=source)
    shutil.rmtree(folder)
    again = desk.retry(run.id, name="第二次")
    assert again is not None
    assert (again.source, again.name, again.owner) == (source, "第二次", run.owner)


def test_drafts_go_after_a_day_with_their_rows(desk: Desk, settings: Settings) -> None:
    old, new = desk.draft(), desk.draft()
    os.utime(old, (time.time() - 90_000, time.time() - 90_000))
    folder, run = record(settings, state=DRAFT, created=LONG_AGO)
    kept, _ = record(settings, state=DRAFT)
    tidy(settings.runs, own_store(settings))
    assert sorted(settings.runs.iterdir()) == sorted([new, kept])
    assert desk.find(run.id) is None
    assert not folder.exists()


def test_an_old_draft_that_begins_just_now_does_not_go(
    desk: Desk, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, run = record(settings, state=DRAFT, created=LONG_AGO)
    store = own_store(settings)
    rows = store.list_runs()
    store.change_run(run.id, {"state": QUEUED})
    monkeypatch.setattr(store, "list_runs", lambda *_: rows)
    tidy(settings.runs, store)
    assert desk.find(run.id) is not None
    assert upload_folder(folder).exists()


def test_an_upload_that_the_end_of_its_run_left_goes(desk: Desk, settings: Settings) -> None:
    folder, _ = record(settings, state=DONE)
    waits, _ = record(settings)
    assert desk
    tidy(settings.runs, own_store(settings))
    assert not upload_folder(folder).exists()
    assert upload_folder(waits).exists()


def earlier(settings: Settings, state: str) -> Path:
    """Write a run as the version before wrote it."""
    folder = settings.runs / new_id()
    result_folder(folder).mkdir(parents=True)
    options = {"limit_m": 500.0, "tz": "UTC", "datum": "gcj02", "by_area": False}
    cells = {
        "id": folder.name, "owner": "小王", "name": "早班", "source": "upload",
        "options": options, "files": [{"name": "a.csv", "size_bytes": 3}], "state": state,
        "stage": "write", "share": 1.0, "pid": 4711, "created": LONG_AGO, "started": LONG_AGO,
        "heard": LONG_AGO, "finished": LONG_AGO, "is_demo": False, "city": "street",
        "fault": {"code": "time", "file": "a.csv", "detail": "x"} if state == FAILED else None,
    }  # fmt: skip
    (folder / "run.json").write_text(json.dumps(cells), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("state", "then"), [(DONE, DONE), (FAILED, FAILED), (STOPPED, STOPPED), (RUNNING, QUEUED)]
)
def test_runs_of_the_version_before_are_taken_over_once(
    desk: Desk, settings: Settings, state: str, then: str
) -> None:
    folder = earlier(settings, state)
    for _ in range(2):
        tidy(settings.runs, own_store(settings))
    [run] = desk.runs()
    assert (run.id, run.owner, run.name, run.state) == (folder.name, "小王", "早班", then)
    assert run.options == Options(500.0, "UTC", "gcj02", by_area=False)
    assert result_folder(folder).is_dir()
    desk.delete(run.id)
    tidy(settings.runs, own_store(settings))
    assert desk.runs() == []


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"id": 3}'])
def test_a_damaged_record_of_the_version_before_is_passed_over(
    desk: Desk, settings: Settings, text: str
) -> None:
    folder = earlier(settings, DONE)
    (folder / "run.json").write_text(text, encoding="utf-8")
    tidy(settings.runs, own_store(settings))
    assert desk.runs() == []
    assert folder.exists()


def test_a_worker_that_has_not_looked_for_half_a_minute_is_none(
    desk: Desk, settings: Settings
) -> None:
    assert not desk.has_worker()
    worker_file(settings).touch()
    assert desk.has_worker()
    os.utime(worker_file(settings), (time.time() - 40, time.time() - 40))
    assert not desk.has_worker()
