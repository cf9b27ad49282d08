"""Who may do what: accounts by Flask-Login, and one check before every page of staff and planners.

A view of a guarded blueprint says by `needs_role` what it asks for; one that says nothing is open
to nobody.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from flask import (
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.sessions import SecureCookieSessionInterface
from flask_babel import gettext
from flask_login import LoginManager, UserMixin, current_user
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError

from geo.store.users import KEEPER, ROLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask, Request
    from flask.sessions import SecureCookieSession
    from werkzeug.wrappers import Response

    from geo.store.users import User
    from webmap.stores import Stores

    View = TypeVar("View", bound=Callable[..., Any])

GUARDED: Final = ("staff", "planner", "people", "keeper")  # blueprints
TYPED: Final = (  # forms worth keeping
    *("staff.create", "staff.change"),
    *("planner.start", "planner.begin", "planner.start_again"),
    *("planner.save_beat", "planner.change_beat"),
    *("people.create", "people.change", "people.create_keeper", "people.change_keeper"),
)
SESSION_H: Final = 8  # hours without a click
TOKEN: Final = "csrf_token"  # noqa: S105 - the field of a form that holds it
_ROLE: Final = "_needs_role"

csrf = CSRFProtect()


class Account(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """The person who is logged in."""

    def __init__(self, user: User) -> None:
        self.id = f"{user.name}\n{mark_of(user)}"
        self.name = user.name
        self.role = user.role
        self.area = user.area
        self.stations = tuple(user.stations)  # of a keeper

    def may(self, role: str) -> bool:
        """Return whether this account may do what ``role`` may; a keeper and staff are apart."""
        if role == KEEPER:
            return self.role == KEEPER
        return self.role in ROLES and ROLES.index(self.role) >= ROLES.index(role)


class _Sessions(SecureCookieSessionInterface):
    """A session cookie that leaves the machine over HTTPS only, where the site is served so."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the session of a cookie; an empty one at once for all who have none."""
        if not request.cookies.get(self.get_cookie_name(app)):
            return self.session_class()
        return super().open_session(app, request)

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002 - Flask's signature
        return request.is_secure


def add_login(app: Flask) -> None:
    """Let ``app`` know who asks, and guard the pages of staff and planners."""
    app.config.update(
        PERMANENT_SESSION_LIFETIME=timedelta(hours=SESSION_H),
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,  # `_guard` does: tiles and scripts carry no cookie
        WTF_CSRF_SSL_STRICT=False,  # asks for a referrer, which our own policy forbids
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a form may lie open for an hour
    )
    app.session_interface = _Sessions()
    manager = LoginManager()
    manager.init_app(app)
    manager.user_loader(_load)
    app.before_request(_guard)  # before the token's check: who has no session has no token
    csrf.init_app(app)
    app.register_error_handler(CSRFError, _token_refused)


def needs_role(role: str) -> Callable[[View], View]:
    """Mark a view with the least role that may open it.

    Raises
    ------
    ValueError
        No such role.
    """
    if role not in {*ROLES, KEEPER}:
        msg = f"unknown role {role!r}; use one of {', '.join((*ROLES, KEEPER))}"
        raise ValueError(msg)

    def _mark(view: View) -> View:
        setattr(view, _ROLE, role)
        return view

    return _mark


def account() -> Account | None:
    """Return who is logged in, None for a visitor."""
    return cast("Account", current_user) if current_user.is_authenticated else None


def mark_of(user: User) -> str:
    """Return a mark of an account's password and link: others end the sessions of the old ones."""
    return hashlib.sha256(f"{user.password_hash}\n{user.link_hash}".encode()).hexdigest()[:16]


def _load(mark: str) -> Account | None:
    """Return the account of a session; None once it is disabled or has another password."""
    stores: Stores = current_app.extensions["stores"]
    name, _, password = mark.rpartition("\n")
    user = stores.own().find_user(name)
    is_same = user is not None and not user.disabled and mark_of(user) == password
    return Account(user) if user is not None and is_same else None


def _guard() -> Response | tuple[str, int] | None:
    """Let nobody in without the role; a visitor goes to the login, what was typed goes along."""
    if request.blueprint not in GUARDED:
        return None
    who = account()
    if who is None and request.blueprint == KEEPER:
        return render_template("keep/out.html"), 401  # there is no password: the link leads in
    if who is None:
        if request.method in {"GET", "HEAD"}:
            return redirect(url_for("account.login", next=request.full_path.rstrip("?")))
        is_foreign = request.headers.get("Sec-Fetch-Site") == "cross-site"  # not typed here
        if is_foreign or request.endpoint not in TYPED:
            return redirect(url_for("account.login", next=url_for(f"{request.blueprint}.home")))
        return keep_typed("login.html"), 401
    if request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate":
        # Eight hours from this click; the late answer to a script would bring an older cookie back
        session.permanent = session.modified = True
    view = current_app.view_functions.get(request.endpoint or "")
    role = getattr(view, _ROLE, None)
    if role is None or not who.may(role):
        abort(403)
    return None


def _token_refused(error: CSRFError) -> Response | tuple[str, int] | CSRFError:
    """Give a form that lay open over another login back to its writer; do nothing of all else."""
    if request.endpoint in TYPED:
        return keep_typed("kept.html"), 400
    if request.blueprint in GUARDED:
        flash(gettext("这一页放得太久了，刚才那一下没有做。再点一次。"))
        return redirect(url_for(f"{request.blueprint}.home"))
    return error


def keep_typed(template: str) -> str:
    """Render a page that carries all typed fields of this request back to the form's address."""
    typed = [(name, value) for name, value in request.form.items(multi=True) if name != TOKEN]
    return render_template(template, typed=typed, target=request.path, had_file=bool(request.files))
