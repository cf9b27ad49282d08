"""The catalogue is complete and compiled.

After a text has changed, in the folder ``webmap``::

    pybabel extract -F translations/babel.cfg -k lazy_gettext -o messages.pot .
    pybabel update -i messages.pot -d translations -l en --no-fuzzy-matching --omit-header
    pybabel compile -d translations
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import webmap

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

PACKAGE = Path(webmap.__file__).parent
ENGLISH = PACKAGE / "translations" / "en" / "LC_MESSAGES" / "messages.po"


def catalogue() -> Catalog:
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def pairs(messages: Catalog) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return source and translation of each text, as tuples: plural forms are several."""
    return [
        (tuple(each.id), tuple(each.string))
        if each.pluralizable
        else ((str(each.id),), (str(each.string),))
        for each in messages
        if each.id
    ]


def texts_in_use() -> set[str]:
    with (PACKAGE / "translations" / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
    found = extract_from_dir(PACKAGE, methods, options, keywords=keywords)
    return {text if isinstance(text, str) else text[0] for _, _, text, _, _ in found}


def test_every_text_in_use_is_in_the_catalogue_and_no_other() -> None:
    known = {message.id[0] if message.pluralizable else message.id for message in catalogue()}
    assert texts_in_use() == known - {""}


def test_every_text_is_translated_and_keeps_its_blanks() -> None:
    for message in catalogue():
        if not message.id:
            continue
        translations = message.string if message.pluralizable else (message.string,)
        assert not message.fuzzy, message.id
        assert all(translations), message.id
        source = message.id[0] if message.pluralizable else message.id
        blanks = sorted(re.findall(r"%\(\w+\)s", source))
        assert all(sorted(re.findall(r"%\(\w+\)s", text)) == blanks for text in translations)


def test_the_compiled_catalogue_is_up_to_date() -> None:
    with ENGLISH.with_suffix(".mo").open("rb") as file:
        compiled = read_mo(file)
    assert sorted(pairs(compiled)) == sorted(pairs(catalogue()))


def test_source_texts_are_chinese() -> None:
    assert all(
        re.search("[\u3001-\u3002\u4e00-\u9fff\uff01-\uff1f]", text) for text in texts_in_use()
    )
