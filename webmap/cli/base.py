"""What every command shares: ``--db``, ``-v``, and errors told in one line with exit code 1."""

from __future__ import annotations

import json
import logging
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import click

from geo.errors import GeoError
from webmap.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from geo.store import Store

_LOGGERS: Final = ("geo", "webmap")


@dataclass(slots=True)
class Choices:
    """What ``--db`` and ``-v`` said, before or after the command's name."""

    database: str = ""
    verbose: bool = False


def _choices() -> Choices:
    """Return the choices of the running command line."""
    return click.get_current_context().find_root().ensure_object(Choices)


def _keep_database(_ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    if value:
        _choices().database = value


def _keep_verbose(_ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's signature
    if value:
        _choices().verbose = True


database_option: Final = click.option(
    "--db",
    metavar="URL",
    expose_value=False,
    callback=_keep_database,
    help="Database URL or SQLite file.  [env NUANYI_DB; default: nuanyi.db in the instance folder]",
)
verbose_option: Final = click.option(
    "-v",
    "--verbose",
    is_flag=True,
    expose_value=False,
    callback=_keep_verbose,
    help="Log counts and seconds of each stage.",
)
json_option: Final = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


class Command(click.Command):
    """A command that takes ``--db`` and ``-v`` and tells foreseen errors without a stack."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on to click
        super().__init__(*args, **kwargs)
        for option in (database_option, verbose_option):
            option(self)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        """Run the command; a foreseen error becomes its message and exit code 1.

        Raises
        ------
        BrokenPipeError
            Who read the output has gone; click ends quietly then.
        """
        with _logging(on=_choices().verbose):
            try:
                return super().invoke(ctx)
            except BrokenPipeError:
                raise
            except (GeoError, OSError) as error:
                logging.getLogger(__name__).info("the stack of this error:", exc_info=error)
                click.echo(f"Error: {_message(error)}", err=True)
                ctx.exit(1)


class Group(click.Group):
    """A group whose commands are of this module's class."""

    command_class = Command


def settings() -> Settings:
    """Return the settings of the environment, with the database of ``--db`` if it was given."""
    chosen = Settings.from_env()
    database = _choices().database
    return chosen.with_database(database) if database else chosen


@contextmanager
def opened_store(*, create: bool = True) -> Iterator[Store]:
    """Open the store of ``--db``; a new one is made at its first use if ``create``.

    Yields
    ------
    Store
        Closed at the end of the block.
    """
    from geo.store import open_store  # noqa: PLC0415 - help and usage errors need no store

    chosen = settings()
    if create and chosen.is_database_inside:
        chosen.make_instance()
    with open_store(chosen.database, create=create) as store:
        yield store


def echo_json(value: object) -> None:
    """Print a value as JSON on stdout; not-a-number has no place in it."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False))


def read_pairs(
    _ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]
) -> Mapping[str, str]:
    """Read repeated ``FIELD=COLUMN`` options.

    Raises
    ------
    click.BadParameter
        One has no ``=``, or a side of it is empty.
    """
    pairs: dict[str, str] = {}
    for value in values:
        field, sign, column = value.partition("=")
        if not (field and sign and column):
            msg = f"{value!r} is not FIELD=COLUMN"
            raise click.BadParameter(msg)
        pairs[field] = column
    return pairs


def map_option(of: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return the repeatable option ``--map FIELD=COLUMN`` for the columns of ``of``."""
    return click.option(
        "--map",
        "columns",
        metavar="FIELD=COLUMN",
        multiple=True,
        callback=read_pairs,
        help=f"Take FIELD from COLUMN of the {of}; repeatable.",
    )


def _message(error: Exception) -> str:
    """Return an error's text for a person: of the system's errors, the file and what is wrong."""
    if isinstance(error, OSError) and error.strerror and error.filename:
        return f"{error.filename}: {error.strerror}"
    return str(error)


@contextmanager
def _logging(*, on: bool) -> Iterator[None]:
    """Log INFO of this project to stderr while a command runs with ``-v``; warnings always.

    Yields
    ------
    None
        Nothing; the block is what is logged.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO if on else logging.WARNING)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.removeHandler(handler)
            logger.setLevel(level)
