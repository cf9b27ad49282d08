"""Photos as they may be kept: drawn anew, so that nothing of the file but its picture remains."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps

from geo.errors import InvalidPhotoError

MOST_BYTES: Final = 20 * 1024 * 1024  # of a file; a phone's photo has 3 to 8 MB
MOST_PIXELS: Final = 40_000_000  # 8,000 x 5,000; drawn, each takes three bytes
SIDE: Final = 1600  # pixels, of the longer side of what is kept
LEAST_SIDE: Final = 200  # smaller ones show nothing
_QUALITY: Final = 82
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_HEIF: Final = (b"heic", b"heix", b"heif", b"hevc", b"hevx", b"mif1", b"msf1", b"avif")
_WHITE: Final = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo to keep."""

    jpeg: bytes  # without metadata; upright
    width: int  # pixels
    height: int


def make_photo(data: bytes) -> Photo:
    """Draw a photo anew: upright, at most 1,600 pixels wide and high, without any metadata.

    Parameters
    ----------
    data : bytes
        A file: JPEG, PNG or WebP, whatever its name says; of several pictures the first counts.

    Returns
    -------
    Photo
        Neither position, camera nor moment is in it; what was transparent is white.

    Raises
    ------
    InvalidPhotoError
        It is none; ``code`` says why: ``too_heavy`` (bytes), ``heic``, ``not_a_photo``,
        ``too_large`` (pixels, as its header says: it is not opened), ``too_small``, ``damaged``.
    """
    if len(data) > MOST_BYTES:
        msg = f"the file has {len(data) / 1e6:.0f} MB; a photo may have {MOST_BYTES / 1e6:.0f}"
        raise InvalidPhotoError(msg, "too_heavy")
    _require_known(data)
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            fault = _size_fault(*image.size)  # as the header says
            photo = None if fault else _draw(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        msg = f"too many pixels; a photo may have {MOST_PIXELS:,}"
        raise InvalidPhotoError(msg, "too_large") from error
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, MemoryError) as error:
        msg = f"the photo cannot be read ({error}); it may be cut short"
        raise InvalidPhotoError(msg, "damaged") from error
    if photo is None:
        raise InvalidPhotoError(*fault)
    return photo


def _require_known(data: bytes) -> None:
    """Look at a file's first bytes.

    Raises
    ------
    InvalidPhotoError
        They are not those of a photo that can be read.
    """
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF:
        msg = "a HEIC or AVIF photo; send it as JPEG"
        raise InvalidPhotoError(msg, "heic")
    is_webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    if not is_webp and not data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        msg = "not a photo: it does not begin as JPEG, PNG or WebP do"
        raise InvalidPhotoError(msg, "not_a_photo")


def _size_fault(width: int, height: int) -> tuple[str, ...]:
    """Return message and code of a size that is not taken; () of one that is."""
    if width * height > MOST_PIXELS:
        return f"{width} x {height} pixels; a photo may have {MOST_PIXELS:,}", "too_large"
    if min(width, height) < LEAST_SIDE:
        return f"{width} x {height} pixels; a photo needs {LEAST_SIDE} a side", "too_small"
    return ()


def _draw(image: Image.Image) -> Photo:
    """Return the picture of an opened file on a new sheet, which knows nothing of the file."""
    image.draft("RGB", (SIDE, SIDE))  # JPEG: unpacked at a part of its size, at least this one
    image.load()
    upright = ImageOps.exif_transpose(image)
    has_holes = upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info
    upright = upright.convert("RGBA" if has_holes else "RGB")
    upright.thumbnail((SIDE, SIDE))
    sheet = Image.new("RGB", upright.size, _WHITE)
    sheet.paste(upright, mask=upright.getchannel("A") if has_holes else None)
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return Photo(out.getvalue(), *sheet.size)
