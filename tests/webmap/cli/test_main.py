"""The command as a whole: its doors, its options, its exit codes."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import click
import pytest

from geo.store import open_store
from webmap.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from tests.webmap.conftest import Run, Save

DOORS = main.list_commands(click.Context(main))


def test_help_lists_every_door(run: Run) -> None:
    result = run("--help")
    assert result.exit_code == 0
    assert all(f"  {door} " in result.stdout for door in DOORS)


@pytest.mark.parametrize("door", DOORS)
def test_every_door_opens_and_every_command_takes_a_database(door: str) -> None:
    command = main.get_command(click.Context(main), door)
    assert command is not None
    inner = list(command.commands.values()) if isinstance(command, click.Group) else [command]
    for one in inner:
        names = {name for param in one.params for name in param.opts}
        assert {"--db", "-v"} <= names, one.name
        assert one.help, one.name


@pytest.mark.parametrize(
    "words",
    [
        ["stations", "import"],
        ["stations", "export"],
        ["areas", "import"],
        ["network", "build"],
        ["city", "build"],
        ["coverage"],
    ],
)
def test_short_help_exits_0_and_nothing_given_2(run: Run, words: list[str]) -> None:
    result = run(*words, "-h")
    assert result.exit_code == 0
    assert result.stdout.startswith("Usage: ")
    assert run(*words).exit_code == 2


def test_version(run: Run) -> None:
    assert run("--version").stdout.startswith("nuanyi 0.")


@pytest.mark.parametrize(
    "words", [["nowhere"], ["--nowhere"], ["stations", "import"], ["nearest", "--lon", "east"]]
)
def test_what_is_not_understood_exits_2(run: Run, words: list[str]) -> None:
    assert run(*words).exit_code == 2


@pytest.mark.parametrize("before", [True, False])
def test_a_database_can_be_named_before_and_after_the_command(
    run: Run, tmp_path: Path, *, before: bool
) -> None:
    database = tmp_path / "other.db"
    words = ["--db", database, "db", "upgrade"] if before else ["db", "upgrade", "--db", database]
    assert run(*words).exit_code == 0
    assert database.exists()


def test_a_database_may_have_any_name(run: Run, tmp_path: Path) -> None:
    database = tmp_path / "what?x #驿 站%20.db"
    assert run("db", "upgrade", "--db", database).exit_code == 0
    assert [path.name for path in tmp_path.glob("what*.db")] == [database.name]


def test_an_error_of_geo_is_one_line_and_exit_1(run: Run, tmp_path: Path) -> None:
    result = run("stations", "import", tmp_path / "nowhere.csv")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert "nowhere.csv" in result.stderr
    assert "Traceback" not in result.output


def test_an_unreachable_database_is_one_line_and_exit_1(run: Run) -> None:
    url = "postgresql://somebody:pw123@127.0.0.1:1/none"
    result = run("--db", url, "stations", "export", "x.csv")
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert "pw123" not in result.output


def test_verbose_logs_stages_to_stderr_and_leaves_logging_as_it_was(
    run: Run, save: Save, tmp_path: Path
) -> None:
    save({"name": "甲"})
    run("stations", "export", tmp_path / "a.csv")
    result = run("stations", "import", tmp_path / "a.csv", "-v")
    assert "INFO geo.store.importing: import of 1 stations" in result.stderr
    assert not logging.getLogger("webmap").handlers
    assert "INFO" not in run("stations", "import", tmp_path / "a.csv").stderr


def test_backup_and_restore(run: Run, save: Save, tmp_path: Path) -> None:
    save({"name": "甲", "code": "A"})
    assert run("backup", tmp_path / "b.db").exit_code == 0
    save({"name": "乙", "code": "B"})
    result = run("restore", tmp_path / "b.db")
    assert result.exit_code == 0
    with open_store(f"sqlite:///{tmp_path}/instance/nuanyi.db") as store:
        assert list(store.read_stations()["code"]) == ["A"]


def test_a_damaged_database_is_restored(run: Run, save: Save, tmp_path: Path) -> None:
    save({"name": "甲", "code": "A"})
    run("backup", tmp_path / "b.db")
    live = tmp_path / "other.db"
    live.write_bytes(b"damaged" * 1000)
    result = run("restore", tmp_path / "b.db", "--db", live)
    assert result.exit_code == 0
    kept = tmp_path / "other.db.before-restore.bak"
    assert str(kept) in result.stdout
    assert kept.read_bytes() == b"damaged" * 1000
    with open_store(f"sqlite:///{live}") as store:
        assert list(store.read_stations()["code"]) == ["A"]


def test_backup_of_nothing_makes_no_file(run: Run, tmp_path: Path) -> None:
    assert run("backup", tmp_path / "b.db").exit_code == 1
    assert not (tmp_path / "b.db").exists()


def test_upgrade_of_a_current_database_says_so(run: Run, save: Save) -> None:
    save({"name": "甲"})
    assert "up to date" in run("db", "upgrade").stdout
