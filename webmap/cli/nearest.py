"""``nuanyi nearest``: the worker's question from the command line."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import click

from geo.city import find_city
from geo.nearest import nearest as find_nearest
from geo.network import read_network
from geo.zones import LOCAL_ZONE
from webmap.cli.base import Command, echo_json, json_option, opened_store, settings
from webmap.locks import judge_locks

if TYPE_CHECKING:
    from geo.nearest import NearestStation
    from geo.nearest.ask import Mode
    from geo.network import Network

_FAR_M: Final = 20_000.0  # nobody walks or rides there to rest
_STATES = {
    "open": "open when you arrive",
    "opens_soon": "opens soon",
    "closes_before_arrival": "closes before you arrive",
    "closed": "closed when you arrive",
    "unknown": "hours not known",
    "reported_locked": "workers found it locked",
}


def read_moment(_ctx: click.Context, _param: click.Parameter, value: str | None) -> datetime | None:
    """Read an ISO 8601 moment; without an offset it is on the stations' clock.

    Raises
    ------
    click.BadParameter
        It is no ISO 8601 moment.
    """
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        msg = f"{value!r} is not a moment such as 2026-01-31T04:30 or 2026-01-31T04:30+08:00"
        raise click.BadParameter(msg) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(LOCAL_ZONE))


@click.command(cls=Command)
@click.option("--lon", type=float, required=True, help="Degrees east, WGS-84.")
@click.option("--lat", type=float, required=True, help="Degrees north, WGS-84.")
@click.option("--at", metavar="ISO", callback=read_moment, help="Moment of setting out.  [now]")
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True)
@click.option("--mode", type=click.Choice(["walk", "ride"]), default="walk", show_default=True)
@click.option(
    "--need", "needs", multiple=True, metavar="AMENITY", help="Such as toilet; repeatable."
)
@click.option("--no-phone", is_flag=True, help="Only where one gets in without a smartphone.")
@click.option("--kind", "kinds", multiple=True, help="Such as rest_station; repeatable.")
@click.option("--open", "is_open", is_flag=True, help="Only where one gets in on arrival.")
@click.option("--always", "is_always", is_flag=True, help="Only where it is open 24 hours.")
@click.option(
    "--network",
    "network_file",
    type=click.Path(path_type=Path),
    help="Walking network; else that of the city around the position.",
)
@json_option
def nearest(
    *,
    lon: float,
    lat: float,
    at: datetime | None,
    limit: int,
    mode: Mode,
    needs: tuple[str, ...],
    no_phone: bool,
    kinds: tuple[str, ...],
    is_open: bool,
    is_always: bool,
    network_file: Path | None,
    as_json: bool,
) -> None:
    """List the stations a worker at a position can use soonest, judged on arrival."""
    moment = at or datetime.now(ZoneInfo(LOCAL_ZONE))
    network = _network(network_file, lon, lat)
    with opened_store(create=False) as store:
        stations, demo = store.read_stations(), store.is_demo
        locks = judge_locks(store, moment)
    found = find_nearest(
        stations,
        network,
        lon,
        lat,
        at=moment,
        limit=limit,
        mode=mode,
        needs=needs,
        no_phone=no_phone,
        kinds=kinds,
        is_open=is_open,
        is_always=is_always,
        locked=[code for code, lock in locks.items() if lock.is_locked],
    )
    if as_json:
        results = [station.to_dict() for station in found]
        at_text = moment.isoformat(timespec="seconds")
        echo_json({"at": at_text, "mode": mode, "demo": demo, "results": results})
        return
    _tell(found, network, demo=demo)


def _network(file: Path | None, lon: float, lat: float) -> Network | None:
    """Return the network of the option, else of the city around the position, else None."""
    if file:
        return read_network(file)
    city = find_city(settings().cities, lon, lat)
    return read_network(city.network_path) if city else None


def _tell(found: tuple[NearestStation, ...], network: Network | None, *, demo: bool) -> None:
    """Print the stations, best first."""
    if demo:
        click.echo("These stations are a demo; the places are made up.")
    if network is None:
        click.echo(
            "No walking network here: distances are 1.3 x the straight line. "
            "Build one with nuanyi city build EXTRACT --code CODE."
        )
    if not found:
        click.echo("No station fits. Are stations imported, and is every --need necessary?")
    if found and found[0].straight_m > _FAR_M:
        click.echo(
            f"The nearest of these is {found[0].straight_m / 1000:.0f} km away in a straight line; "
            "is the position right, longitude first?"
        )
    for station in found:
        click.echo(f"{_way(station)}  {station.name} [{station.code}]  {_state(station)}")


def _way(station: NearestStation) -> str:
    """Say how far it is."""
    if station.minutes is None or station.walk_m is None:
        return f"no way on foot, {station.straight_m:.0f} m straight"
    about = "about " if station.off_network else ""
    return f"{about}{station.minutes:.0f} min, {station.walk_m:.0f} m"


def _state(station: NearestStation) -> str:
    """Say what the worker will find."""
    words: list[Any] = [_STATES[station.state]]
    if station.closes_at:
        words.append(f"until {station.closes_at:%H:%M}")
    if station.state == "opens_soon" and station.opens_at:
        words.append(f"at {station.opens_at:%H:%M}")
    if station.needs_unknown:
        words.append(f"(not verified: {', '.join(station.needs_unknown)})")
    return " ".join(words)
