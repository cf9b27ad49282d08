"""Logging in and out; what was typed into a form when the session ran out comes back after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from flask_login import login_user, logout_user
from flask_wtf.csrf import CSRFError

from webmap.auth import hash_password, random_password, verify_password
from webmap.roles import Account, account

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from webmap.stores import Stores

blueprint = Blueprint("account", __name__)


@blueprint.after_request
def _keep_nothing(response: Response) -> Response:
    """Let no cache keep a page that carries a form's fields."""
    response.headers["Cache-Control"] = "no-store"
    return response


KEPT: Final = "kept-"  # before the names of typed fields that wait for the login
_LONGEST_NAME: Final = 200
_nobody = hash_password(random_password())  # as slow for a name that does not exist


@blueprint.get("/login")
def login() -> str | Response:
    """Show the login; who is in already goes on."""
    target = local_path(request.args.get("next", ""))
    if account() is not None:
        return redirect(target)
    return render_template("login.html", target=target, typed=[], fault="", name="")


@blueprint.post("/login")
def enter() -> str | Response | tuple[str, int]:
    """Check name and password, then go on to where the visitor wanted to be."""
    target = local_path(request.form.get("target", ""))
    typed = _kept()
    name = request.form.get("name", "").strip()[:_LONGEST_NAME]
    who = _checked(name, request.form.get("password", ""))
    if who is None:
        page = render_template(
            "login.html", target=target, typed=typed, fault="password", name=name
        )
        return page, 401
    session.clear()  # nothing of a visitor's session lives on in the account's
    session.permanent = True
    login_user(who)
    if typed:
        return render_template("kept.html", target=target, typed=typed, had_file=False)
    return redirect(target)


@blueprint.errorhandler(CSRFError)
def stale(_error: CSRFError) -> tuple[str, int]:
    """Show the login anew where its page lay open for too long."""
    target, name = local_path(request.form.get("target", "")), request.form.get("name", "")
    page = render_template(
        "login.html", target=target, typed=_kept(), fault="stale", name=name[:_LONGEST_NAME]
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


def _checked(name: str, password: str) -> Account | None:
    """Return the account if the password is its own and it is not disabled."""
    stores: Stores = current_app.extensions["stores"]
    user = stores.own().find_user(name)
    fits = verify_password(user.password_hash if user else _nobody, password)
    return Account(user) if user and fits and not user.disabled else None
