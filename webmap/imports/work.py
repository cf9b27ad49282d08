"""What is done to an import in a thread: read the file, plan its rows, save them."""

from __future__ import annotations

import logging
import threading
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from geo.errors import GeoError, StoreConflictError
from geo.stations.doubts import ALIKE, AREA
from geo.stations.headers import name_of_headers, position_pairs
from geo.stations.opened import OpenedFile, open_file
from geo.store.import_datum import read_rows as read_file_rows
from geo.store.import_plan import REFUSED, ImportPlan, plan_import
from geo.store.importing import save_plan
from geo.store.sheets import IN
from webmap.checks import open_asked
from webmap.imports.draft import FAILED, LOOKED, PLANNED, PLANNING, READING, SAVED, SAVING
from webmap.imports.rows import count_parts, digest_of, is_doubtful, read_rows, write_rows

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Mapping, Sequence

    from geo.store import Store
    from geo.store.import_datum import Distance, ReadRows
    from geo.store.import_plan import Holds
    from webmap.imports.draft import Draft, Drafts

logger = logging.getLogger(__name__)

QUICK_S: Final = 1.5  # so long a request waits for the end of the work
BEAT_S: Final = 2.0
ROWS: Final = "rows.json"
_MOST_RECENT: Final = 4  # plans in memory, so that a save need not plan once more
_RECENT: dict[str, tuple[str, ImportPlan]] = {}


@dataclass(frozen=True)
class Bench:
    """What the work needs beside the import itself."""

    drafts: Drafts
    store: Store
    distance_m: Distance
    holds: Holds | None
    actor: str
    now: dt.datetime


def start(bench: Bench, draft: Draft, state: str) -> None:
    """Begin the work of a state in a thread, and wait a moment for its end."""
    work = {READING: _read, PLANNING: _plan, SAVING: _save}[state]
    draft.before, draft.state, draft.fault = draft.state, state, {}
    bench.drafts.save(draft)
    thread = threading.Thread(target=_run, args=(work, bench, draft), daemon=True)
    thread.start()
    thread.join(QUICK_S)


def trimmed(file: OpenedFile, draft: Draft) -> OpenedFile:
    """Return the file without columns that are not wanted; positions stay, as hints."""
    if file.table is None or not draft.ignored:
        return file
    places = {name for pair in position_pairs(file.table.header) for name in pair[:2]}
    dropped = [name for name in draft.ignored if name not in places]
    frame = file.table.frame.drop(columns=dropped, errors="ignore")
    return replace(file, table=replace(file.table, frame=frame))


def _run(work: Callable[[Bench, Draft], None], bench: Bench, draft: Draft) -> None:
    """Do the work, giving signs of life; every error ends in words on the page."""
    done = threading.Event()
    beat = threading.Thread(target=_beat, args=(bench.drafts, draft, done), daemon=True)
    beat.start()
    try:
        work(bench, draft)
    except GeoError as error:
        _fail(draft, getattr(error, "code", type(error).__name__), str(error))
    except MemoryError:
        _fail(draft, "too_large", "out of memory")
    except Exception as error:
        logger.exception("import %s", draft.id)
        _fail(draft, "unforeseen", type(error).__name__)
    finally:
        done.set()
        bench.drafts.save(draft)


def _beat(drafts: Drafts, draft: Draft, done: threading.Event) -> None:
    while not done.wait(BEAT_S):
        drafts.beat(draft)


def _fail(draft: Draft, code: str, detail: str) -> None:
    draft.fault = {"code": code, "detail": detail[:2000]}
    draft.state = FAILED


def _read(bench: Bench, draft: Draft) -> None:
    """Read the file, take up how the same heads were settled before, and look at it."""
    file = open_file(bench.drafts.file(draft), draft.sheet)
    if file.table is not None:
        draft.sheet = file.table.sheet
        bench.drafts.keep_table(draft, file.table)
        known = bench.store.find_sheet(IN, name_of_headers(file.table.header))
        if known is not None and not draft.columns:
            there = set(file.table.header)
            kept = dict(known["columns"].get("columns", {}))
            draft.columns = {name: column for name, column in kept.items() if column in there}
            draft.ignored = [one for one in known["columns"].get("ignored", []) if one in there]
            draft.remembered = str(known["saved_by"])
    read = read_file_rows(
        trimmed(file, draft),
        datum=draft.datum,
        columns=draft.columns,
        areas=bench.store.read_areas(),
        distance_m=bench.distance_m,
    )
    _note_datum(draft, read)
    draft.counts = {"rows": len(read.rows.frame)}
    draft.columns = draft.columns or dict(read.rows.columns)
    draft.state = LOOKED


def _plan(bench: Bench, draft: Draft) -> None:
    """Plan the rows by what was chosen, and remember how the columns were settled."""
    file = bench.drafts.opened(draft)
    plan = _plan_into(bench, draft, file)
    if plan is None:
        draft.state = LOOKED
        return
    if file.table is not None:
        bench.store.save_sheet(
            IN,
            name_of_headers(file.table.header),
            columns={"columns": draft.columns, "ignored": draft.ignored},
            datum=draft.settled,
            actor=bench.actor,
            now=bench.now,
        )
    draft.state = PLANNED


def _save(bench: Bench, draft: Draft) -> None:
    """Plan once more and save, unless another plan comes of it than was looked at."""
    looked_at = draft.digest
    recent = _RECENT.pop(draft.id, None)
    is_fresh = recent is not None and recent[0] == looked_at
    if is_fresh and recent and recent[1].seq == bench.store.change_seq():
        plan: ImportPlan | None = recent[1]  # nothing changed since it was looked at
    else:
        plan = _plan_into(bench, draft, bench.drafts.opened(draft))
    draft.changed_meanwhile = plan is None or draft.digest != looked_at
    if plan is None or draft.changed_meanwhile:
        draft.state = PLANNED if plan else LOOKED
        return
    told = read_rows(bench.drafts.place(draft, ROWS))
    good = [row for row in told if row["outcome"] != REFUSED]
    rows = [row["row"] for row in good if not why_left_out(draft, row)]
    try:
        draft.batch, saved = save_plan(bench.store, plan, rows, actor=bench.actor, now=bench.now)
    except StoreConflictError:
        draft.changed_meanwhile, draft.state = True, PLANNED
        return
    open_asked(bench.store, _doubts(draft, good, rows), bench.now)
    draft.saved = {name: getattr(saved, name) for name in ("created", "updated", "unchanged")}
    draft.saved |= {"refused": plan.counts[REFUSED], "left": len(good) - len(rows)}
    draft.state = SAVED


def _doubts(
    draft: Draft, told: Sequence[Mapping[str, Any]], rows: Collection[int]
) -> list[tuple[str, str, str]]:
    """Return what staff should look into of rows that were brought in unanswered."""
    found = []
    for row in told:
        if row["row"] not in rows:
            continue
        if is_doubtful(row):
            found.append((row["code"], AREA, ""))
        if str(row["row"]) not in draft.answers:
            found += [(row["code"], ALIKE, one["code"]) for one in row["alike"]]
    return found


def why_left_out(draft: Draft, row: Mapping[str, Any]) -> str:
    """Return why a good row, as ``rows.json`` holds it, is not brought in; "" if it is."""
    if row["outcome"] == REFUSED:
        return ""
    if row["alike"] and draft.answers.get(str(row["row"]), draft.rest) == "leave":
        return "alike"
    return "doubtful" if draft.holds_doubtful and is_doubtful(row) else ""


def _plan_of(bench: Bench, draft: Draft, file: OpenedFile) -> ImportPlan | None:
    """Return the plan by what was chosen and answered; None where the datum is not clear."""
    same = {int(row): code for row, code in draft.answers.items() if code not in {"new", "leave"}}
    plan = plan_import(
        bench.store,
        trimmed(file, draft),
        datum=draft.datum,
        columns=draft.columns,
        distance_m=bench.distance_m,
        holds=bench.holds,
        same=same,
    )
    _note_datum(draft, plan.read if isinstance(plan, ImportPlan) else plan)
    return plan if isinstance(plan, ImportPlan) else None


def _plan_into(bench: Bench, draft: Draft, file: OpenedFile) -> ImportPlan | None:
    """Plan, and keep what was planned for the pages."""
    plan = _plan_of(bench, draft, file)
    if plan is not None:
        place = bench.drafts.place(draft, ROWS)
        write_rows(plan, place)
        draft.counts = count_parts(read_rows(place)) | {"rows": len(plan.rows)}
        draft.digest = digest_of(plan)
        while len(_RECENT) >= _MOST_RECENT:
            _RECENT.pop(next(iter(list(_RECENT))), None)
        _RECENT[draft.id] = draft.digest, plan
    return plan


def _note_datum(draft: Draft, read: ReadRows) -> None:
    draft.settled, draft.is_doubtful = read.datum or "", read.is_doubtful
    draft.basis = read.guess.basis
    draft.evidence = [_plain(asdict(one)) for one in read.guess.evidence]


def _plain(evidence: dict[str, Any]) -> dict[str, Any]:
    """Return a hint as JSON takes it: metres that are not finite become None."""
    figures = {
        datum: value if value < float("inf") else None
        for datum, value in evidence["figures"].items()
    }
    return {**evidence, "figures": figures, "names": list(evidence["names"])}
