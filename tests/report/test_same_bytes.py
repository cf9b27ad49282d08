"""Two runs of the same input give folders of the same bytes, whatever the machine has for fonts."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import geo
from tests.report.folders import report_of
from tests.report.made import covered_run

ROOT: Final = Path(__file__).resolve().parents[2]
SCRIPT: Final = """
import sys
from pathlib import Path

import geo
from tests.report.folders import TITLE
from tests.report.made import nasty_run

result, network = nasty_run()
geo.write_report(result, Path(sys.argv[1]), network=network, title=TITLE)
"""
FILES: Final = {
    "summary.json", "by_hour.csv", "by_area.csv", "by_station.csv", "gaps.geojson", "gaps.gpkg",
    "stretches.geojson", "map.png", "hours.png", "report.xlsx", "report.html",
}  # fmt: skip


def bytes_of(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_a_fresh_process_of_other_hashes_zone_and_fonts_writes_the_same_bytes(
    tmp_path: Path,
) -> None:
    here = bytes_of(report_of("nasty"))  # under the hash seed of the tests
    bare = tmp_path / "fonts.conf"
    bare.write_text('<?xml version="1.0"?><fontconfig></fontconfig>', encoding="utf-8")
    other = "1" if os.environ.get("PYTHONHASHSEED") == "2" else "2"
    changes = {"PYTHONHASHSEED": other, "TZ": "America/New_York", "LC_ALL": "C"}
    (tmp_path / "there").mkdir()
    done = subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-W", "error::UserWarning", "-c", SCRIPT, str(tmp_path / "there")],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "FONTCONFIG_FILE": str(bare), **changes},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr  # a missing glyph would be a warning
    there = bytes_of(tmp_path / "there")
    assert set(there) == FILES
    assert there == here


def test_a_process_writes_the_same_bytes_again_after_other_reports(tmp_path: Path) -> None:
    first = report_of("covered")
    report_of("bare")
    result, network = covered_run()
    geo.write_report(result, tmp_path, network=network)
    assert bytes_of(tmp_path) == bytes_of(first)


def test_importing_geo_brings_no_drawing_and_no_page_library() -> None:
    heavy = ("matplotlib", "jinja2", "fontTools")
    script = f"import sys, geo; print([name for name in {heavy} if name in sys.modules])"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
