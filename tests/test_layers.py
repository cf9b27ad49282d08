"""The arrow webmap -> geo, never back: geo runs where no web library is installed.

Jinja is none: the report is written with it.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WEB = ("flask", "folium", "werkzeug", "granian", "waitress", "click", "webmap")
SOURCES = sorted((ROOT / "geo").rglob("*.py"))
IMPORT_ALL = f"""
import importlib, pathlib, sys
for name in {WEB!r}:
    sys.modules[name] = None  # an import of it fails from here on
import geo
for path in sorted(pathlib.Path(geo.__path__[0]).rglob("*.py")):
    parts = path.with_suffix("").relative_to(pathlib.Path(geo.__path__[0]).parent).parts
    if "migrations" not in parts:  # only Alembic can run those
        importlib.import_module(".".join(parts).removesuffix(".__init__"))
print(geo.nearest.__module__)
"""


def imported(source: Path) -> set[str]:
    """Return the top-level packages a file imports anywhere, also inside functions."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    names = set()
    for item in ast.walk(tree):
        if isinstance(item, ast.Import):
            names.update(alias.name for alias in item.names)
        elif isinstance(item, ast.ImportFrom) and item.level == 0:
            names.add(item.module or "")
    return {name.partition(".")[0] for name in names}


def test_all_of_geo_is_imported_without_any_web_library() -> None:
    done = subprocess.run(  # noqa: S603  # our own interpreter and text
        [sys.executable, "-W", "error", "-c", IMPORT_ALL],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "geo.nearest.ask"


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_of_geo_imports_the_web(source: Path) -> None:
    assert imported(source).isdisjoint(WEB)
