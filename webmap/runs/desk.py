"""The desk of all runs: takes new ones, lets them begin, notices those that died.

Any process of the site may ask anything at any time: what is true is in the table ``runs`` of the
installation's own store, and each change asks that the row still be as it was thought to be.
"""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from webmap.runs.attempts import LOST_S, lose
from webmap.runs.leftover import forget_upload, note_earlier
from webmap.runs.own import own_store
from webmap.runs.queue import put, waiting
from webmap.runs.record import (
    DRAFT,
    ENDED,
    QUEUED,
    RUNNING,
    STOPPED,
    UPLOADED,
    Options,
    Run,
    age_s,
    is_id,
    moment_now,
    new_id,
    options_row,
    to_row,
    to_run,
    upload_folder,
)
from webmap.runs.sweep import DRAFT_PREFIX, sweep

if TYPE_CHECKING:
    from pathlib import Path

    from geo.store import Store
    from webmap.settings import Settings

_TRIES: Final = 3  # to stop a run that changes meanwhile


class Desk:
    """All runs of an installation."""

    def __init__(self, settings: Settings, store: Store | None = None) -> None:
        self._settings = settings
        self._given = store
        self.folder = settings.runs

    def draft(self) -> Path:
        """Return a new folder, closed to others, that becomes a run or is thrown away."""
        self._settings.make_instance()
        self.folder.mkdir(mode=0o700, exist_ok=True)
        folder = self.folder / f"{DRAFT_PREFIX}{new_id()}"
        folder.mkdir(mode=0o700)
        upload_folder(folder).mkdir(mode=0o700)
        return folder

    def add(self, draft: Path, run: Run) -> Run:
        """Make a run of a draft with its uploads in it; it begins unless its state is DRAFT."""
        made = replace(run, id=new_id(), created=moment_now(), state=DRAFT)
        self._store.add_run(to_row(made))
        draft.rename(self.folder / made.id)
        begun = self.begin(made.id) if run.state == QUEUED else self.find(made.id)
        return begun or made

    def adjust(
        self,
        run_id: str,
        *,
        name: str | None = None,
        options: Options | None = None,
        keeps_upload: bool | None = None,
    ) -> Run | None:
        """Change what a run that has not begun is to do; None if it has, or there is none."""
        changes = _cells(name=name, keeps_upload=keeps_upload) | _options(options)
        return self._changed(run_id, changes, DRAFT)

    def begin(self, run_id: str, name: str = "", options: Options | None = None) -> Run | None:
        """Let a draft begin when its turn comes; None if there is none, or it has begun."""
        changes = _cells(name=name or None, state=QUEUED) | _options(options)
        if self._changed(run_id, changes, DRAFT) is None:
            return None
        self.tend()
        return self.find(run_id)

    def can_retry(self, run: Run) -> bool:
        """Return whether what a run measured is still there."""
        uploads = upload_folder(self.folder / run.id)
        return run.source != UPLOADED or (uploads.is_dir() and any(uploads.iterdir()))

    def retry(
        self, run_id: str, *, owner: str = "", name: str = "", options: Options | None = None
    ) -> Run | None:
        """Begin a new run of the same input; None if that is gone.

        A copy of an upload stays with whose it is, whoever asks: only so does the owner, or an
        admin for the owner, see and delete every copy of these tracks.

        Parameters
        ----------
        run_id : str
            Which.
        owner, name : str
            Of the new run; "" = those of the earlier. Of an upload the owner stays.
        options : Options, optional
            Default those of the earlier.

        Returns
        -------
        Run or None
            It waits, or has begun.
        """
        earlier = self.find(run_id)
        if earlier is None or not self.can_retry(earlier):
            return None
        draft = self.draft()
        if earlier.source == UPLOADED:
            _copy_folder(upload_folder(self.folder / earlier.id), upload_folder(draft))
        note_earlier(draft, earlier)
        again = Run(
            id="",
            owner=earlier.owner if earlier.source == UPLOADED else owner or earlier.owner,
            name=name or earlier.name,
            source=earlier.source,
            options=options or earlier.options,
            files=earlier.files,
            keeps_upload=earlier.keeps_upload,
        )
        return self.add(draft, again)

    def find(self, run_id: str) -> Run | None:
        """Return a run as it is now; None if there is none of that id."""
        row = self._store.find_run(run_id) if is_id(run_id) else None
        return None if row is None else to_run(row)

    def runs(self) -> list[Run]:
        """Return all runs, the latest first, without their logs."""
        return [to_run(row) for row in self._store.list_runs()]

    def tend(self) -> None:
        """See to runs whose process died, and put those that wait where the workers see them."""
        if not self.folder.is_dir():
            return
        sweep(self.folder, self._store)
        queued = []
        for row in self._store.list_runs((QUEUED, RUNNING)):
            run = to_run(row)
            if run.state == RUNNING and age_s(run.heard) > LOST_S:
                run = lose(self._store, self.folder / run.id, run)
            if run.state == QUEUED and (self.folder / run.id).is_dir():  # else another machine's
                queued.append(run.id)
        if queued:
            carried = waiting(self._settings)
            for run_id in reversed(queued):  # the earliest first
                if run_id not in carried:
                    put(self._settings, run_id)

    def has_worker(self) -> bool:
        """Return whether a worker of this machine looked for runs within the last half minute."""
        try:
            looked = worker_file(self._settings).stat().st_mtime
        except OSError:
            return False
        return time.time() - looked < LOST_S

    def stop(self, run_id: str) -> None:
        """Ask a run to stop; one that waits stops at once, one that has ended stays as it is."""
        for _ in range(_TRIES):
            if self._changed(run_id, {"stop_wanted": True}, RUNNING):
                return
            run = self._changed(run_id, {"state": STOPPED, "finished_at": moment_now()}, QUEUED)
            if run is not None:
                forget_upload(self.folder / run.id, run)
                return

    def delete(self, run_id: str) -> None:
        """Remove a run with all its files; a process at work on it ends itself."""
        if self.find(run_id) is None:
            return
        folder = self.folder / run_id
        gone = self.folder / f"{DRAFT_PREFIX}{run_id}"
        with suppress(OSError):  # it lies on another machine, or its files are open on Windows
            folder.rename(gone)
        self._store.delete_run(run_id)
        for left in (gone, folder):
            shutil.rmtree(left, ignore_errors=True)

    def rename(self, run_id: str, name: str) -> None:
        """Give a run another name."""
        self._changed(run_id, {"name": name})

    def share(self, run_id: str, is_shared: bool) -> None:  # noqa: FBT001 - what is said is the word
        """Show a run to all planners, or no longer."""
        self._changed(run_id, {"is_shared": is_shared})

    def keep_upload(self, run_id: str, keeps: bool) -> None:  # noqa: FBT001 - as above
        """Keep what was uploaded when the run ends, or remove it then; now, if it has ended."""
        run = self._changed(run_id, {"keeps_upload": keeps})
        if run is not None and run.has_ended:
            forget_upload(self.folder / run.id, run)

    def note_published(self, run_id: str, moment: str) -> None:
        """Note when a run's stretches were published; "" if they no longer are."""
        self._changed(run_id, {"published_at": moment})

    @property
    def _store(self) -> Store:
        return self._given or own_store(self._settings)

    def _changed(self, run_id: str, changes: dict[str, Any], *states: str) -> Run | None:
        """Change a run in one of some states, or in any; return it then, else None."""
        where = {"state": states or (DRAFT, QUEUED, RUNNING, *ENDED)}
        is_changed = is_id(run_id) and self._store.change_run(
            run_id, changes or {"id": run_id}, where=where
        )
        return self.find(run_id) if is_changed else None


def worker_file(settings: Settings) -> Path:
    """Return the file that a worker touches each time it looks for runs."""
    return settings.instance / ".worker"


def _cells(**cells: object) -> dict[str, Any]:
    return {name: cell for name, cell in cells.items() if cell is not None}


def _options(options: Options | None) -> dict[str, Any]:
    return {} if options is None else options_row(options)


def _copy_folder(source: Path, target: Path) -> None:
    """Link the files of a folder into another; where links cannot be, they are copied."""
    for path in sorted(source.rglob("*")):
        place = target / path.relative_to(source)
        if path.is_dir():
            place.mkdir(mode=0o700, exist_ok=True)
            continue
        try:
            os.link(path, place)
        except OSError:
            shutil.copy2(path, place)
