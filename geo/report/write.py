"""Write a report: the files of a coverage result, its pictures, its workbook and its page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from geo.coverage import worst_lines, write_coverage, write_stretches
from geo.report.words import require_language

if TYPE_CHECKING:
    from pathlib import Path

    from geo.coverage import Coverage
    from geo.network import Network
    from geo.report.embed import MapFrame


def write_report(
    result: Coverage,
    directory: Path,
    *,
    network: Network,
    language: str = "zh",
    title: str = "",
    summary: dict[str, Any] | None = None,
    map_frame: MapFrame | None = None,
    is_demo: bool = False,
    is_demo_walk: bool = False,
) -> tuple[Path, ...]:
    """Write all files of a report into an existing directory.

    Parameters
    ----------
    result : Coverage
        From `geo.coverage.coverage`; with a ``drawing`` lines of all classes are drawn, without
        one gap lines only.
    directory : Path
        Files of these names in it are replaced.
    network : Network
        That ``result`` was measured on: the streets below the lines.
    language : {"zh", "en"}
        Of the page, the workbook, the pictures and the legends for QGIS.
    title : str
        Of the page, the workbook and the map; "" for the usual one.
    summary : dict, optional
        ``result.summary()``, if it was made already.
    map_frame : MapFrame, optional
        Makes the page's map one to move in; it needs a result with a ``drawing``.
    is_demo : bool
        Whether streets and stations are made up: the report says so instead of naming
        OpenStreetMap.
    is_demo_walk : bool
        Whether the tracks or beats are made up too.

    Returns
    -------
    tuple of Path
        The files written; the same result gives the same bytes.

    Raises
    ------
    InvalidOptionError
        The language is not known.
    """
    # these bring matplotlib, fontTools and jinja2, which `import geo` does without
    from geo.report import pictures  # noqa: PLC0415
    from geo.report.explain import worst_places  # noqa: PLC0415
    from geo.report.gap_picture import gap_picture  # noqa: PLC0415
    from geo.report.page import write_page  # noqa: PLC0415
    from geo.report.page_map import page_map  # noqa: PLC0415
    from geo.report.style import style_package  # noqa: PLC0415
    from geo.report.workbook import write_workbook  # noqa: PLC0415

    require_language(language)
    summary = summary or result.summary()
    written = [*write_coverage(result, directory, summary=summary)]
    style_package(result, directory / "gaps.gpkg", language=language)
    stretches = None
    if result.stretches is not None:
        write_stretches(result, directory / "stretches.geojson")
        written.append(directory / "stretches.geojson")
        stretches = json.loads(written[-1].read_text(encoding="utf-8"))
    drawn = pictures.drawn_lines(result, stretches, language=language)
    made = {
        "map.png": pictures.map_picture(
            result, drawn, summary=summary, network=network, language=language, title=title,
            is_demo=is_demo,
        ),
        "hours.png": pictures.hours_picture(summary, language=language),
    }  # fmt: skip
    for name, png in made.items():
        (directory / name).write_bytes(png)
    write_workbook(
        result, directory / "report.xlsx", summary=summary, language=language, title=title,
        is_demo=is_demo,
    )  # fmt: skip
    shapes = worst_lines(result)
    gap_pictures = {
        rows[0]: gap_picture(
            result, summary["worst_gaps"][rows[0]], shapes[rows[0]],
            network=network, language=language,
        )
        for rows in worst_places(summary)
    }  # fmt: skip
    write_page(
        result,
        directory / "report.html",
        summary=summary,
        network=network,
        language=language,
        title=title,
        map_frame=map_frame,
        stretches=stretches,
        picture=page_map(result, drawn, network=network, language=language),
        gap_pictures=gap_pictures,
        is_demo=is_demo,
        is_demo_walk=is_demo_walk,
    )
    written += [directory / name for name in (*made, "report.xlsx", "report.html")]
    return tuple(written)
