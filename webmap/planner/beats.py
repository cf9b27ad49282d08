"""The pages of beats: the list by area, one beat on the map, and beats into a run."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import shapely
from flask import abort, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext

from webmap.beats import TRADES, frame_of, length_m
from webmap.forms.hours import say_osm
from webmap.maps import compose
from webmap.moments import now
from webmap.planner.access import blueprint, desk, me
from webmap.planner.drawing import TRADE_WORDS, BeatForm, may_keep
from webmap.planner.shifts import read_words, say_understood
from webmap.roles import needs_role
from webmap.runs import DRAFT, Run
from webmap.runs.record import BEATS, Options
from webmap.staff.territory import find_territory

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response
    from geopandas import GeoDataFrame
    from werkzeug.wrappers import Response as AnyResponse

    from geo.store import Store
    from webmap.stores import Stores

MOST_SHOWN: Final = 500  # beats of one page
_UNFIT: Final = 422
_CONFLICT: Final = 409
_DECIMALS: Final = 6


class Line(NamedTuple):
    """One beat of the list, ready to be written."""

    id: str
    name: str
    area: str
    trade: str
    shift: str
    workers: int
    km: str
    mine: bool  # the account at hand may change it


def beat_store() -> Store:
    """Return the store whose beats are shown: that of the stations they are measured by."""
    stores: Stores = current_app.extensions["stores"]
    return stores.shown()


@blueprint.get("/beats")
@needs_role("viewer")
def beats() -> str:
    """List the beats, by area."""
    store = beat_store()
    areas = store.read_areas()
    names = area_names(areas)
    counts = store.count_beats()
    chosen = _area_asked()
    frame = store.read_beats(area=chosen)
    lines = _lines(frame.head(MOST_SHOWN), areas, names)
    return render_template(
        "planner/beats.html",
        lines=lines,
        chosen=chosen,
        unshown=max(0, len(frame) - MOST_SHOWN),
        total=len(frame),
        counts=[(count, names.get(count.area, count.area)) for count in counts],
        every=sum(count.beats for count in counts),
        is_tried=store.is_demo,
        map=compose("beats"),
    )


@blueprint.get("/beats/lines.json")
@needs_role("viewer")
def beat_lines() -> Response:
    """Hand the lines of the list to its map."""
    store = beat_store()
    frame = store.read_beats(area=_area_asked()).head(MOST_SHOWN)
    but = request.args.get("but", "")
    rows = frame[frame["id"] != but]
    return jsonify(type="FeatureCollection", features=[_feature(row) for row in _records(rows)])


@blueprint.get("/beats/reading.json")
@needs_role("viewer")
def beat_reading() -> Response:
    """Say how the words of a shift are understood, while somebody types them."""
    text = request.args.get("text", "").strip()[:200]
    shift, fault = read_words(text)
    lines = [fault] if fault else [say_understood(shift)]
    return jsonify(status="wrong" if fault else "ok", lines=lines if text else [])


@blueprint.get("/beats/new")
@needs_role("editor")
def new_beat() -> str:
    """Show the form of a new beat."""
    return _form(BeatForm(area=request.args.get("area", "")))


@blueprint.post("/beats/new")
@needs_role("editor")
def save_beat() -> AnyResponse | tuple[str, int] | str:
    """Keep a new beat."""
    return _save(None)


@blueprint.get("/beats/<beat_id>")
@needs_role("viewer")
def beat(beat_id: str) -> str:
    """Show one beat: its form to who may change it, else what it says."""
    return _form(BeatForm.of(_require(beat_id)), beat_id)


@blueprint.post("/beats/<beat_id>")
@needs_role("editor")
def change_beat(beat_id: str) -> AnyResponse | tuple[str, int] | str:
    """Change a beat."""
    return _save(_require(beat_id))


@blueprint.get("/beats/<beat_id>/delete")
@needs_role("editor")
def ask_delete_beat(beat_id: str) -> str:
    """Ask once before a beat is removed."""
    return render_template("planner/beat_delete.html", beat=_require_mine(beat_id))


@blueprint.post("/beats/<beat_id>/delete")
@needs_role("editor")
def delete_beat(beat_id: str) -> AnyResponse:
    """Remove a beat."""
    found = _require_mine(beat_id)
    beat_store().delete_beats([beat_id])
    flash(gettext("“%(name)s”删掉了。", name=found["name"]), "good")
    return redirect(url_for("planner.beats"), 303)


@blueprint.post("/beats/measure")
@needs_role("viewer")
def measure_beats() -> AnyResponse:
    """Make a run of chosen beats; its options come next."""
    frame = beat_store().read_beats(area=request.form.get("area"))
    chosen = set(request.form.getlist("beats"))
    if request.form.get("which") != "all":
        frame = frame[frame["id"].isin(chosen)]
    if frame.empty:
        flash(gettext("先勾上要算的线路。"))
        return redirect(url_for("planner.beats", area=request.form.get("area")), 303)
    name = ngettext("固定线路 %(num)s 条", "固定线路 %(num)s 条", len(frame))
    run = Run(
        id="",
        owner=me().name,
        name=str(frame["name"].iloc[0]) if len(frame) == 1 else name,
        source=BEATS,
        options=Options(beats=tuple(frame["id"].tolist())),
        state=DRAFT,
    )
    run = desk().add(desk().draft(), run)
    return redirect(url_for("planner.check", run_id=run.id), 303)


def area_names(areas: GeoDataFrame) -> dict[str, str]:
    """Return the names of areas by code; of two of one name with that of the area around."""
    rows = {row["code"]: row for row in areas.drop(columns="geometry").to_dict("records")}
    twins = Counter(row["name"] for row in rows.values())
    named = {}
    for code, row in rows.items():
        parent = rows.get(row["parent"])
        around = parent["name"] + " " if parent and twins[row["name"]] > 1 else ""
        named[code] = around + row["name"]
    return named


def _save(stored: Mapping[str, Any] | None) -> AnyResponse | tuple[str, int] | str:
    """Keep a new beat, or an earlier one as it was changed."""
    form = BeatForm.typed(request.form)
    beat_id = stored["id"] if stored else ""
    if request.form.get("restore"):
        return _form(form, beat_id)
    store = beat_store()
    areas = store.read_areas()
    mine = find_territory(me().area, areas)
    if stored and not may_keep(mine, stored["geometry"], stored["area"], areas):
        abort(403)
    if stored and form.seen != stored["updated_at"]:
        form.seen = stored["updated_at"]
        form.errors["seen"] = gettext(
            "%(who)s 刚改过这条线路。再点一次保存，就换成你写的；不想换，就离开这一页。",
            who=stored["updated_by"],
        )
        return _form(form, beat_id), _CONFLICT
    source = {"source": stored["source"]} if stored else {}
    cells = form.cells(areas, mine, beat_id=beat_id, **source)
    if cells is None:
        return _form(form, beat_id), _UNFIT
    store.save_beats(frame_of([cells]), actor=me().name, now=now())
    flash(gettext("“%(name)s”存好了。", name=cells["name"]), "good")
    return redirect(url_for("planner.beats"), 303)


def _form(form: BeatForm, beat_id: str = "") -> str:
    """Show the form of a beat, or what it says to who may not change it."""
    store = beat_store()
    areas = store.read_areas()
    mine = find_territory(me().area, areas)
    stored = _find(store, beat_id) if beat_id else None
    may = me().may("editor") and (
        stored is None or may_keep(mine, stored["geometry"], stored["area"], areas)
    )
    return render_template(
        "planner/beat.html",
        form=form,
        beat_id=beat_id,
        stored=stored,
        may_change=may,
        areas=sorted(area_names(areas).items()),
        trades=[(code, TRADE_WORDS[code]) for code in TRADES],
        shift_said=form.shift_said(),
        km=f"{length_m(stored['geometry']) / 1000:.2f}" if stored else "",
        is_tried=store.is_demo,
        map=compose("beats"),
    )


def _area_asked() -> str | None:
    """Return the area whose beats are asked for; None for all."""
    area = request.args.get("area")
    return None if area == "all" else area


def _find(store: Store, beat_id: str) -> dict[str, Any] | None:
    rows = _records(store.read_beats([beat_id]))
    return rows[0] if rows else None


def _require(beat_id: str) -> dict[str, Any]:
    """Return a stored beat; else the answer is 404."""
    found = _find(beat_store(), beat_id)
    if found is None:
        abort(404)
    return found


def _require_mine(beat_id: str) -> dict[str, Any]:
    """Return a stored beat that the account at hand may change; else the answer is 404 or 403."""
    found = _require(beat_id)
    areas = beat_store().read_areas()
    if not may_keep(find_territory(me().area, areas), found["geometry"], found["area"], areas):
        abort(403)
    return found


def _records(frame: GeoDataFrame) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = frame.to_dict("records")
    return rows


def _lines(frame: GeoDataFrame, areas: GeoDataFrame, names: Mapping[str, str]) -> list[Line]:
    mine = find_territory(me().area, areas)
    is_writer = me().may("editor")
    return [
        Line(
            id=row["id"],
            name=row["name"],
            area=names.get(row["area"], row["area"]),
            trade=str(TRADE_WORDS.get(row["trade"], "")),
            shift=say_osm(row["shift"]),
            workers=row["workers"],
            km=f"{length_m(row['geometry']) / 1000:.1f}",
            mine=is_writer and may_keep(mine, row["geometry"], row["area"], areas),
        )
        for row in _records(frame)
    ]


def _feature(row: Mapping[str, Any]) -> dict[str, Any]:
    said = [
        say_osm(row["shift"]),
        ngettext("%(num)s 个人", "%(num)s 个人", row["workers"]),
        gettext("%(km)s 公里", km=f"{length_m(row['geometry']) / 1000:.1f}"),
    ]
    return {
        "type": "Feature",
        "properties": {
            "name": row["name"],
            "said": " · ".join(said),
            "url": url_for("planner.beat", beat_id=row["id"]),
        },
        "geometry": shapely.geometry.mapping(
            shapely.set_precision(row["geometry"], 10**-_DECIMALS, mode="pointwise")
        ),
    }
