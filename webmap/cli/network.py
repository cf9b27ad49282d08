"""``nuanyi network``, ``city`` and ``basemap build``: what is made of OSM extracts."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from geo.basemap import Basemap, build_basemap
from geo.city import build_city
from geo.network import build_network, read_network, write_network
from webmap.cli.base import Group, echo_json, json_option, settings
from webmap.cli.output import whole_file
from webmap.cli.progress import progress_bars

if TYPE_CHECKING:
    from geo.network import Network

Box = tuple[float, float, float, float]

_BOX_NUMBERS: Final = 4
_extracts: Final = click.argument(
    "extracts", metavar="EXTRACT...", nargs=-1, required=True, type=click.Path(path_type=Path)
)


def _read_box(_ctx: click.Context, _param: click.Parameter, value: str | None) -> Box | None:
    """Read ``W,S,E,N`` in degrees.

    Raises
    ------
    click.BadParameter
        It is no box.
    """
    if value is None:
        return None
    try:
        box = tuple(float(number) for number in value.split(","))
    except ValueError:
        box = ()
    if len(box) != _BOX_NUMBERS or not (box[0] < box[2] and box[1] < box[3]):
        msg = f"{value!r} is not W,S,E,N in degrees with W < E and S < N"
        raise click.BadParameter(msg)
    west, south, east, north = box
    return west, south, east, north


@click.group(cls=Group)
def network() -> None:
    """Build a walking network of an OpenStreetMap extract."""


@network.command()
@_extracts
@click.option("--out", required=True, type=click.Path(path_type=Path), help="File to write.")
@click.option(
    "--bbox", callback=_read_box, metavar="W,S,E,N", help="Also print the length inside this box."
)
@json_option
def build(extracts: tuple[Path, ...], out: Path, bbox: Box | None, *, as_json: bool) -> None:
    """Build the walking network of the extracts (.osm, .osm.pbf) into one file."""
    with whole_file(out) as path:
        with progress_bars() as progress:
            built = build_network(extracts, progress=progress)
        write_network(built, path)
    _tell(built, bbox, as_json=as_json, extra={"file": str(out)})


@click.group(cls=Group)
def city() -> None:
    """Build a city's folder of an OpenStreetMap extract."""


@city.command("build")
@_extracts
@click.option("--code", required=True, help="Code of the city, such as 110101.")
@json_option
def build_city_folder(extracts: tuple[Path, ...], code: str, *, as_json: bool) -> None:
    """Build network, basemap, places and candidate sites of a city into instance/cities/CODE.

    Commands and pages then take this city for every position inside it.
    """
    chosen = settings()
    chosen.make_instance()
    with progress_bars() as progress:
        built = build_city(extracts, chosen.cities, code=code, progress=progress)
    walk = read_network(built.network_path)
    files = ", ".join(sorted(path.name for path in built.directory.iterdir()))
    _tell(
        walk,
        None,
        as_json=as_json,
        extra={"code": code, "folder": str(built.directory), "files": files},
    )


@click.group(cls=Group)
def basemap() -> None:
    """Build a street map of an OpenStreetMap extract."""


@basemap.command("build")
@_extracts
@click.option("--out", required=True, type=click.Path(path_type=Path), help="File to write.")
@json_option
def build_basemap_file(extracts: tuple[Path, ...], out: Path, *, as_json: bool) -> None:
    """Build the vector tiles of the extracts (.osm, .osm.pbf) into one PMTiles file."""
    with whole_file(out) as path, progress_bars() as progress:
        build_basemap(extracts, path, progress=progress)
    bounds = Basemap(out).bounds
    size = out.stat().st_size
    if as_json:
        echo_json({"file": str(out), "bytes": size, "bounds": bounds})
        return
    click.echo(f"file: {out}")
    click.echo(f"size: {size / 1e6:.1f} MB")
    click.echo("box: {:.4f}, {:.4f} to {:.4f}, {:.4f}".format(*bounds))


def _tell(built: Network, box: Box | None, *, as_json: bool, extra: dict[str, Any]) -> None:
    """Print what a network holds."""
    summary = built.summary()
    inside_m = built.length_inside_m(*box) if box else None
    if as_json:
        inside = {} if inside_m is None else {"bbox": box, "length_inside_m": inside_m}
        echo_json({**extra, **asdict(summary), **inside})
        return
    for key, value in extra.items():
        click.echo(f"{key}: {value}")
    click.echo(f"length: {summary.length_m / 1000:.1f} km of walkable ways")
    if inside_m is not None:
        click.echo(f"length inside the box: {inside_m / 1000:.1f} km")
    click.echo(f"nodes: {summary.nodes}, edges: {summary.edges}")
    click.echo(f"components: {summary.components}")
    click.echo(f"largest component: {summary.largest_share:.1%} of the length")
    click.echo(
        f"removed: {summary.removed_components} components under 1 km, "
        f"{summary.removed_length_m / 1000:.1f} km; kept {summary.kept_length_m / 1000:.1f} km"
    )
