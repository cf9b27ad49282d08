"""The report's words, Chinese and English: labels, sentences, plurals; kept in ``words.json``.

Chinese comes first and is what a reader in a union sees; English is plain. A text with ``|`` has
the form for one before it and the form for several behind it, chosen by `count`.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

from geo.errors import InvalidOptionError

ZH: Final = "zh"
EN: Final = "en"
LANGUAGES: Final = (ZH, EN)
DAYS: Final = {
    ZH: ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    EN: ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}


@cache
def load_words() -> dict[str, Any]:
    """Return all texts: ``said``, ``classes``, ``notes``, ``page`` by key, each by language.

    ``method`` and ``definitions`` are lists. Shared by all callers: do not change it.
    """
    path = files(__package__).joinpath("words.json")
    words: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return words


def require_language(lang: str) -> None:
    """Do nothing for a language the report speaks.

    Raises
    ------
    InvalidOptionError
        It does not speak it.
    """
    if lang not in LANGUAGES:
        msg = f"no language is called {lang!r}; the report speaks zh and en"
        raise InvalidOptionError(msg)


def say(key: str, lang: str, **values: object) -> str:
    """Return a text in a language, its places filled in."""
    return _form(key, lang).format(**values)


def count(key: str, lang: str, n: float, shown: str = "") -> str:
    """Return a text with a number in it, in the form for one or for several.

    Parameters
    ----------
    key, lang : str
        As of `say`.
    n : float
        Chooses the form.
    shown : str
        How the number is written; default with commas.
    """
    one, _, several = _form(key, lang).partition("|")
    return (several if several and n != 1 else one).format(n=shown or f"{n:,g}")


def class_word(name: str, lang: str) -> str:
    """Return the word of a class of coverage."""
    return class_words(lang)[name]


def class_words(lang: str) -> dict[str, str]:
    """Return the words of all classes, in the order of legends."""
    require_language(lang)
    return {name: words[lang] for name, words in load_words()["classes"].items()}


def _form(key: str, lang: str) -> str:
    require_language(lang)
    return str(load_words()["said"][key][lang])


def page_text(key: str, lang: str, **values: object) -> str:
    """Return one of the page's texts, its places filled in."""
    require_language(lang)
    return str(load_words()["page"][key][lang]).format(**values)
