"""The list of stations at the staff desk: search, filters, order, and what is still to find out."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast
from urllib.parse import urlencode

from flask import redirect, render_template, request, session, url_for
from flask_babel import gettext

from geo.store.photos import WAITING
from geo.vocab import load_vocab
from webmap.forms.labels import LABELS
from webmap.preferences import address_with
from webmap.roles import needs_role
from webmap.staff.base import blueprint, roll_of, settings, writer
from webmap.staff.desk import choose_own, open_desk
from webmap.staff.roll import WANTED, Wish, areas_of, find
from webmap.words import say_list, say_word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response


SAVED: Final = "saved"  # in the session: what the list tells once
_QUERY: Final = "list"  # in the session: search and filters, to come back to
_LONGEST_WORDS: Final = 80
_LONGEST_QUERY: Final = 1000  # characters; the session is a cookie


class Line(NamedTuple):
    """One station of the list, ready to be written."""

    code: str
    name: str
    kind: str
    kind_word: str
    area: str
    address: str
    status: str
    status_word: str
    done: int
    missing: str  # words; "" where nothing is
    verified: str


class Saved(NamedTuple):
    """What was saved just now."""

    code: str
    name: str
    what: str  # created | updated | unchanged
    news: list[str]


@blueprint.get("/")
@needs_role("viewer")
def home() -> str:
    """Show the stations, a page at a time."""
    desk = open_desk()
    rows = roll_of(desk.store)
    wish = _wish()
    found = find(rows, wish)
    size = settings().page_size
    pages = max(1, -(-len(found) // size))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    part = found.iloc[(page - 1) * size : page * size]
    query = urlencode(list(request.args.items(multi=True)))
    session[_QUERY] = query if len(query) <= _LONGEST_QUERY else ""
    return render_template(
        "staff/home.html",
        desk=desk,
        wish=wish,
        lines=[_line(row) for row in cast("list[dict[str, Any]]", part.to_dict("records"))],
        total=len(rows),
        found=len(found),
        page=page,
        pages=pages,
        areas=[(area, area) for area in areas_of(rows)],
        kinds=[(code, say_word("kind", code)) for code in load_vocab("kind")],
        statuses=[(code, say_word("status", code)) for code in load_vocab("status")],
        heads=_heads(wish.sort),
        wanted=len(WANTED),
        checks=desk.store.count_checks(),
        photos=desk.store.count_photos(WAITING) if writer().may("reviewer") else 0,
        may_add=writer().may("editor"),
        saved=Saved(*session.pop(SAVED)) if SAVED in session else None,
    )


@blueprint.post("/own")
@needs_role("editor")
def own() -> Response:
    """Begin to enter own stations, or go back to the demo."""
    choose_own(own=(begins := request.form.get("own") == "yes"))
    return redirect(url_for("staff.new" if begins else "staff.home"))


def back_to_list(saved: Saved) -> Response:
    """Go back to the list as it was last seen; it tells what was saved."""
    session[SAVED] = list(saved)
    query = session.get(_QUERY, "")
    return redirect(url_for("staff.home") + (f"?{query}" if query else ""))


def _wish() -> Wish:
    """Read the wish from the address."""
    asked = {name: request.args.get(name, "") for name in ("area", "kind", "status", "sort")}
    return Wish(words=request.args.get("q", "").strip()[:_LONGEST_WORDS], **asked)


def _heads(sort: str) -> list[dict[str, str]]:
    """Return the heads of the columns: word, address that sorts by it, and the order now."""
    words = {
        "name": LABELS["name"],
        "area": gettext("地方"),
        "kind": LABELS["kind"],
        "status": LABELS["status"],
        "done": gettext("资料"),
        "verified_on": gettext("核实"),
    }
    heads = []
    for name, word in words.items():
        order = {name: "ascending", f"-{name}": "descending"}.get(sort, "")
        turned = f"-{name}" if order == "ascending" else name
        address = address_with(sort=turned, page="")
        heads.append({"name": name, "word": str(word), "address": address, "order": order})
    return heads


def _line(row: Mapping[str, Any]) -> Line:
    """Put one row into words."""
    missing = [_short(name) for name in WANTED if not row[f"has_{name}"]]
    return Line(
        code=row["code"],
        name=row["name"],
        kind=row["kind"],
        kind_word=say_word("kind", row["kind"]),
        area=row["area"],
        address=row["address"],
        status=row["status"],
        status_word=say_word("status", row["status"]),
        done=int(row["done"]),
        missing=say_list(missing),
        verified=_day(row["verified_on"]),
    )


def _short(name: str) -> str:
    """Return the word of a field that is still to find out."""
    words = {
        "address": gettext("地址"),
        "hours": gettext("开放时间"),
        "entry_mode": gettext("进门方式"),
        "amenities": gettext("设施"),
        "verified_on": gettext("核实日期"),
    }
    return words[name]


def _day(text: str) -> str:
    """Return a date with its year, "" for none."""
    return dt.date.fromisoformat(text).isoformat() if text else ""
