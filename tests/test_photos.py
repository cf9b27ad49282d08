"""Photos drawn anew: what is taken, what is refused, and that only the picture remains."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from geo.errors import InvalidPhotoError
from geo.photos import MOST_BYTES, make_photo

HIDDEN = b"SECRET-PLACE"


def picture(width: int = 400, height: int = 300) -> Image.Image:
    """Return a picture whose upper left quarter is red and whose rest is blue."""
    pixels = np.zeros((height, width, 3), dtype=np.uint8)
    pixels[..., 2] = 255
    pixels[: height // 2, : width // 2] = (255, 0, 0)
    return Image.fromarray(pixels)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)  # type: ignore[arg-type]  # Pillow's own options
    return out.getvalue()


def with_exif(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = HIDDEN.decode()  # the maker
    exif.get_ifd(0x8825)[1] = "N"  # a position
    return saved(picture(), "JPEG", exif=exif, comment=HIDDEN)


def png_of(width: int, height: int) -> bytes:
    """Return a PNG that says it is so large, with little in it."""

    def _chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 10_000)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")
    )


def colour(jpeg: bytes, right: float, down: float) -> tuple[int, ...]:
    """Return the colour at shares of width and height."""
    with Image.open(io.BytesIO(jpeg)) as image:
        found = image.getpixel((int(image.width * right), int(image.height * down)))
    assert isinstance(found, tuple)
    return tuple(int(part) for part in found)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_photo_is_a_jpeg_of_the_same_picture(kind: str) -> None:
    if kind == "TIFF":
        with pytest.raises(InvalidPhotoError, match="not a photo"):
            make_photo(saved(picture(), kind))
        return
    photo = make_photo(saved(picture(), kind))
    assert (photo.width, photo.height) == (400, 300)
    assert photo.jpeg.startswith(b"\xff\xd8\xff")
    assert colour(photo.jpeg, 0.2, 0.2)[0] > 240
    assert colour(photo.jpeg, 0.8, 0.8)[2] > 240


@pytest.mark.parametrize(
    ("orientation", "red"),
    [(1, (0.2, 0.2)), (3, (0.8, 0.8)), (6, (0.8, 0.2)), (8, (0.2, 0.8))],
)
def test_photo_is_upright_and_knows_nothing_more(
    orientation: int, red: tuple[float, float]
) -> None:
    data = with_exif(orientation)
    assert HIDDEN in data
    photo = make_photo(data)
    assert (photo.width > photo.height) == (orientation in {1, 3})
    assert colour(photo.jpeg, *red)[0] > 240
    assert HIDDEN not in photo.jpeg
    with Image.open(io.BytesIO(photo.jpeg)) as image:
        assert not image.getexif()
        assert set(image.info) <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "progressive",
            "progression",
        }


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_metadata_of_other_formats_is_gone_too(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = HIDDEN.decode()
    data = saved(picture(), kind, exif=exif)
    assert HIDDEN in data
    assert HIDDEN not in make_photo(data).jpeg


@pytest.mark.parametrize(
    ("size", "kept"), [((4000, 3000), (1600, 1200)), ((900, 3600), (400, 1600))]
)
def test_large_photo_is_made_smaller(size: tuple[int, int], kept: tuple[int, int]) -> None:
    photo = make_photo(saved(picture(*size), "JPEG"))
    assert (photo.width, photo.height) == kept
    assert colour(photo.jpeg, 0.2, 0.2)[0] > 240


def test_what_is_transparent_becomes_white() -> None:
    image = Image.new("RGBA", (300, 300), (255, 0, 0, 0))
    assert min(colour(make_photo(saved(image, "PNG")).jpeg, 0.5, 0.5)) > 250


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "1", "I;16"])
def test_other_colours_are_taken(mode: str) -> None:
    image = Image.new(mode, (300, 300))
    photo = make_photo(saved(image, "JPEG" if mode == "CMYK" else "PNG"))
    assert photo.width == 300


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "not_a_photo"),
        (b"<!doctype html><script>alert(1)</script>", "not_a_photo"),
        (b"", "not_a_photo"),
        (b"GIF89a" + bytes(100), "not_a_photo"),
        (b"\0\0\0\x18ftypheic" + bytes(100), "heic"),
        (b"\0\0\0\x18ftypmif1" + bytes(100), "heic"),
        (b"\xff\xd8\xff" + bytes(100), "damaged"),
        (b"RIFF\0\0\0\0WEBP" + bytes(100), "damaged"),
        (png_of(10_000, 5_000), "too_large"),  # 50 megapixels
        (png_of(20_000, 20_000), "too_large"),
        (png_of(60_000, 60_000), "too_large"),
        (png_of(1000, 1000), "damaged"),  # 3 MB by its head, 10 kB in it
        (saved(picture(150, 400), "JPEG"), "too_small"),
        (b"\xff\xd8\xff" + bytes(MOST_BYTES), "too_heavy"),
    ],
    ids=[
        "svg", "html", "empty", "gif", "heic", "heif", "no-jpeg", "no-webp", "50-megapixel",
        "400-megapixel", "bomb", "cut", "small", "heavy",
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("default::PIL.Image.DecompressionBombWarning")
def test_what_is_no_photo_is_refused_in_a_word(data: bytes, code: str) -> None:
    with pytest.raises(InvalidPhotoError) as caught:
        make_photo(data)
    assert caught.value.code == code


def test_photo_that_was_cut_short_is_refused() -> None:
    data = saved(picture(1200, 900), "JPEG")
    with pytest.raises(InvalidPhotoError) as caught:
        make_photo(data[: len(data) // 2])
    assert caught.value.code == "damaged"
