"""Reports and workbooks of the made-up runs, each written once however many tests look at it."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import Final

import geo
from geo.report.workbook import write_workbook
from tests.report import made

TITLE: Final = '=1+1 & "一" <b>'
_RUNS: Final = {
    "nasty": made.nasty_run,
    "covered": made.covered_run,
    "bare": made.bare_run,
    "planned": made.planned_run,
}
REPORTED: Final = ("nasty", "covered", "bare")  # whole reports cost seconds
_KEPT: Final[list[tempfile.TemporaryDirectory[str]]] = []  # gone when the tests end


@cache
def report_of(name: str) -> Path:
    """Return the folder of a Chinese report of a made-up run; nobody may change it."""
    result, network = _RUNS[name]()
    title = TITLE if name == "nasty" else ""
    geo.write_report(result, folder := _new_folder(), network=network, title=title)
    return folder


@cache
def workbook_of(name: str, language: str = "zh") -> Path:
    """Return the workbook of a made-up run alone; nobody may change it."""
    result, _ = _RUNS[name]()
    path = _new_folder() / "report.xlsx"
    title = TITLE if name == "nasty" else ""
    write_workbook(result, path, summary=result.summary(), language=language, title=title)
    return path


def _new_folder() -> Path:
    _KEPT.append(tempfile.TemporaryDirectory())
    return Path(_KEPT[-1].name)
