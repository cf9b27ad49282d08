"""``nuanyi demo``: make the demo district anew."""

from __future__ import annotations

import click

from webmap.cli.base import Command, settings
from webmap.cli.progress import progress_bars
from webmap.demo import make_demo


@click.command(cls=Command)
def demo() -> None:
    """Make the demo district anew: made-up stations and streets beside your own data.

    The site shows it only while your own database holds no station. Stop the site first.
    """
    chosen = settings()
    with progress_bars() as progress:
        make_demo(chosen, progress=progress)
    click.echo(f"The demo is in {chosen.demo_file}; it is shown while you have no station.")
