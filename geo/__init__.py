"""Nuanyi's geography: where an outdoor worker can rest now, and which routes have nowhere.

The public verbs; everything else is reached through its own module.
"""

from geo.coverage import Coverage, coverage, write_coverage
from geo.nearest import NearestStation, nearest
from geo.network import Network, build_network, read_network, write_network
from geo.reach import ReachField, reach
from geo.report import write_report
from geo.stations import read_stations, write_stations
from geo.tracks import Beats, Tracks, read_beats, read_tracks

__all__ = [
    "Beats",
    "Coverage",
    "NearestStation",
    "Network",
    "ReachField",
    "Tracks",
    "build_network",
    "coverage",
    "nearest",
    "reach",
    "read_beats",
    "read_network",
    "read_stations",
    "read_tracks",
    "write_coverage",
    "write_network",
    "write_report",
    "write_stations",
]
