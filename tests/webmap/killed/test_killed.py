"""Twenty people write over HTTP while the site is killed and started again: nothing is lost.

Every write that was acknowledged is in the store, once; every station is what its history makes
of it; no code was given twice; and there is nothing that nobody tried to write.
"""

from __future__ import annotations

import itertools
import logging
import random
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import pytest
from sqlalchemy import select

from geo.store import open_store
from geo.store.records import EMPTY
from geo.store.tables import HISTORY
from tests.passwords import cheap_hash
from tests.store.frames import BY, make_stations
from tests.webmap.killed.site import Site
from tests.webmap.killed.writers import RACE, REPORTED, SHARED, Writer
from tests.webmap.staff.conftest import PASSWORD
from webmap.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geo.store import Store

logger = logging.getLogger(__name__)

WRITERS: Final = 20
ROUNDS_S: Final = (14, 9, 12, 7, 13, 5)  # of writing, each ended by a kill: 60 s in all
_BEGUN: Final = 2  # stations that were there before


@pytest.mark.long
def test_what_was_acknowledged_outlives_every_kill(store_url: str, tmp_path: Path) -> None:
    settings = Settings.from_env(
        {"NUANYI_INSTANCE": str(tmp_path / "instance"), "NUANYI_DB": store_url}
    )
    settings.make_instance()
    stop = threading.Event()
    site = Site(settings)
    writers = [Writer(site, number, stop) for number in range(WRITERS)]
    with open_store(store_url, create=False) as store:
        _begin(store, writers)
        first = store.change_seq()
    done = _write(site, writers, stop)
    assert [writer.fault for writer in writers if writer.fault] == []
    assert all(before < after for before, after in itertools.pairwise([0, *done])), done
    with open_store(store_url, create=False) as store:
        _require_acknowledged(store, writers)
        _require_whole_history(store, writers, first)
        if store.engine.dialect.name == "sqlite":
            with store.engine.connect() as connection:
                assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    refused = sum(writer.notes.refused for writer in writers)
    unsure = sum(len(writer.notes.unsure) for writer in writers)
    logger.info("acknowledged %s, refused %d, without an answer %d", done, refused, unsure)


def _write(site: Site, writers: Sequence[Writer], stop: threading.Event) -> list[int]:
    """Let all write while the site dies and comes back; return what was done at each death."""
    done: list[int] = []
    chance = random.Random(2026)  # noqa: S311 - a moment to kill at, no secret
    try:
        for number, round_s in enumerate(ROUNDS_S):
            site.start()
            for writer in writers if number == 0 else ():
                writer.start()
            time.sleep(round_s + chance.random())
            site.kill()
            done.append(sum(writer.notes.done for writer in writers))
            if any(writer.fault for writer in writers):
                break
    finally:
        site.kill()
        stop.set()
    for writer in writers:
        writer.join()
    return done


def _begin(store: Store, writers: Sequence[Writer]) -> None:
    """Make the accounts and the two stations that are there from the beginning."""
    for writer in writers:
        hashed = cheap_hash(PASSWORD)
        store.add_user(writer.name, role="editor", password_hash=hashed, now=BY["now"])
    stations = make_stations([SHARED, REPORTED], hours="24/7", kind="rest_station", status="open")
    store.save_stations(stations, **BY)


def _require_acknowledged(store: Store, writers: Sequence[Writer]) -> None:
    """Check that each acknowledged write is there once, and that no code was given twice."""
    stored = store.read_stations(columns=["name", "note"]).set_index("code")
    assert stored.index.is_unique
    created = Counter(code for writer in writers for code in writer.notes.created)
    assert [code for code, times in created.items() if times > 1] == []
    assert sorted(set(created) - set(stored.index)) == []
    for writer in writers:
        for code in writer.notes.created:
            assert stored.loc[code, "name"] == f"{code} {writer.name}"
    assert any(code.startswith(RACE) for code in created)
    changes = Counter(
        (row["code"], row["actor"], row["after"]["note"])
        for row in _history(store)
        if row["action"] == "update"
    )
    for writer in writers:
        for code, note in writer.notes.changed:
            assert changes[code, writer.name, note] == 1
    reports = Counter(report.id for report in store.reports_since(BY["now"], [REPORTED]))
    told = [id_ for writer in writers for id_ in writer.notes.reported]
    assert [id_ for id_ in told if reports[id_] != 1] == []
    unsure = set().union(*(writer.notes.unsure for writer in writers))
    assert set(reports) <= {*told, *unsure}


def _require_whole_history(store: Store, writers: Sequence[Writer], first: int) -> None:
    """Check that history makes the stations what they are, and holds nothing else."""
    rows = _history(store)
    assert store.change_seq() - first == len(rows) - _BEGUN  # one number per save
    now: dict[str, dict[str, Any]] = {}
    for row in rows:
        code = row["code"]
        assert (row["action"] == "create") == (code not in now), f"{code} was made twice"
        before = now.get(code, dict(EMPTY))
        if row["action"] == "update":
            assert row["before"] == {name: before[name] for name in row["after"]}
        now[code] = before | row["after"]
    stored = pd.DataFrame(store.read_stations()).drop(columns="geometry")
    assert set(now) == set(stored["code"])
    for station in stored.to_dict("records"):
        said = {name: None if pd.isna(cell) else cell for name, cell in station.items()}
        assert said == now[str(station["code"])]
    done = {word for writer in writers for word in writer.notes.created}
    done |= {note for writer in writers for _, note in writer.notes.changed}
    tried = done.union(*(writer.notes.unsure for writer in writers))
    written = {
        row["code"] if row["action"] == "create" else row["after"]["note"] for row in rows[_BEGUN:]
    }
    assert sorted(written - tried) == []


def _history(store: Store) -> list[dict[str, Any]]:
    """Return all rows of history in their order."""
    with store.engine.connect() as connection:
        rows = connection.execute(select(HISTORY).order_by(HISTORY.c.seq))
        return [dict(row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's documented way
