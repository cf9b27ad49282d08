"""Logging in and out; what was typed into a form when the session ran out comes back after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

from flask import current_app, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext
from flask_login import logout_user
from flask_wtf.csrf import CSRFError

from geo.store.users import KEEPER
from webmap.account.base import accounts, begin_session, blueprint
from webmap.account.tries import Device, say_too_early, say_wait, try_of
from webmap.auth import hash_password, random_password, verify_password
from webmap.roles import Account, account

if TYPE_CHECKING:
    import datetime as dt

    from werkzeug.wrappers import Response

    from webmap.account.tries import Try

KEPT: Final = "kept-"  # before the names of typed fields that wait for the login
_LONGEST_NAME: Final = 200
_TOO_EARLY: Final = 429
_nobody = hash_password(random_password())  # as slow for a name that does not exist


class Fault(NamedTuple):
    """Why nobody was let in: what stands above the form."""

    said: str
    status: int
    wait_s: int = 0


@blueprint.get("/login")
def login() -> str | Response:
    """Show the login; who is in already goes on."""
    target = local_path(request.args.get("next", ""))
    who = account()
    if who is not None:
        return redirect(url_for("keeper.home") if who.may(KEEPER) else target)
    return render_template("login.html", target=target, typed=[], fault="", name="")


@blueprint.post("/login")
def enter() -> str | Response:
    """Check name and password, then go on to where the visitor wanted to be."""
    target = local_path(request.form.get("target", ""))
    typed = _kept()
    name = request.form.get("name", "").strip()[:_LONGEST_NAME]
    now: dt.datetime = current_app.extensions["clock"]()
    attempt = try_of(name, accounts(), now)
    who = _checked(name, request.form.get("password", ""), attempt, now)
    if isinstance(who, Fault):
        return _refused(who, target=target, typed=typed, name=name)
    begin_session(who)
    answer = make_response(
        render_template("kept.html", target=target, typed=typed, had_file=False)
        if typed
        else redirect(target)
    )
    Device.read().add(attempt.account).write(answer)
    return answer


@blueprint.errorhandler(CSRFError)
def stale(_error: CSRFError) -> tuple[str, int] | Response:
    """Show the login anew where its page lay open for too long; the page of a link as well."""
    if request.endpoint == "account.follow":
        return redirect(request.path, 303)
    target, name = local_path(request.form.get("target", "")), request.form.get("name", "")
    said = gettext("这一页放得太久了，请再登录一次。")
    page = render_template(
        "login.html", target=target, typed=_kept(), fault=said, name=name[:_LONGEST_NAME]
    )
    return page, 400


@blueprint.post("/logout")
def leave() -> Response:
    """End the session."""
    logout_user()
    session.clear()
    return redirect(url_for("public.finder"))


def local_path(text: str) -> str:
    r"""Return a path of this site to go on to; anything else becomes the staff page.

    Examples
    --------
    >>> local_path("/plan/?a=1")
    '/plan/?a=1'
    >>> local_path("//evil.example/"), local_path("https://evil.example"), local_path("/\\evil")
    ('/staff/', '/staff/', '/staff/')
    """
    parts = urlsplit(text)
    is_local = text.startswith("/") and not text.startswith("//") and "\\" not in text
    is_clean = text.isprintable() and not (parts.scheme or parts.netloc)
    return text if is_local and is_clean else "/staff/"


def _kept() -> list[tuple[str, str]]:
    """Return name and text of the fields that wait for the login."""
    typed = request.form.items(multi=True)
    return [(name.removeprefix(KEPT), text) for name, text in typed if name.startswith(KEPT)]


def _checked(name: str, password: str, attempt: Try, now: dt.datetime) -> Account | Fault:
    """Return the account if the password is its own and it is not disabled.

    A name that does not exist, a keeper's and a disabled one take as long, and are told the same.
    """
    store = accounts()
    wait_s = attempt.begin(store, now)
    if wait_s:
        return Fault(say_too_early(wait_s), _TOO_EARLY, wait_s)
    user = store.find_user(name)
    if user is None or user.role == KEEPER:
        verify_password(_nobody, password)
    elif verify_password(user.password_hash, password) and not user.disabled:
        attempt.succeed(store, now)
        return Account(user)
    said = gettext("账号或密码不对，再试一次。忘了密码，请找管理员。")
    wait_s = attempt.wait_s(store, now)
    if wait_s:
        said += gettext("下一次要等 %(time)s。", time=say_wait(wait_s))
    return Fault(said, 401)


def _refused(fault: Fault, *, target: str, typed: list[tuple[str, str]], name: str) -> Response:
    page = render_template("login.html", target=target, typed=typed, fault=fault.said, name=name)
    answer = make_response(page, fault.status)
    if fault.wait_s:
        answer.headers["Retry-After"] = str(fault.wait_s)
    return answer
