"""What is a station's own in its name and address: without words for a station, and areas.

Every name of a list may end in 户外劳动者爱心驿站 and begin with 郑州市中原区; two of them are
not alike for that. What is left tells one station from another.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from geo.search.fold import fold_all
from geo.search.station_words import split_off

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEAST: Final = 2  # signs that must be left; else the cut is not made
_NO_AREA: Final = "(?![场民政集立内口城])"  # 市民中心, 县城
_AREA_HEADS: Final = tuple(  # 河南省, 郑州市, 中原区, 林山寨街道, but not 幸福小区
    re.compile("^" + head)
    for head in (
        "(?:[^省市区县]{2,4}省|[^区县]{2,8}自治[区州])",
        f"[^市区县]{{2,4}}市{_NO_AREA}",
        f"(?:[^市区县镇乡]{{1,4}}?(?<![小园社校景厂片院库营])[区县市旗]{_NO_AREA}|[^区]{{2,12}}自治县)",
        "(?:[^区县]{1,6}?街道|[^区县路街道]{1,5}?[镇乡](?!政))",
    )
)
_OFFICES: Final = re.compile(  # every community has one
    "(?:党群|便民|党员群众|农民工)(?:服务中心|服务大厅|服务站)"
)
_HOUSE: Final = re.compile("([0-9]+)(?: ?[之附]?[0-9]+)?号")  # 14-7号 is in house 14
_NUMBER: Final = re.compile("(?<![a-z0-9])([0-9]+)(?![0-9]*(?:米|公里|楼|层|单元|f))")


class Proper(NamedTuple):
    """What is left of texts, and the number each is told from its neighbours by."""

    words: list[str]  # folded; "" where nothing but common words stood
    numbers: list[str]  # of the house, or the first there is; "" without any


def proper_names(names: Sequence[str], areas: Sequence[tuple[str, ...]]) -> Proper:
    """Return the proper part of station names.

    Parameters
    ----------
    names : sequence of str, length n
        As they are written.
    areas : sequence of tuple of str, length n
        Names of the areas each lies in (district, subdistrict); they are cut off its begin.

    Returns
    -------
    Proper
        Lists of length n. 工会驿站(郑品书舍) is 郑品书舍, 爱心驿站 is "".
    """
    folded, near = fold_all(names), _fold_areas(areas)
    words = [_proper_name(*pair) for pair in zip(folded, near, strict=True)]
    return Proper(words, [_number(name) for name in folded])


def proper_addresses(addresses: Sequence[str], areas: Sequence[tuple[str, ...]]) -> Proper:
    """Return the part of addresses below the subdistrict, as `proper_names` does for names."""
    folded, near = fold_all(addresses), _fold_areas(areas)
    words = [_cut("".join(text), own) for text, own in zip(folded, near, strict=True)]
    return Proper(words, [_number(text) for text in folded])


def _proper_name(name: tuple[str, ...], areas: tuple[str, ...]) -> str:
    left = "".join(part for word in name for part in split_off(word))
    without_office = _OFFICES.sub("", left)
    return _cut(without_office if len(without_office) >= _LEAST else left, areas)


def _fold_areas(areas: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return the names of areas, folded, without empty ones."""
    known = sorted({area for some in areas for area in some if area})
    folded = {area: "".join(words) for area, words in zip(known, fold_all(known), strict=True)}
    return [tuple(folded[area] for area in some if area) for some in areas]


def _cut(text: str, areas: tuple[str, ...]) -> str:
    """Cut areas off the begin of a folded text, from the largest on, as long as signs are left."""
    for head in _AREA_HEADS:
        for area in areas:
            text = _at_least(text.removeprefix(area), text)
        text = _at_least(head.sub("", text), text)
    return text


def _at_least(cut: str, text: str) -> str:
    return cut if len(cut) >= _LEAST else text


def _number(words: tuple[str, ...]) -> str:
    """Return the number of the house in the words of a text, else the first that counts nothing."""
    text = " ".join(words)
    found = _HOUSE.search(text) or _NUMBER.search(text)
    return found[1] if found else ""
