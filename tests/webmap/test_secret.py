"""The secret is made once, kept private, and the same for all who start at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from geo.errors import InvalidOptionError
from webmap.secret import FILE_NAME, load_secret

if TYPE_CHECKING:
    from webmap.settings import Settings

GIVEN = "sixteen-letters!"


def test_first_start_makes_a_private_file_and_the_next_reads_it(settings: Settings) -> None:
    secret = load_secret(settings)
    path = settings.instance / FILE_NAME
    assert len(secret) == 64
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_secret(settings) == secret


def test_many_starting_at_once_have_one_secret_and_leave_nothing_else(settings: Settings) -> None:
    with ThreadPoolExecutor(16) as pool:
        secrets = set(pool.map(lambda _: load_secret(settings), range(64)))
    assert len(secrets) == 1
    assert [path.name for path in settings.instance.iterdir()] == [FILE_NAME]


def test_the_environment_goes_first_and_makes_no_file(settings: Settings) -> None:
    given = replace(settings, secret=GIVEN)
    assert load_secret(given) == GIVEN
    assert not settings.instance.exists()


def test_refuses_a_short_secret_of_the_environment(settings: Settings) -> None:
    with pytest.raises(InvalidOptionError, match="NUANYI_SECRET"):
        load_secret(replace(settings, secret=GIVEN[:15]))


def test_refuses_an_emptied_file_and_says_what_to_do(settings: Settings) -> None:
    load_secret(settings)
    (settings.instance / FILE_NAME).write_text("")
    with pytest.raises(InvalidOptionError, match="delete it"):
        load_secret(settings)


def test_a_file_others_may_read_is_closed_again(settings: Settings) -> None:
    secret = load_secret(settings)
    path = settings.instance / FILE_NAME
    path.chmod(0o644)
    assert load_secret(settings) == secret
    assert path.stat().st_mode & 0o777 == 0o600
