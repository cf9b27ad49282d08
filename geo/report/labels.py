"""The words of pictures, workbook and layers, Chinese and English, from ``labels.json``."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from geo.report.words import LANGUAGES


def label(key: str, language: str) -> str:
    """Return a text in "zh" or "en"; a key that is not there is a mistake of ours (KeyError)."""
    return _pairs()[key][LANGUAGES.index(language)]


def all_labels(language: str) -> tuple[str, ...]:
    """Return every text of a language."""
    return tuple(pair[LANGUAGES.index(language)] for pair in _pairs().values())


@cache
def _pairs() -> dict[str, list[str]]:
    text = files("geo.report").joinpath("labels.json").read_text(encoding="utf-8")
    pairs: dict[str, list[str]] = json.loads(text)
    return pairs
