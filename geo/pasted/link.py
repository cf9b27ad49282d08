"""A link taken apart, and what was found in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple, Self
from urllib.parse import parse_qsl, unquote, urlsplit

if TYPE_CHECKING:
    from geo.coords import Datum

_PAIR: Final = re.compile(r"[a-z\s]*:?\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\s*-?\d+(?:\.\d+)?\s*")


class Link(NamedTuple):
    """The parts of a link, unescaped."""

    scheme: str  # lower case
    host: str  # lower case; "" of an app's own scheme
    path: str
    query: dict[str, str]  # names in lower case; of several values the first
    fragment: str

    @classmethod
    def of(cls, address: str) -> Self:
        """Take an address apart; raises ValueError for one that is none."""
        parts = urlsplit(address)
        query: dict[str, str] = {}
        is_web = parts.scheme in {"http", "https"}
        for name, value in parse_qsl(
            parts.query or ("" if is_web else parts.path),  # google.navigation:q=39.9,116.4
            keep_blank_values=True,
        ):
            query.setdefault(name.casefold(), value)
        host = (parts.hostname or "") if is_web else ""
        path = parts.path if host else f"{parts.netloc}{parts.path}"
        return cls(parts.scheme.casefold(), host, unquote(path), query, unquote(parts.fragment))

    def pair(self, *names: str) -> tuple[float, float] | None:
        """Return the two numbers of the first of these parameters that begins with two."""
        pairs = (two_numbers(self.query[name]) for name in names if name in self.query)
        return next((pair for pair in pairs if pair), None)

    def both(self, one: str, other: str) -> tuple[float, float] | None:
        """Return the numbers of two parameters."""
        texts = [self.query.get(name, "") for name in (one, other)]
        if not all(_NUMBER.fullmatch(text) for text in texts):
            return None
        return float(texts[0]), float(texts[1])


class Found(NamedTuple):
    """A position that stands in a link; degrees in its datum."""

    lon: float
    lat: float
    datum: Datum
    source: str = ""
    is_sure: bool = True  # False: the datum is what this map does in China, not what it promises
    is_middle: bool = False  # it is the middle of the map that was shown


def two_numbers(text: str) -> tuple[float, float] | None:
    """Return the two numbers that a text such as ``coord:39.9,116.4;title:…`` begins with."""
    found = _PAIR.match(text)
    return (float(found[1]), float(found[2])) if found else None
