"""One cell at a time: text of a table to a checked value, and back to its canonical text.

For every field and value v, ``parse_cell(field, format_cell(field, v)) == v``. In frames and the
store a cell that is no number is kept as its canonical text, so a file written and read again is
the same. Spellings people use (是, 扫码, 2026年3月5日, full-width digits) are read; only the
canonical one is written.
"""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from geo.errors import InvalidCellError, InvalidHoursError
from geo.hours import check_hours
from geo.stations.schema import Field, FieldType
from geo.vocab import load_spellings, load_vocab
from geo.zones import LOCAL_ZONE

if TYPE_CHECKING:
    from collections.abc import Callable

CellValue = str | float | int | bool | date | tuple[str, ...] | dict[str, str] | None

AMENITY_STATES: Final = ("yes", "no", "broken", "empty")  # "yes": there and working
MAX_PARTS: Final = 100  # of one list cell; keeps the longest cell within Excel's 32,767 characters
MAX_SHOWN: Final = 40  # characters of a faulty cell that a message repeats

_LINE_BREAK = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_REFUSED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")  # no XML has them
_TEXT_SPLIT = re.compile("[;；]")
_CODE_SPLIT = re.compile("[;；,，、|]")
_OWN_SPLIT = re.compile(r"\n|(?<!\|)\|(?!\|)")
_LOOSE_END = re.compile(r"\d{1,2}:\d\d-\d:\d\d")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_COUNT = re.compile(r"\+?(\d+)(\.0*)?", re.ASCII)  # Excel shows 12 and stores 12.0
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?([T ]00:00(:00)?)?", re.ASCII)
_YES: Final = frozenset({"yes", "y", "true", "1", "是", "有", "√"})
_NO: Final = frozenset({"no", "n", "false", "0", "否", "无", "没有", "×"})
_STATES: Final = {
    **dict.fromkeys(("", "yes", "works", "有", "正常", "完好"), "yes"),
    **dict.fromkeys(("no", "无", "没有"), "no"),
    **dict.fromkeys(("broken", "坏", "损坏", "故障"), "broken"),
    **dict.fromkeys(("empty", "缺", "用完"), "empty"),
    **dict.fromkeys(("unknown", "未知", "不详"), ""),
}


def parse_cell(field: Field, text: str) -> CellValue:
    """Return the value of one cell.

    Parameters
    ----------
    field : Field
        Says type, vocabulary and limits.
    text : str
        The cell as it stands; white space around it does not count.

    Returns
    -------
    str, float, int, bool, date, datetime, tuple of str, dict of str to str, or None
        By type: TEXT, CODE, HOURS a str ("" = not known); lists a tuple; AMENITIES code to state
        (`AMENITY_STATES`); NUMBER a float, COUNT an int, FLAG a bool, DATE a date, MOMENT an aware
        datetime, each None when not known. A moment without offset is read in ``LOCAL_ZONE``.

    Raises
    ------
    InvalidCellError
        Text in a control character, too long, out of range, or not of the field's type; the
        message begins with the field's name.
    """
    text = clean_text(field, text)
    if not text and field.type not in _LISTS:
        return "" if field.type in _WORDS else None
    return _PARSERS[field.type](field, text)


def format_cell(field: Field, value: CellValue) -> str:
    """Return the canonical text of a value as `parse_cell` returns it; None gives ""."""
    if value is None:
        return ""
    if field.type is FieldType.FLAG:
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ";".join(
            code if state == "yes" else f"{code}:{state}" for code, state in value.items()
        )
    if isinstance(value, tuple):
        return ";".join(value)
    if isinstance(value, date):
        return value.isoformat()
    return format_number(value) if isinstance(value, float) else str(value)


def canonical_cell(field: Field, text: str) -> str:
    """Return the canonical text of a cell that may be written in another way.

    Raises
    ------
    InvalidCellError
        As `parse_cell`.
    """
    return format_cell(field, parse_cell(field, text))


def format_number(value: float) -> str:
    """Return the shortest text that reads back as the same float, whole numbers without ``.0``."""
    return repr(float(value)).removesuffix(".0")


def clean_text(field: Field, text: str) -> str:
    """Return the cell without white space around it, line breaks as U+000A or as spaces.

    Raises
    ------
    InvalidCellError
        A control character, half a surrogate pair, or U+FFFE/U+FFFF: no table can carry them.
    """
    if text.isprintable():  # no line break, tab or control character: nearly every cell
        return text.strip()
    text = _LINE_BREAK.sub("\n" if field.multiline else " ", text.replace("\t", " ")).strip()
    bad = _REFUSED.search(text)
    if bad:
        what = f"the control character U+{ord(bad[0]):04X} at position {bad.start() + 1}"
        msg = f"{field.name} holds {what}; remove it, or save the file again as UTF-8"
        raise InvalidCellError(msg, "control_character")
    return text


def show(text: str) -> str:
    """Return the text quoted and cut for a message."""
    return repr(text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…")


def _require_length(field: Field, text: str) -> str:
    if len(text) > field.max_length:
        msg = f"{field.name} has {len(text)} characters, at most {field.max_length} fit; shorten it"
        raise InvalidCellError(msg, "too_long")
    return text


def _parse_text_list(field: Field, text: str) -> tuple[str, ...]:
    parts = tuple(dict.fromkeys(part.strip() for part in _TEXT_SPLIT.split(text) if part.strip()))
    if len(parts) > MAX_PARTS:
        msg = f"{field.name} lists {len(parts)} texts, at most {MAX_PARTS} fit; remove some"
        raise InvalidCellError(msg, "too_long")
    return tuple(_require_length(field, part) for part in parts)


def _parse_code(field: Field, text: str) -> str:
    spellings = load_spellings(field.vocab)
    code = spellings.get(text.casefold())
    if code is None:
        near = get_close_matches(text.casefold(), spellings, n=1)
        hint = f"did you mean {spellings[near[0]]}? Use" if near else "use"
        words = ", ".join(load_vocab(field.vocab))
        msg = f"{field.name} {show(text)} is no word of the list; {hint} one of {words}"
        raise InvalidCellError(msg, "unknown_word")
    return code


def _parse_code_list(field: Field, text: str) -> tuple[str, ...]:
    parts = (part.strip() for part in _CODE_SPLIT.split(text))
    return tuple(dict.fromkeys(_parse_code(field, part) for part in parts if part))


def _parse_amenities(field: Field, text: str) -> dict[str, str]:
    """Read ``drinking_water;microwave:broken;toilet:no``; the result is in vocabulary order.

    Raises
    ------
    InvalidCellError
        A word or a state is not known, or one amenity has two states.
    """
    found: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in _CODE_SPLIT.split(text))):
        word, _, state_word = part.replace("：", ":").partition(":")
        code = _parse_code(field, word.strip())
        state = _STATES.get(state_word.strip().casefold())
        if state is None:
            msg = f"{field.name}: {show(part)} has no known state; write {code}, {code}:no, "
            msg += f"{code}:broken or {code}:empty, or leave it out when not known"
            raise InvalidCellError(msg, "unknown_word")
        if found.setdefault(code, state) != state:
            msg = f"{field.name} says two things about {code}; keep one"
            raise InvalidCellError(msg, "contradiction")
    return {code: found[code] for code in load_vocab(field.vocab) if found.get(code)}


def _parse_amenity_hours(field: Field, text: str) -> str:
    """Read ``toilet: 08:00-20:00 | shower: Sa-Su 10:00-18:00``; the result is canonical text.

    Raises
    ------
    InvalidCellError
        A word is not known or comes twice, or what follows it are no hours.
    """
    found: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in _OWN_SPLIT.split(text))):
        word, colon, hours = part.replace("：", ":").partition(":")
        code = _parse_code(field, word.strip())
        if not colon or not hours.strip():
            msg = f"{field.name}: {show(part)} names no hours; write {code}: 08:00-20:00"
            raise InvalidCellError(msg, "not_hours")
        if code in found:
            msg = f"{field.name} gives the hours of {code} twice; keep one"
            raise InvalidCellError(msg, "contradiction")
        if _LOOSE_END.fullmatch(hours.strip()):  # 9:00-5:00 would be the night
            msg = f"{field.name} {show(part)} is not sure; write times as 09:00-17:00"
            raise InvalidCellError(msg, "not_hours")
        found[code] = _parse_hours(field, hours.strip())
    return " | ".join(f"{code}: {found[code]}" for code in load_vocab(field.vocab) if code in found)


def _parse_flag(field: Field, text: str) -> bool:
    word = text.casefold()
    if word not in _YES | _NO:
        msg = f"{field.name} {show(text)} is neither yes nor no; leave it empty when not known"
        raise InvalidCellError(msg, "not_a_flag")
    return word in _YES


def _parse_number(field: Field, text: str) -> float:
    number = unicodedata.normalize("NFKC", text)
    value = float(number) if _NUMBER.fullmatch(number) else math.nan
    if not math.isfinite(value):
        raise _not_a_number(field, text, "a number such as 116.41")
    _require_range(field, value, text)
    return value + 0.0  # makes -0.0 plain 0.0


def _parse_count(field: Field, text: str) -> int:
    whole = _COUNT.fullmatch(unicodedata.normalize("NFKC", text))
    if not whole:
        raise _not_a_number(field, text, "a whole number such as 12")
    value = int(whole[1][:20])  # enough digits to be out of range
    _require_range(field, value, text)
    return value


def _not_a_number(field: Field, text: str, wanted: str) -> InvalidCellError:
    what = "is a formula without a stored result" if text.startswith("=") else f"is not {wanted}"
    msg = f"{field.name} {show(text)} {what}; type the number itself"
    return InvalidCellError(msg, "not_a_number")


def _require_range(field: Field, value: float, text: str) -> None:
    low = -math.inf if field.low is None else field.low
    high = math.inf if field.high is None else field.high
    if not low <= value <= high:
        msg = f"{field.name} {show(text)[1:-1]} is outside [{low:g}, {high:g}]; correct it"
        raise InvalidCellError(msg, "out_of_range")


def _parse_date(field: Field, text: str) -> date:
    found = _DATE.fullmatch(text)
    try:
        return date(*map(int, found.group(1, 2, 3))) if found else date.fromisoformat(text)
    except ValueError as error:
        msg = f"{field.name} {show(text)} is no date; write it like 2026-03-05"
        raise InvalidCellError(msg, "not_a_date") from error


def _parse_moment(field: Field, text: str) -> datetime:
    try:  # a bare day, without a colon, does not say whether its beginning or its end is meant
        moment = datetime.fromisoformat(text if ":" in text else "")
    except ValueError as error:
        msg = f"{field.name} {show(text)} is no moment; write it like 2026-10-01T18:00+08:00"
        raise InvalidCellError(msg, "not_a_moment") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(LOCAL_ZONE))


def _parse_hours(field: Field, text: str) -> str:
    try:
        check_hours(_require_length(field, text))
    except InvalidHoursError as error:
        msg = f"{field.name}: {error}"
        raise InvalidCellError(msg, "not_hours") from error
    return text


_WORDS: Final = (FieldType.TEXT, FieldType.CODE, FieldType.HOURS, FieldType.AMENITY_HOURS)
_LISTS: Final = (FieldType.TEXT_LIST, FieldType.CODE_LIST, FieldType.AMENITIES)
_PARSERS: Final[dict[FieldType, Callable[[Field, str], CellValue]]] = {
    FieldType.TEXT: _require_length,
    FieldType.TEXT_LIST: _parse_text_list,
    FieldType.CODE: _parse_code,
    FieldType.CODE_LIST: _parse_code_list,
    FieldType.AMENITIES: _parse_amenities,
    FieldType.AMENITY_HOURS: _parse_amenity_hours,
    FieldType.HOURS: _parse_hours,
    FieldType.FLAG: _parse_flag,
    FieldType.NUMBER: _parse_number,
    FieldType.COUNT: _parse_count,
    FieldType.DATE: _parse_date,
    FieldType.MOMENT: _parse_moment,
}
