"""The link that lets a keeper in: it is opened, says whose it is, and a tap begins the session.

A look at the address alone begins nothing: programs that look at links before people do, and pages
of others, must not log anybody in.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Final

from flask import abort, redirect, render_template, url_for

from webmap.account.base import accounts, begin_session, blueprint
from webmap.roles import Account, account

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

_BYTES: Final = 24  # of a link: 192 bits, nobody guesses them


def make_link() -> tuple[str, str]:
    """Return the word of a new link, and its hash; only that is stored."""
    token = secrets.token_urlsafe(_BYTES)
    return token, hash_link(token)


def hash_link(token: str) -> str:
    """Return the hash of a link's word; it is random and long, so it needs no salt and no cost."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


@blueprint.get("/k/<token>")
def link(token: str) -> str | Response | tuple[str, int]:
    """Say whose link this is; a keeper who is in already goes on."""
    keeper = _keeper(token)
    who = account()
    if keeper is None:
        return render_template("keep/out.html", is_old=True), 404
    if who is not None and who.id == keeper.id:
        return redirect(url_for("keeper.home"))
    return render_template("keep/link.html", keeper=keeper, token=token, who=who)


@blueprint.post("/k/<token>")
def follow(token: str) -> Response:
    """Let the keeper in."""
    keeper = _keeper(token)
    if keeper is None:
        abort(404)
    begin_session(keeper)
    return redirect(url_for("keeper.home"), 303)


def _keeper(token: str) -> Account | None:
    """Return the keeper of a link that holds."""
    user = accounts().find_keeper(hash_link(token))
    return None if user is None or user.disabled else Account(user)
