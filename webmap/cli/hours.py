"""``nuanyi hours parse``: what is read of opening hours in Chinese words."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from geo.hours import read_hours
from webmap.cli.base import Group

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from geo.hours import Reading


@click.group(cls=Group)
def hours() -> None:
    """Read opening hours in Chinese words."""


@hours.command()
@click.argument("texts", nargs=-1, metavar="[TEXT]...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def parse(*, texts: tuple[str, ...], as_json: bool) -> None:
    """Read each TEXT: OSM text, tab, ok | partial | unknown, tab, what was not understood.

    Without TEXT, or with -, each line of standard input is read (UTF-8); an empty line is unknown.
    """
    for words in _words(texts):
        reading = read_hours(words)
        said = _say_json(words, reading) if as_json else _say_line(reading)
        click.echo(said.encode("utf-8", "replace"))  # whatever the terminal's locale and the words


def _words(texts: Iterable[str]) -> Iterator[str]:
    """Take the texts, and the lines of standard input in the place of ``-``.

    Yields
    ------
    str
        The words of one answer.
    """
    for text in texts or ("-",):
        if text == "-":
            lines = sys.stdin.buffer  # UTF-8 whatever the locale
            yield from (line.decode("utf-8-sig", "replace").rstrip("\r\n") for line in lines)
        else:
            yield text


def _say_line(reading: Reading) -> str:
    """Return a reading in one line: white space in the rest would break its columns."""
    return "\t".join((reading.osm, reading.status, " ".join(reading.rest.split())))


def _say_json(words: str, reading: Reading) -> str:
    told = {"words": words, "osm": reading.osm, "status": reading.status, "rest": reading.rest}
    return json.dumps(told, ensure_ascii=False)
