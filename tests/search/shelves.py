"""Things to search in, for the tests: the stand-in table, and any texts."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from geo.search import MISS, Index, Texts, best_rows, read_question, spell_cells

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).parent
DEMO = HERE.parents[1] / "data" / "demo" / "stations.csv"


class Shelved:
    """Rows of a table with their index."""

    def __init__(self, path: Path) -> None:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.codes = [row["code"] for row in rows]
        cells = {name: [row[name] for row in rows] for name in rows[0]}
        names, aliases, addresses = cells["name"], cells["aliases"], cells["address"]
        areas = [row["district"] + row["subdistrict"] for row in rows]
        spelled = [spell_cells(*row) for row in zip(names, aliases, addresses, strict=True)]
        self.index = Index(Texts(names, aliases, areas, addresses, spelled))

    def ask(self, words: str) -> tuple[list[str], bool]:
        """Return the codes found, the best first, and whether they are a guess."""
        return ask(self.index, words, self.codes)


def ask(index: Index, words: str, codes: Sequence[str]) -> tuple[list[str], bool]:
    """Return the codes found, the best first, and whether they are a guess."""
    question = read_question(words)
    ranks = index.ranks(question)
    is_guess = not (ranks < MISS).any()
    if is_guess:
        ranks = index.guesses(question)
    nowhere = np.zeros(len(codes))
    return [codes[row] for row in best_rows(ranks, nowhere, nowhere)], is_guess


def names_index(*names: str) -> Index:
    """Return an index of things that have names alone."""
    empty = [""] * len(names)
    return Index(Texts(names, empty, empty, empty, [spell_cells(name, "", "") for name in names]))


def found_by(words: str, *names: str) -> list[str]:
    """Return which of some names are found, the best first, a guess or not."""
    return ask(names_index(*names), words, names)[0]
