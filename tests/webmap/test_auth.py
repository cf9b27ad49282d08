"""Passwords: argon2id, and random ones that can be read out."""

from __future__ import annotations

import pytest

from geo.errors import InvalidOptionError
from webmap.auth import hash_password, random_password, verify_password


def test_a_password_fits_its_own_hash_only() -> None:
    hashed = hash_password("correct horse")
    assert hashed.startswith("$argon2id$")
    assert verify_password(hashed, "correct horse")
    assert not verify_password(hashed, "correct  horse")


def test_two_hashes_of_one_password_differ() -> None:
    assert hash_password("correct horse") != hash_password("correct horse")


@pytest.mark.parametrize("password_hash", ["", "plain text", "$argon2id$v=19$broken"])
def test_a_damaged_hash_fits_nothing(password_hash: str) -> None:
    assert not verify_password(password_hash, "correct horse")


@pytest.mark.parametrize("password", ["", "nine char", "x" * 1001])
def test_refuses_passwords_too_short_or_too_long(password: str) -> None:
    with pytest.raises(InvalidOptionError, match="10 to 1000"):
        hash_password(password)


def test_random_passwords_are_long_enough_and_never_the_same() -> None:
    made = {random_password() for _ in range(1000)}
    assert len(made) == 1000
    assert all(len(password) == 19 for password in made)
    assert not set("".join(made)) & set("ilo01")
