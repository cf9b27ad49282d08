"""Where each field of a station comes from: who set it, when, through what, and if verified since.

Pure: it reads the history as ``Store.history`` returns it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from geo.store.records import EMPTY

if TYPE_CHECKING:
    import pandas as pd

    from geo.store.records import Value


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where what stands in a field comes from."""

    field: str
    value: Value
    seq: int  # of the row of history that put it there
    actor: str
    at: datetime  # aware, in UTC
    origin: str  # form, import:file.csv, undo, ...
    batch: str  # of the act upon many stations; "" for one alone
    verified_on: date | None  # the station was verified on or after the day it was set; None: not


def trace_fields(history: pd.DataFrame, *, zone: str) -> dict[str, Provenance]:
    """Return where each known field of a station comes from.

    Parameters
    ----------
    history : DataFrame, n rows
        Of one station, oldest first, as ``Store.history`` returns it; n may be 0.
    zone : str
        IANA zone in which days of verification are counted (``Asia/Shanghai``).

    Returns
    -------
    dict of str to Provenance
        By field, in the order in which they were set; fields that are empty now are left out.
        ``verified_on`` is the station's last verification that is not before the day on which the
        field was set: a later change of the field ends it, and so does a station's removal.
    """
    found: dict[str, Provenance] = {}
    verified: date | None = None
    for row in cast("list[dict[str, Any]]", history.to_dict("records")):
        if row["action"] in {"create", "remove"}:
            found, verified = {}, None
        for name, value in row["after"].items():
            found.pop(name, None)
            if value != EMPTY.get(name, ""):
                found[name] = _provenance(name, value, row)
        if day := row["after"].get("verified_on"):
            verified = date.fromisoformat(day)
        elif "verified_on" in row["after"]:
            verified = None
    return {name: _judge(one, verified, ZoneInfo(zone)) for name, one in found.items()}


def _provenance(name: str, value: Value, row: dict[str, Any]) -> Provenance:
    at = datetime.fromisoformat(row["at"])
    return Provenance(
        name, value, int(row["seq"]), row["actor"], at, row["origin"], row["batch"], None
    )


def _judge(one: Provenance, verified: date | None, zone: ZoneInfo) -> Provenance:
    """Say whether a field was verified since it was set."""
    if verified is None or verified < one.at.astimezone(zone).date():
        return one
    return Provenance(
        one.field, one.value, one.seq, one.actor, one.at, one.origin, one.batch, verified
    )
