"""The font that figures carry with them: Noto Sans SC, cut down (SIL Open Font License 1.1)."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

FAMILY: Final = "Noto Sans SC"
FONT: Final = Path(__file__).parent / "font" / "NotoSansSC-Regular.subset.ttf"
LICENCE: Final = FONT.with_name("OFL.txt")
_STAND_IN: Final = "?"  # for a character that the font has not: never an empty box


@cache
def characters() -> frozenset[int]:
    """Return the code points that the font draws."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - slow, and few need it

    with TTFont(FONT, lazy=True) as font:
        return frozenset(font.getBestCmap())


def drawable(text: str) -> str:
    """Return one line of text that the font can draw.

    Line breaks and other control characters become spaces, a character that the font lacks
    becomes ``?``, and a ``$`` stays a dollar.
    """
    plain = "".join(" " if ord(sign) < ord(" ") else sign for sign in text)
    known = characters()
    return "".join(sign if ord(sign) in known else _STAND_IN for sign in " ".join(plain.split()))


def subset_for(text: str) -> bytes:
    """Return a WOFF2 font of the characters of a text, the same text as the same bytes.

    Characters that the font has not are left to the reader's own fonts.
    """
    from fontTools import subset  # noqa: PLC0415 - slow, and few need it

    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = []
    options.notdef_outline = True
    options.recalc_timestamp = False
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters() & set(map(ord, text)))
    file = io.BytesIO()
    with subset.load_font(str(FONT), options) as font:
        cutter.subset(font)
        subset.save_font(font, file, options)
    return file.getvalue()


def properties(size_pt: float) -> FontProperties:
    """Return the font for a figure, straight from its file: no font of the system is looked for."""
    from matplotlib.font_manager import FontProperties  # noqa: PLC0415 - slow, and few need it

    return FontProperties(fname=str(FONT), size=size_pt)
