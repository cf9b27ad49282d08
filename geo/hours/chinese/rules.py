"""Rules in OSM text: a period's selector with the hours that are certain and those that are not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from geo.hours.chinese.clock import Span
from geo.hours.rules import DAY_MIN

WHOLE_DAY = (Span(0, DAY_MIN),)
GENERAL, EXPLICIT, CLOSURE, HOLIDAY, DATED = range(5)  # the order of rules: a later one wins


class Rule(NamedTuple):
    """One period's hours; with neither spans nor doubt it is closed."""

    season: str  # OSM selector, "" for the whole year
    days: str  # OSM selector, "" for every day
    spans: tuple[Span, ...]
    maybe: tuple[Span, ...] = ()  # unknown
    rank: int = 0  # rules stand in this order, within one in that of the words


@dataclass(slots=True)
class Meaning:
    """The rules of a text, and the places of what is not certain in it."""

    rules: list[Rule] = field(default_factory=list)
    doubts: list[tuple[int, int]] = field(default_factory=list)


def write_rules(rules: list[Rule]) -> str:
    """Return the OSM text of rules."""
    texts: list[str] = []
    for rule in sorted(rules, key=lambda one: one.rank):
        text = _write_rule(rule)
        if text not in texts:
            texts.append(text)
    return "24/7" if texts == ["00:00-24:00"] else "; ".join(texts)


def _write_rule(rule: Rule) -> str:
    """Return one rule; what is unknown stands first: the library lets the later one win."""
    selector = " ".join(part for part in (rule.season, rule.days) if part)
    if not rule.spans and not rule.maybe:
        return f"{selector} off".strip()
    sure = f"{selector} {_write_spans(rule.spans)}".strip()
    if not rule.maybe:
        return sure
    times = "" if rule.maybe == WHOLE_DAY else f"{_write_spans(rule.maybe)} "
    unsure = f"{selector} {times}unknown".strip()
    return f"{unsure}, {sure}" if rule.spans else unsure


def _write_spans(spans: tuple[Span, ...]) -> str:
    return ",".join(f"{_write_minute(span.start)}-{_write_end(span.end)}" for span in spans)


def _write_end(minute: int) -> str:
    return "24:00" if minute == DAY_MIN else _write_minute(minute % DAY_MIN)


def _write_minute(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
