"""Logging in and out."""

from __future__ import annotations

from tests.webmap.rights.right import Right, public

RIGHTS = (
    public("account.login", "/login", inside=302),
    Right(
        "account.enter",
        "POST",
        "/login",
        done=401,
        stale=400,
        form={"name": "nobody", "password": "no such password"},
    ),
    Right("account.leave", "POST", "/logout", done=302, stale=400),
)
