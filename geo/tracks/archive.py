"""The sources in a file: itself, or the members of a ZIP; unpacked as a guarded stream.

Nothing is ever written to disk under a name from an archive. Archives inside archives, names that
climb out (``..``) and files that unpack to absurd sizes are refused.
"""

from __future__ import annotations

import errno
import gzip
import io
import lzma
import struct
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Final

from geo.errors import SourceFormatError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from _typeshed import WriteableBuffer

KINDS: Final = {".csv": "csv", ".gpx": "gpx", ".geojson": "geojson", ".json": "geojson"}
FORMATS: Final = ".csv, .csv.gz, .gpx, .gpx.gz, .geojson, .json and .zip of these"
_MAX_MEMBERS: Final = 10_000
_FREE_BYTES: Final = 50_000_000  # up to here any ratio is harmless
_MAX_RATIO: Final = 200  # tracks pack about 5 to 30 : 1, bombs up to 1000 : 1
_BUFFER_BYTES: Final = 1 << 20
_GZIP_MAGIC: Final = b"\x1f\x8b"
_DAMAGED: Final = (  # what unpackers raise of a damaged archive
    zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, lzma.LZMAError, struct.error, EOFError,
    RuntimeError, ValueError, OverflowError,
)  # fmt: skip
_SAID_OF_DATA: Final = (None, errno.EINVAL)  # by an OSError: bz2 and a seek out of the file


@dataclass(frozen=True, slots=True)
class Source:
    """One readable stream: its name in messages, its kind, and how to open it (again)."""

    name: str
    kind: str  # a value of KINDS
    unnamed_worker: str  # stands for the worker when the source names none
    open: Callable[[], IO[bytes]]  # unpacked


@dataclass(frozen=True, slots=True)
class Opened:
    """What a file holds: sources to read, and members that are no tracks."""

    sources: tuple[Source, ...]
    skipped: tuple[str, ...] = ()


@contextmanager
def open_sources(path: Path) -> Iterator[Opened]:
    """Yield the sources of a file; they can be opened inside the ``with`` block.

    Parameters
    ----------
    path : Path
        A file in one of ``FORMATS``.

    Yields
    ------
    Opened
        At least one source, in the order of the archive.

    Raises
    ------
    SourceFormatError
        No such file, not one of the formats, or an archive that is damaged or refused.
    """
    if not path.is_file():
        what = "is a folder; name the files in it" if path.is_dir() else "does not exist"
        msg = f"{path} {what}"
        raise SourceFormatError(msg)
    if path.suffix.lower() == ".zip":
        with _guard(path.name, "not a ZIP archive, or damaged"):
            archive = zipfile.ZipFile(path)
        with archive:
            yield _list_members(archive, path)
        return
    kind = _kind(path.name)
    if kind is None:
        msg = f"{path.name}: tracks are read from {FORMATS}"
        raise SourceFormatError(msg, "format")
    opener = partial(_open_guarded, lambda: path.open("rb"), path.name, path.stat().st_size)
    yield Opened((Source(path.name, kind, f"{path.name}\0{path}", opener),))


@contextmanager
def _guard(name: str, fault: str = "the packed data are damaged or cut off") -> Iterator[None]:
    """Name the file of which something is unpacked in the block, where it is damaged.

    Yields
    ------
    None
        Nothing.

    Raises
    ------
    SourceFormatError
        It is damaged, or packed in a way that cannot be unpacked.
    OSError
        The disk is at fault.
    """
    try:
        yield
    except (*_DAMAGED, OSError) as error:
        if not isinstance(error, _DAMAGED) and error.errno not in _SAID_OF_DATA:
            raise
        what = str(error) or type(error).__name__
        msg = f"{name}: {fault} ({what}); fetch it or pack it again"
        raise SourceFormatError(msg, "damaged") from error


def _kind(name: str) -> str | None:
    """Return the kind of a file by its extension, leaving out ``.gz``."""
    pure = PurePosixPath(name.lower())
    return KINDS.get(PurePosixPath(pure.stem).suffix if pure.suffix == ".gz" else pure.suffix)


def _list_members(archive: zipfile.ZipFile, path: Path) -> Opened:
    """Return the readable members of a ZIP archive.

    Raises
    ------
    SourceFormatError
        There is none, or one is refused.
    """
    members = [info for info in archive.infolist() if not info.is_dir() and not _is_hidden(info)]
    _refuse_bombs(members, path)
    sources: list[Source] = []
    skipped: list[str] = []
    for info in members:
        _refuse_member(info, path)
        name = f"{path.name}/{info.filename}"
        kind = _kind(info.filename)
        if kind is None:
            skipped.append(name)
            continue
        opener = partial(_open_guarded, partial(archive.open, info), name, info.compress_size)
        sources.append(Source(name, kind, f"{name}\0{path}", opener))
    if not sources:
        msg = f"{path.name}: the archive holds no {', '.join(KINDS)} file"
        raise SourceFormatError(msg, "no_tracks")
    return Opened(tuple(sources), tuple(skipped))


def _is_hidden(info: zipfile.ZipInfo) -> bool:
    """Return whether a member is what macOS adds to every archive."""
    parts = PurePosixPath(info.filename).parts
    return "__MACOSX" in parts or parts[-1:] == (".DS_Store",)


def _refuse_bombs(members: list[zipfile.ZipInfo], path: Path) -> None:
    """Refuse an archive that says of itself that it unpacks to too much.

    Raises
    ------
    SourceFormatError
        It does.
    """
    total = sum(info.file_size for info in members)
    if len(members) > _MAX_MEMBERS or total > _allowed_bytes(path.stat().st_size):
        msg = (
            f"{path.name}: {len(members)} files of {total} bytes from {path.stat().st_size} packed "
            "ones; that is no archive of tracks. Unpack it yourself and name the files"
        )
        raise SourceFormatError(msg, "bomb")


def _refuse_member(info: zipfile.ZipInfo, path: Path) -> None:
    """Refuse names that climb out, archives in the archive, and encrypted members.

    Raises
    ------
    SourceFormatError
        The member is one of these.
    """
    pure = PurePosixPath(info.filename.replace("\\", "/"))
    fault = ""
    if ".." in pure.parts or pure.is_absolute() or info.filename[1:2] == ":":
        fault = "has a name that leads out of the archive"
    elif pure.suffix.lower() == ".zip":
        fault = "is an archive inside the archive; unpack it first"
    elif info.flag_bits & 1:
        fault = "is encrypted; unpack it first"
    if fault:
        msg = f"{path.name}: member {info.filename!r} {fault}"
        raise SourceFormatError(msg, "archive")


def _allowed_bytes(packed_bytes: int) -> int:
    return max(_FREE_BYTES, _MAX_RATIO * packed_bytes)


def _open_guarded(
    opener: Callable[[], IO[bytes]], name: str, packed_bytes: int
) -> io.BufferedReader:
    """Open a source, unpack gzip if its first bytes say so, and watch what comes out."""
    with _guard(name):
        packed = opener()
        magic = packed.read(len(_GZIP_MAGIC))
        packed.seek(0)
    stream = gzip.GzipFile(fileobj=packed) if magic == _GZIP_MAGIC else packed
    guarded = _GuardedStream(stream, packed, name, _allowed_bytes(packed_bytes))
    return io.BufferedReader(guarded, _BUFFER_BYTES)


class _GuardedStream(io.RawIOBase):
    """Reads a stream, stops when it grows absurd, and names the file when it is damaged."""

    def __init__(
        self, stream: IO[bytes] | gzip.GzipFile, packed: IO[bytes], name: str, allowed_bytes: int
    ) -> None:
        super().__init__()
        self._stream, self._packed = stream, packed
        self._name, self._left = name, allowed_bytes

    def readable(self) -> bool:
        """Return True: it is for reading only."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill ``buffer`` and return how many bytes were read.

        Raises
        ------
        SourceFormatError
            The packed data are damaged or cut off, or unpack to too much.
        """
        with _guard(self._name):
            data = self._stream.read(memoryview(buffer).nbytes)
        self._left -= len(data)
        if self._left < 0:
            msg = f"{self._name}: unpacks to over {_MAX_RATIO} times its size; that is no track"
            raise SourceFormatError(msg, "bomb")
        memoryview(buffer).cast("B")[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the unpacked and the packed stream."""
        self._stream.close()
        self._packed.close()
        super().close()
