"""The planned rows of an import as a file, for pages to leaf through."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import orjson

from geo.store.import_plan import NEW, REFUSED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from geo.store.import_plan import ImportPlan, Planned

DOUBTFUL: Final = ("misplaced",)  # warnings that ask whether the position is right
ZONED: Final = ("development_zone",)  # explained, and no question
PARTS: Final = ("new", "alike", "changed", "same", "doubtful", "zoned", "refused")


def write_rows(plan: ImportPlan, path: Path) -> None:
    """Write the rows of a plan."""
    path.write_bytes(orjson.dumps([_row(one) for one in plan.rows]))


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Return the rows as they were written."""
    rows: list[dict[str, Any]] = orjson.loads(path.read_bytes())
    return rows


def part_of(rows: list[dict[str, Any]], part: str) -> list[dict[str, Any]]:
    """Return the rows of one of ``PARTS``; a new one that may be a stored one is ``alike`` only."""
    tests: dict[str, Callable[[dict[str, Any]], bool]] = {
        "alike": lambda row: bool(row["alike"]),
        "new": lambda row: row["outcome"] == NEW and not row["alike"],
        "doubtful": lambda row: row["outcome"] != REFUSED and is_doubtful(row),
        "zoned": lambda row: (
            row["outcome"] != REFUSED and any(one["code"] in ZONED for one in row["problems"])
        ),
    }
    if part not in tests:
        return [row for row in rows if row["outcome"] == part]
    return [row for row in rows if tests[part](row)]


def count_parts(rows: list[dict[str, Any]]) -> dict[str, int]:
    """Return how many rows each part has."""
    return {part: len(part_of(rows, part)) for part in PARTS}


def digest_of(plan: ImportPlan) -> str:
    """Return a mark of all that a plan would do: another mark, another plan."""
    told = orjson.dumps([_row(one) for one in plan.rows])
    return hashlib.sha256(told).hexdigest()


def is_doubtful(row: Mapping[str, Any]) -> bool:
    """Return whether the position of a row is doubtful."""
    return any(problem["code"] in DOUBTFUL for problem in row["problems"])


def _row(one: Planned) -> dict[str, Any]:
    return {
        "row": one.row,
        "code": one.code,
        "name": one.name,
        "outcome": one.outcome,
        "changes": {name: list(pair) for name, pair in one.changes.items()},
        "problems": [
            {
                "code": p.code,
                "field": p.field,
                "message": p.message,
                "severity": p.severity,
                "facts": list(p.facts),
            }
            for p in one.problems
        ],
        "alike": [
            {
                "code": a.code,
                "name": a.name,
                "address": a.address,
                "distance_m": round(a.distance_m),
                "reasons": list(a.reasons),
                "twin_datum": a.twin_datum,
            }
            for a in one.alike
        ],
    }
