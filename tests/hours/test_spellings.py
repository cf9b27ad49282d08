"""Every hand-made spelling is read as a careful native reader reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.hours import check_hours, read_hours, say_hours

FOLDER = Path(__file__).parent / "spellings"


def spellings() -> list[tuple[str, str, str]]:
    """Return words, OSM text and status of every line of the tables."""
    lines = [
        line
        for path in sorted(FOLDER.glob("*.tsv"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith(("#", "words\t"))
    ]
    cells = [line.split("\t") for line in lines]
    return [(words.replace("\\n", "\n"), osm, status) for words, osm, status, *_ in cells]


SPELLINGS = spellings()
TEXTS = sorted({osm for _, osm, _ in SPELLINGS if osm})


def test_the_tables_are_there() -> None:
    assert len(SPELLINGS) > 800


@pytest.mark.parametrize(("words", "osm", "status"), SPELLINGS)
def test_words_are_read_as_written_in_the_table(words: str, osm: str, status: str) -> None:
    found = read_hours(words)
    assert (found.osm, found.status) == (osm, status)
    assert (found.rest == "") == (status == "ok" or not words.strip())


@pytest.mark.parametrize("osm", TEXTS)
def test_what_is_read_can_be_said_and_read_again(osm: str) -> None:
    check_hours(osm)
    assert read_hours(say_hours(osm)).osm == osm
    assert say_hours(osm, "en")
