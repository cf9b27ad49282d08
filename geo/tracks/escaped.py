"""Bytes that are no UTF-8, written so that they are, and back.

Arrow tells of rows with a wrong number of cells only where they are UTF-8. A byte that is not
becomes a character of Unicode's last private plane, and is that byte again once rows are cut.
"""

from __future__ import annotations

import codecs
import io
import re
from typing import IO, TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_HIGH: Final = 0x80  # the first byte that is no ASCII
_FIRST: Final = 0x10FE00  # stands for byte 0, and those behind it for the others
_PRIVATE: Final = re.compile(f"[{chr(_FIRST + _HIGH)}-{chr(_FIRST + 0xFF)}]+")
MARK: Final = chr(_FIRST + _HIGH).encode()[:2]  # in every cell with such bytes


def restore(cell: bytes) -> bytes:
    """Return the bytes of a cell as they stand in the file.

    Examples
    --------
    >>> text = "工,1".encode("gb18030")
    >>> restore(EscapedStream(io.BytesIO(text)).read()) == text
    True
    """
    if MARK not in cell:
        return cell
    return _PRIVATE.sub(_escape_again, cell.decode()).encode("utf-8", "surrogateescape")


def _escape_again(found: re.Match[str]) -> str:
    """Return bytes as Python writes those that are no UTF-8."""
    return "".join(chr(0xDC00 + ord(letter) - _FIRST) for letter in found[0])


def _to_private(error: UnicodeError) -> tuple[str, int]:
    """Return what stands for all of a text from where it is no UTF-8: more of it will not be.

    Raises
    ------
    UnicodeError
        Not one of decoding.
    """
    if not isinstance(error, UnicodeDecodeError):
        raise error
    codes = np.frombuffer(error.object, dtype=np.uint8)[error.start :].astype("<u4")
    codes[codes >= _HIGH] += _FIRST
    return codes.tobytes().decode("utf-32-le"), len(error.object)


_ERRORS: Final = "nuanyi-private"
codecs.register_error(_ERRORS, _to_private)


class EscapedStream(io.RawIOBase):
    """Reads a stream as UTF-8, whatever it is."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__()
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8")(_ERRORS)
        self._ready = b""

    def readable(self) -> bool:
        """Return True: it is for reading only."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill ``buffer`` and return how many bytes were read."""
        room = memoryview(buffer).cast("B")
        while not self._ready:
            data = self._stream.read(len(room))
            self._ready = self._decoder.decode(data, final=not data).encode()
            if not data:
                break
        count = min(len(room), len(self._ready))
        room[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count
