"""Every fault that geo finds in a cell has its words in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import geo.stations
from geo.stations import FIELD_NAMES, Problem
from webmap.forms.faults import say_fault, say_faults

if TYPE_CHECKING:
    from flask import Flask

FOLDER = Path(geo.stations.__file__).parent
FILE_ONLY = {"extra_columns"}  # of files, in no form


def codes() -> set[str]:
    """Return the codes of all faults that the sources of geo's cells and rows name."""
    sources = "".join((FOLDER / name).read_text("utf-8") for name in ("cells.py", "validate.py"))
    found = re.findall(r'InvalidCellError\(\s*\w+,\s*"(\w+)"', sources)
    found += re.findall(r'InvalidCellError\(msg, "(\w+)"\)', sources)
    return {*found, *re.findall(r'log\.\w+\(\w+, (?:\w+|"\w*"), "(\w+)"', sources)}


def test_the_sources_name_the_codes_this_test_knows_how_to_find() -> None:
    assert {"required", "swapped", "not_hours", "too_long", "duplicate_code"} <= codes()


@pytest.mark.parametrize("code", sorted(codes() - FILE_ONLY))
def test_every_fault_has_its_words(app: Flask, code: str) -> None:
    with app.test_request_context("/"):
        general = say_fault("no such code", "name")
        for name in FIELD_NAMES:
            said = say_fault(code, name)
            assert said != general
            assert re.search("[\u4e00-\u9fff]", said)


def test_a_fault_nobody_knows_is_said_in_general(app: Flask) -> None:
    with app.test_request_context("/"):
        assert "有问题" in say_fault("cosmic_ray", "name")


def test_a_message_is_said_once_at_a_field(app: Flask) -> None:
    with app.test_request_context("/"):
        twice = [Problem(2, "name", "required", "x"), Problem(2, "name", "required", "y")]
        assert say_faults(twice) == {"name": ["还没有写名称。"]}
