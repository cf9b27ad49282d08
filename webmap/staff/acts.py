"""The list of everything that was done to stations, one act upon many stations, and the audit."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from flask import Response, render_template, request, stream_with_context
from flask_babel import gettext

from geo.store.acts import ACT_KINDS, ActWish
from geo.store.audit import AUDIT_COLUMNS, audit_lines
from geo.store.reversal import Past
from geo.zones import LOCAL_ZONE
from webmap.forms.labels import LABELS
from webmap.forms.say import say_stamp
from webmap.roles import needs_role
from webmap.staff.acts_words import KIND_WORDS, say_batch, say_counts
from webmap.staff.base import blueprint, roll_of, settings, writer
from webmap.staff.desk import open_desk
from webmap.staff.history import say_difference, say_origin

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from geo.store import Batch, Store
    from geo.store.acts import Act
    from webmap.forms.say import Change

_SHOWN_CHANGES: Final = 3  # of one act in the list
_DAY: Final = dt.timedelta(days=1)
_PART: Final = 500  # lines of the audit sent at a time


class Line(NamedTuple):
    """One act, ready to be written."""

    seq: int
    at: str
    moment: str  # ISO 8601, for programs
    actor: str
    title: str
    origin: str  # through what; "" of many
    code: str  # of one station; "" of many
    name: str
    changes: list[Change]  # the first of one station's
    more: int  # changes of it that are not told
    counts: str  # of many
    note: str
    batch: str  # id; "" of one station
    is_undone: bool


class Part(NamedTuple):
    """What an act upon many stations did to one of them."""

    code: str
    name: str
    action: str
    changes: list[Change]


@blueprint.get("/history")
@needs_role("viewer")
def acts() -> str:
    """Show all acts, the last first."""
    desk, wish = open_desk(), _wish()
    size = settings().page_size
    below = request.args.get("below", type=int)
    found = desk.store.list_acts(wish, below=below, limit=size + 1)
    names = _names(desk.store)
    return render_template(
        "staff/acts.html",
        desk=desk,
        lines=[_line(act, names) for act in found[:size]],
        older=found[size - 1].seq if len(found) > size else 0,
        is_first=below is None,
        actors=[(actor, actor) for actor in desk.store.list_actors()],
        kinds=[(kind, KIND_WORDS[kind]) for kind in ACT_KINDS],
        asked={name: request.args.get(name, "") for name in ("who", "what", "since", "until")},
        may_undo=writer().may("editor"),
        may_audit=writer().may("admin"),
    )


@blueprint.get("/acts/<id>")
@needs_role("viewer")
def act(id: str) -> str:  # noqa: A002 - the column's name
    """Show what one act upon many stations changed, a page at a time."""
    desk = open_desk()
    batch = desk.store.find_batch(id)
    size = settings().page_size
    after = request.args.get("after", "")
    found = desk.store.batch_changes(id, after=after, limit=size + 1)
    names = _names(desk.store)
    return render_template(
        "staff/act.html",
        desk=desk,
        batch=batch,
        title=say_batch(batch),
        counts=say_counts(batch),
        at=say_stamp(batch.at),
        parts=[_part(one, names) for one in found[:size]],
        next_code=found[size - 1].code if len(found) > size else "",
        is_first=not after,
        left=_left(batch, names),
        undone_by=desk.store.find_batch(batch.undone_by) if batch.undone_by else None,
        may_undo=writer().may("editor") and not batch.undone_by,
    )


@blueprint.get("/audit.csv")
@needs_role("admin")
def audit() -> Response:
    """Send every change as a table, a line for each field."""
    entries = open_desk().store.read_audit(_wish())
    response = Response(
        stream_with_context(_csv(audit_lines(entries))), mimetype="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="nuanyi-audit.csv"'
    return response


def _csv(lines: Iterator[list[str]]) -> Iterator[bytes]:
    """Write lines as CSV in UTF-8 with its mark, a part at a time.

    Yields
    ------
    bytes
        Some lines, the header before the first.
    """
    text = io.StringIO()
    writer_ = csv.writer(text)
    text.write("\N{ZERO WIDTH NO-BREAK SPACE}")
    writer_.writerow(AUDIT_COLUMNS)
    for number, line in enumerate(lines, 1):
        writer_.writerow(line)
        if number % _PART == 0:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def _wish() -> ActWish:
    """Read from the address which acts are asked for; what cannot be read asks for nothing."""
    until = _midnight(request.args.get("until", ""))
    kind = request.args.get("what", "")
    return ActWish(
        actor=request.args.get("who", ""),
        kind=kind if kind in ACT_KINDS else "",
        since=_midnight(request.args.get("since", "")),
        before=until + _DAY if until else None,
    )


def _midnight(day: str) -> dt.datetime | None:
    """Return the beginning of a day on the stations' clock; None of what is no day."""
    try:
        found = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(), ZoneInfo(LOCAL_ZONE))
    except ValueError:
        return None
    return found if dt.MINYEAR < found.year < dt.MAXYEAR else None


def _names(store: Store) -> Mapping[str, str]:
    rows = roll_of(store)
    return dict(zip(rows["code"], rows["name"], strict=True))


def _name(past: Past, names: Mapping[str, str]) -> str:
    """Return the name of a station, as it is or as it was; its code if nobody knows."""
    known = names.get(past.code) or past.after.get("name") or past.before.get("name")
    return str(known or past.code)


def _line(act: Act, names: Mapping[str, str]) -> Line:
    """Put an act into words."""
    past = act.what
    if not isinstance(past, Past):
        return _line_of_many(past, names)
    titles = {"create": gettext("登记了驿站"), "remove": gettext("撤出了驿站")}
    changes = [] if past.action == "create" else say_difference(past.before, past.after)
    moment = dt.datetime.fromisoformat(past.at)
    return Line(
        seq=act.seq,
        at=say_stamp(moment),
        moment=past.at,
        actor=past.actor,
        title=titles.get(past.action, gettext("改了驿站")),
        origin=say_origin(act.origin),
        code=past.code,
        name=_name(past, names),
        changes=changes[:_SHOWN_CHANGES],
        more=len(changes[_SHOWN_CHANGES:]),
        counts="",
        note=act.note,
        batch="",
        is_undone=False,
    )


def _line_of_many(batch: Batch, names: Mapping[str, str]) -> Line:
    is_of_one = "change" in batch.details
    return Line(
        seq=batch.last_seq,
        at=say_stamp(batch.at),
        moment=batch.at.isoformat(),
        actor=batch.actor,
        title=say_batch(batch),
        origin="",
        code=batch.source if is_of_one else "",
        name=names.get(batch.source, batch.source) if is_of_one else "",
        changes=[],
        more=0,
        counts="" if is_of_one else say_counts(batch),
        note=batch.note,
        batch=batch.id,
        is_undone=bool(batch.undone_by),
    )


def _part(past: Past, names: Mapping[str, str]) -> Part:
    changes = say_difference(past.before, past.after)
    return Part(past.code, _name(past, names), past.action, changes)


def _left(batch: Batch, names: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return code, name and field of what an undo left as others had made it."""
    found: list[Any] = batch.details.get("left", [])
    return [
        (
            code,
            names.get(code, code),
            str(LABELS[field]) if field in LABELS else gettext("整个驿站"),
        )
        for code, field in found
    ]
