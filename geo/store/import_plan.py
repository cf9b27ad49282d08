"""What an import would do, row by row, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from geo.area_claims import find_misplaced, read_claims
from geo.stations.duplicates import find_alike
from geo.stations.files import check_rows
from geo.stations.problems import Problem, errors_of, row_problem, row_warning
from geo.store.import_datum import ReadRows, read_rows
from geo.store.import_fit import fill_areas, fit_to_stored
from geo.store.records import EMPTY, to_records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import numpy as np
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray

    from geo.stations import Validated
    from geo.stations.opened import OpenedFile
    from geo.store.import_datum import Distance
    from geo.store.import_fit import Fitted
    from geo.store.records import Record, Value
    from geo.store.store import Store

    Holds = Callable[[GeoDataFrame], NDArray[np.bool_]]

NEW, CHANGED, SAME, REFUSED = "new", "changed", "same", "refused"
OUTCOMES: Final = (NEW, CHANGED, SAME, REFUSED)
_CHUNK: Final = 5_000
_SILENT: Final[Mapping[int, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Alike:
    """A stored station that a new row may be."""

    code: str
    name: str
    address: str
    score: float  # in [0, 1]
    distance_m: float
    reasons: tuple[str, ...]  # words of ``geo.stations.sameness``
    twin_datum: str  # not "": the two differ by this datum's shift


@dataclass(frozen=True, slots=True)
class Planned:
    """One row of the file and what becomes of it."""

    row: int
    code: str  # of the station that it is or becomes; "" of a refused row
    name: str
    outcome: str  # one of OUTCOMES
    changes: Mapping[str, tuple[Value, Value]]  # field to what is stored and what would be
    problems: tuple[Problem, ...] = ()
    alike: tuple[Alike, ...] = ()  # of a new row, the likeliest first


@dataclass(frozen=True)
class ImportPlan:
    """All that would be done, and by what it was decided."""

    read: ReadRows
    checked: Validated
    fitted: Fitted
    rows: tuple[Planned, ...]  # in the order of the file
    defaulted: Mapping[str, int]
    notes: tuple[Problem, ...]  # about the file as a whole
    seq: int  # the store's change number by which it was decided

    @property
    def counts(self) -> dict[str, int]:
        """The number of rows by outcome."""
        return {name: sum(one.outcome == name for one in self.rows) for name in OUTCOMES}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems, those of the whole file first, then in the order of rows."""
        return (*self.notes, *(problem for one in self.rows for problem in one.problems))


def plan_import(
    store: Store,
    file: OpenedFile,
    *,
    datum: str,
    columns: Mapping[str, str],
    distance_m: Distance | None = None,
    holds: Holds | None = None,
    same: Mapping[int, str] = _SILENT,
) -> ImportPlan | ReadRows:
    """Return what bringing a file in would do.

    Parameters
    ----------
    store : Store
        Into which; nothing is written.
    file : OpenedFile
        As ``geo.stations.opened.open_file`` opens it.
    datum : {"auto", "wgs84", "gcj02", "bd09"}
        Of the positions; ``auto`` infers it.
    columns : mapping of str to str
        FIELD to COLUMN, before what the heads say.
    distance_m : callable, optional
        As ``geo.datum_guess.guess_datum`` takes it.
    holds : callable, optional
        Of stations, whether each lies where the one who imports may write; a row that does not,
        or whose stored station does not, is refused.
    same : mapping of int to str
        Code of the stored station of rows of which somebody said so.

    Returns
    -------
    ImportPlan
        Or, where the datum is not clear, the `ReadRows` with the hints: nothing else is known then.

    Raises
    ------
    SourceFormatError, MissingCrsError, CrsMismatchError
        The file as a whole cannot be read.
    InvalidDatumError
        ``datum`` is not known.
    """
    seq, areas = store.change_seq(), store.read_areas()
    read = read_rows(file, datum=datum, columns=columns, areas=areas, distance_m=distance_m)
    if read.datum is None:
        return read
    checked = check_rows(
        read.rows.frame,
        read.rows.problems,
        source=file.source,
        datum=read.datum,
        first_row=file.first_row,
    )
    existing = store.read_stations()
    fitted = fit_to_stored(checked, existing, same=same)
    by_place = fill_areas(store, fitted.stations, existing)
    told = [*fitted.problems, *_say_areas(fitted.stations, areas, file.source)]
    if holds is not None:
        told += _refuse_outside(fitted.stations, existing, holds, file.source)
    rows = _plan_rows(read, fitted, existing, told, first_row=file.first_row)
    notes = tuple(problem for problem in told if not problem.row)
    return ImportPlan(read, checked, fitted, rows, fitted.defaulted | by_place, notes, seq)


def _plan_rows(
    read: ReadRows,
    fitted: Fitted,
    existing: GeoDataFrame,
    told: list[Problem],
    *,
    first_row: int,
) -> tuple[Planned, ...]:
    problems: dict[int, list[Problem]] = {}
    for problem in told:
        problems.setdefault(problem.row, []).append(problem)
    refused = {problem.row for problem in errors_of(tuple(told))}
    sound = fitted.stations[~fitted.stations.index.isin(refused)]
    changes = dict(_differences(sound, existing, fitted.emptied))
    known = set(existing["code"])
    alike = _alike(sound[~sound["code"].isin(known)], existing)
    codes = dict(zip(sound.index.tolist(), sound["code"].tolist(), strict=True))
    names = read.rows.frame["name"].tolist()
    planned = []
    for label, name in zip(read.rows.frame.index.tolist(), names, strict=True):
        row = int(label) + first_row
        code = codes.get(row, "")
        if not code:
            outcome = REFUSED
        elif code not in known:
            outcome = NEW
        else:
            outcome = CHANGED if changes[row] else SAME
        planned.append(
            Planned(
                row=row,
                code=code,
                name=name.strip(),
                outcome=outcome,
                changes=changes.get(row, {}) if outcome == CHANGED else {},
                problems=tuple(problems.get(row, ())),
                alike=tuple(alike.get(row, ())) if outcome == NEW else (),
            )
        )
    return tuple(planned)


def _differences(
    stations: GeoDataFrame, existing: GeoDataFrame, emptied: list[str]
) -> Iterator[tuple[int, dict[str, tuple[Value, Value]]]]:
    """Yield each row and what a save would change; an empty cell changes nothing.

    Yields
    ------
    tuple of int and dict
        The row, field to stored and new value; every filled cell of a new station.
    """
    stored = _by_code(existing[existing["code"].isin(stations["code"])])
    blanked = set(emptied)
    rows = iter(stations.index.tolist())
    for records in to_records(stations, _CHUNK):
        for record in records:
            code = str(record["code"])
            old = stored.get(code, EMPTY)
            blank = {"hours"} if code in blanked else set()
            yield (
                int(next(rows)),
                {
                    name: (old[name], value)
                    for name, value in record.items()
                    if value != old[name] and (value != EMPTY[name] or name in blank)
                },
            )


def _by_code(stations: GeoDataFrame) -> dict[str, Record]:
    records = (record for part in to_records(stations, _CHUNK) for record in part)
    return {str(record["code"]): record for record in records}


def _alike(new: GeoDataFrame, existing: GeoDataFrame) -> dict[int, list[Alike]]:
    """Return by row of new stations the stored ones that each may be."""
    if new.empty or existing.empty:
        return {}
    found = find_alike(new, existing)
    told = existing.set_index("code")[["name", "address"]]
    alike: dict[int, list[Alike]] = {}
    for one in found.to_dict("records"):
        name, address = told.loc[one["code"]].tolist()
        alike.setdefault(int(one["row"]), []).append(
            Alike(
                code=str(one["code"]),
                name=name,
                address=address,
                score=float(one["score"]),
                distance_m=float(one["distance_m"]),
                reasons=tuple(one["reasons"]),
                twin_datum=str(one["twin_datum"]),
            )
        )
    return alike


def _say_areas(stations: GeoDataFrame, areas: GeoDataFrame, source: str) -> Iterator[Problem]:
    """Ask about rows outside the area they name; explain names of development zones.

    Yields
    ------
    Problem
        Warnings ``misplaced`` and ``development_zone``.
    """
    if areas.empty or stations.empty:
        return
    claims = read_claims(stations, areas)
    rows = stations.index.tolist()
    misplaced, zoned = find_misplaced(claims, areas, stations["lon"], stations["lat"])
    for one in misplaced:
        where = f"lies in {one.lies_in}" if one.lies_in else "lies in no known area"
        what = f"it names {one.named}, but its position {where}, {_away(one.away_m)} from "
        what += f"{one.named}; was the address looked up wrongly?"
        facts = (one.named, one.lies_in, f"{one.away_m:.0f}")
        yield row_warning(source, rows[one.row], "lon", "misplaced", what, facts=facts)
    for zone in zoned:
        where = f"its position lies in {zone.lies_in}" if zone.lies_in else "it lies in none known"
        what = f"{zone.zone} is a development zone, not a district of the administrative division; "
        what += f"{where}, which contradicts nothing"
        told = (zone.zone, zone.lies_in)
        yield row_warning(source, rows[zone.row], "district", "development_zone", what, facts=told)


def _away(metres: float) -> str:
    return f"{metres:.0f} m" if metres < 1000 else f"{metres / 1000:.1f} km"  # noqa: PLR2004 - a km


def _refuse_outside(
    stations: GeoDataFrame, existing: GeoDataFrame, holds: Holds, source: str
) -> Iterator[Problem]:
    """Refuse rows that are, or whose stored station is, where one may not write.

    Yields
    ------
    Problem
        Errors ``outside_area``.
    """
    stored = existing[existing["code"].isin(stations["code"])]
    foreign = set(stored["code"][~holds(stored)]) if len(stored) else set()
    inside = holds(stations).tolist() if len(stations) else []
    for row, code, is_inside in zip(stations.index, stations["code"], inside, strict=True):
        if not is_inside:
            what = "the position lies outside your area; ask who is responsible there"
            yield row_problem(source, row, "lon", "outside_area", what)
        elif code in foreign:
            what = f"station {code} stands outside your area; ask who is responsible there"
            yield row_problem(source, row, "code", "outside_area", what)


def summary_of(plan: ImportPlan) -> dict[str, Any]:
    """Return counts and options of a plan, as the act's own row keeps them."""
    return {"rows": len(plan.rows), "refused": plan.counts[REFUSED], "datum": plan.read.datum}
