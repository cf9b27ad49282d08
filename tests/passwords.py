"""Passwords of made-up accounts: argon2id as on the site, at a cost that many logins can bear."""

from __future__ import annotations

from typing import Final

from argon2 import PasswordHasher

_CHEAP: Final = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def cheap_hash(password: str) -> str:
    """Return a hash that holds its own low cost, so that checking it is cheap as well.

    What the site itself hashes has its full cost: ``tests/webmap/test_auth.py``.
    """
    return _CHEAP.hash(password)
