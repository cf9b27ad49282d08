"""Logging in and out, by a password or by a keeper's link."""

from __future__ import annotations

from tests.webmap.rights.right import LINK, Right, public

RIGHTS = (
    public("account.login", "/login", inside=302),
    Right(
        "account.enter",
        "POST",
        "/login",
        done=401,
        stale=400,
        writes=True,  # the failure is counted
        form={"name": "nobody", "password": "no such password"},
    ),
    Right("account.leave", "POST", "/logout", done=302, stale=400),
    public("account.link", "/k/no-such-link", done=404),
    Right("account.follow", "POST", f"/k/{LINK}", done=303, stale=303),
)
