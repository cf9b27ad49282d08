"""The station's page at the staff desk: the form, empty or filled, and its history."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from geo.errors import StoreConflictError
from webmap.forms.entry import say_entry
from webmap.forms.faults import say_fault
from webmap.forms.hours import tell_fields
from webmap.forms.labels import EXAMPLES, GROUPS, HELP, LABELS, NAMES
from webmap.forms.pasted import FROM, kept_datum, tell_pasted
from webmap.forms.station import (
    amenity_groups,
    filled_form,
    input_mode,
    input_type,
    is_required,
    shown_texts,
    typed_form,
)
from webmap.forms.tapped import tap_text
from webmap.maps import compose
from webmap.roles import needs_role
from webmap.staff.asking import SURE, Asked, ask_before
from webmap.staff.base import blueprint, roll_of, writer
from webmap.staff.clash import ASKED, answer_name
from webmap.staff.desk import choose_own, open_desk
from webmap.staff.draft import Judge
from webmap.staff.ground import Ground
from webmap.staff.history import say_history
from webmap.staff.home import Saved, back_to_list
from webmap.staff.hours import CHOICE, Typed, open_question
from webmap.staff.photos import FIELD, attach_received, photos_of, receive_photos
from webmap.staff.reason import LONGEST, WHY, missing_reason, read_reason
from webmap.staff.sight import look, meet, read_seen, settle
from webmap.staff.territory import find_territory
from webmap.words import say_list

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from werkzeug.wrappers import Response

    from geo.store import SaveReport
    from webmap.cities import Cities
    from webmap.forms.faults import Faults
    from webmap.forms.pasted import Located
    from webmap.forms.station import StationForm
    from webmap.staff.clash import Clash
    from webmap.staff.desk import Desk
    from webmap.staff.draft import Draft
    from webmap.staff.sight import Sight

    Page = tuple[str, int]

_RESTORE: Final = "restore"  # in a form: show what was typed, do not save
_LOCATE: Final = "locate"  # likewise, after the pasted position was read
_FORM: Final = "form"  # as the origin of a change


class News(NamedTuple):
    """What the page says above the form."""

    others: str = ""  # who else changed the station meanwhile, and what
    clashes: Sequence[Clash] = ()  # what both changed: whose counts is asked
    restored: bool = False
    located: Located | None = None  # what was read of a pasted position


@blueprint.get("/stations/new")
@needs_role("editor")
def new() -> Page:
    """Show an empty form."""
    return _page(open_desk(), filled_form({}))


@blueprint.post("/stations/new")
@needs_role("editor")
def create() -> Page | Response:
    """Save a new station."""
    desk, form = open_desk(), typed_form(request.form)
    if _RESTORE in request.form or desk.is_over:
        return _page(desk, form, news=News(restored=True))
    if _LOCATE in request.form:
        return _located(desk, form)
    seq = desk.store.change_seq()
    texts = form.texts()
    draft = _judge(desk).new(texts, request.form.get(CHOICE, ""), _source_datum(texts))
    draft.faults.update(receive_photos(desk.store).faults)
    if draft.faults:
        return _page(desk, form, draft=draft)
    code = str(draft.station["code"].iloc[0])
    try:
        known = desk.store.read_stations(codes=[code], columns=["name"])
        if known.empty:
            return _asked_or_saved(desk, form, draft, seq)
    except StoreConflictError:  # another saved this code a moment ago
        pass
    return _page(desk, form, faults=_taken(form))


@blueprint.get("/stations/<path:code>")
@needs_role("viewer")
def edit(code: str) -> Page:
    """Show a station with its history; the form can be changed by those who may."""
    desk = open_desk()
    sight = look(desk.store, code)
    return _page(desk, filled_form(shown_texts(sight.cells)), sight=sight)


@blueprint.post("/stations/<path:code>")
@needs_role("editor")
def change(code: str) -> Page | Response:
    """Save a changed station, unless somebody else changed it since the form was opened."""
    desk, form = open_desk(), typed_form(request.form)
    if desk.is_over:
        flash(gettext("演示已经结束，刚才在演示里填的没有保存。"))
        return redirect(url_for("staff.home"))
    sight = look(desk.store, code)
    seen = read_seen(request.form.get("seen", ""))
    texts, still = settle(form.texts(), _answers(), seen, sight)
    if again := _shown_again(desk, form, sight._replace(seen=seen), still):
        return again
    form, choice = filled_form(texts), request.form.get(CHOICE, "")
    draft = _judge(desk).change(texts, sight.cells, choice, _source_datum(texts))
    if fault := missing_reason(texts, sight.cells):
        draft.faults.setdefault("status", []).append(fault)
    draft.faults.update(receive_photos(desk.store).faults)
    if draft.faults:
        return _page(desk, form, sight=sight._replace(seen=seen), draft=draft)
    try:
        return _asked_or_saved(desk, form, draft, seen.change, sight=sight._replace(seen=seen))
    except StoreConflictError:
        return _met(desk, form, code, request.form.get("seen", ""))


def _shown_again(
    desk: Desk, form: StationForm, sight: Sight, still: Sequence[Clash]
) -> Page | None:
    """Return the form as it was sent, where it is not to be saved yet; None where it is."""
    if _RESTORE in request.form:
        return _page(desk, form, sight=sight, news=News(restored=True, clashes=still))
    if _LOCATE in request.form:
        return _located(desk, form, sight, still)
    if still:
        return _page(desk, form, sight=sight, news=News(clashes=still), status=409)
    return None


def _answers() -> dict[str, str]:
    """Return by thing whose change the form says counts, "" where it does not say."""
    asked = request.form.getlist(ASKED)
    return {key: request.form.get(answer_name(key), "") for key in asked}


def _located(
    desk: Desk, form: StationForm, sight: Sight | None = None, still: Sequence[Clash] = ()
) -> Page:
    """Show the form with the position that was pasted, where a browser has no script to ask."""
    located = tell_pasted(request.form.get("pasted", ""), request.form.get("pasted_datum", ""))
    if located.status == "ok":
        form = filled_form(form.texts() | {"lon": located.lon, "lat": located.lat})
    return _page(desk, form, sight=sight, news=News(restored=True, located=located, clashes=still))


def _source_datum(texts: Mapping[str, str]) -> str:
    """Return the datum from which the position of a sent form was converted, "" if from none."""
    return kept_datum(request.form.get("placed", ""), texts["lon"], texts["lat"])


def _met(desk: Desk, form: StationForm, code: str, mark: str) -> Page:
    """Show the form with both writers' changes, for the second to look over."""
    sight = look(desk.store, code)
    meeting = meet(form.texts(), read_seen(mark), sight)
    said = gettext(
        "你打开以后，%(who)s也改了这个驿站：%(what)s。你没动过的，已经换成新的；你填的都还在。",
        who=say_list(meeting.others),
        what=say_list(meeting.labels),
    )
    said += (
        gettext("两个人都改了的，选一个再保存。")
        if meeting.clashes
        else gettext("看一遍，再点保存。")
    )
    merged, told = filled_form(meeting.texts), News(others=said, clashes=meeting.clashes)
    return _page(desk, merged, sight=sight, news=told, status=409)


def _asked_or_saved(
    desk: Desk, form: StationForm, draft: Draft, seen: int, *, sight: Sight | None = None
) -> Page | Response:
    """Ask what is to be asked of a draft without faults; save it once all is answered.

    Raises
    ------
    StoreConflictError
        Somebody else saved this station after the change number ``seen``.
    """
    stored = sight.cells if sight else None
    asked, answered = ask_before(desk, draft.station, stored, request.form.get(SURE, ""))
    if asked:
        return _page(desk, form, sight=sight, draft=draft, asked=asked)
    return _saved(desk, draft, seen, answered)


def _saved(desk: Desk, draft: Draft, unchanged_since: int, answered: Asked) -> Response:
    """Save what was judged good and whose questions were answered, and go back to the list.

    Raises
    ------
    StoreConflictError
        Somebody else saved this station after ``unchanged_since``.
    """
    report = desk.store.save_stations(
        draft.station,
        actor=writer().name,
        origin=_FORM,
        now=datetime.now(UTC),
        blank=True,
        note=read_reason(),
        unchanged_since=unchanged_since,
    )
    row = draft.station.iloc[0]
    answered.settle(desk.store, row["code"], actor=writer().name, now=datetime.now(UTC))
    choose_own(own=False)  # there is an own station now, or it never was the first
    news = [*draft.news, *attach_received(desk.store, row["code"])]
    return back_to_list(Saved(row["code"], row["name"], _what(report), news))


def _what(report: SaveReport) -> str:
    if report.created:
        return "created"
    return "updated" if report.updated else "unchanged"


def _taken(form: StationForm) -> Faults:
    """Return the message of a code that exists; a made one says name and place exist."""
    if form.texts()["code"]:
        return {"code": [say_fault("duplicate_code", "code")]}
    return {"name": [gettext("这个位置已经有一个同名的驿站了。到列表里找到它，改那一个。")]}


def _judge(desk: Desk) -> Judge:
    """Return what forms are judged by on this desk."""
    areas = desk.store.read_areas()
    known: Cities = current_app.extensions["cities"]
    cities = [
        (city.west, city.south, city.east, city.north) for city in known.of(is_demo=desk.is_demo)
    ]
    ground = Ground(areas, tuple(cities), roll_of(desk.store))
    return Judge(ground, find_territory(writer().area, areas), is_demo=desk.store.is_demo)


def _why_not(desk: Desk, cells: Mapping[str, Any]) -> str:
    """Return why the visitor may only look; "" if the station is theirs to change."""
    who = writer()
    if not who.may("editor"):
        return gettext("你的账号只能看，不能改。")
    territory = find_territory(who.area, desk.store.read_areas())
    names = (cells["district"], cells["subdistrict"])
    if not territory.holds(cells["lon"], cells["lat"], names):
        return gettext("这个驿站不在你负责的地方（%(area)s），只能看。", area=territory.name)
    return ""


def _page(
    desk: Desk,
    form: StationForm,
    *,
    sight: Sight | None = None,
    draft: Draft | None = None,
    asked: Asked | None = None,
    faults: Faults | None = None,
    news: News | None = None,
    status: int = 0,
) -> Page:
    """Render the form; without a sight of a stored station it is a new one's."""
    news = news or News()
    faults = faults or (draft.faults if draft else {})
    faults |= {clash.field: [gettext("两个人都改了，选一个。")] for clash in news.clashes}
    texts = form.texts()
    fields = (*NAMES, FIELD)
    summary = [(name, LABELS[name], said) for name in fields for said in faults.get(name, ())]
    body = render_template(
        "staff/station.html",
        desk=desk,
        form=form,
        faults=faults,
        groups=GROUPS,
        help=HELP,
        examples=EXAMPLES,
        summary=summary,
        news=news,
        clashes=_by_field(news.clashes),
        asked=asked or Asked(),
        told=tell_fields(texts, is_stored=sight is not None and draft is None),
        hints=say_entry(texts),
        question=draft.question if draft else open_question(Typed.of(texts)),
        sight=sight,
        why_not=_why_not(desk, sight.cells) if sight else "",
        why=request.form.get(WHY, ""),
        longest_why=LONGEST,
        events=say_history(sight.history) if sight else [],
        photos=photos_of(desk.store, sight.cells["code"]) if sight else [],
        received=receive_photos(desk.store).ids,
        parts=None if desk.is_first else compose("picker"),
        copied_from=FROM,
        tap_text=tap_text,
        amenity_groups=amenity_groups,
        input_type=input_type,
        input_mode=input_mode,
        is_required=is_required,
    )
    return body, status or (422 if faults else 200)


def _by_field(clashes: Sequence[Clash]) -> dict[str, list[Clash]]:
    found: dict[str, list[Clash]] = {}
    for clash in clashes:
        found.setdefault(clash.field, []).append(clash)
    return found
