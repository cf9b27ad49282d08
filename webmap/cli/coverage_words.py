"""What ``nuanyi coverage`` prints: the main figures in plain words, and what was assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from webmap.cli.coverage_input import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_CAUSES: Final = {
    "closed": "stations near, but shut at that time",
    "no_station": "no station within the limit",
    "off_network": "away from all ways of the map",
    "unusable": "stations near, but not usable",
}
_BAR: Final = 30  # characters of a share of 1
_MANY: Final = 0.05  # of the fixes
_SEEN: Final = 0.0005  # rounds to 0.1 %


def tell(summary: dict[str, Any], out: Path, files: Sequence[str]) -> None:
    """Print the main figures of a summary and where the files are."""
    for part in (_headline, _shares, _gaps, _limits, _doubts):
        for line in part(summary):
            click.echo(line)
    click.echo(f"Wrote {', '.join(files)} to {out}.")


def _headline(summary: dict[str, Any]) -> Iterator[str]:
    yield (
        f"Workers: {summary['workers']}, routes: {summary['routes']}, days: {summary['days']}, "
        f"fixes: {summary['fixes']}; {summary['duration_min'] / 60:.1f} h, "
        f"{summary['length_m'] / 1000:.1f} km."
    )
    for fault, count in summary["dropped"].items():
        if count:
            yield f"  left out: {count} fixes, {fault.replace('_', ' ')}"
    fast = summary["dropped"].get("impossible_speed", 0)
    if fast > _MANY * summary["fixes"]:
        yield (
            f"  {fast / summary['fixes']:.0%} of the fixes need more than 120 km/h: is there a "
            "column of workers? Without one a file is one worker; name it with --map worker=COLUMN."
        )
    as_of = f", as of {summary['as_of']}" if summary["as_of"] else ""
    yield f"Stations: {summary['data']['stations_open']} in use{as_of}."


def _shares(summary: dict[str, Any]) -> Iterator[str]:
    nominal, effective = summary["nominal"], summary["effective"]
    yield (
        f"Within {summary['limit_m']:g} m of an open station: {_percent(nominal['share_time'])} of "
        f"the time, {_percent(nominal['share_length'])} of the way "
        f"(hours not known: {_percent(nominal['unknown_share_time'])} of the time)."
    )
    demands = [*summary["needs"], *(["no phone"] if summary["no_phone"] else [])]
    yield (
        f"Within {summary['limit_m']:g} m of one that is open and usable "
        f"(not locked, no evidence older than {summary['max_age_days']:g} days"
        f"{''.join(f', {demand}' for demand in demands)}): "
        f"{_percent(effective['share_time'])} of the time, "
        f"{_percent(effective['share_length'])} of the way "
        f"(not known: {_percent(effective['unknown_share_time'])} of the time)."
    )
    if not summary["effective_meaningful"] and summary["never_verified_share"] is not None:
        never = _percent(summary["never_verified_share"])
        yield f"  effective is not yet meaningful: {never} of the stations were never verified"


def _gaps(summary: dict[str, Any]) -> Iterator[str]:
    for cause, sums in summary["by_cause"].items():
        if sums["min"] or sums["m"]:
            words = _CAUSES.get(cause, cause)
            yield f"  gap, {words}: {sums['min'] / 60:.1f} h, {sums['m'] / 1000:.1f} km"
    if summary["worst_gaps"]:
        gap = summary["worst_gaps"][0]
        if summary["kind"] == "beats":
            yield (
                f"Worst place: {gap['duration_min'] / 60:.1f} h in {len(gap['hours'])} hours "
                f"of the week, {gap['length_m']:.0f} m, first {gap['start']}."
            )
            return
        yield (
            f"Longest gap: {gap['duration_min']:.0f} min, {gap['length_m']:.0f} m, "
            f"from {gap['start']} (lines that all but touch as one)."
        )


def _limits(summary: dict[str, Any]) -> Iterator[str]:
    yield "An open station within so many minutes' walk, of the time:"
    for minutes, share in summary["by_limit_min"].items():
        label = "farther" if minutes == "over" else f"{minutes} min"
        yield f"  {label:>7} {_bar(share)} {_percent(share)}"
    unknown = 1.0 - summary["by_limit_min"]["20"] - summary["by_limit_min"]["over"]
    if unknown > _SEEN:
        yield f"  {'unknown':>7} {_bar(unknown)} {_percent(unknown)}"


def _doubts(summary: dict[str, Any]) -> Iterator[str]:
    codes = summary["outside_stations"]
    if codes:
        named = ", ".join(codes[:EXAMPLES]) + (", ..." if len(codes) > EXAMPLES else "")
        yield (
            f"Stations outside the network's area: {len(codes)} ({named}); is their position right?"
        )
    layers = {row["layer"] for row in summary["by_area"]}
    for layer in sorted(layers - {row["layer"] for row in summary["by_area"] if row["area"]}):
        yield f"No time falls into any area of --areas number {layer}; are these the right ones?"
    if summary["outside_fixes"]:
        yield f"Fixes outside the network's area: {summary['outside_fixes']}."
    if not summary["representative"]:
        yield (
            "Not representative (at least 5 workers and 20 hours are): workers "
            f"{summary['workers']}, hours {summary['duration_min'] / 60:.1f}."
        )


def _bar(share: float) -> str:
    return ("#" * round(share * _BAR)).ljust(_BAR, ".")


def _percent(share: float | None) -> str:
    """Write a share; None is that of a whole that is 0."""
    return "no part" if share is None else f"{share:.1%}"
