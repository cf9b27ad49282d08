"""The accounts an admin manages: listed, added, changed, disabled, given a new password."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from geo.errors import InvalidOptionError, StoreConflictError
from geo.nearest.arrival import wall_time
from geo.store.users import KEEPER, LONGEST_NAME, ROLES
from webmap.auth import hash_password, random_password
from webmap.people.base import ROLE_WORDS, blueprint, me, my_reach, store
from webmap.people.reach import ADMIN
from webmap.roles import needs_role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response

    from geo.store import User
    from webmap.people.reach import Reach

    Page = tuple[str, int]

logger = logging.getLogger(__name__)

_UNFIT: Final = 422


class Line(NamedTuple):
    """One account of the list."""

    name: str
    role: str
    area: str  # "" = everywhere
    since: str
    disabled: bool


class Typed(NamedTuple):
    """What a form of an account says."""

    name: str = ""
    role: str = "editor"
    area: str = ""
    disabled: bool = False

    @classmethod
    def read(cls) -> Typed:
        """Return what was sent."""
        form = request.form
        return cls(
            name=" ".join(form.get("name", "").split()),
            role=form.get("role", ""),
            area=form.get("area", "")[:200],
            disabled=form.get("disabled") == "yes",
        )


@blueprint.get("/people")
@needs_role(ADMIN)
def people() -> str:
    """List the accounts that the admin at hand manages."""
    reach = my_reach()
    users = [user for user in store().list_users() if user.role != KEEPER and reach.holds(user)]
    lines = [
        Line(
            name=user.name,
            role=str(ROLE_WORDS[user.role]),
            area=reach.name_of(user.area),
            since=wall_time(datetime.fromisoformat(user.created_at)).date().isoformat(),
            disabled=user.disabled,
        )
        for user in users
    ]
    return render_template("people/people.html", lines=lines, territory=reach.territory)


@blueprint.get("/new")
@needs_role(ADMIN)
def new() -> Page:
    """Show the form of a new account."""
    reach = my_reach()
    return _form(reach, Typed(area=me().area))


@blueprint.post("/new")
@needs_role(ADMIN)
def create() -> Page:
    """Make an account; its password is shown this once."""
    reach, typed = my_reach(), Typed.read()
    faults = _faults(reach, typed)
    if not typed.name:
        faults["name"] = gettext("写一个账号名，比如他的名字。")
    if faults or "restore" in request.form:
        return _form(reach, typed, faults=faults if "restore" not in request.form else {})
    password = random_password()
    try:
        store().add_user(
            typed.name,
            role=typed.role,
            area=typed.area,
            password_hash=hash_password(password),
            now=current_app.extensions["clock"](),
        )
    except StoreConflictError:
        said = gettext("已经有一个账号叫“%(name)s”了，换一个。", name=typed.name)
        return _form(reach, typed, faults={"name": said})
    except InvalidOptionError:
        said = gettext("账号名最多 %(most)s 个字，不能有斜线。", most=LONGEST_NAME)
        return _form(reach, typed, faults={"name": said})
    logger.info("%s made the account %s", me().name, typed.name)
    return _shown(typed.name, password, is_new=True), 201


@blueprint.get("/people/<name>")
@needs_role(ADMIN)
def person(name: str) -> Page:
    """Show one account and the form that changes it."""
    reach, user = my_reach(), _managed(name)
    typed = Typed(user.name, user.role, user.area, user.disabled)
    return _form(reach, typed, user=user)


@blueprint.post("/people/<name>")
@needs_role(ADMIN)
def change(name: str) -> Page | Response:
    """Change role and area of an account, disable or enable it; one's own stays as it is."""
    reach, user = my_reach(), _managed(name)
    typed = Typed.read()._replace(name=user.name)
    if "restore" in request.form:
        return _form(reach, typed, user=user)
    faults = _faults(reach, typed)
    if user.name == me().name:
        faults["role"] = gettext("自己的权限请别的管理员来改，免得谁也进不来。")
    if faults:
        return _form(reach, typed, user=user, faults=faults)
    store().change_user(user.name, role=typed.role, area=typed.area, disabled=typed.disabled)
    logger.info("%s changed the account %s", me().name, user.name)
    flash(gettext("“%(name)s”改好了。", name=user.name), "good")
    return redirect(url_for("people.people"), 303)


@blueprint.post("/people/<name>/password")
@needs_role(ADMIN)
def renew_password(name: str) -> str:
    """Give an account a new password, shown this once; its sessions end."""
    user = _managed(name)
    if user.name == me().name:
        abort(403)  # that asks for the old one
    password = random_password()
    store().change_user(user.name, password_hash=hash_password(password))
    logger.info("%s gave the account %s a new password", me().name, user.name)
    return _shown(user.name, password, is_new=False)


def _managed(name: str) -> User:
    """Return an account that the admin at hand manages; else the answer is 404 or 403."""
    user = store().find_user(name)
    if user is None or user.role == KEEPER:
        abort(404)
    if not my_reach().holds(user):
        abort(403)
    return user


def _faults(reach: Reach, typed: Typed) -> dict[str, str]:
    """Return what is wrong with role and area, by field."""
    faults = {}
    if typed.role not in ROLES:
        faults["role"] = gettext("从列表里选一个。")
    known = typed.area == "" or typed.area in {code for code, _ in reach.choices()}
    if not (known and reach.holds_area(typed.area)):
        faults["area"] = gettext("你只能管“%(area)s”里的账号。", area=reach.territory.name)
        if reach.codes is None:
            faults["area"] = gettext("没有这个地方，从列表里选一个。")
    return faults


def _form(
    reach: Reach,
    typed: Typed,
    *,
    user: User | None = None,
    faults: Mapping[str, str] | None = None,
) -> Page:
    areas = reach.choices()
    if user is not None and user.area not in {"", *(code for code, _ in areas)}:
        areas.append((user.area, user.area))  # of before the areas were imported
    page = render_template(
        "people/person.html",
        user=user,
        typed=typed,
        faults=faults or {},
        roles=[(role, ROLE_WORDS[role]) for role in ROLES],
        areas=areas,
        has_all=reach.codes is None,
        is_me=user is not None and user.name == me().name,
        longest=LONGEST_NAME,
    )
    return page, _UNFIT if faults else 200


def _shown(name: str, password: str, *, is_new: bool) -> str:
    return render_template("people/password.html", name=name, password=password, is_new=is_new)
