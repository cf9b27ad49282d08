"""Passwords: hashed by argon2id, and made at random where nobody chose one."""

from __future__ import annotations

import secrets
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from geo.errors import InvalidOptionError

SHORTEST_PASSWORD: Final = 10  # characters
LONGEST_PASSWORD: Final = 1000  # a hash of megabytes would be a way to stop the server
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # without the look-alikes i l o 0 1
_GROUPS: Final = 4  # of 4 letters: 31^16, about 79 bits

_hasher = PasswordHasher()  # argon2id with the cost of RFC 9106's second profile (64 MiB)


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password, with its own salt and cost inside.

    Raises
    ------
    InvalidOptionError
        The password is shorter than 10 or longer than 1000 characters.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        msg = (
            f"the password has {len(password)} characters; "
            f"it needs {SHORTEST_PASSWORD} to {LONGEST_PASSWORD}"
        )
        raise InvalidOptionError(msg)
    return _hasher.hash(password)


def verify_password(password_hash: str, password: str) -> bool:
    """Return whether the password belongs to the hash; a damaged hash fits no password."""
    if len(password) > LONGEST_PASSWORD:
        return False
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def random_password() -> str:
    """Return a password that can be read out: four groups of four letters and digits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(_GROUPS))
