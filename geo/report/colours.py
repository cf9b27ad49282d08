"""Colours and line styles of figures, as the map on the page has them; never colour alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LIGHT: Final = "light"
DARK: Final = "dark"

INK: Final = "#24201c"
SOFT: Final = "#655c53"
PAPER: Final = "#ffffff"
STREET: Final = "#dcd5cb"  # the quiet ground below the lines
EDGE: Final = "#8f8478"
FRAME: Final = "#e8dfd3"  # of an empty cell
_TO_WHITE: Final = 12  # steps
_NEAR_WHITE: Final = 236  # of 255
OPEN: Final = "#0b6e4f"  # of stations
LOCKED: Final = "#b42318"
CLOSED: Final = "#57606a"


_SRGB_KNEE: Final = 0.04045  # below it sRGB is linear


@dataclass(frozen=True)
class LineStyle:
    """How lines of a class are drawn; lengths of dashes are in widths of the line."""

    light: str
    dark: str
    width_px: float
    dash: tuple[float, ...]  # on, off, ...; empty: solid
    is_round: bool  # its ends


LINE_STYLES: Final[dict[str, LineStyle]] = {  # later ones lie above
    "off_network": LineStyle("#8a8580", "#8d8780", 3.0, (), is_round=True),
    "unknown": LineStyle("#5b7894", "#8fabc7", 3.0, (1.0, 1.7), is_round=False),
    "covered": LineStyle("#0b6e4f", "#4cc38a", 4.0, (), is_round=True),
    "unusable": LineStyle("#7a3fa0", "#c79be6", 4.5, (0.05, 1.8), is_round=True),
    "closed": LineStyle("#b26a00", "#e3b341", 4.5, (2.2, 1.6), is_round=False),
    "no_station": LineStyle("#c0281c", "#ff7a6b", 5.0, (), is_round=True),
}
CAUSE_ORDER: Final = ("no_station", "closed", "unusable", "off_network")  # gravest first

SHADES: Final = {  # of a share of time with nowhere: one hue, little to all
    LIGHT: ("#fbf1e4", "#f6d9b8", "#efba86", "#b4591d", "#8f3a10", "#672405"),
    DARK: ("#2c231b", "#46301f", "#694326", "#8f5427", "#e09455", "#ffcfa0"),
}
STEP_PERCENT: Final = 20
_SHADE_INKS: Final = {
    LIGHT: (INK, INK, INK, "#ffffff", "#ffffff", "#ffffff"),
    DARK: ("#efe8df", "#efe8df", "#efe8df", "#ffffff", "#181512", "#181512"),
}


def shade(share: float, mode: str = LIGHT) -> str:
    """Return the ground of a cell.

    Parameters
    ----------
    share : float
        Of time with nowhere, in [0, 1].
    mode : {"light", "dark"}
        Of the page.
    """
    return SHADES[mode][shade_step(share)]


def shade_ink(share: float, mode: str = LIGHT) -> str:
    """Return the colour of text on such a cell; its contrast is at least 4.5:1."""
    return _SHADE_INKS[mode][shade_step(share)]


def shade_step(share: float) -> int:
    """Return the step of the scale: 0 for nothing, then one for every 20 whole percent begun.

    Examples
    --------
    >>> [shade_step(share) for share in (0.0, 0.0001, 0.204, 0.206, 0.999, 1.0)]
    [0, 1, 1, 2, 5, 5]
    """
    percent = max(1, round(100 * share))  # as it is written in the cell
    return -(-percent // STEP_PERCENT) if share > 0 else 0


def palette() -> tuple[tuple[int, int, int], ...]:
    """Return at most 256 colours for pictures: ours, and each on its way to white."""
    ours = {INK, SOFT, STREET, EDGE, FRAME, OPEN, LOCKED, *SHADES[LIGHT]}
    ours |= {style.light for style in LINE_STYLES.values()}
    whites = [step / _TO_WHITE for step in range(_TO_WHITE)]
    mixed = {
        tuple(round(part + (255 - part) * white) for part in _parts(colour))
        for colour in ours
        for white in whites
    }
    mixed = {one for one in mixed if min(one) < _NEAR_WHITE}  # white itself stays white
    return tuple(sorted((red, green, blue) for red, green, blue in {*mixed, (255, 255, 255)}))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2 counts it, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (part / 255 for part in _parts(colour))
    red, green, blue = (
        part / 12.92 if part <= _SRGB_KNEE else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: str) -> tuple[int, int, int]:
    """Return red, green, blue, 0 to 255, of ``#rrggbb``."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
