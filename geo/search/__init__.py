"""Finding stations and places by what people type: words, pinyin, initials, with a slip.

`Index` holds the texts of one set of things; `spell` makes the pinyin that is stored with them.
"""

from geo.search.index import Index, Texts
from geo.search.levels import MISS
from geo.search.order import best_rows
from geo.search.question import MOST_SIGNS, Question, read_question
from geo.search.spelling import spell, spell_cells

__all__ = [
    "MISS",
    "MOST_SIGNS",
    "Index",
    "Question",
    "Texts",
    "best_rows",
    "read_question",
    "spell",
    "spell_cells",
]
