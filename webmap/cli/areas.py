"""``nuanyi areas import``: cities, districts and subdistricts from a file of polygons."""

from __future__ import annotations

from pathlib import Path

import click

from geo.areas import LEVELS, read_areas
from geo.coords import AUTO, DATUMS, describe_datum
from webmap.cli.base import Group, echo_json, json_option, opened_store


@click.group(cls=Group)
def areas() -> None:
    """Import cities, districts and subdistricts."""


@areas.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--level", type=click.Choice(LEVELS), required=True)
@click.option("--name", "name_field", metavar="FIELD", help="Field of the file with the name.")
@click.option("--code", "code_field", metavar="FIELD", help="Field with the code.")
@click.option("--parent", "parent_field", metavar="FIELD", help="Field with the code above.")
@click.option("--datum", type=click.Choice([AUTO, *DATUMS]), default=AUTO, show_default=True)
@json_option
def import_areas(
    file: Path,
    *,
    level: str,
    name_field: str | None,
    code_field: str | None,
    parent_field: str | None,
    datum: str,
    as_json: bool,
) -> None:
    """Import the polygons of FILE (GeoJSON, GeoPackage, Shapefile, ...) as areas."""
    read = read_areas(
        file,
        level=level,
        name_field=name_field,
        code_field=code_field,
        parent_field=parent_field,
        datum=datum,
    )
    with opened_store() as store:
        changed = store.save_areas(read.frame)
    note = describe_datum(read.datum, asked=datum)
    if as_json:
        counts = {"areas": len(read.frame), "changed": changed}
        echo_json({**counts, "datum": read.datum, "datum_note": note, "notes": list(read.notes)})
        return
    click.echo(note)
    for line in read.notes:
        click.echo(line)
    click.echo(
        f"{len(read.frame)} areas of level {level} in {file.name}: {changed} new or changed."
    )
