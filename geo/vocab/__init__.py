"""The words of the field as package data: one JSON file per vocabulary, read once.

Each file is a list of objects ``code, zh, en`` in the order in which they are to be shown, with
``group`` (an entry of ``amenity_group``) for amenities and ``also``: other Chinese words that an
import takes for the same thing. Codes are what is stored; everything else is for people.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from geo.errors import InvalidOptionError


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a vocabulary: the code that is stored and its names for people."""

    code: str
    zh: str
    en: str
    group: str = ""
    also: tuple[str, ...] = ()


@cache
def load_vocab(name: str) -> dict[str, Word]:
    """Return the words of one vocabulary by code, in the order in which they are shown.

    Parameters
    ----------
    name : str
        File name without ``.json``: ``kind``, ``status``, ``datum``, ``host``, ``mode``,
        ``entry_mode``, ``dignity``, ``amenity`` or ``amenity_group``.

    Returns
    -------
    dict of str to Word
        Shared by all callers: do not change it.

    Raises
    ------
    InvalidOptionError
        There is no such vocabulary.
    """
    path = files(__name__).joinpath(f"{name}.json")
    if not name.isidentifier() or not path.is_file():
        msg = f"no vocabulary is called {name!r}; see the files of geo/vocab"
        raise InvalidOptionError(msg)
    entries = json.loads(path.read_text(encoding="utf-8"))
    return {entry["code"]: _word(entry) for entry in entries}


@cache
def load_spellings(name: str) -> dict[str, str]:
    """Return every spelling an import accepts (code, zh, en, also; casefolded) and its code.

    Raises
    ------
    InvalidOptionError
        There is no such vocabulary.
    """
    return {
        spelling.casefold(): word.code
        for word in load_vocab(name).values()
        for spelling in (word.code, word.zh, word.en, *word.also)
    }


def _word(entry: dict[str, str | list[str]]) -> Word:
    """Make a Word of one JSON object."""
    texts = {key: str(value) for key, value in entry.items() if key != "also"}
    return Word(**texts, also=tuple(entry.get("also", ())))
