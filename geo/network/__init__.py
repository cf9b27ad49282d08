"""The walking network: from an OSM extract to a graph that positions can be snapped to."""

from geo.network.build import build_network
from geo.network.file import read_network, write_network
from geo.network.graph import Network, NetworkSummary
from geo.network.near_street import NearStreet, nearest_street
from geo.network.placement import Placement, place_stations
from geo.network.snap import OFF_NETWORK_M, Snapped

__all__ = [
    "OFF_NETWORK_M",
    "NearStreet",
    "Network",
    "NetworkSummary",
    "Placement",
    "Snapped",
    "build_network",
    "nearest_street",
    "place_stations",
    "read_network",
    "write_network",
]
