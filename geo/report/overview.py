"""The first and the last sheet of the workbook: the main figures, and what they rest on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from geo.coverage.classes import CAUSES
from geo.report import say
from geo.report.canvas import wrap
from geo.report.figures import say_limit, say_start
from geo.report.labels import label
from geo.report.sheets import HOURS, KILOMETRES, MINUTES, PERCENT, TEXT
from geo.report.words import class_word

_LINE: Final = 46.0  # Chinese characters of a headline in a line


@dataclass(frozen=True)
class Block:
    """Lines of text, then a small table; a cell is a value and its unit."""

    lines: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    rows: list[list[tuple[Any, str]]] = field(default_factory=list)
    is_headline: bool = False


def overview_blocks(summary: dict[str, Any], language: str) -> list[Block]:
    """Return the headline and the main figures of a summary, block by block."""
    joint = "，" if language == "zh" else ", "
    told = [joint.join(say.base(summary, language)), say.overall(summary, language)]
    limit = f"{label('about_limit', language)} {say_limit(summary['limit_m'], language)}"
    return [
        Block(tuple(wrap(say.headline(summary, language), 1.0, _LINE)), is_headline=True),
        Block(tuple(text for text in (*told, limit) if text)),
        _judged(summary, language),
        _near(summary, language),
        _causes(summary, language),
        _longest(summary, language),
    ]


def about_lines(
    summary: dict[str, Any], language: str, *, is_demo: bool
) -> list[tuple[str, str, str]]:
    """Return heading, name and text of each line of the last sheet; some of the three are ""."""
    parts: list[tuple[str, list[tuple[str, str]]]] = [
        ("doubts", [("", text) for text in say.doubts(summary, language)]),
        ("method", [("", text) for text in say.method(language)]),
        ("definitions", say.definitions(language)),
        ("options", say.options_said(summary, language)),
        ("data", say.data_said(summary, language)),
        ("credits", [("", label("demo" if is_demo else "osm", language))]),
    ]
    lines: list[tuple[str, str, str]] = []
    for key, rows in parts:
        lines.append((label(key, language), "", ""))
        lines += [("", name, text) for name, text in rows]
    return lines


def _judged(summary: dict[str, Any], language: str) -> Block:
    names = ("judged", "covered", "unknown", "gap", "of_length")
    heads = tuple(label(name, language) for name in names)
    return Block(
        heads=heads,
        rows=[
            [
                (label(figure.name, language), TEXT),
                (figure.covered, PERCENT),
                (figure.unknown, PERCENT),
                (figure.gap, PERCENT),
                (figure.covered_length, PERCENT),
            ]
            for figure in say.judgements(summary)
        ],
    )


def _near(summary: dict[str, Any], language: str) -> Block:
    return Block(
        heads=(label("near_title", language), label("of_time", language)),
        rows=[[(bar.word, TEXT), (bar.share, PERCENT)] for bar in say.bars(summary, language)],
    )


def _causes(summary: dict[str, Any], language: str) -> Block:
    names = ("causes", "of_time", "hours_of_time", "kilometres")
    whole = summary["duration_min"]
    return Block(
        heads=tuple(label(name, language) for name in names),
        rows=[
            [
                (class_word(cause, language), TEXT),
                (figures["min"] / whole if whole else None, PERCENT),
                (figures["min"] / 60, HOURS),
                (figures["m"] / 1000, KILOMETRES),
            ]
            for cause, figures in ((cause, summary["by_cause"][cause]) for cause in CAUSES)
        ],
    )


def _longest(summary: dict[str, Any], language: str) -> Block:
    longest = summary["longest_gap"]
    names = ("longest", "minutes", "kilometres")
    if longest is None:
        return Block(
            heads=(label("longest", language),), rows=[[(label("nothing", language), TEXT)]]
        )
    return Block(
        heads=tuple(label(name, language) for name in names),
        rows=[
            [
                (say_start(longest["start"], language), TEXT),
                (longest["min"], MINUTES),
                (longest["m"] / 1000, KILOMETRES),
            ]
        ],
    )
