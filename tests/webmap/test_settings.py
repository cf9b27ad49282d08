"""Settings come from the environment, and nothing secret is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.errors import InvalidOptionError
from webmap.settings import Settings


def test_an_empty_environment_gives_the_instance_folder() -> None:
    settings = Settings.from_env({})
    assert settings.instance == Path("instance").absolute()
    assert settings.database == f"sqlite:///{Path('instance/nuanyi.db').absolute().as_posix()}"


@pytest.mark.parametrize("name", ["NUANYI_DB", "NUANYI_INSTANCE", "NUANYI_PAGE_SIZE"])
def test_an_empty_variable_counts_as_unset(name: str) -> None:
    assert Settings.from_env({name: ""}) == Settings.from_env({})


def test_a_path_becomes_an_sqlite_url_and_a_url_stays(tmp_path: Path) -> None:
    settings = Settings.from_env({"NUANYI_DB": str(tmp_path / "a.db")})
    assert settings.database == f"sqlite:///{(tmp_path / 'a.db').as_posix()}"
    assert settings.with_database("postgresql://h/n").database == "postgresql://h/n"


def test_repr_shows_neither_secret_nor_database_password() -> None:
    settings = Settings.from_env(
        {"NUANYI_SECRET": "a-secret-of-some-length", "NUANYI_DB": "postgresql://u:pw123@h/n"}
    )
    assert "secret-of" not in repr(settings)
    assert "pw123" not in repr(settings)


@pytest.mark.parametrize("text", ["0", "1001", "-5", "many", "1.5", "²"])
def test_refuses_page_sizes_out_of_range(text: str) -> None:
    with pytest.raises(InvalidOptionError, match="NUANYI_PAGE_SIZE"):
        Settings.from_env({"NUANYI_PAGE_SIZE": text})


def test_a_new_instance_folder_is_private(tmp_path: Path) -> None:
    Settings.from_env({"NUANYI_INSTANCE": str(tmp_path / "i")}).make_instance()
    assert (tmp_path / "i").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("database", "inside"),
    [
        ("i/nuanyi.db", True),
        ("i/deep/nuanyi.db", True),
        ("i-2/nuanyi.db", False),
        ("nuanyi.db", False),
        ("postgresql://h/i", False),
    ],
)
def test_a_database_is_inside_by_its_path(tmp_path: Path, database: str, *, inside: bool) -> None:
    place = database if "://" in database else str(tmp_path / database)
    settings = Settings.from_env({"NUANYI_INSTANCE": str(tmp_path / "i"), "NUANYI_DB": place})
    assert settings.is_database_inside is inside
