"""Export of stations from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.webmap.conftest import Run, Save

FORMATS = ["csv", "xlsx", "geojson", "gpkg", "parquet"]


@pytest.mark.parametrize("datum", ["wgs84", "gcj02", "bd09"])
@pytest.mark.parametrize("ending", FORMATS)
def test_an_export_imported_again_changes_nothing(
    run: Run, tmp_path: Path, save: Save, ending: str, datum: str
) -> None:
    save(
        {
            "name": "=1+1",
            "aliases": "甲;乙",
            "amenities": "toilet:no",
            "area_m2": "5.5",
        },
        {"name": "乙", "lon": "113.6543217", "lat": "34.7", "capacity": "3", "manager": "某"},
    )
    file = tmp_path / f"stations.{ending}"
    assert run("stations", "export", file, "--datum", datum).exit_code == 0
    result = run("stations", "import", file, "--datum", datum)
    assert "0 new, 0 changed, 2 unchanged" in result.stdout


def test_a_public_export_leaves_staff_fields_out(run: Run, tmp_path: Path, save: Save) -> None:
    save({"name": "甲", "contact": "王某"})
    run("stations", "export", tmp_path / "a.csv", "--public")
    text = (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    assert "甲" in text
    assert "contact" not in text


def test_a_failed_export_keeps_the_old_file_and_leaves_nothing(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("old", encoding="utf-8")
    assert run("stations", "export", file).exit_code == 1
    assert file.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["a.txt"]
