"""Times as clerks and spreadsheets word them, made into the plain form that `times` reads.

Such are ``2025年11月26日 6时05分30秒``, ``2025/11/26 下午6:05``, ``2025/11/26 6:05 PM``, and a date
and a time of day in two columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MORNING: Final = "上午|凌晨|早上"
_HALVES: Final = f"{_MORNING}|下午"
_HOUR_MARK: Final = "[:：时時点點]"
_WORDED: Final = (
    r"^\s*(?P<date>[0-9]{4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2})(?:日|[Tt]|日? +)"
    rf" *(?P<half>{_HALVES})? *(?P<hour>[0-9]{{1,2}}) *(?:[时時点點]整?|{_HOUR_MARK} *"
    r"(?P<minute>[0-9]{1,2}) *(?:分?|[:：分] *(?P<second>[0-9]{1,2}(?:[.,][0-9]+)?) *秒?))?"
    r" *(?P<after>[AaPp][Mm])?\s*$"
)
_TIME_OF_DAY: Final = (  # without a date, or with the one that stands for none
    r"^\s*(?:(?:1899[-/]12[-/]30|1900[-/]0?1[-/]0?[01])[T ]+)?"
    rf"(?P<clock>(?:{_HALVES})? *[0-9]{{1,2}} *{_HOUR_MARK}.*|[0-9]{{6}}|0?\.[0-9]+|0)\s*$"
)
_NOON: Final = 12


def to_plain(text: pa.StringArray) -> pa.StringArray:
    """Return worded times as ``2025年11月26 18:05:30``; "" for what is none."""
    apart = pc.replace_substring_regex(text, f"({_HALVES})", r" \1")
    parts = pc.extract_regex(apart, _WORDED)
    names = [field.name for field in parts.type]
    texts = dict(zip(names, parts.flatten(), strict=True))
    hour = pc.cast(pc.fill_null(texts["hour"], "0"), pa.int64())
    after = pc.utf8_lower(texts["after"])
    is_am = _flags(pc.or_(pc.match_substring_regex(texts["half"], _MORNING), pc.equal(after, "am")))
    is_pm = _flags(pc.or_(pc.equal(texts["half"], "下午"), pc.equal(after, "pm")))
    hours = np.asarray(hour, dtype=np.int64)
    hours = np.where(is_pm & (hours < _NOON), hours + _NOON, hours)
    ok = ~(is_am & ((hours > _NOON) | is_pm))
    hours = np.where(is_am & (hours == _NOON), 0, hours)
    minute, second = (
        pc.if_else(pc.equal(texts[name], ""), "0", texts[name]) for name in ("minute", "second")
    )
    clock = pc.binary_join_element_wise(pa.array(hours).cast(pa.string()), minute, second, ":")
    plain = pc.binary_join_element_wise(texts["date"], clock, " ")
    return pc.if_else(pa.array(ok), pc.fill_null(plain, ""), "")


def join_dates(date: pa.StringArray, time: pa.StringArray) -> pa.StringArray:
    """Return times with the date of their row put before those that are only a time of day.

    Parameters
    ----------
    date, time : StringArray, length n
        Cells as they stand, none null. A time that has a date keeps it. Where both are Excel's
        numbers, so is their sum.
    """
    coded = pc.dictionary_encode(time)
    (clocks,) = pc.extract_regex(coded.dictionary, _TIME_OF_DAY).flatten()  # null where none
    clock = _colons(clocks).take(coded.indices)
    joined = pc.binary_join_element_wise(_days(date), clock, " ")
    summed = pc.replace_substring_regex(joined, r"^([0-9]{5}) (?:0?(\.[0-9]+)|0)$", r"\1\2")
    return pc.if_else(pc.is_valid(clock), summed, time)


def _days(date: pa.StringArray) -> pa.StringArray:
    """Return dates without the midnight that a spreadsheet adds, and compact ones dashed."""
    coded = pc.dictionary_encode(date)  # few days, many rows
    bare = pc.utf8_trim_whitespace(coded.dictionary)
    bare = pc.replace_substring_regex(bare, r"[T ]+0?0:00(?::00(?:\.0+)?)?$", "")
    bare = pc.replace_substring_regex(bare, r"^([0-9]{4})([0-9]{2})([0-9]{2})$", r"\1-\2-\3")
    return bare.take(coded.indices)


def _colons(clock: pa.StringArray) -> pa.StringArray:
    return pc.replace_substring_regex(clock, r"^([0-9]{2})([0-9]{2})([0-9]{2})$", r"\1:\2:\3")


def _flags(values: pa.BooleanArray) -> NDArray[np.bool_]:
    return np.asarray(pc.fill_null(values, fill_value=False), dtype=np.bool_)
