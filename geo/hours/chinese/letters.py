"""One way to write each letter, so that the tokens need not know of widths, dashes and scripts.

Every character becomes exactly one character: a position in the result is one in the source.
"""

# ruff: noqa: RUF001 - letters that look like others are what this table is about
from __future__ import annotations

import unicodedata
from typing import Final

_DASHES: Final = "－—–―‐‑‒−～~〜∼˜─━﹣﹘⸺→～〰ー"
_COLONS: Final = "：∶﹕ː︰꞉"
_COMMAS: Final = "，﹐"
_LIST_COMMAS: Final = "、､﹑／"
_STOPS: Final = "。；｡﹔!！"
_BRACKETS: Final = {
    **dict.fromkeys("（【［〔《「『〈[{<", "("),
    **dict.fromkeys("）】］〕》」』〉]}>", ")"),
}
_SCRIPTS: Final = dict(
    zip(
        "週時點開閉館節間營業關號個後國禮對從無門暫預約務兩廳樓層區雙晝長應電話熱線準為爲辦處離調舊",
        "周时点开闭馆节间营业关号个后国礼对从无门暂预约务两厅楼层区双昼长应电话热线准为为办处离调旧",
        strict=True,
    )
)
_LETTERS: Final = {
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys(_COLONS, ":"),
    **dict.fromkeys(_COMMAS, ","),
    **dict.fromkeys(_LIST_COMMAS, "/"),
    **dict.fromkeys(_STOPS, ";"),
    **_BRACKETS,
    **_SCRIPTS,
    **dict.fromkeys("“”„‟‘’‚‛\"'", " "),
    "\n": ";",
    "\r": ";",
    "×": "x",
    "＊": "x",
    "*": "x",
}


def spell(words: str) -> str:
    """Return words with each character in its one spelling; of the same length."""
    return "".join(map(_letter, words))


def _letter(char: str) -> str:
    known = _LETTERS.get(char)
    if known:
        return known
    category = unicodedata.category(char)
    if category[0] in "ZC":  # spaces, and what cannot be seen
        return " "
    if category in {"No", "Nl"}:  # ① is no 1: it may stand before a time
        return char
    wide = unicodedata.normalize("NFKC", char).lower()
    return _LETTERS.get(wide, wide) if len(wide) == 1 else char
