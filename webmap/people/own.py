"""One's own account: what it may do, and another password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext

from webmap.account.base import begin_session
from webmap.account.tries import say_too_early, try_of
from webmap.auth import LONGEST_PASSWORD, SHORTEST_PASSWORD, hash_password, verify_password
from webmap.people.base import ROLE_WORDS, blueprint, me, my_reach, store
from webmap.roles import Account, needs_role

if TYPE_CHECKING:
    import datetime as dt

    from werkzeug.wrappers import Response

_UNFIT: Final = 422
_TOO_EARLY: Final = 429


@blueprint.get("/")
@needs_role("viewer")
def home() -> str:
    """Show what the account at hand is and may do."""
    reach = my_reach()
    return render_template(
        "people/home.html", role=ROLE_WORDS[me().role], area=reach.name_of(me().area)
    )


@blueprint.get("/password")
@needs_role("viewer")
def password() -> Response:
    """Show the form of another password."""
    return _page({}, 200)


@blueprint.post("/password")
@needs_role("viewer")
def change_password() -> Response:
    """Take another password; sessions of the old one end, but for this one.

    Who sits down at an open session and guesses the old one is slowed down as at the login.
    """
    known, clock = store(), current_app.extensions["clock"]
    now: dt.datetime = clock()
    old, new = request.form.get("old", ""), request.form.get("new", "")
    faults = _faults(new, request.form.get("again", ""))
    if faults:
        return _page(faults, _UNFIT)
    attempt = try_of(me().name, known, now)
    wait_s = attempt.begin(known, now)
    if wait_s:
        answer = _page({"old": say_too_early(wait_s)}, _TOO_EARLY)
        answer.headers["Retry-After"] = str(wait_s)
        return answer
    user = known.find_user(me().name)
    if user is None or not verify_password(user.password_hash, old):
        return _page({"old": gettext("现在的密码不对。")}, _UNFIT)
    attempt.succeed(known, now)
    known.change_user(user.name, password_hash=hash_password(new))
    changed = known.find_user(user.name)
    if changed is not None:
        begin_session(Account(changed))
    flash(gettext("密码换好了。别的地方登录着的，都要用新密码重新登录。"), "good")
    return redirect(url_for("people.home"), 303)


def _faults(new: str, again: str) -> dict[str, str]:
    """Return what is wrong with a new password, by field."""
    if len(new) < SHORTEST_PASSWORD:
        least = SHORTEST_PASSWORD
        return {"new": gettext("太短了，至少 %(least)s 个字符。可以写一句话。", least=least)}
    if len(new) > LONGEST_PASSWORD:
        return {"new": gettext("太长了，最多 %(most)s 个字符。", most=LONGEST_PASSWORD)}
    if len(set(new)) < SHORTEST_PASSWORD // 2 or new.casefold() == me().name.casefold():
        return {"new": gettext("太好猜了，换一个。可以写一句只有你知道的话。")}
    if new != again:
        return {"again": gettext("两次写的不一样，再写一遍。")}
    return {}


def _page(faults: dict[str, str], status: int) -> Response:
    page = render_template("people/own_password.html", faults=faults, least=SHORTEST_PASSWORD)
    return make_response(page, status)
