"""The secret that signs cookies: from the environment, or a file made at the first start."""

from __future__ import annotations

import logging
import os
import secrets
from typing import TYPE_CHECKING, Final

from geo.errors import InvalidOptionError

if TYPE_CHECKING:
    from pathlib import Path

    from webmap.settings import Settings

logger = logging.getLogger(__name__)

FILE_NAME: Final = "secret_key"
_BYTES: Final = 32  # 256 bits; the file holds them as 64 hexadecimal digits
_SHORTEST: Final = 16  # characters of a secret given by hand


def load_secret(settings: Settings) -> str:
    """Return the secret of this installation, making its file if there is none.

    Any number of processes may start at once: all return the same secret.

    Raises
    ------
    InvalidOptionError
        ``NUANYI_SECRET``, or the text of the file, is shorter than 16 characters.
    """
    if settings.secret:
        return _long_enough(settings.secret, "NUANYI_SECRET")
    path = settings.instance / FILE_NAME
    if not path.exists():
        settings.make_instance()
        _make(path)
    _keep_private(path)
    return _long_enough(path.read_text(encoding="ascii", errors="replace").strip(), str(path))


def _make(path: Path) -> None:
    """Write a new secret beside ``path`` and link it there whole; the first process wins."""
    own = path.with_name(f".{FILE_NAME}.{secrets.token_hex(8)}")
    handle = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_BYTES) + "\n")
        try:
            os.link(own, path)
        except FileExistsError:
            logger.debug("another process made %s first", path)
        else:
            logger.info("made a new secret in %s", path)
    finally:
        own.unlink()


def _keep_private(path: Path) -> None:
    """Take the file from everybody but its owner, as a copied folder may have opened it."""
    if os.name == "posix" and path.stat().st_mode & 0o077:
        path.chmod(0o600)
        logger.warning("%s could be read by others; it is now private", path)


def _long_enough(secret: str, place: str) -> str:
    """Refuse a secret that could be guessed.

    Raises
    ------
    InvalidOptionError
        It is too short.
    """
    if len(secret) < _SHORTEST:
        msg = (
            f"the secret in {place} has {len(secret)} characters, it needs at least {_SHORTEST}; "
            "delete it and a new one is made at the next start"
        )
        raise InvalidOptionError(msg)
    return secret
