"""Takes uploaded files: straight from the line to the disk, never more than the limit.

A body that is too large is read to its end and thrown away, up to four times the limit: a browser
shows the answer only after it has sent all, and what was typed comes back with the message.
"""

from __future__ import annotations

import io
import os
import re
import shutil
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any, Final, cast

from werkzeug.formparser import FormDataParser

from webmap.runs.record import File, upload_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Request

TOO_LARGE: Final = "too_large"
NO_ROOM: Final = "no_room"
MB: Final = 1_000_000
MOST_PARTS: Final = 200  # files and fields of one form
_READ_TIMES: Final = 4  # so much of a body that is too large is read
_FORM_BYTES: Final = 100_000  # for boundaries and fields beside the files
_RESERVE_BYTES: Final = 300 * MB  # stays free on the disk, beside room for the fixes as numbers
_LONGEST_NAME: Final = 80  # characters
_UNFIT: Final = re.compile(r"[^\w.()+ -]")


class Intake:
    """The files of one upload on their way into a draft of a run.

    ``refused`` is a word once nothing more is kept: ``too_large`` or ``no_room``.
    """

    def __init__(self, make_draft: Callable[[], Path], limit_bytes: int) -> None:
        self._make_draft = make_draft
        self._limit = limit_bytes
        self._taken = 0
        self._paths: list[Path] = []
        self.draft: Path | None = None
        self.refused = ""

    def guard(self, request: Request) -> None:
        """Let the files of a request come in through this; call it before its form is read."""
        if request.mimetype != "multipart/form-data":
            return  # its body is held in memory, so the limit of forms stays
        request.max_content_length = _READ_TIMES * self._limit + _FORM_BYTES
        request.max_form_parts = MOST_PARTS
        request.form_data_parser_class = _parser_into(self)
        length = request.content_length or 0
        if length > self._limit + _FORM_BYTES:
            self.refuse(TOO_LARGE)

    @property
    def files(self) -> tuple[File, ...]:
        """Names and sizes of the files kept, in the order of the form."""
        return tuple(File(path.name, path.stat().st_size) for path in self._paths)

    def open(self, filename: str | None, length: int) -> IO[bytes]:
        """Return where the content of the next file goes."""
        if not filename or self.refused:
            return cast("IO[bytes]", _Nowhere())
        if self.draft is None:
            self.draft = self._make_draft()
            if shutil.disk_usage(self.draft).free < 2 * length + _RESERVE_BYTES:
                self.refuse(NO_ROOM)
                return cast("IO[bytes]", _Nowhere())
        folder = upload_folder(self.draft) / f"{len(self._paths) + 1:03d}"
        folder.mkdir(mode=0o700)
        path = folder / safe_name(filename)
        self._paths.append(path)
        return cast("IO[bytes]", _Kept(self, path))

    def take(self, size: int) -> bool:
        """Count bytes that want to be kept; return whether they may be."""
        self._taken += size
        if self._taken > self._limit:
            self.refuse(TOO_LARGE)
        return not self.refused

    def refuse(self, why: str) -> None:
        """Keep nothing of this upload, neither what came nor what will."""
        self.refused = self.refused or why
        self.discard()

    def release(self) -> Path | None:
        """Return the draft, which is now its receiver's; None without a file."""
        draft, self.draft = self.draft, None
        return draft

    def discard(self) -> None:
        """Remove what was kept, unless it was released."""
        self._paths.clear()
        if self.draft is not None:
            shutil.rmtree(self.draft, ignore_errors=True)
            self.draft = None


def uploaded_paths(folder: Path, files: tuple[File, ...]) -> list[Path]:
    """Return where the files of a run lie, in their order."""
    places = enumerate(files, start=1)
    return [upload_folder(folder) / f"{number:03d}" / file.name for number, file in places]


def safe_name(name: str) -> str:
    r"""Return the last part of a file's name in letters of any script, digits and ``. _ - ( ) +``.

    Examples
    --------
    >>> safe_name("C:\\tracks\\早班 1.csv"), safe_name("../../etc/passwd"), safe_name("..")
    ('早班 1.csv', 'passwd', '_')
    """
    last = PurePosixPath(name.replace("\\", "/")).name
    clean = _UNFIT.sub("_", last).lstrip(".").strip() or "_"
    return clean if len(clean) <= _LONGEST_NAME else "_" + clean[1 - _LONGEST_NAME :]


class _Nowhere(io.RawIOBase):
    """Takes anything and keeps nothing."""

    def write(self, data: Any) -> int:  # noqa: ANN401 - the signature of files
        return len(data)

    def seek(self, offset: int, whence: int = 0, /) -> int:  # noqa: ARG002 - a file's signature
        return 0


class _Kept(_Nowhere):
    """One file on its way to the disk, readable by its owner only."""

    def __init__(self, intake: Intake, path: Path) -> None:
        super().__init__()
        self._intake = intake
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)

    def write(self, data: Any) -> int:  # noqa: ANN401 - the signature of files
        if self._intake.take(len(data)):
            try:
                _write_all(self._descriptor, data)
            except OSError:  # the disk filled up meanwhile
                self._intake.refuse(NO_ROOM)
        return len(data)

    def seek(self, offset: int, whence: int = 0, /) -> int:  # noqa: ARG002 - nobody reads it here
        self.close()  # the form's parser rewinds a file when it is complete
        return 0

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
        super().close()


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _parser_into(intake: Intake) -> type[FormDataParser]:
    """Return a parser of forms that hands all files to ``intake``."""

    class _Parser(FormDataParser):
        def __init__(self, **options: Any) -> None:  # noqa: ANN401 - passed on
            super().__init__(**options | {"stream_factory": _stream_factory(intake)})

    return _Parser


def _stream_factory(intake: Intake) -> Callable[..., IO[bytes]]:
    def _open(
        total_content_length: int | None,
        content_type: str | None,  # noqa: ARG001 - werkzeug's signature
        filename: str | None,
        content_length: int | None = None,  # noqa: ARG001 - werkzeug's signature
    ) -> IO[bytes]:
        return intake.open(filename, total_content_length or 0)

    return _open
