"""Bulk edit: one change for the stations of a filtered list, looked over before it is saved."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext

from geo.errors import StoreConflictError
from geo.stations.bulk import BULK_FIELDS, NO_HOURS, ODD_HOURS, TOO_LONG, plan_bulk
from geo.store.batches import BULK
from geo.vocab import load_vocab
from geo.zones import LOCAL_ZONE
from webmap.roles import needs_role
from webmap.staff.base import blueprint, my_territory, roll_of, writer
from webmap.staff.bulk_form import NAMES, STATUSES, read_change
from webmap.staff.desk import open_desk
from webmap.staff.history import say_difference
from webmap.staff.roll import Wish, find
from webmap.words import say_list, say_word

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from werkzeug.wrappers import Response

    from geo.stations.bulk import BulkPlan
    from geo.store import Store
    from webmap.forms.say import Change
    from webmap.staff.bulk_form import Asked
    from webmap.staff.desk import Desk

    Page = tuple[str, int]

MOST_TICKED: Final = 300  # stations listed one by one
MOST_SHOWN: Final = 200  # in the preview
FILTERS: Final = ("q", "area", "kind", "status")
_OUTSIDE: Final = "outside"
_READ: Final = ("name", "district", "subdistrict", *BULK_FIELDS)


class Line(NamedTuple):
    """One station of the preview."""

    code: str
    name: str
    changes: list[Change]


class Chosen(NamedTuple):
    """The stations a bulk edit is about."""

    rows: pd.DataFrame  # code, lon, lat and _READ
    total: int  # that the filters find
    is_all: bool  # not ticked one by one
    seen: int  # change number at which they were read

    @property
    def mark(self) -> str:
        """What tells this choice from another: its codes and the state they were read in."""
        codes = "\n".join(self.rows["code"].tolist())
        return f"{self.seen}-{hashlib.sha256(codes.encode()).hexdigest()[:16]}"


@blueprint.get("/bulk")
@needs_role("editor")
def bulk() -> Page:
    """Show the stations of a filtered list to tick, and what can be changed."""
    return _form(open_desk(), request.args)


@blueprint.post("/bulk")
@needs_role("editor")
def bulk_change() -> Page | Response:
    """Show what a change would do, or save it if that was seen."""
    desk = open_desk()
    asked = read_change(request.form, _now())
    chosen = _chosen(desk.store, request.form)
    if asked.faults or chosen.rows.empty:
        return _form(desk, request.form, asked)
    plan = _plan(desk.store, chosen, asked)
    seen = request.form.get("seen", "")
    if not seen or seen != chosen.mark:
        return _preview(desk, chosen, asked, plan, is_stale=bool(seen))
    try:
        return _saved(desk.store, chosen, asked, plan)
    except StoreConflictError:
        chosen = _chosen(desk.store, request.form)
        plan = _plan(desk.store, chosen, asked)
        return _preview(desk, chosen, asked, plan, is_stale=True)


def wish_of(typed: Mapping[str, str]) -> Wish:
    """Return the filters of the list that an address or a form carries."""
    names = {name: typed.get(name if name != "status" else "only", "") for name in FILTERS[1:]}
    return Wish(words=typed.get("q", "").strip(), **names)


def _chosen(store: Store, typed: Any) -> Chosen:  # noqa: ANN401 - a MultiDict
    """Return the stations that are ticked, or all that the filters find."""
    seen = store.change_seq()  # before the rest: what changes meanwhile is noticed on saving
    found = find(roll_of(store), wish_of(typed))
    codes = found["code"].tolist()
    is_all = len(codes) > MOST_TICKED
    if not is_all:
        ticked = set(typed.getlist("code"))
        codes = [code for code in codes if code in ticked]
    rows = store.read_stations(codes=codes, columns=_READ).drop(columns="geometry")
    return Chosen(rows, len(found), is_all, seen)


def _plan(store: Store, chosen: Chosen, asked: Asked) -> BulkPlan:
    """Return what the change comes to, for stations of the writer's area."""
    territory = my_territory(store)
    records = cast("list[dict[str, Any]]", chosen.rows.to_dict("records"))
    outside = [row["code"] for row in records if not territory.holds_row(row)]
    inside = chosen.rows[~chosen.rows["code"].isin(outside)]
    today = _now().astimezone(ZoneInfo(LOCAL_ZONE)).date()
    plan = plan_bulk(inside, asked.change, today=today)
    plan.refused.update(dict.fromkeys(outside, _OUTSIDE))
    return plan


def _saved(store: Store, chosen: Chosen, asked: Asked, plan: BulkPlan) -> Response:
    """Save a change that was seen, and go to its act.

    Raises
    ------
    StoreConflictError
        Somebody else changed one of the stations meanwhile.
    """
    filters = {name: request.form.get(name, "") for name in ("q", "area", "kind", "only")}
    filters = {name: text for name, text in filters.items() if text}
    batch, saved = store.save_batch(
        plan.stations,
        kind=BULK,
        actor=writer().name,
        origin=BULK,
        now=_now(),
        source=urlencode(filters),
        note=asked.note,
        details={"fields": list(asked.change.fields), "refused": len(plan.refused)},
        blank=True,
        unchanged_since=chosen.seen,
    )
    if not batch:
        flash(gettext("没有要改的，都已经是这样了。"))
        return redirect(url_for("staff.home"), 303)
    number = saved.updated
    flash(
        ngettext(
            "改好了 %(num)s 个驿站。改错了，点“撤销这一次”，全部改回去。",
            "改好了 %(num)s 个驿站。改错了，点“撤销这一次”，全部改回去。",
            number,
        ),
        "good",
    )
    return redirect(url_for("staff.act", id=batch), 303)


def _form(desk: Desk, typed: Any, asked: Asked | None = None) -> Page:  # noqa: ANN401 - a MultiDict
    """Show the stations and the fields of a change."""
    wish = wish_of(typed)
    found = find(roll_of(desk.store), wish)
    territory = my_territory(desk.store)
    is_listed = len(found) <= MOST_TICKED
    rows = cast("list[dict[str, Any]]", found.to_dict("records")) if is_listed else []
    ticked = set(typed.getlist("code")) if asked else {row["code"] for row in rows}
    faults = asked.faults if asked else {}
    if asked and rows and not ticked:
        faults = faults | {"code": [gettext("一个驿站也没有勾。")]}
    page = render_template(
        "staff/bulk.html",
        desk=desk,
        wish=wish,
        said=say_wish(wish),
        total=len(found),
        rows=rows,
        ticked=ticked,
        area=territory.name if territory.code else "",
        typed={name: typed.get(name, "") if asked else "" for name in NAMES},
        faults=faults,
        statuses=[(code, say_word("status", code)) for code in STATUSES],
    )
    return page, 422 if faults else 200


def _preview(desk: Desk, chosen: Chosen, asked: Asked, plan: BulkPlan, *, is_stale: bool) -> Page:
    """Show what a change would do to each station."""
    old = {str(row["code"]): row for row in chosen.rows.to_dict("records")}
    new = cast("list[dict[str, str]]", plan.stations.head(MOST_SHOWN).to_dict("records"))
    lines = [_line(old[row["code"]], row) for row in new]
    refused = [(code, old[code]["name"], _say_reason(why)) for code, why in plan.refused.items()]
    page = render_template(
        "staff/bulk_preview.html",
        desk=desk,
        said=say_wish(wish_of(request.form)),
        told=asked.told,
        status=_say_status(asked),
        note=asked.note,
        number=len(plan.stations),
        unchanged=len(plan.unchanged),
        lines=lines,
        refused=refused[:MOST_SHOWN],
        refused_number=len(refused),
        reasons=[
            (_say_reason(why), count) for why, count in Counter(plan.refused.values()).items()
        ],
        sent=_sent(chosen),
        mark=chosen.mark,
        is_stale=is_stale,
    )
    return page, 409 if is_stale else 200


def _line(old: Mapping[Any, Any], new: Mapping[str, str]) -> Line:
    changed = {name: cell for name, cell in new.items() if name != "code" and cell != old[name]}
    before = {name: old[name] for name in changed}
    return Line(new["code"], old["name"], say_difference(before, changed))


def _sent(chosen: Chosen) -> Sequence[tuple[str, str]]:
    """Return what the form of the preview has to send again."""
    names = ("q", "area", "kind", "only", *NAMES)
    typed = [(name, request.form.get(name, "")) for name in names]
    codes = [] if chosen.is_all else [("code", code) for code in chosen.rows["code"].tolist()]
    return [pair for pair in typed if pair[1]] + codes


def _say_status(asked: Asked) -> str:
    change = asked.change
    if not change.status:
        return ""
    said = say_difference({}, {"status": change.status, "status_until": change.status_until})
    return say_list(one.after for one in said if one.after)


def say_wish(wish: Wish) -> str:
    """Return what the list is filtered by, in words; "" if by nothing."""
    words = [f"“{wish.words}”"] if wish.words else []
    words += [wish.area] if wish.area else []
    for vocab in ("kind", "status"):
        code = getattr(wish, vocab)
        if code in load_vocab(vocab):
            words.append(say_word(vocab, code))
    return say_list(words)


def _say_reason(why: str) -> str:
    words = {
        NO_HOURS: gettext("还不知道它平常的开放时间，加了日期，别的日子会被当成不开"),
        ODD_HOURS: gettext("它的开放时间写法特别，加不了日期，要一个一个改"),
        TOO_LONG: gettext("加上以后太长了"),
        _OUTSIDE: gettext("不在你负责的地方"),
    }
    return words[why]


def _now() -> dt.datetime:
    now: dt.datetime = current_app.extensions["clock"]()
    return now
