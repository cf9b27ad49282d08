"""What a reader meets in a page, by language: text, names of things, and what scripts may say."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any, NamedTuple

SAID = ("title", "alt", "placeholder", "aria-label", "aria-description", "value")
EMPTY = {"meta", "link", "input", "br", "img", "hr", "source", "wbr"}
UNSEEN = {"style", "symbol", "code"}  # addresses and commands are no words


class Piece(NamedTuple):
    """A text and the language that its page claims for it."""

    text: str
    lang: str  # "zh-CN" | "en" | ...


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[Piece] = []
        self._open: list[tuple[str, str, str]] = []  # tag, language, type of a script

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        lang = given.get("lang", self._lang())
        for name in SAID:
            is_word = name != "value" or given.get("type") in ("submit", "button")
            if given.get(name) and is_word:
                self.pieces.append(Piece(given[name], lang))
        if tag not in EMPTY:
            self._open.append((tag, lang, given.get("type", "")))

    def handle_endtag(self, tag: str) -> None:
        tags = [name for name, _, _ in self._open]
        if tag in tags:
            del self._open[len(tags) - 1 - tags[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        tags = {tag for tag, _, _ in self._open}
        if not data.strip() or tags & UNSEEN:
            return
        if "script" not in tags:
            self.pieces.append(Piece(data.strip(), self._lang()))
        elif self._open[-1][2] == "application/json":
            self.pieces += [Piece(text, self._lang()) for text in _texts(json.loads(data))]

    def _lang(self) -> str:
        return self._open[-1][1] if self._open else ""


def read_pieces(page: str) -> list[Piece]:
    """Return the texts of a page, those in its JSON included."""
    reader = _Reader()
    reader.feed(page)
    return reader.pieces


def _texts(value: Any) -> list[str]:  # noqa: ANN401  # JSON
    """Return the strings in a JSON value; addresses are none."""
    if isinstance(value, dict):
        return [text for one in value.values() for text in _texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [value] if isinstance(value, str) and not value.startswith("/") else []
