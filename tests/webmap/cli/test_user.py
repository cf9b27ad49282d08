"""Accounts from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from webmap.auth import verify_password

if TYPE_CHECKING:
    from geo.store import Store
    from tests.webmap.conftest import Run


def test_a_random_password_is_the_only_line_on_stdout(run: Run, own_store: Store) -> None:
    result = run("user", "add", "li", "--role", "editor", "--area", "110101")
    user = own_store.find_user("li")
    assert result.exit_code == 0
    assert user
    assert (user.role, user.area) == ("editor", "110101")
    assert verify_password(user.password_hash, result.stdout.strip())
    assert result.stdout.strip() not in result.stderr


def test_a_password_comes_from_standard_input_and_is_not_printed(
    run: Run, own_store: Store
) -> None:
    words = ("user", "add", "li", "--role", "admin", "--password-stdin")
    result = run(*words, input="correct horse battery\n")
    user = own_store.find_user("li")
    assert user
    assert verify_password(user.password_hash, "correct horse battery")
    assert "correct" not in result.output


def test_an_existing_name_exits_1_and_keeps_its_password(run: Run, own_store: Store) -> None:
    run("user", "add", "li", "--role", "admin")
    before = own_store.find_user("li")
    result = run("user", "add", "li", "--role", "viewer")
    assert result.exit_code == 1
    assert "exists already" in result.stderr
    assert own_store.find_user("li") == before


@pytest.mark.parametrize("words", [["li"], ["li", "--role", "king"], ["--role", "admin"]])
def test_a_name_and_a_known_role_are_needed(run: Run, words: list[str]) -> None:
    assert run("user", "add", *words).exit_code == 2


def test_a_short_password_is_refused_before_anything_is_made(run: Run, own_store: Store) -> None:
    result = run("user", "add", "li", "--role", "admin", "--password-stdin", input="short\n")
    assert result.exit_code == 1
    assert own_store.find_user("li") is None


def test_there_is_no_default_account(own_store: Store) -> None:
    assert own_store.list_users() == []
