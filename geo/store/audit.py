"""The history as a table for an audit: a line for each changed field, safe in a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo.stations.cells import format_number
from geo.stations.tables import guard_formula

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from geo.store.acts import Entry
    from geo.store.records import Value

AUDIT_COLUMNS: Final = (
    "seq", "at", "actor", "origin", "act", "act_kind", "code", "action", "field", "before",
    "after", "note",
)  # fmt: skip


def audit_lines(entries: Iterable[Entry]) -> Iterator[list[str]]:
    """Turn rows of the history into lines of text under `AUDIT_COLUMNS`.

    Parameters
    ----------
    entries : iterable of Entry
        As ``Store.read_audit`` yields them.

    Yields
    ------
    list of str
        A line per changed field, in the order of the schema; no cell can start a formula.
    """
    for entry in entries:
        head = [entry.at, entry.actor, entry.origin, entry.batch, entry.kind, entry.code]
        start = [str(entry.seq), *map(guard_formula, head), entry.action]
        for field in dict.fromkeys([*entry.before, *entry.after]):
            cells = [_text(entry.before.get(field)), _text(entry.after.get(field)), entry.note]
            yield [*start, field, *map(guard_formula, cells)]


def _text(value: Value) -> str:
    if value is None:
        return ""
    return format_number(value) if isinstance(value, int | float) else value
