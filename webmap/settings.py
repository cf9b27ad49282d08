"""Where this installation keeps its things: one frozen value, read from the environment once."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy.engine import URL, make_url

from geo.errors import InvalidOptionError

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_INSTANCE: Final = "instance"
DEFAULT_DATABASE: Final = "nuanyi.db"
DEMO_DATABASE: Final = "demo.db"
PAGE_SIZE: Final = 20  # stations on one page of the list
_LONGEST_PAGE: Final = 1000
UPLOAD_MB: Final = 200  # of all files of one upload together
_LARGEST_UPLOAD_MB: Final = 10_000
RUNS_AT_ONCE: Final = 2
MOST_RUNS: Final = 64
_MOST_PROXIES: Final = 5


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of one process.

    ``database`` is what ``geo.store.open_store`` takes; like ``secret`` it may hold a password,
    so neither is shown by ``repr``.
    """

    instance: Path
    database: str = field(repr=False)
    secret: str = field(default="", repr=False)  # "" = take the file in the instance folder
    page_size: int = PAGE_SIZE
    upload_mb: int = UPLOAD_MB  # 10^6 bytes
    runs_at_once: int = RUNS_AT_ONCE  # of planners; others wait
    proxies: int = 0  # reverse proxies in front whose X-Forwarded-* headers are believed
    tiles: Path | None = None  # a list of tile providers elsewhere than in the instance folder

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the variables ``NUANYI_…`` that the README lists.

        An empty variable counts as unset. The database defaults to ``nuanyi.db`` in the instance
        folder, and that to ``./instance``.

        Raises
        ------
        InvalidOptionError
            ``NUANYI_PAGE_SIZE`` is not a whole number from 1 to 1000.
        """
        env = os.environ if environ is None else environ
        instance = Path(env.get("NUANYI_INSTANCE") or DEFAULT_INSTANCE).absolute()
        return cls(
            instance=instance,
            database=database_url(env.get("NUANYI_DB") or str(instance / DEFAULT_DATABASE)),
            secret=env.get("NUANYI_SECRET") or "",
            page_size=_whole(env, "NUANYI_PAGE_SIZE", PAGE_SIZE, _LONGEST_PAGE),
            upload_mb=_whole(env, "NUANYI_UPLOAD_MB", UPLOAD_MB, _LARGEST_UPLOAD_MB),
            runs_at_once=_whole(env, "NUANYI_RUNS", RUNS_AT_ONCE, MOST_RUNS),
            proxies=_whole(env, "NUANYI_PROXIES", 0, _MOST_PROXIES, least=0),
            tiles=Path(env["NUANYI_TILES"]).absolute() if env.get("NUANYI_TILES") else None,
        )

    def with_database(self, place: str) -> Settings:
        """Return these settings with another database: a URL or the path of an SQLite file."""
        return replace(self, database=database_url(place))

    @property
    def cities(self) -> Path:
        """The folder that holds one folder per city: its network and places."""
        return self.instance / "cities"

    @property
    def demo_file(self) -> Path:
        """The SQLite file of the demo district."""
        return self.instance / DEMO_DATABASE

    @property
    def demo_database(self) -> str:
        """The URL of the demo district's store."""
        return database_url(str(self.demo_file))

    @property
    def tiles_file(self) -> Path:
        """The list of optional tile providers; there need be none."""
        return self.tiles or self.instance / "tiles.json"

    @property
    def runs(self) -> Path:
        """The folder that holds one folder per run of a planner."""
        return self.instance / "runs"

    @property
    def is_database_inside(self) -> bool:
        """Whether the database is an SQLite file in the instance folder."""
        url = make_url(self.database)
        inside = url.get_backend_name() == "sqlite" and url.database
        return bool(inside) and Path(str(url.database)).absolute().is_relative_to(self.instance)

    def make_instance(self) -> None:
        """Make the instance folder if there is none; only its owner may enter a new one."""
        self.instance.mkdir(mode=0o700, parents=True, exist_ok=True)


def database_url(place: str) -> str:
    """Return ``place`` as a database URL; a plain path becomes that of an SQLite file.

    Examples
    --------
    >>> database_url("postgresql://db.example/nuanyi")
    'postgresql://db.example/nuanyi'
    >>> database_url("/srv/nuanyi.db")
    'sqlite:////srv/nuanyi.db'
    >>> database_url("/srv/what?x.db")
    'sqlite:////srv/what%3Fx.db'
    """
    if "://" in place:
        return place
    return URL.create("sqlite", database=Path(place).absolute().as_posix()).render_as_string()


def _whole(env: Mapping[str, str], name: str, default: int, most: int, *, least: int = 1) -> int:
    """Read a whole number from ``least`` to ``most``.

    Raises
    ------
    InvalidOptionError
        It is none, or too large.
    """
    text = env.get(name) or str(default)
    if not (text.isdecimal() and least <= int(text) <= most):
        msg = f"{name} is {text!r}; give a whole number from {least} to {most}"
        raise InvalidOptionError(msg)
    return int(text)
