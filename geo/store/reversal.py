"""Which cells go back when changes are undone, and which stay because somebody changed them since.

Pure: rows of history and the stored stations come in, edits come out.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from geo.stations.schema import FIELD_NAMES
from geo.store.records import EMPTY, Record, Value
from geo.store.stations import Edit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

UNITS: Final = (  # fields that mean one thing together: they go back together, or none does
    ("lon", "lat", "source_datum"),
    ("hours", "hours_text"),
    ("status", "status_until"),
)
CHANGED, REMOVED, TAKEN = "changed", "removed", "taken"
_UNIT_OF: Final = {name: unit for unit in UNITS for name in unit}


class Past(NamedTuple):
    """A row of the history; ``at`` is ISO 8601, UTC."""

    seq: int
    at: str
    actor: str
    code: str
    action: str  # create | update | remove
    before: Record
    after: Record
    batch: str


@dataclass(frozen=True, slots=True)
class Kept:
    """Something an undo leaves as it is, and who made it so."""

    code: str
    name: str  # of the station
    field: str  # "" for the whole station
    now: Value  # what stands in the field
    reason: str  # changed since | the station was removed since | its code is taken again
    actor: str  # who changed it last; "" where that is not known
    at: str  # ISO 8601, UTC; "" where that is not known


class Reversal(NamedTuple):
    """What undoing comes to."""

    edits: list[Edit]  # by code
    kept: list[Kept]  # by code and field


@dataclass(frozen=True, slots=True)
class Ground:
    """What a reversal is judged by."""

    current: Mapping[str, Record]  # the stored stations by code
    later: Mapping[str, Sequence[Past]]  # by code, oldest first: what still stands of the rest
    overwrite: bool  # what was changed since goes back as well
    fields: Collection[str] | None  # only these of updated stations; None: all


def plan_reversal(rows: Iterable[Past], ground: Ground) -> Reversal:
    """Return what takes rows of history back.

    Parameters
    ----------
    rows : iterable of Past
        The changes to undo, in any order.
    ground : Ground
        A cell goes back only if it holds what the change left there and no later row that stands
        touched its unit, or with ``overwrite``. A station that was created goes out only if no
        later row touched it. A cell that is as before already is neither changed nor named.
    """
    by_code: defaultdict[str, list[Past]] = defaultdict(list)
    for row in rows:
        by_code[row.code].append(row)
    found = Reversal([], [])
    for code in sorted(by_code):
        old = ground.current.get(code)
        new = None if old is None else dict(old)
        for row in sorted(by_code[code], reverse=True):  # the last change goes back first
            later = [one for one in ground.later.get(code, ()) if one.seq > row.seq]
            new, kept = _REVERSED[row.action](row, new, later, ground)
            found.kept.extend(kept)
        if (edit := _edit(old, new)) is not None:
            found.edits.append(edit)
    return found


_Answer = tuple[Record | None, list[Kept]]


def _undo_create(
    row: Past, station: Record | None, later: Sequence[Past], ground: Ground
) -> _Answer:
    if station is None:
        return None, []
    if later and not ground.overwrite:
        last = later[-1]
        kept = Kept(row.code, str(station["name"]), "", None, CHANGED, last.actor, last.at)
        return station, [kept]
    return None, []


def _undo_remove(
    row: Past, station: Record | None, later: Sequence[Past], _ground: Ground
) -> _Answer:
    if station is None:
        return {**EMPTY, **_known(row.before)}, []
    actor, at = (later[-1].actor, later[-1].at) if later else ("", "")
    return station, [Kept(row.code, str(station["name"]), "", None, TAKEN, actor, at)]


def _undo_update(
    row: Past, station: Record | None, later: Sequence[Past], ground: Ground
) -> _Answer:
    if station is None:
        actor, at = (later[-1].actor, later[-1].at) if later else ("", "")
        return None, [Kept(row.code, "", "", None, REMOVED, actor, at)]
    new, kept = dict(station), list[Kept]()
    after = _known(row.after)
    before = {name: row.before.get(name, EMPTY[name]) for name in after}
    for unit in dict.fromkeys(_UNIT_OF.get(name, (name,)) for name in after):
        names = [name for name in unit if name in after]
        if ground.fields is not None and not set(names) & set(ground.fields):
            continue
        if all(station[name] == before[name] for name in names):
            continue
        touched = [one for one in later if set(unit) & one.after.keys()]
        is_ours = not touched and all(station[name] == after[name] for name in names)
        if is_ours or ground.overwrite:
            new |= {name: before[name] for name in names}
            continue
        last = touched[-1] if touched else None
        who = (last.actor, last.at) if last else ("", "")
        name = str(station["name"])
        kept += [Kept(row.code, name, field, station[field], CHANGED, *who) for field in names]
    return new, kept


_REVERSED: Final = {"create": _undo_create, "update": _undo_update, "remove": _undo_remove}


def _known(cells: Mapping[str, Value]) -> Record:
    """Return the cells of fields that the schema still has."""
    return {name: cells[name] for name in FIELD_NAMES if name in cells}


def _edit(old: Record | None, new: Record | None) -> Edit | None:
    """Return what turns one row into another; None if they are the same."""
    if old is None:
        return None if new is None else Edit(new, {}, _filled(new), "create")
    if new is None:
        return Edit(old, _filled(old), {}, "remove")
    after = {name: value for name, value in new.items() if value != old[name]}
    before = {name: old[name] for name in after}
    return Edit(new, before, after, "update") if after else None


def _filled(row: Record) -> Record:
    return {name: value for name, value in row.items() if value != EMPTY[name]}
