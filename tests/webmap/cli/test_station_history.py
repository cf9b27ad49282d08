"""``nuanyi stations history`` tells every change, and writes the table of an audit."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

from tests.webmap.conftest import NOW

if TYPE_CHECKING:
    from pathlib import Path

    from geo.store import Store
    from tests.webmap.conftest import Run, Save


def test_the_history_of_one_station_or_of_all_is_told(
    run: Run, save: Save, own_store: Store
) -> None:
    save({"code": "A", "name": "甲"}, {"code": "B", "name": "乙"})
    own_store.set_status("A", "closed", actor="lin", origin="form", now=NOW, note="搬走了")
    told = run("stations", "history", "A").output
    assert "lin form update A (搬走了)" in told
    assert "  status: open -> closed" in told
    assert "乙" not in told
    assert "create B" in run("stations", "history").output
    listed = json.loads(run("stations", "history", "A", "--json").output)
    assert [(one["action"], one["after"].get("status")) for one in listed] == [
        ("create", "open"),
        ("update", "closed"),
    ]
    unknown = run("stations", "history", "X")
    assert (unknown.exit_code, "no station has the code X" in unknown.output) == (1, True)


def test_the_table_of_an_audit_starts_no_formula(
    run: Run, save: Save, own_store: Store, tmp_path: Path
) -> None:
    save({"code": "A", "name": "=cmd()"})
    own_store.set_status("A", "planned", actor="@lin", origin="form", now=NOW)
    file = tmp_path / "audit.csv"
    assert run("stations", "history", "--csv", file).exit_code == 0
    with file.open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text))
    assert (rows[-1]["actor"], rows[-1]["field"], rows[-1]["after"]) == (
        "'@lin",
        "status",
        "planned",
    )
    assert "'=cmd()" in [row["after"] for row in rows]
