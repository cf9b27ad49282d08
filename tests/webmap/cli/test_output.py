"""Outputs appear whole or not at all, and progress only on a screen."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from geo.errors import InvalidOptionError
from webmap.cli import progress
from webmap.cli.output import whole_file, whole_folder

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path


class BrokenError(Exception):
    """The work failed half-way."""


def fail_half_way(output: AbstractContextManager[Path], name: str) -> None:
    """Write half of an output, then fail.

    Raises
    ------
    BrokenError
        Always.
    """
    with output as path:
        (path / name if name else path).write_text("half")
        raise BrokenError


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_whole_file_replaces_the_old_one_and_leaves_nothing_beside(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")
    with whole_file(target) as path:
        assert path.name == "a.txt"
        path.write_text("new")
        assert target.read_text() == "old"
    assert target.read_text() == "new"
    assert names(tmp_path) == ["a.txt"]


def test_a_failed_file_leaves_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")
    with pytest.raises(BrokenError):
        fail_half_way(whole_file(target), "")
    assert target.read_text() == "old"
    assert names(tmp_path) == ["a.txt"]


def test_refuses_a_folder_for_a_file_and_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InvalidOptionError, match="is a folder"), whole_file(tmp_path):
        pass
    missing = tmp_path / "no" / "a.txt"
    with pytest.raises(InvalidOptionError, match="does not exist"), whole_file(missing):
        pass


def test_a_whole_folder_replaces_files_and_keeps_others(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    for text in ("one", "two"):
        with whole_folder(out) as folder:
            (folder / "a.txt").write_text(text)
        (out / "own.txt").write_text("mine")
    assert (out / "a.txt").read_text() == "two"
    assert names(out) == ["a.txt", "own.txt"]
    assert names(out.parent) == ["out"]


def test_a_failed_folder_leaves_no_trace(tmp_path: Path) -> None:
    with pytest.raises(BrokenError):
        fail_half_way(whole_folder(tmp_path / "deep" / "out"), "a.txt")
    assert names(tmp_path) == []


def test_a_failed_folder_keeps_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("old")
    with pytest.raises(BrokenError):
        fail_half_way(whole_folder(tmp_path), "a.txt")
    assert (tmp_path / "a.txt").read_text() == "old"


def test_an_existing_folder_is_written_without_touching_the_one_around_it(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with whole_folder(out) as folder:
        assert folder.parent == out
        assert names(tmp_path) == ["out"]
        (folder / "a.txt").write_text("new")
    assert names(out) == ["a.txt"]


def test_a_folder_in_the_place_of_a_file_is_refused_before_any_is_moved(tmp_path: Path) -> None:
    (tmp_path / "b.txt").mkdir()
    output = whole_folder(tmp_path)
    draft = output.__enter__()
    for name in ("a.txt", "b.txt"):
        (draft / name).write_text("new")
    with pytest.raises(InvalidOptionError, match=r"b\.txt is a folder"):
        output.__exit__(None, None, None)
    assert names(tmp_path) == ["b.txt"]


def test_refuses_a_file_for_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(InvalidOptionError, match="is a file"), whole_folder(tmp_path / "a"):
        pass


class Screen(io.StringIO):
    """A stderr that says it is a terminal."""

    def isatty(self) -> bool:
        """Say yes."""
        return True


@pytest.mark.parametrize(
    ("stderr", "delay_s", "drawn"),
    [(Screen(), 0.0, True), (Screen(), 60.0, False), (io.StringIO(), 0.0, False)],
    ids=["long work", "short work", "no screen"],
)
def test_bars_are_drawn_for_long_work_on_a_screen_only(
    monkeypatch: pytest.MonkeyPatch, stderr: io.StringIO, delay_s: float, *, drawn: bool
) -> None:
    monkeypatch.setattr("sys.stderr", stderr)
    monkeypatch.setattr(progress, "DELAY_S", delay_s)
    with progress.progress_bars() as bars:
        for done in range(1, 4):
            bars("reading", done, 3)
        bars("measuring", 5, None)
    assert ("reading" in stderr.getvalue()) is drawn
