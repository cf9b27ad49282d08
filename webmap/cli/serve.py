"""``nuanyi serve``: the site on this machine."""

from __future__ import annotations

import click

from webmap.cli.base import Command, settings
from webmap.serve import serve as run_server


@click.command(cls=Command)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option(
    "--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes."
)
@click.option("--no-worker", is_flag=True, help="Leave planners' runs to `nuanyi work`.")
def serve(host: str, port: int, workers: int, *, no_worker: bool) -> None:
    """Serve the station list until Ctrl-C.

    The first start makes the instance folder with its secret and an empty database.
    """
    run_server(
        settings(),
        host=host,
        port=port,
        workers=workers,
        say=click.echo,
        with_worker=not no_worker,
    )
