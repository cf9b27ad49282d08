"""Keepers: a link for somebody at a station, made by editors of the area, and taken back."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from geo.errors import InvalidOptionError, StoreConflictError
from geo.store.users import KEEPER, LONGEST_NAME
from webmap.account.link import make_link
from webmap.people.base import blueprint, me, my_reach, store
from webmap.people.reach import MAKES_KEEPERS
from webmap.printed.base import leads_nowhere
from webmap.printed.square_code import make_square_code
from webmap.roles import needs_role
from webmap.words import say_list

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response

    from geo.store import User
    from webmap.people.reach import Reach

    Page = tuple[str, int]

logger = logging.getLogger(__name__)

MOST_STATIONS: Final = 50  # of one keeper
_UNFIT: Final = 422
_BETWEEN: Final = re.compile(r"[\s,，、;；]+")


class Line(NamedTuple):
    """One keeper of the list."""

    name: str
    stations: list[tuple[str, str]]  # code and name
    has_link: bool
    disabled: bool


@blueprint.get("/keepers")
@needs_role(MAKES_KEEPERS)
def keepers() -> str:
    """List the keepers of the own area."""
    reach = my_reach()
    users = [user for user in store().list_users() if user.role == KEEPER]
    every = {code for user in users for code in user.stations}
    rows = reach.stations(every) if every else {}
    lines = [
        Line(
            name=user.name,
            stations=[(code, rows[code]["name"]) for code in user.stations if code in rows],
            has_link=bool(user.link_hash),
            disabled=user.disabled,
        )
        for user in users
        if reach.holds(user)
    ]
    return render_template("people/keepers.html", lines=lines, territory=reach.territory)


@blueprint.get("/new-keeper")
@needs_role(MAKES_KEEPERS)
def new_keeper() -> Page:
    """Show the form of a new keeper, of a station where its page led here."""
    return _form("", request.args.get("station", "")[:200])


@blueprint.post("/new-keeper")
@needs_role(MAKES_KEEPERS)
def create_keeper() -> Page:
    """Make a keeper and a link, which is shown this once."""
    reach, name = my_reach(), " ".join(request.form.get("name", "").split())
    typed = request.form.get("stations", "")[:5000]
    if "restore" in request.form:
        return _form(name, typed)
    codes, faults = _codes(reach, typed)
    if not name:
        faults["name"] = gettext("写一个名字，比如“某某店 小李”。")
    if faults:
        return _form(name, typed, faults=faults)
    token, hashed = make_link()
    now = current_app.extensions["clock"]()
    try:
        store().add_keeper(name, stations=codes, now=now, link_hash=hashed)
    except StoreConflictError:
        said = gettext("已经有一个账号叫“%(name)s”了，换一个。", name=name)
        return _form(name, typed, faults={"name": said})
    except InvalidOptionError:
        said = gettext("名字最多 %(most)s 个字，不能有斜线。", most=LONGEST_NAME)
        return _form(name, typed, faults={"name": said})
    logger.info("%s made the keeper %s", me().name, name)
    return _shown(name, token), 201


@blueprint.get("/keepers/<name>")
@needs_role(MAKES_KEEPERS)
def keeper(name: str) -> Page:
    """Show one keeper: the stations, and whether there is a link."""
    user = _managed(name)
    return _form(user.name, "\n".join(user.stations), user=user)


@blueprint.post("/keepers/<name>")
@needs_role(MAKES_KEEPERS)
def change_keeper(name: str) -> Page | Response:
    """Change the stations of a keeper; the link stays."""
    user, typed = _managed(name), request.form.get("stations", "")[:5000]
    if "restore" in request.form:
        return _form(user.name, typed, user=user)
    codes, faults = _codes(my_reach(), typed)
    if faults:
        return _form(user.name, typed, user=user, faults=faults)
    store().change_keeper(user.name, stations=codes)
    logger.info("%s changed the stations of the keeper %s", me().name, user.name)
    flash(gettext("“%(name)s”改好了。", name=user.name), "good")
    return redirect(url_for("people.keepers"), 303)


@blueprint.post("/keepers/<name>/link")
@needs_role(MAKES_KEEPERS)
def renew_link(name: str) -> str | Response:
    """Make a new link, shown this once; the old one and its sessions end."""
    user = _managed(name)
    if user.disabled:
        flash(gettext("“%(name)s”停用了，链接打不开。请管理员先启用。", name=user.name))
        return redirect(url_for("people.keepers"), 303)
    token, hashed = make_link()
    store().change_keeper(user.name, link_hash=hashed)
    logger.info("%s made a new link for the keeper %s", me().name, user.name)
    return _shown(user.name, token)


@blueprint.post("/keepers/<name>/revoke")
@needs_role(MAKES_KEEPERS)
def revoke_link(name: str) -> Response:
    """Take the link back: nobody gets in by it any more, and who is in is out."""
    user = _managed(name)
    store().change_keeper(user.name, link_hash="")
    logger.info("%s took back the link of the keeper %s", me().name, user.name)
    flash(gettext("“%(name)s”的链接收回了，不能再用。", name=user.name), "good")
    return redirect(url_for("people.keepers"), 303)


def _managed(name: str) -> User:
    """Return a keeper of the own area; else the answer is 404 or 403."""
    user = store().find_user(name)
    if user is None or user.role != KEEPER:
        abort(404)
    if not my_reach().holds(user):
        abort(403)
    return user


def _codes(reach: Reach, typed: str) -> tuple[list[str], dict[str, str]]:
    """Return the codes that were typed, and what is wrong with them."""
    codes = list(dict.fromkeys(part for part in _BETWEEN.split(typed) if part))
    if not codes:
        return [], {"stations": gettext("写至少一个驿站的编号。编号在驿站的页面上。")}
    if len(codes) > MOST_STATIONS:
        return [], {"stations": gettext("一个人最多管 %(most)s 个驿站。", most=MOST_STATIONS)}
    known = reach.stations(codes)
    unknown = [code for code in codes if code not in known]
    if unknown:
        said = gettext("没有这个编号的驿站：%(codes)s。", codes=say_list(unknown))
        return [], {"stations": said}
    outside = reach.outside(codes)
    if outside:
        said = gettext(
            "不在你负责的地方（%(area)s）：%(codes)s。",
            area=reach.territory.name,
            codes=say_list(outside),
        )
        return [], {"stations": said}
    return codes, {}


def _form(
    name: str,
    typed: str,
    *,
    user: User | None = None,
    faults: Mapping[str, str] | None = None,
) -> Page:
    known = my_reach().stations(user.stations) if user else {}
    page = render_template(
        "people/keeper.html",
        user=user,
        name=name,
        typed=typed,
        stations=[(code, row["name"]) for code, row in known.items()],
        faults=faults or {},
        longest=LONGEST_NAME,
    )
    return page, _UNFIT if faults else 200


def _shown(name: str, token: str) -> str:
    """Show a link as text and as a square code; nobody can see it again."""
    address = url_for("account.link", token=token, _external=True)
    return render_template(
        "people/link.html",
        name=name,
        address=address,
        code=make_square_code(address),
        is_own_machine=leads_nowhere(address),
    )
